use kiln_model::{Diagnostics, Sources};

use crate::{Resolution, compose};

/// What YAML 1.2 and YAML 1.1 say of a text that neither can read, and where.
fn said(text: &str) -> [String; 2] {
    [Resolution::Core, Resolution::PyYaml].map(|resolution| {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", text);
        let mut sink = Diagnostics::new();
        assert!(compose(id, text, resolution, &mut sink).is_err(), "{text:?} can be read");
        let finding = sink.iter().next().expect("it was reported");
        let at = sources.position(id, finding.span().start);
        format!("{}:{} {:?} {}", at.line, at.column, sources.slice(finding.span()), finding.message)
    })
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(said(text), [expected; 2], "{text}");
}

#[test]
fn a_colon_without_a_space_is_told_at_the_colon() {
    let colon = |place: &str| format!("{place} \":\" a `:` without a space after it");
    check("a: 1\nname:home\nb: 1\n", &colon("2:5"));
    check("name:home\nb: 1\n", &colon("1:5"));
    check("b: 1\nname:home", &colon("2:5"));
    check("b: 1\nname:home # why\n\n", &colon("2:5"));
    check("- name:home\n  b: 1\n", &colon("1:7"));
    check("- b: 1\n  mac:bc:24:11\n  c: 1\n", &colon("2:6"));
    check("\u{feff}näme:home\r\nb: 1\r\n", &colon("1:5"));
}

#[test]
fn a_key_without_a_colon_is_told_where_it_stands() {
    check("a: 1\nname home\nb: 1\n", "2:1 \"name\" expected `:` after a key");
    check("name home\nb: 1\n", "1:1 \"name\" expected `:` after a key");
    check("- name home\n  b: 1\n", "1:3 \"name\" expected `:` after a key");
    check("a: 1\nnodes\n  - b: 1\n", "2:1 \"nodes\" expected `:` after a key");
    check("a: 1\nname = home\nb: 1\n", "2:6 \"=\" a `=` in the place of a `:`");
    check("name=home\nb: 1\n", "1:5 \"=\" a `=` in the place of a `:`");
}

#[test]
fn a_line_among_items_lacks_its_dash() {
    check("a:\n  - b\n  c\n  - d\n", "3:3 \"c\" a line without `- ` among the items of a list");
    check("a:\n  - b\n  -c\n", "3:3 \"-\" a `-` without a space after it");
}

#[test]
fn a_key_that_is_indented_too_far_is_told_where_it_stands() {
    let far = |place: &str, key: &str| {
        format!("{place} {key:?} a key that is indented as if it belonged to the value above")
    };
    check("a: 1\n  b: 2\nc: 3\n", &far("2:3", "b"));
    check("- a: x\n    b: 2\n  c: 3\n", &far("2:5", "b"));
    check("- a\n    b: 2\n", &far("2:5", "b"));
    check("a: some\n  more text\n  b: 2\n", &far("3:3", "b"));
}

#[test]
fn a_line_between_two_indentations_is_told() {
    let between = |place: &str, line: &str| format!("{place} {line:?} this indentation fits no line above");
    check("a:\n  - b: 1\n   c: 2\n    d: 3\n", &between("3:4", "c: 2"));
    check("a:\n    b: 1\n  c: 2\n", &between("3:3", "c: 2"));
    check("a: 1\n\n  # why\n\n  b: 2\n", &between("5:3", "b: 2"));
    check("a: \"1\"\n  b: 2\n", &between("2:3", "b: 2"));
}

#[test]
fn a_dash_too_many_is_told_where_it_stands() {
    check("a:\n  - - b: 1\n    c: 2\n", "2:5 \"-\" a list that begins within an item of a list");
}

#[test]
fn what_looks_like_a_space_and_is_none_is_told() {
    let said =
        |place: &str| format!("{place} {:?} a character that looks like a space and is none", "\u{a0}");
    check("a:\n  - b: 1\n\u{a0}   c: 2\n    d: 3\n", &said("3:1"));
    check("a:\n  - b: 1\n  \u{a0} c: 2\n", &said("3:3"));
}

#[test]
fn a_tab_is_told_where_it_stands() {
    for (text, place) in [
        ("a:\n\t- 1\n", "2:1"),
        ("a: 1\n\tb: 2\n", "2:1"),
        ("a:\n  - b: 1\n\tc: 2\n", "3:1"),
        ("a:\n  - b: 1\n  \tc: 2\n", "3:3"),
        ("a: 1\n\n\tb: 2\n", "3:1"),
    ] {
        let found = said(text);
        assert!(
            found.iter().all(|it| it.starts_with(&format!("{place} \"\\t\" a tab "))),
            "{text:?}: {found:?}"
        );
    }
}

#[test]
fn an_escape_is_told_where_its_backslash_stands() {
    check("a: \"home\\lab\"\n", "1:9 \"\\\\l\" an escape that YAML does not have");
    check("a: \"ok\\n\\\"\\\\\" # \\\nb: \"x\n  \\d\"\n", "3:3 \"\\\\d\" an escape that YAML does not have");
    check("a: \"C:\\Users\"\n", "1:7 \"\\\\U\" an escape without its hexadecimal digits");
    check("a: \"\\x41\\x4\"\n", "1:9 \"\\\\x4\" an escape without its hexadecimal digits");
}

#[test]
fn what_is_no_such_slip_keeps_its_words() {
    for text in ["a: b: c\n", "a: 1 b: 2\n", "a: [\n  b: 1\n    c: 2\n", "a: \"x\n"] {
        let slips = ["indented", "without a", "in the place"];
        let found = said(text);
        assert!(found.iter().all(|it| !slips.iter().any(|slip| it.contains(slip))), "{text:?}: {found:?}");
    }
}

#[test]
fn marks_of_a_merge_are_told_before_all_else() {
    for text in [
        "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n",
        "<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n",
        "a:\n<<<<<<< HEAD\n  - b\n=======\n  - c\n>>>>>>> x\nc: 1\n",
        "a: 1\nb: 2\n>>>>>>> x\n",
    ] {
        let [one, other] = said(text);
        assert!(one.ends_with("marks of a merge that was not finished"), "{one}");
        assert_eq!(one, other);
    }
}
