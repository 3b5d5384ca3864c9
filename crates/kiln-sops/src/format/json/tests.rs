use super::super::problem::ProblemKind;
use super::*;

fn again(text: &str) -> String {
    let document = read(text.as_bytes()).unwrap();
    String::from_utf8(write(&document, Some(1)).unwrap().to_vec()).unwrap()
}

fn value(text: &str) -> String {
    let written = again(&format!("{{\"a\": {text}}}"));
    written.strip_prefix("{\n \"a\": ").unwrap().strip_suffix("\n}\n").unwrap().to_owned()
}

fn problem(text: &[u8]) -> Problem {
    read(text).map(drop).unwrap_err().remove(0)
}

// Expected values: `sops decrypt` of what sops 3.13.3 encrypted.
#[test]
fn numbers_are_integers_where_they_fit_and_floats_elsewhere() {
    for (text, written) in [
        ("0", "0"),
        ("-0", "0"),
        ("-0.0", "-0"),
        ("1.0", "1"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9223372036854776000"),
        ("12345678901234567890123", "1.2345678901234568e+22"),
        ("1e3", "1000"),
        ("1e21", "1e+21"),
        ("1E-7", "1e-7"),
        ("0.000001", "0.000001"),
        ("123456789.125", "123456789.125"),
    ] {
        assert_eq!(value(text), written, "{text}");
    }
}

#[test]
fn text_is_escaped_as_go_escapes_it() {
    for (text, written) in [
        (r#""<a href=\"x\">&amp;""#, r#""\u003ca href=\"x\"\u003e\u0026amp;""#),
        (r#""\/\b\f\n\r\t\u0001""#, r#""/\b\f\n\r\t\u0001""#),
        (r#""grüße \ud83d\ude00 \u2028\u2029""#, r#""grüße 😀 \u2028\u2029""#),
        ("\"\u{7f}\u{feff}\"", "\"\u{7f}\u{feff}\""),
    ] {
        assert_eq!(value(text), written, "{text}");
    }
}

#[test]
fn order_and_duplicate_keys_stay() {
    let text = "{\n \"b\": 1,\n \"a\": {},\n \"b\": [],\n \"\": [\n  [\n   null,\n   true\n  ]\n ]\n}\n";
    assert_eq!(again(text), text);
}

#[test]
fn a_level_is_a_tab_or_some_spaces_or_none() {
    let document = read(br#"{"a":[1]}"#).unwrap();
    for (indent, text) in [
        (None, "{\n\t\"a\": [\n\t\t1\n\t]\n}\n"),
        (Some(0), "{\n\"a\": [\n1\n]\n}\n"),
        (Some(3), "{\n   \"a\": [\n      1\n   ]\n}\n"),
    ] {
        assert_eq!(*write(&document, indent).unwrap(), text.as_bytes());
    }
}

#[test]
fn entries_know_where_they_stand() {
    let text = "{ \"a\" : [ 1 ] , \"b\": {\"c\": \"d\"} }";
    let document = read(text.as_bytes()).unwrap();
    let spans: Vec<_> = document.entries().map(|entry| &text[entry.at.clone()]).collect();
    assert_eq!(spans, ["\"a\" : [ 1 ]", "\"b\": {\"c\": \"d\"}"]);
}

#[test]
fn what_is_no_document_is_a_problem_with_a_place() {
    for (text, at) in [
        ("", 0..0),
        ("{\"a\": 1", 7..7),
        ("{\"a\": 1}\n{}", 9..10),
        ("{\"a\": 1,}", 8..9),
        ("{\"a\" 1}", 5..6),
        ("{\"a\": 01}", 6..7),
        ("{\"a\": 1.}", 6..7),
        ("{\"a\": truex}", 10..11),
        ("{\"a\": \"x}", 6..7),
        ("{\"a\": \"\n\"}", 7..8),
        ("{\"a\": \"\\x\"}", 7..9),
        ("{\"a\": \"\\ud800\"}", 7..9),
        ("{// c\n}", 1..2),
        ("\u{feff}{}", 0..3),
    ] {
        let found = problem(text.as_bytes());
        assert!(matches!(found.kind, ProblemKind::Malformed { .. }), "{text}: {found:?}");
        assert_eq!(found.at, at, "{text}");
    }
    assert!(matches!(problem(b"[1]").kind, ProblemKind::NotAMapping));
    assert!(matches!(problem(b"{\"a\":\n\"\xff\"}"), Problem { kind: ProblemKind::NotUtf8, line: 2, .. }));
    assert_eq!(problem(b"{\"a\": {\"b\": [0, {\"c\": x}]}}").path, "a.b[1].c");
    assert!(matches!(problem(b"{\"a\": 1e999}").kind, ProblemKind::NumberTooLarge));
}

#[test]
fn depth_is_bounded() {
    let deep = |levels: usize| format!("{{\"a\": {}{}}}", "[".repeat(levels), "]".repeat(levels));
    assert!(read(deep(127).as_bytes()).is_ok());
    assert!(matches!(problem(deep(128).as_bytes()).kind, ProblemKind::TooDeep));
    assert!(matches!(problem("[".repeat(1 << 20).as_bytes()).kind, ProblemKind::NotAMapping));
}
