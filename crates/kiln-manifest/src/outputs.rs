//! The outputs, parsed.

use std::collections::BTreeMap;

use kiln_model::{Diagnostics, Node, Rendered, Sources, Span, Value};
use kiln_yaml::{Ambiguous, Composed, Resolution, compose_all_noting};

use crate::findings;

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
    /// The rendered texts, so that a span becomes a line.
    texts: Sources,
}

impl<'a> Outputs<'a> {
    /// Parses what is YAML, and reports what cannot be parsed.
    pub(crate) fn read(rendered: &'a [Rendered], sink: &mut Diagnostics) -> Outputs<'a> {
        let by_path: BTreeMap<&str, &Rendered> = rendered.iter().map(|it| (it.path(), it)).collect();
        let mut texts = Sources::new();
        let mut documents = Vec::new();
        for output in by_path.values().copied().filter(|it| is_yaml(it.path())) {
            // The plain text is parsed; of what it holds, only names are ever shown.
            let id = texts.add(output.path(), output.expose());
            let mut inner = Diagnostics::new();
            let parsed = compose_all_noting(id, output.expose(), Resolution::Kubernetes, &mut inner);
            for found in inner {
                let line = line(&texts, found.span());
                sink.push(findings::unparsable(output, line, &found));
            }
            let found = parsed.unwrap_or_default().into_iter().filter(|it| !it.node.is_null());
            let document = |Composed { node, ambiguous }| Document { output, node, ambiguous };
            documents.extend(found.map(document));
        }
        Outputs { by_path, documents, texts }
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

    /// The line of a node in its output; 0 if it has none.
    pub(crate) fn line(&self, node: &Node) -> usize {
        self.line_of(node.span())
    }

    /// The line of a place in its output; 0 if it is none.
    pub(crate) fn line_of(&self, span: Span) -> usize {
        line(&self.texts, span)
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

fn line(texts: &Sources, span: Span) -> usize {
    if span.is_none() { 0 } else { texts.position(span.source, span.start).line }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{accept, codes, reject};

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
        assert_eq!(found[0].notes, ["line 3 of the output `a.yaml`"]);
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
