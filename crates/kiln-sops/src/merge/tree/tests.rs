//! Merges of trees, written as YAML.

use super::*;
use crate::format::{Format, Stores};
use crate::plain::Plain;

fn documents(text: &str) -> Vec<Document> {
    Plain::read(text.as_bytes(), Format::Yaml).unwrap().documents
}

/// The merged text, and the conflicts.
fn merged(base: &str, ours: &str, theirs: &str) -> (String, Vec<String>) {
    let (documents, conflicts) = merge(&documents(base), &documents(ours), &documents(theirs));
    let plain = Plain { documents, format: Format::Yaml };
    let stores = Stores { yaml_indent: 2, ..Stores::default() };
    let text = plain.write(Format::Yaml, &stores).unwrap();
    (String::from_utf8(text.to_vec()).unwrap(), conflicts)
}

#[track_caller]
fn clean(base: &str, ours: &str, theirs: &str, expected: &str) {
    assert_eq!(merged(base, ours, theirs), (expected.to_owned(), Vec::new()));
}

#[test]
fn changes_of_both_sides_stand_beside_each_other() {
    clean("a: 1\nb: 2\n", "a: 5\nb: 2\n", "a: 1\nb: 6\n", "a: 5\nb: 6\n");
    clean("m:\n  a: 1\n  b: 2\n", "m:\n  a: 5\n  b: 2\n", "m:\n  a: 1\n  b: 6\n", "m:\n  a: 5\n  b: 6\n");
    clean("a: 1\n", "a: 2\n", "a: 2\n", "a: 2\n");
}

#[test]
fn what_came_on_either_side_comes_and_what_went_goes() {
    clean("a: 1\nc: 3\n", "a: 1\nx: 8\nc: 3\n", "a: 1\nb: 2\nc: 3\n", "a: 1\nb: 2\nx: 8\nc: 3\n");
    clean("a: 1\nb: 2\nc: 3\n", "b: 2\nc: 3\n", "a: 1\nb: 2\n", "b: 2\n");
    clean("", "a: 1\n", "b: 2\n", "b: 2\na: 1\n");
}

#[test]
fn two_changes_of_one_value_are_a_conflict_and_ours_stands() {
    assert_eq!(
        merged("m:\n  a: 1\nb: 2\n", "m:\n  a: 5\nb: 2\n", "m:\n  a: 6\nb: 3\n"),
        ("m:\n  a: 5\nb: 3\n".to_owned(), vec!["m.a".to_owned()])
    );
    assert_eq!(merged("a: 1\n", "a: x\n", "a:\n  b: 1\n"), ("a: x\n".to_owned(), vec!["a".to_owned()]));
}

#[test]
fn a_value_that_one_side_removed_and_the_other_changed_stays() {
    let conflict = vec!["a".to_owned()];
    assert_eq!(
        merged("a: 1\nb: 2\n", "b: 2\n", "a: 5\nb: 2\n"),
        ("a: 5\nb: 2\n".to_owned(), conflict.clone())
    );
    assert_eq!(merged("a: 1\nb: 2\n", "a: 5\nb: 2\n", "b: 2\n"), ("a: 5\nb: 2\n".to_owned(), conflict));
}

#[test]
fn lists_of_one_length_are_merged_item_by_item() {
    clean("l: [1, 2]\n", "l: [5, 2]\n", "l: [1, 6]\n", "l:\n  - 5\n  - 6\n");
    assert_eq!(merged("l: [1, 2, {k: 1}]\n", "l: [1, 2, {k: 2}]\n", "l: [1, 2, {k: 3}]\n").1, ["l[2].k"]);
}

#[test]
fn lists_of_other_lengths_are_one_value() {
    clean("l: [1, 2]\n", "l: [1, 2, 3]\n", "l: [1, 2]\n", "l:\n  - 1\n  - 2\n  - 3\n");
    assert_eq!(merged("l: [1, 2]\n", "l: [1, 2, 3]\n", "l: [1]\n").1, ["l"]);
    assert_eq!(merged("", "l: [1]\n", "l: [2]\n").1, ["l"]);
}

#[test]
fn comments_are_ours_unless_only_they_changed_theirs() {
    clean("# c\na: 1\nb: 2\n", "# mine\na: 5\nb: 2\n", "# yours\na: 1\nb: 6\n", "# mine\na: 5\nb: 6\n");
    clean("# c\na: 1\nb: 2\n", "# c\na: 5\nb: 2\n", "# yours\na: 1\nb: 6\n", "# yours\na: 5\nb: 6\n");
    clean("a: 1\n", "# mine\na: 1\n", "a: 1\n# new\nb: 2\n", "# mine\na: 1\n# new\nb: 2\n");
    clean("m:\n  # c\n  a: 1\nb: 2\n", "b: 2\n", "m:\n  # d\n  a: 1\nb: 2\n", "b: 2\n");
}

#[test]
fn documents_of_a_stream_are_merged_one_by_one() {
    clean("a: 1\n---\nb: 2\n", "a: 5\n---\nb: 2\n", "a: 1\n---\nb: 6\n", "a: 5\n---\nb: 6\n");
    assert_eq!(merged("a: 1\n---\nb: 2\n", "a: 1\n---\nb: 3\n", "a: 1\n---\nb: 4\n").1, ["document 2: b"]);
    clean("a: 1\n", "a: 1\n", "a: 1\n---\nb: 2\n", "a: 1\n---\nb: 2\n");
    assert_eq!(merged("a: 1\n", "a: 5\n", "a: 1\n---\nb: 2\n").1, ["the documents of the stream"]);
}

#[test]
fn a_key_that_stands_twice_keeps_its_map_whole() {
    let read = |text: &str| Plain::read(text.as_bytes(), Format::Json).unwrap().documents;
    let (base, ours, theirs) = (read(r#"{"a":1,"a":2}"#), read(r#"{"a":5,"a":2}"#), read(r#"{"a":1,"a":6}"#));
    assert_eq!(merge(&base, &ours, &theirs).1, ["the documents of the stream"]);
    assert_eq!(merge(&base, &base, &theirs), (theirs, Vec::new()));
}
