use super::super::Format;
use super::super::problem::ProblemKind;
use super::*;
use crate::document::{MapItem, Node};

/// Sections, keys and comments on lines of their own.
fn shown(text: &str) -> String {
    let document = read(text.as_bytes()).unwrap();
    let mut lines = Vec::new();
    for section in document.entries() {
        lines.push(format!("[{}]", section.key));
        let Node::Map(map) = &section.value else { panic!("not a section") };
        lines.extend(map.items.iter().map(|item| match item {
            MapItem::Comment(comment) => format!("#{}", *comment.text),
            MapItem::Entry(entry) => format!("{}|{}", entry.key, entry.value.as_text().unwrap()),
        }));
    }
    lines.join("\n")
}

fn value(text: &str) -> String {
    shown(&format!("a={text}")).strip_prefix("[DEFAULT]\na|").unwrap().to_owned()
}

fn again(text: &str) -> String {
    String::from_utf8(write(&read(text.as_bytes()).unwrap()).unwrap().to_vec()).unwrap()
}

#[test]
fn quotes_comments_and_backslashes_are_taken_off_values() {
    for (text, expected) in [
        (" b c ", "b c"),
        ("\"b c \"", "b c "),
        ("'b'", "b"),
        ("\"b\"c\"", "\"b\"c\""),
        ("b # c", "b\n## c".replace("## ", "#").as_str()),
        ("`b#c`", "b#c"),
        ("\"\"\"b\nc\"\"\"", "b\nc"),
        ("`b\n  c\n`", "b\n  c\n"),
        ("b\\\n  c\\\n d\ne=f", "bcd\ne|f"),
        ("b:c=d", "b:c=d"),
        ("\u{a0}b\u{2003}\r\n", "b"),
        ("\"", "\""),
        ("", ""),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn comments_belong_to_what_follows_or_stands_before_them() {
    let text = "; top\na=1\n# one\n\n; two\n[s] ; three\n#x\nb = 2 ; y\n; lost\n";
    assert_eq!(
        shown(text),
        "[DEFAULT]\na|1\n#top\n[s]\n#one\n\n; two\n; three".replace("one\n\n;", "one\n;") + "\nb|2\n#x\n; y"
    );
}

#[test]
fn keys_may_be_quoted_and_end_at_a_colon_too() {
    for (text, key) in
        [("a b : c", "a b"), ("`a=b` = c", "a=b"), ("\"a:b\"=c", "a:b"), ("\"\"\"a\"b\"\"\"=c", "a\"b")]
    {
        assert_eq!(shown(text), format!("[DEFAULT]\n{key}|c"), "{text}");
    }
}

#[test]
fn sections_may_have_the_same_name() {
    let text = "[a]\nx = 1\n\n[a]\nx = 2\n\n[DEFAULT]\ny = 3\n";
    assert_eq!(again(text), text);
}

// Expected texts: `sops decrypt` of what sops 3.13.3 encrypted.
#[test]
fn keys_are_aligned_and_values_quoted_where_they_must_be() {
    let text = "; head\na=1\nlonger = `x;y`\n\n[s]\n'k'=\" v \"\n\"a\"\"=\"b\nempty=\n";
    assert_eq!(
        again(text),
        "; head\na      = 1\nlonger = `x;y`\n\n[s]\n'k'   = \" v \"\na     = \"b\nempty = \n"
    );
}

#[test]
fn what_go_ini_would_read_back_as_something_else_is_quoted() {
    let mut map = crate::document::Map::default();
    for (index, value) in
        ["C:\\dir\\", "\"x\"", "`x`", "\"\"\"x", "a`\"\"\"b", "'x'", " #\n` "].iter().enumerate()
    {
        map.push(&format!("{}{index}", "#"), Node::text(*value));
    }
    let mut document = Document::default();
    document.push("s", Node::Map(map));
    let text = write(&document).unwrap();
    let back = read(&text).unwrap();
    assert!(back.get("s") == document.get("s"), "{}", String::from_utf8_lossy(&text));
}

#[test]
fn what_has_no_spelling_is_not_written() {
    for (section, key, value) in [
        ("", "a", "b"),
        ("s", "", "b"),
        ("s", "-", "b"),
        ("s", " a", "b"),
        ("DEFAULT", "\u{feff}a", "b"),
        ("s", "a", "`\"\"\"x\n\"\"\"'"),
    ] {
        let (mut map, mut document) = (Document::default(), Document::default());
        map.push(key, Node::text(value));
        document.push(section, Node::Map(map));
        assert!(
            matches!(write(&document), Err(WriteError::Unreadable(Format::Ini, _))),
            "{section} {key} {value}"
        );
    }
    let mut flat = Document::default();
    flat.push("a", Node::text("b"));
    assert_eq!(write(&flat).unwrap_err(), WriteError::NotASection("a".to_owned()));
}

#[test]
fn what_is_no_ini_file_is_a_problem_with_a_line() {
    for (text, line) in
        [("a=1\nb", 2), ("\n[a\n", 2), ("[]", 1), ("=x", 1), ("\"a=b", 1), ("\n- = b", 2), ("a=`b\nc\n", 1)]
    {
        let problem = read(text.as_bytes()).map(drop).unwrap_err().remove(0);
        assert!(matches!(problem.kind, ProblemKind::Malformed { .. }), "{text}: {problem:?}");
        assert_eq!(problem.line, line, "{text}");
    }
    let twice = read(b"[s]\na=1\nb=2\na=3\n").map(drop).unwrap_err().remove(0);
    assert!(matches!(twice.kind, ProblemKind::DuplicateKey));
    assert_eq!((twice.path.as_str(), twice.line), ("s.a", 4));
    assert!(matches!(read(b"\xff=1").map(drop).unwrap_err()[0].kind, ProblemKind::NotUtf8));
}
