use kiln_model::{Sources, split_path};

use super::*;

/// What came of a text: the tree, and one line per finding with the places it names.
fn read_as(resolution: Resolution, text: &str) -> (String, Vec<String>) {
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text);
    let mut sink = Diagnostics::new();
    let tree = match compose(id, text, resolution, &mut sink) {
        Ok(node) => format!("{:?}", node.value),
        Err(_) => "no tree".to_owned(),
    };
    let place = |span: Span| {
        let at = sources.position(id, span.start);
        format!("{}:{} {:?}", at.line, at.column, sources.slice(span))
    };
    let said = sink.iter().map(|it| {
        let places: Vec<String> = it.labels.iter().map(|label| place(label.span)).collect();
        format!("{}: {} ({})", it.code, it.message, places.join(", "))
    });
    (tree, said.collect())
}

fn read(text: &str) -> (String, Vec<String>) {
    read_as(Resolution::Core, text)
}

#[track_caller]
fn check(text: &str, tree: &str, said: &[&str]) {
    let (found, findings) = read(text);
    assert_eq!(findings, said);
    assert_eq!(found, tree);
}

#[test]
fn values_keys_and_collections_have_their_places() {
    let text = "ä: \"ö\"\nlist:\n- x y # c\n-  - 1\nflow: {b: [c]}\nempty:\nblock: |\n  t\n\nmap:\n  k: v\n";
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text);
    let tree = compose(id, text, Resolution::Core, &mut Diagnostics::new()).unwrap();
    let at = |path: &str| sources.slice(tree.walk(&split_path(path).unwrap()).unwrap().span()).to_owned();
    assert_eq!(at("ä"), "\"ö\"");
    assert_eq!(at("list"), "- x y # c\n-  - 1");
    assert_eq!(at("list[0]"), "x y");
    assert_eq!(at("list[1]"), "- 1");
    assert_eq!(at("flow"), "{b: [c]}");
    assert_eq!(at("flow.b[0]"), "c");
    assert_eq!(at("empty"), "");
    assert_eq!(at("block"), "|\n  t");
    assert_eq!(at("map"), "k: v");
    assert_eq!(sources.slice(tree.as_map().unwrap().entry("ä").unwrap().key), "ä");
    assert_eq!(sources.slice(tree.span()), text.trim_end());
}

#[test]
fn a_list_begins_at_its_first_dash() {
    let first = |text: &str| {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", text);
        let tree = compose(id, text, Resolution::Core, &mut Diagnostics::new()).unwrap();
        let list = tree.get("a").unwrap();
        (sources.slice(list.span()).to_owned(), sources.slice(list.as_list().unwrap()[0].span()).to_owned())
    };
    let pair = |list: &str, item: &str| (list.to_owned(), item.to_owned());
    assert_eq!(first("a:\n- |\n  x\n"), pair("- |\n  x", "|\n  x"));
    assert_eq!(first("a: &b # - c\n- -1\n"), pair("- -1", "-1"));
    assert_eq!(first("a:\n- - x\n"), pair("- - x", "- x"));
    assert_eq!(first("a:\n  -  - x\n"), pair("-  - x", "- x"));
}

#[test]
fn a_text_without_a_document_is_null() {
    for text in ["", "\n", "# only a comment\n", "---\n", "\u{feff}"] {
        check(text, "null", &[]);
    }
    let id = Sources::new().add("a.yaml", "# c\n");
    let tree = compose(id, "# c\n", Resolution::Core, &mut Diagnostics::new()).unwrap();
    assert_eq!(tree.span(), Span::new(id, 0, 4));
}

#[test]
fn byte_order_mark_carriage_returns_and_tabs_are_read() {
    check("\u{feff}a: 1\r\nb:\t2\r\nc: |\r\n  x\r\n  y\r\n", r#"{"a": 1, "b": 2, "c": "x\ny\n"}"#, &[]);
}

#[test]
fn every_duplicate_key_is_reported_and_the_first_counts() {
    check(
        "a: 1\nb: {c: 1, c: 2}\na: 3\n",
        r#"{"a": 1, "b": {"c": 1}}"#,
        &[
            "load.duplicate-key: the key `c` is given twice (2:11 \"c\", 2:5 \"c\")",
            "load.duplicate-key: the key `a` is given twice (3:1 \"a\", 1:1 \"a\")",
        ],
    );
}

#[test]
fn to_pyyaml_the_last_of_two_keys_counts() {
    let (tree, said) = read_as(Resolution::PyYaml, "a: 1\na: 3\n");
    assert_eq!(tree, r#"{"a": 3}"#);
    assert_eq!(said.len(), 1);
}

#[test]
fn references_become_what_they_refer_to() {
    check("a: &x [1, &y b]\nc: *x\n*y : z\n", r#"{"a": [1, "b"], "c": [1, "b"], "b": "z"}"#, &[]);
}

#[test]
fn a_value_that_stands_for_nothing_is_invalid_and_the_rest_is_read() {
    check(
        "a: *x\nb: &y [*y]\nc: !secret z\nd: !!int q\ne: 999999999999999999999999999999999999999999\nf: 1\n",
        r#"{"a": <invalid>, "b": [<invalid>], "c": <invalid>, "d": <invalid>, "e": <invalid>, "f": 1}"#,
        &[
            "load.unknown-anchor: a reference to an anchor that nobody defined above (1:4 \"*x\")",
            "load.unknown-anchor: a reference to an anchor from inside the value it names (2:8 \"*y\")",
            "load.unsupported-tag: a tag that has no meaning here (3:12 \"z\")",
            "load.unreadable-value: a value that looks like an integer and is none (4:10 \"q\")",
            "load.number-too-large: a number that is too large (5:4 \"999999999999999999999999999999999999999999\")",
        ],
    );
}

#[test]
fn a_key_must_be_text() {
    check(
        "1: a\n~: b\n? [x]\n: c\nd: e\n",
        r#"{"d": "e"}"#,
        &[
            "load.non-string-key: a key must be text, this is a number (1:1 \"1\")",
            "load.non-string-key: a key must be text, this is null (2:1 \"~\")",
            "load.non-string-key: a key must be text, this is a list (3:3 \"[\")",
        ],
    );
    let (tree, said) = read_as(Resolution::Kubernetes, "8: a\non: b\n");
    assert_eq!((tree.as_str(), said.len()), (r#"{"8": "a", "true": "b"}"#, 0));
}

#[test]
fn merged_keys_yield_to_explicit_ones() {
    check(
        "x: &x {a: 1, b: 1}\ny:\n  b: 2\n  <<: *x\n",
        r#"{"x": {"a": 1, "b": 1}, "y": {"a": 1, "b": 2}}"#,
        &[],
    );
    check("<<: [{a: 1}, {a: 2, b: 2}]\n", r#"{"a": 1, "b": 2}"#, &[]);
    check("'<<': {a: 1}\n", r#"{"<<": {"a": 1}}"#, &[]);
    check("<<: 1\n", "{}", &["load.bad-merge: only mappings can be merged with `<<` (1:5 \"1\")"]);
}

#[test]
fn one_document_is_expected() {
    let finding =
        "load.more-than-one-document: more than one document in a file that holds one (2:1 \"---\")";
    check("a: 1\n---\nb: 2\na: 3\n", r#"{"a": 1, "b": 2}"#, &[finding]);
    let id = Sources::new().add("a.yaml", "a\n---\nb\n");
    let all = compose_all(id, "a\n---\nb\n", Resolution::Core, &mut Diagnostics::new()).unwrap();
    assert_eq!(all.len(), 2);
}

#[test]
fn an_expression_of_a_template_is_one_mistake() {
    let finding = "load.template: template text in a file that is no template (1:4 \"{{ b | c }}\")";
    check("a: {{ b | c }}\nf: 1\n", r#"{"a": <invalid>, "f": 1}"#, &[finding]);
    let finding = "load.template: template text in a file that is no template (1:4 \"{{ b }}\")";
    check("a: {{ b }}/24\nf: 1\n", "no tree", &[finding]);
    let finding = "load.template: template text in a file that is no template (1:1 \"{% if b %}\")";
    check("{% if b %}\na: 1\n{% endif %}\n", "no tree", &[finding]);
}

#[test]
fn an_anchor_ends_with_its_document() {
    let id = Sources::new().add("a.yaml", "");
    let mut sink = Diagnostics::new();
    compose_all(id, "&a x\n---\n*a\n", Resolution::Core, &mut sink).unwrap();
    assert_eq!(sink.iter().map(|it| it.code.as_ref()).collect::<Vec<_>>(), ["load.unknown-anchor"]);
}

#[test]
fn references_cannot_grow_without_bound() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let below = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 10].join(", ")));
    }
    let (tree, said) = read(&text);
    assert_eq!(tree, "no tree");
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("load.alias-bomb"), "{said:?}");
}

#[test]
fn references_cannot_nest_too_deep() {
    let nested = format!("{}x{}", "[".repeat(100), "]".repeat(100));
    let text = format!("a: &a {nested}\nb: {}*a{}\n", "[".repeat(50), "]".repeat(50));
    let (_, said) = read(&text);
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("load.too-deep"), "{said:?}");
}

#[test]
fn after_a_syntax_error_nothing_of_the_text_is_said() {
    for text in [
        "t: \"hunter2\n",
        "t: [hunter2\n",
        "t: hunter2: x\n",
        "t: 'a' hunter2\n",
        "t: !hunter2 [\n",
        "t: @hunter2\n",
    ] {
        let id = Sources::new().add("a.yaml", text);
        let mut sink = Diagnostics::new();
        assert!(compose(id, text, Resolution::Core, &mut sink).is_err(), "{text}");
        for found in &sink.into_iter().collect::<Vec<_>>() {
            assert_eq!(found.code, "load.yaml-syntax");
            assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
            assert!(found.help.is_some());
        }
    }
}

#[test]
fn expressions_of_templates_are_told_in_both_readings() {
    for (text, place) in [
        ("a: {{ x }}\nb: 1\n", "1:4 \"{{ x }}\""),
        ("a: #{ x }#\nb: 1\n", "1:4 \"#{ x }#\""),
        ("a:\n  - #{ x }# # why\n", "2:5 \"#{ x }#\""),
        ("{% if x %}\na: 1\n{% endif %}\n", "1:1 \"{% if x %}\""),
    ] {
        for resolution in [Resolution::Core, Resolution::PyYaml] {
            let (_, said) = read_as(resolution, text);
            let expected = format!("load.template: template text in a file that is no template ({place})");
            assert_eq!(said, [expected], "{text:?}");
        }
    }
    for text in ["a: # { x }\n", "a: 1 #{ x }#\n", "a: '#{ x }#'\n", "# #{ x }#\na:\n"] {
        for resolution in [Resolution::Core, Resolution::PyYaml] {
            assert_eq!(read_as(resolution, text).1, [""; 0], "{text:?}");
        }
    }
}

#[test]
fn an_item_without_its_dash_is_told_once() {
    check(
        "l:\n  - a: 1\n    b: {c: 1, c: 2}\n    a: 2\n    b: 3\n  - a: 3\n",
        r#"{"l": [<invalid>, {"a": 3}]}"#,
        &[
            "load.duplicate-key: the key `c` is given twice (3:15 \"c\", 3:9 \"c\")",
            "load.duplicate-key: the key `a` is given twice in an item, and 1 other is, too (4:5 \"a\", 2:5 \"a\")",
        ],
    );
    let each = "load.duplicate-key: the key `a` is given twice (3:1 \"a\", 1:1 \"a\")";
    let other = "load.duplicate-key: the key `b` is given twice (4:1 \"b\", 2:1 \"b\")";
    check("a: 1\nb: 1\na: 1\nb: 1\n", r#"{"a": 1, "b": 1}"#, &[each, other]);
}
