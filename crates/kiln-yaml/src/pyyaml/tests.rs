use kiln_model::{Sources, split_path};

use super::*;
use crate::{Resolution, compose};

fn read(text: &str) -> (String, Vec<String>) {
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text);
    let mut sink = Diagnostics::new();
    let tree = match compose(id, text, Resolution::PyYaml, &mut sink) {
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

#[track_caller]
fn check(text: &str, tree: &str, said: &[&str]) {
    let (found, findings) = read(text);
    assert_eq!(findings, said);
    assert_eq!(found, tree);
}

#[test]
fn values_keys_and_collections_have_their_places() {
    let text = "ä: \"ö\"\nlist:\n- x y # c\n-  - 1\nflow: {b: [c]} # c\nempty:\nblock: &a !!str |\n  t\n\nmap:\n  k: v\n\n# c\nset: !!set {p, q}\n";
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text);
    let tree = compose(id, text, Resolution::PyYaml, &mut Diagnostics::new()).unwrap();
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
    assert_eq!(at("set.q"), "q");
    assert_eq!(sources.slice(tree.as_map().unwrap().entry("ä").unwrap().key), "ä");
    assert_eq!(sources.slice(tree.span()), text.trim_end());
}

#[test]
fn values_are_those_of_python() {
    check(
        "a: yes\nb: 0777\nc: 1:30\nd: 2024-05-01 10:00:00 +02:00\ne: 1e3\nf: !!omap [x: 1]\ng: !!set {p}\nh: !!str 1\n",
        r#"{"a": true, "b": 511, "c": 90, "d": "2024-05-01 10:00:00+02:00", "e": "1e3", "f": [["x", 1]], "g": {"p": null}, "h": "1"}"#,
        &[],
    );
    check("---\n", "null", &[]);
    check("", "null", &[]);
    check("\u{feff}a: 1\r\nb: [2]\r\n", r#"{"a": 1, "b": [2]}"#, &[]);
}

#[test]
fn the_last_of_equal_keys_counts_and_merged_ones_yield() {
    let finding =
        "load.duplicate-key: the key `a` is given twice, the last one counts (2:1 \"a\", 1:1 \"a\")";
    check("a: 1\na: 3\n", r#"{"a": 3}"#, &[finding]);
    check("<<: {a: 1, b: 1}\na: 2\n", r#"{"a": 2, "b": 1}"#, &[]);
    check("x: &x {a: 1}\ny:\n  a: 2\n  <<: *x\n", r#"{"x": {"a": 1}, "y": {"a": 2}}"#, &[]);
}

#[test]
fn what_kiln_has_no_value_for_is_said() {
    check(
        "1: a\non: b\nc: !!binary aGk=\nd: 1\n2024-01-01: e\n",
        r#"{"c": <invalid>, "d": 1}"#,
        &[
            "load.non-string-key: a key must be text, this is a number (1:1 \"1\")",
            "load.non-string-key: a key must be text, this is a boolean (2:1 \"on\")",
            "load.unreadable-value: bytes, which are no value of kiln's data (3:13 \"aGk=\")",
            "load.non-string-key: a key must be text, this is a date (5:1 \"2024-01-01\")",
        ],
    );
    check(
        "a: &a [*a]\n",
        r#"{"a": [<invalid>]}"#,
        &["load.unknown-anchor: a reference to an anchor from inside the value it names (1:7 \"[*a]\")"],
    );
}

#[test]
fn what_pyyaml_refuses_is_refused_at_its_place() {
    check(
        "a: 1\n---\nb: 2\n",
        r#"{"a": 1, "b": 2}"#,
        &["load.more-than-one-document: more than one document in a file that holds one (2:1 \"---\")"],
    );
    check("a: =\n", "no tree", &["load.yaml-syntax: `=` is not a value (1:4 \"=\")"]);
    check(
        "a:\n\t- 1\n",
        "no tree",
        &["load.yaml-syntax: a tab stands where a value may begin (2:1 \"\\t\")"],
    );
    check(
        "a: 2024-13-01\n",
        "no tree",
        &["load.yaml-syntax: there is no such date or time of day (1:4 \"2\")"],
    );
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
fn merge_keys_cannot_grow_without_bound() {
    let mut text = String::from("a0: &a0 {b: 1, c: 2, d: 3, e: 4, f: 5, g: 6, h: 7, i: 8, j: 9, k: 10}\n");
    for level in 1..8 {
        let below = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} {{<<: [{}]}}\n", vec![below; 10].join(", ")));
    }
    let (tree, said) = read(&text);
    assert_eq!((tree.as_str(), said.len()), ("no tree", 1));
    assert!(said[0].starts_with("load.alias-bomb"), "{said:?}");
}

#[test]
fn what_nests_too_deep_is_refused() {
    let deep = format!("a: {}{}\n", "[".repeat(150), "]".repeat(150));
    let (_, said) = read(&deep);
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("load.too-deep"), "{said:?}");
    let (tree, said) = read(&"[".repeat(100_000));
    assert_eq!((tree.as_str(), said.len()), ("no tree", 1));
    assert!(said[0].starts_with("load.too-deep"), "{said:?}");
}
