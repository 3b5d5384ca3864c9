//! What holds for every text.

use kiln_model::{Diagnostics, Entry, Map, Node, Sources, Span, Value};
use kiln_yaml::events::{EventKind, ScalarStyle, events};
use kiln_yaml::{Resolution, compose, compose_all, json, quote, to_yaml, toml};
use proptest::prelude::*;

const RESOLUTIONS: [Resolution; 3] = [Resolution::Core, Resolution::PyYaml, Resolution::Kubernetes];

/// Text that is likely to come close to YAML, JSON or TOML.
fn nearly_structured() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "ä",
        "😀",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\"",
        "'",
        "|",
        ">-",
        "&a ",
        "*a",
        "!!int ",
        "!t ",
        "<<",
        "# c",
        "---\n",
        "...\n",
        "\t",
        "\r\n",
        "\u{feff}",
        "0x",
        "1",
        "1_0",
        "2024-01-01",
        "12:30",
        ".",
        "e",
        "\\",
        "\\u00",
        "=",
        " = ",
        "[[",
        "]]",
        "\"\"\"",
        "'''",
        "?",
        "%",
        "@",
        "`",
        "~",
        "null",
        "true",
        "\u{0}",
        "\u{85}",
        "\u{2028}",
        "99999999999999999999999999999999999999999",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A tree of text, numbers and collections.
fn tree() -> impl Strategy<Value = Value> {
    let text = prop_oneof!["[ -~äöü😀\n\t]{0,12}", "(on|no|~|1_0|0x1|1:30|2024-01-01|=|<<|[0-9.e+:-]{1,6})"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|it| Value::Int(it.into())),
        text.clone().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let node = |value| Node::at(value, Span::NONE);
        let entry = move |value| Entry { key: Span::NONE, node: node(value) };
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(move |items| Value::List(items.into_iter().map(node).collect())),
            prop::collection::vec((text.clone(), inner), 0..5).prop_map(move |pairs| {
                let mut map = Map::new();
                for (key, value) in pairs {
                    map.insert(key, entry(value));
                }
                Value::Map(map)
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_reader_panic(text in prop_oneof![nearly_structured(), ".{0,60}"]) {
        let id = Sources::new().add("a", text.as_str());
        for resolution in RESOLUTIONS {
            let _either = compose_all(id, &text, resolution, &mut Diagnostics::new());
        }
        let _either = json::compose(id, &text, &mut Diagnostics::new());
        let _either = toml::compose(id, &text, &mut Diagnostics::new());
    }

    #[test]
    fn an_error_always_says_why(text in nearly_structured()) {
        let id = Sources::new().add("a", text.as_str());
        type Reader = fn(kiln_model::SourceId, &str, &mut Diagnostics) -> Result<Node, kiln_model::Reported>;
        let core: Reader = |id, text, sink| compose(id, text, Resolution::Core, sink);
        let pyyaml: Reader = |id, text, sink| compose(id, text, Resolution::PyYaml, sink);
        for read in [core, pyyaml, json::compose, toml::compose] {
            let mut sink = Diagnostics::new();
            if read(id, &text, &mut sink).is_err() {
                prop_assert!(sink.has_errors());
            }
            for found in sink.iter() {
                for label in &found.labels {
                    prop_assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "{found:?}");
                }
            }
        }
    }

    #[test]
    fn every_range_slices_to_its_scalar(text in nearly_structured()) {
        for event in events(&text).unwrap_or_default() {
            let slice = text.get(event.start..event.end);
            prop_assert!(slice.is_some(), "{event:?}");
            let (slice, line_start) = (slice.unwrap(), text[..event.start].rfind('\n').map_or(0, |at| at + 1));
            prop_assert_eq!(event.column, text[line_start..event.start].chars().count() + 1);
            if let EventKind::Scalar { value, style, .. } = &event.kind {
                match style {
                    ScalarStyle::Plain if !slice.contains(['\n', '\r']) => prop_assert_eq!(slice, value),
                    ScalarStyle::Plain => prop_assert!(slice.starts_with(value.split([' ', '\n']).next().unwrap())),
                    ScalarStyle::SingleQuoted => prop_assert!(slice.starts_with('\'') && slice.ends_with('\'')),
                    ScalarStyle::DoubleQuoted => prop_assert!(slice.starts_with('"') && slice.ends_with('"')),
                    ScalarStyle::Literal => prop_assert!(slice.starts_with('|'), "{slice:?}"),
                    ScalarStyle::Folded => prop_assert!(slice.starts_with('>'), "{slice:?}"),
                }
            }
        }
    }

    #[test]
    fn what_is_written_reads_the_same_to_all(value in tree()) {
        let text = to_yaml(&value);
        prop_assert!(text.ends_with('\n'));
        for resolution in RESOLUTIONS {
            let mut sink = Diagnostics::new();
            let id = Sources::new().add("a", text.as_str());
            let read = compose(id, &text, resolution, &mut sink);
            prop_assert_eq!(sink.iter().count(), 0, "{}", text);
            prop_assert_eq!(format!("{:?}", read.unwrap().value), format!("{value:?}"), "{}", text);
        }
    }

    #[test]
    fn a_quoted_text_reads_the_same_as_yaml_and_json(text in prop_oneof![nearly_structured(), any::<String>()]) {
        let quoted = quote(&text);
        prop_assert!(!quoted.contains('\n'));
        let id = Sources::new().add("a", quoted.as_str());
        for resolution in RESOLUTIONS {
            let read = compose(id, &quoted, resolution, &mut Diagnostics::new());
            prop_assert!(matches!(read.unwrap().value, Value::String(it) if it == text));
        }
        let read = json::compose(id, &quoted, &mut Diagnostics::new());
        prop_assert!(matches!(read.unwrap().value, Value::String(it) if it == text));
    }
}
