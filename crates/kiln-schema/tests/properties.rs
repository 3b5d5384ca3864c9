//! What holds for every document.

use kiln_model::{Diagnostics, Node, Sources, Value};
use kiln_schema::{Schema, invalidate, mask_unparsed};
use kiln_yaml::{Resolution, compose};
use proptest::prelude::*;

const SCHEMA: &str = include_str!("corpus/secrets/schema.json");

/// A document that holds `SECRET` in places that are secret and nowhere else, with the
/// spelling of keys and the types of values mixed up.
fn document() -> impl Strategy<Value = String> {
    let value = prop::sample::select(vec![
        "SECRET",
        "\"SECRET\"",
        "'ä SECRET'",
        "[SECRET]",
        "{a: SECRET}",
        "|\n    SECRET\n    SECRET",
        "",
        "12",
        "true",
        "\"SECRET",
        "{SECRET",
        "SECRET: x",
        "*SECRET",
        "!SECRET x",
        "&SECRET x",
        "!!int SECRET",
    ]);
    let key = prop::sample::select(vec!["token", "number", "pem", "choice", "map", "flag", "app_key"]);
    let line = (key, value).prop_map(|(key, value)| format!("{key}: {value}\n"));
    let other = prop::sample::select(vec![
        "plain: ä\n",
        "plain: 1\n",
        "nodes: [{}]\n",
        "unknown: 1\n",
        "# ä\n",
        "\n",
    ])
    .prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![line, other], 0..8).prop_map(|lines| lines.concat())
}

/// All that a user may see of a run over `text`.
fn everything_shown(text: &str) -> String {
    let schema = Schema::compile("case", SCHEMA).expect("the corpus has a schema");
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text);
    let mut said = Diagnostics::new();
    let mut shown = String::new();
    if let Ok(mut tree) = compose(id, text, Resolution::Core, &mut said) {
        let places = schema.check(&tree, &mut said);
        schema.mark_secrets(&mut tree, &mut sources);
        invalidate(&mut tree, &places);
        shown.push_str(&format!("{tree:?}"));
    }
    mask_unparsed(&mut sources, id, &schema.secret_keys());
    format!("{shown} {said:?} {}", sources.masked_text(id))
}

fn is_sound(node: &Node, text: &str) -> bool {
    let span = node.span();
    let inside = span.is_none() || text.get(span.start as usize..span.end as usize).is_some();
    inside
        && match &node.value {
            Value::List(items) => items.iter().all(|item| is_sound(item, text)),
            Value::Map(map) => map.iter().all(|(_, entry)| is_sound(&entry.node, text)),
            _ => true,
        }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_secret_is_ever_shown(text in document()) {
        let shown = everything_shown(&text);
        prop_assert!(!shown.contains("SECRET"), "{}", shown);
    }

    #[test]
    fn no_document_makes_a_check_panic(text in "[a-z:\\[\\]{}, \n0-9\"ä-]{0,60}") {
        let schema = Schema::compile("case", include_str!("corpus/references/schema.json")).expect("a schema");
        let id = Sources::new().add("a.yaml", text.as_str());
        if let Ok(mut tree) = compose(id, &text, Resolution::Core, &mut Diagnostics::new()) {
            let places = schema.check(&tree, &mut Diagnostics::new());
            invalidate(&mut tree, &places);
            schema.complete(&mut tree);
            prop_assert!(is_sound(&tree, &text));
            prop_assert!(schema.check(&tree, &mut Diagnostics::new()).is_empty());
        }
    }

    #[test]
    fn masking_keeps_every_line_and_byte(text in "(token|[a-z:= \"'\n\tä-]){0,40}") {
        let mut sources = Sources::new();
        let id = sources.add("a", text.as_str());
        mask_unparsed(&mut sources, id, &["token".to_owned()].into_iter().collect());
        let masked = sources.masked_text(id);
        prop_assert_eq!(masked.len(), text.len());
        prop_assert_eq!(masked.matches('\n').count(), text.matches('\n').count());
    }
}
