//! A scalar is the same to whoever reads the object.

use std::collections::BTreeMap;

use kiln_model::Diagnostics;
use kiln_yaml::{Ambiguous, Reader, Reading, reading};

use crate::findings::{self, Place};
use crate::outputs::Outputs;

/// Who reads manifests, and how messages call it.
const READERS: [(Reader, &str); 3] =
    [(Reader::Kubectl, "kubectl"), (Reader::Kustomize, "kustomize"), (Reader::Yaml11, "YAML 1.1")];

/// An output, the keys that lead to a scalar, and whether it is a key itself.
type Group<'a> = (&'a str, &'a str, bool);

/// Reports scalars of objects that readers take for different things, once for all that stand
/// under the same keys of an output.
pub(crate) fn ambiguous(outputs: &Outputs<'_>, sink: &mut Diagnostics) {
    let mut groups: BTreeMap<Group<'_>, Vec<(Place<'_>, &Ambiguous)>> = BTreeMap::new();
    for document in outputs.documents() {
        let is_object = ["apiVersion", "kind"].iter().all(|field| document.text(&[field]).is_some());
        for one in document.ambiguous.iter().filter(|one| is_object && !is_wrong_name(one)) {
            let place = outputs.place_of(document.output, one.span);
            let key = (document.output.path(), one.path.as_str(), one.is_key);
            groups.entry(key).or_default().push((place, one));
        }
    }
    for ((_, path, is_key), group) in groups {
        if let Some((place, first)) = group.first() {
            sink.push(findings::two_readings(place, path, is_key, &said(&first.text), group.len() - 1));
        }
    }
}

/// Whether this is a name that is no text to Kubernetes, which is an error already.
fn is_wrong_name(one: &Ambiguous) -> bool {
    one.path == "metadata.name" && reading(Reader::Kubectl, &one.text) != Reading::Text
}

/// Who takes a scalar for what. Its value may be a secret, and is not said.
fn said(text: &str) -> String {
    let mut kinds: Vec<(Reading, Vec<&str>)> = Vec::new();
    for (reader, name) in READERS {
        let read = reading(reader, text);
        match kinds.iter_mut().find(|(kind, _)| *kind == read) {
            Some((_, names)) => names.push(name),
            None => kinds.push((read, vec![name])),
        }
    }
    let several = |index: usize| kinds[..index].iter().any(|(kind, _)| kind.kind() == kinds[index].0.kind());
    let words = kinds.iter().enumerate().map(|(index, (kind, names))| {
        let kind = if several(index) { "another number" } else { kind.kind() };
        format!("{kind} to {}", names.join(" and "))
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{accept, codes, reject};

    fn object(spec: &str) -> String {
        format!("apiVersion: a/v1\nkind: A\nmetadata: {{name: a}}\nspec: {{{spec}}}\n")
    }

    #[test]
    fn readers_agree_on_every_scalar_of_an_object() {
        for scalar in ["on", "y", "08", "1e3", "22:22", "2024-01-01", "52:54:00:12:34:56", "0o17"] {
            reject(&[("a.yaml", &object(&format!("k: {scalar}")))], "manifest.two-readings");
            accept(&[("a.yaml", &object(&format!("k: \"{scalar}\"")))]);
        }
        for scalar in ["true", "0777", "1_000", "1.0", "~", "v1.2", "10.0.0.1", "1h30m", "00:11:22:33:44:55"]
        {
            accept(&[("a.yaml", &object(&format!("k: {scalar}")))]);
        }
    }

    #[test]
    fn other_documents_are_their_readers_affair() {
        accept(&[("workflow.yaml", "on: {push: {}}\nk: 1e3\n")]);
    }

    #[test]
    fn who_reads_what_is_said_without_the_value() {
        let found = codes(&[("a.yaml", &object("list: [{k: 22:22}, {k: 11:11}], on: 1"))]);
        let said: Vec<_> = found.iter().map(|it| (it.message.as_str(), it.notes.join("; "))).collect();
        let expected = [
            ("a key of `spec` is a boolean to kubectl and YAML 1.1, text to kustomize", String::new()),
            (
                "`spec.list[].k` is text to kubectl and kustomize, a number to YAML 1.1",
                "and 1 more place in this output".to_owned(),
            ),
        ];
        assert_eq!(said, expected);
    }
}
