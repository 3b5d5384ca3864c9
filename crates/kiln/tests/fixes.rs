//! Mending: what findings with a certain remedy ask for is written, and nothing else changes.

use kiln::{Files, MemoryFiles, Request};

const SCHEMA: &str = r#"{
  "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "additionalProperties": false,
  "properties": {
    "name": {"type": "string"}, "other": {"type": "string"}, "token": {"type": "string", "writeOnly": true},
    "number": {"type": "integer", "default": 3},
    "items": {"type": "array", "items": {"type": "object", "properties": {
      "id": {"type": "string"}, "mac": {"type": "string"}}}}
  }
}"#;

/// Text in lower case, an address of an item in lower case, and what follows from a mended value.
const CHECKS: &str = "name:
  assert: name is none or name == name | lower
  at: [name]
  message: not in lower case
  fix: name | lower
mac:
  severity: warning
  each: items or []
  as: item
  assert: item.mac is none or item.mac == item.mac | lower
  at: [item.mac]
  message: not in lower case
  fix: item.mac | lower
mac-of-list:
  each: items
  as: item
  when: items is not none
  assert: item.mac is none or item.mac == item.mac | lower
  at: [item.mac]
  message: not in lower case
  fix: item.mac | lower
token:
  assert: token is none or name == 'x'
  at: [token]
  message: not open
  fix: \"'open'\"
follows:
  when: other is not none and name == 'a'
  assert: other == name
  at: [other]
  message: not as the name
  fix: name
";

fn project(file: &str, data: &str) -> MemoryFiles {
    let mut files = MemoryFiles::new();
    for (path, text) in [
        ("kiln.toml", "pack = 'pack'\n"),
        (
            "pack/pack.toml",
            "[pack]\nname = 'toy'\nversion = '1'\nformat = 1\n[[data]]\nfile = 'data'\nschema = 'data'\n",
        ),
        ("pack/versions.yaml", ""),
        ("pack/schemas/data.schema.json", SCHEMA),
        ("pack/checks/all.yaml", CHECKS),
        (file, data),
    ] {
        files.insert(path, text);
    }
    files
}

/// The data file after it was mended, and how many values were.
fn mended(file: &str, data: &str) -> (String, usize) {
    let files = project(file, data);
    let mended = kiln::fix(&Request::new(&files, 0));
    let after = match mended.artifacts.as_slice() {
        [] => data.to_owned(),
        [one] => {
            assert_eq!(one.path(), file);
            String::from_utf8(one.bytes().to_vec()).expect("it is text")
        }
        _ => panic!("there is one data file"),
    };
    (after, mended.fixes.len())
}

/// What becomes of a data file; a second time nothing does, and nothing is left to be mended.
#[track_caller]
fn check(file: &str, before: &str, expected: &str, count: usize) {
    let (after, fixes) = mended(file, before);
    assert_eq!((after.as_str(), fixes), (expected, count));
    assert_eq!(mended(file, expected), (expected.to_owned(), 0), "the second time");
    let files = project(file, expected);
    let report = kiln::check(&Request::new(&files, 0));
    assert!(report.diagnostics.iter().all(|it| it.fix.is_none()), "{:#?}", report.diagnostics);
}

#[test]
fn comments_layout_quotes_and_line_breaks_stay() {
    check(
        "data.yaml",
        "\u{feff}# ä\r\nname:   A # why\r\nitems:\r\n- {id: 'A',   mac: 'AB:CD' }\r\n- mac: \"EF\"  # x\r\n  id: b",
        "\u{feff}# ä\r\nname:   a # why\r\nitems:\r\n- {id: 'A',   mac: 'ab:cd' }\r\n- mac: \"ef\"  # x\r\n  id: b",
        3,
    );
    check(
        "data.toml",
        "# ä\nname = 'A' # why\n[[items]]\nmac   = \"AB\"\nid = 'A'\n",
        "# ä\nname = 'a' # why\n[[items]]\nmac   = \"ab\"\nid = 'A'\n",
        2,
    );
    check(
        "data.json",
        "{\"name\":\"A\",\n\t\"items\" : [ {\"mac\": \"AB\"} ] }",
        "{\"name\":\"a\",\n\t\"items\" : [ {\"mac\": \"ab\"} ] }",
        2,
    );
}

#[test]
fn a_value_that_was_mended_may_show_what_else_is_wrong() {
    check("data.yaml", "name: A\nother: c\n", "name: a\nother: a\n", 2);
}

#[test]
fn a_value_of_several_places_changes_only_if_all_of_them_ask_for_it() {
    check(
        "data.yaml",
        "items:\n  - mac: &m AB\n  - mac: *m\n  - &n {mac: CD}\n  - <<: *n\n    id: x\n",
        "items:\n  - mac: &m ab\n  - mac: *m\n  - &n {mac: cd}\n  - <<: *n\n    id: x\n",
        2,
    );
    let shared = "name: &n AB\nother: *n\n";
    assert_eq!(mended("data.yaml", shared), (shared.to_owned(), 0), "`other` may be in upper case");
    let shared = "items:\n  - mac: &m AB\n    id: *m\n";
    assert_eq!(mended("data.yaml", shared), (shared.to_owned(), 0), "`id` may be in upper case");
}

#[test]
fn what_is_not_written_in_one_piece_stays() {
    for data in ["name: |\n  A\n", "name: >-\n  A\n  B\n", "name: A\n  B\n"] {
        assert_eq!(mended("data.yaml", data), (data.to_owned(), 0));
    }
    let data = "name = \"\"\"\nA\"\"\"\n";
    assert_eq!(mended("data.toml", data), (data.to_owned(), 0));
}

#[test]
fn a_secret_is_never_mended() {
    let data = "token: Hunter2\n";
    assert_eq!(mended("data.yaml", data), (data.to_owned(), 0));
}

#[test]
fn text_that_would_be_read_as_something_else_gets_quotes() {
    check("data.yaml", "name: 1E5x\nother: b\n", "name: 1e5x\nother: b\n", 1);
    check("data.yaml", "name: NO\n", "name: \"no\"\n", 1);
}

#[test]
fn a_project_that_cannot_be_read_is_left_alone() {
    for data in ["name: [A\n", "- A\n", ""] {
        assert_eq!(mended("data.yaml", data), (data.to_owned(), 0));
    }
}

/// Values in every way in which they can be written, in an order that follows from `seed`.
fn random(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("it is small")
    };
    const VALUES: [&str; 12] = [
        "AB:CD",
        "'AB'",
        "\"A\\tB\"",
        "ab",
        "\"É\"",
        "'it''S'",
        "|-\n      AB",
        "&a AB",
        "*a",
        "!!str AB",
        "\"A\"",
        "AB-1",
    ];
    let break_ = ["\n", "\r\n"][next(2)];
    let mut text = format!("items:{break_}  - mac: &a X1{break_}");
    for _ in 0..next(8) {
        let value = VALUES[next(VALUES.len())];
        let comment = ["", " # Kept", "\t#\tKept"][next(3)];
        let gap = " ".repeat(1 + next(3));
        let (value, comment) = if value.starts_with('|') {
            (value.replace('\n', break_), "")
        } else {
            (value.to_owned(), comment)
        };
        text += &format!("  -{gap}mac:{gap}{value}{comment}{break_}");
    }
    text
}

#[test]
fn nothing_but_values_changes_in_any_layout_and_no_fix_is_left() {
    let mut changed = 0;
    for seed in 0..150 {
        let before = random(seed);
        let (after, fixes) = mended("data.yaml", &before);
        changed += fixes;
        let is_same = |(one, other): (char, char)| one.to_lowercase().eq(other.to_lowercase());
        assert_eq!(before.chars().count(), after.chars().count(), "{before:?}");
        assert!(before.chars().zip(after.chars()).all(is_same), "{before:?}\n{after:?}");
        let outside = |text: &str| text.matches("Kept").count();
        assert_eq!(outside(&before), outside(&after), "{before:?}");
        assert_eq!(mended("data.yaml", &after), (after.clone(), 0), "{before:?}");
        let files = project("data.yaml", &after);
        assert!(files.read("data.yaml").is_ok());
        let report = kiln::check(&Request::new(&files, 0));
        assert!(report.diagnostics.iter().all(|it| it.fix.is_none()), "{before:?}\n{after:?}");
    }
    assert!(changed > 80, "{changed}");
}
