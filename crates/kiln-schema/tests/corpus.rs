//! One folder per kind of violation: `schema.json`, `document.yaml`, `expected.txt`.
//!
//! A finding is written as its code, the place of its first label and its message; then
//! each label with what is underlined, the help and the notes. Then come the keys that nothing
//! reads, and the document.

use std::fmt::Write as _;

use kiln_model::{Diagnostics, PathStep, SourceId, Sources, Span, Value};
use kiln_schema::{Schema, invalidate};
use kiln_yaml::{Resolution, compose};

struct Case {
    sources: Sources,
    id: SourceId,
    said: Diagnostics,
    unused: Vec<(Vec<PathStep>, Span)>,
    document: kiln_model::Node,
}

fn run(schema: &str, document: &str) -> Case {
    let schema = Schema::compile("case", schema).unwrap_or_else(|error| panic!("{error}"));
    let mut sources = Sources::new();
    let id = sources.add("document.yaml", document);
    let mut said = Diagnostics::new();
    let mut document =
        compose(id, document, Resolution::Core, &mut said).unwrap_or_else(|_| panic!("the document is YAML"));
    let places = schema.check(&document, &mut said);
    invalidate(&mut document, &places);
    let unused = schema.unused_keys(&document);
    schema.complete(&mut document);
    schema.mark_secrets(&mut document, &mut sources);
    Case { sources, id, said, unused, document }
}

fn listing(case: &Case) -> String {
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "{text}").expect("a string takes all that is written to it");
    for found in case.said.iter() {
        let at = case.sources.position(case.id, found.span().start);
        line(format!("{} {}:{} {}", found.code, at.line, at.column, found.message));
        for label in &found.labels {
            let under = case.sources.slice(label.span);
            line(format!("  ^ {} -- {}", under.lines().next().unwrap_or_default(), label.text));
        }
        found.help.iter().for_each(|help| line(format!("  help: {help}")));
        found.notes.iter().for_each(|note| line(format!("  note: {note}")));
    }
    for (path, at) in &case.unused {
        line(format!("unused {} ^ {}", kiln_model::path_text(path), case.sources.slice(*at)));
    }
    line(format!("{:?}", case.document.value));
    out
}

macro_rules! cases {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            let case = run(
                include_str!(concat!("corpus/", stringify!($name), "/schema.json")),
                include_str!(concat!("corpus/", stringify!($name), "/document.yaml")),
            );
            let expected = include_str!(concat!("corpus/", stringify!($name), "/expected.txt"));
            assert_eq!(listing(&case), expected, "found, then expected:\n{}\n{expected}", listing(&case));
        }
    )*};
}

cases! {
    alternatives
    defaults
    empty_document
    format
    invalid_already
    key_names
    length
    missing_key
    name_patterns
    not_one_of
    not_unique
    other_rules
    out_of_range
    pattern
    references
    secrets
    too_few_too_many
    unknown_key
    unused
    wrong_type
}

#[test]
fn nothing_that_is_said_or_shown_holds_a_secret() {
    let case = run(include_str!("corpus/secrets/schema.json"), include_str!("corpus/secrets/document.yaml"));
    assert!(case.said.has_errors());
    let shown =
        format!("{}{:?}{}", listing_without_source(&case), case.document, case.sources.masked_text(case.id));
    for secret in ["hunter", "4711", "true"] {
        assert!(case.sources.get(case.id).expect("it was added").text().contains(secret));
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn listing_without_source(case: &Case) -> String {
    let texts = case.said.iter().map(|found| {
        let labels: String = found.labels.iter().map(|label| label.text.as_str()).collect();
        format!("{} {labels} {:?} {:?}", found.message, found.help, found.notes)
    });
    texts.collect()
}

#[test]
fn a_secret_carries_its_path() {
    let case = run(include_str!("corpus/secrets/schema.json"), include_str!("corpus/secrets/document.yaml"));
    let steps = kiln_model::split_path("nodes[0].key").expect("it is a path");
    let Some(Value::Secret(secret)) = case.document.walk(&steps).map(|node| &node.value) else {
        panic!("it is secret");
    };
    assert_eq!((secret.label(), secret.expose()), ("nodes[0].key", "hunter3"));
}
