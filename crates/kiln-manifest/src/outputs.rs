//! The outputs, parsed.

use std::collections::BTreeMap;

use kiln_model::{Diagnostics, Node, Rendered, Sources, Span, Value};
use kiln_yaml::{Ambiguous, Composed, Resolution, compose_all_noting};

use crate::findings::{self, Place};

/// One YAML document of an output.
pub(crate) struct Document<'a> {
    pub(crate) output: &'a Rendered,
    pub(crate) node: Node,
    /// What is not the same to all who may read it.
    pub(crate) ambiguous: Vec<Ambiguous>,
}

/// The outputs of a run.
pub(crate) struct Outputs<'a> {
    by_path: BTreeMap<&'a str, &'a Rendered>,
    documents: Vec<Document<'a>>,
    /// The place that stands for a whole output, by path.
    wholes: BTreeMap<&'a str, Span>,
    /// The texts that places are in.
    texts: Sources,
}

impl<'a> Outputs<'a> {
    /// Parses what is YAML, and reports what cannot be parsed.
    pub(crate) fn read(rendered: &'a [Rendered], sink: &mut Diagnostics) -> Outputs<'a> {
        let by_path: BTreeMap<&str, &Rendered> = rendered.iter().map(|it| (it.path(), it)).collect();
        let mut texts = Sources::new();
        let (mut documents, mut wholes) = (Vec::new(), BTreeMap::new());
        for output in by_path.values().copied() {
            // The plain text is parsed; of what it holds, only names are ever shown.
            let text = if is_yaml(output.path()) { output.expose() } else { "" };
            let id = texts.add(output.path(), text);
            let whole = Span::new(id, 0, 0);
            wholes.insert(output.path(), whole);
            if !is_yaml(output.path()) {
                continue;
            }
            let mut inner = Diagnostics::new();
            let parsed = compose_all_noting(id, text, Resolution::Kubernetes, &mut inner);
            for found in inner {
                let span = Some(found.span()).filter(|span| !span.is_none()).unwrap_or(whole);
                sink.push(findings::unparsable(&Place { output, span }, &found));
            }
            let found = parsed.unwrap_or_default().into_iter().filter(|it| !it.node.is_null());
            let document = |Composed { node, ambiguous }| Document { output, node, ambiguous };
            documents.extend(found.map(document));
        }
        Outputs { by_path, documents, wholes, texts }
    }

    /// Whether there is an output with this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// The paths of all outputs, sorted.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &'a str> {
        self.by_path.keys().copied()
    }

    /// The output with this path.
    pub(crate) fn get(&self, path: &str) -> Option<&'a Rendered> {
        self.by_path.get(path).copied()
    }

    /// The documents of all outputs that could be parsed, sorted by path.
    pub(crate) fn documents(&self) -> &[Document<'a>] {
        &self.documents
    }

    /// The documents of one output.
    pub(crate) fn of(&self, path: &str) -> &[Document<'a>] {
        let start = self.documents.partition_point(|it| it.output.path() < path);
        let end = self.documents.partition_point(|it| it.output.path() <= path);
        &self.documents[start..end]
    }

    /// The place of a node of an output; the whole output if it has none.
    pub(crate) fn place<'b>(&self, output: &'b Rendered, node: &Node) -> Place<'b> {
        self.place_of(output, node.span())
    }

    /// A place in an output; the whole output if it is none.
    pub(crate) fn place_of<'b>(&self, output: &'b Rendered, span: Span) -> Place<'b> {
        if span.is_none() { self.whole(output) } else { Place { output, span } }
    }

    /// The place of a whole output.
    pub(crate) fn whole<'b>(&self, output: &'b Rendered) -> Place<'b> {
        let span = self.wholes.get(output.path()).copied().unwrap_or(Span::NONE);
        Place { output, span }
    }

    /// The texts that places are in.
    pub(crate) fn into_texts(self) -> Sources {
        self.texts
    }
}

impl Document<'_> {
    /// A string at the end of `path`; empty and computed ones count as absent.
    pub(crate) fn text(&self, path: &[&str]) -> Option<&str> {
        self.find(path)?.as_str().filter(|text| !text.is_empty())
    }

    /// The node at the end of `path`.
    pub(crate) fn find(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(&self.node, |node, key| node.get(key))
    }

    /// `metadata.name`.
    pub(crate) fn name(&self) -> Option<&str> {
        self.text(&["metadata", "name"])
    }

    /// `kind`, empty if there is none.
    pub(crate) fn kind(&self) -> &str {
        self.text(&["kind"]).unwrap_or_default()
    }

    /// Whether this is an object of an API group, in any version.
    pub(crate) fn is(&self, group: &str, kind: &str) -> bool {
        let version = self.text(&["apiVersion"]).unwrap_or_default();
        let found = version.split_once('/').map_or("", |(group, _)| group);
        found == group && self.kind() == kind
    }
}

/// The items of a list, none if it is absent or no list.
pub(crate) fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.value) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

/// Whether Flux replaces a part of the text when it applies it, so that nobody knows
/// the value yet.
pub(crate) fn is_substituted(text: &str) -> bool {
    text.contains("${")
}

pub(crate) fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{accept, codes, places, reject};

    #[test]
    fn every_yaml_output_has_to_be_yaml() {
        accept(&[("a.yaml", "a: 1\n---\nb: 2\n"), ("notes.txt", "a: [\n")]);
        for path in ["a.yaml", "deep/a.yml"] {
            reject(&[(path, "a: [\n")], "manifest.yaml-syntax");
        }
    }

    #[test]
    fn a_key_is_given_once() {
        let found = codes(&[("a.yaml", "a: 1\nb: 2\na: 3\n")]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "manifest.duplicate-key");
        assert_eq!(places(&[("a.yaml", "a: 1\nb: 2\na: 3\n")]), [["a.yaml:3"]]);
        reject(&[("a.sops.yaml", "{stringData: {k: 1, k: 2}}\n")], "manifest.duplicate-key");
        accept(&[("a.yaml", "a: {k: 1}\nb: {k: 1}\n")]);
    }

    #[test]
    fn what_cannot_be_parsed_is_not_repeated() {
        let found = codes(&[("a.sops.yaml", "stringData:\n  token: \"hunter2\n")]);
        assert_eq!(found.len(), 1);
        assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
    }
}
