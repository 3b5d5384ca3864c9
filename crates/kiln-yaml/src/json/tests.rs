use kiln_model::Sources;

use super::*;

fn read(text: &str) -> (Option<Node>, Vec<String>) {
    let mut sources = Sources::new();
    let id = sources.add("a.json", text);
    let mut sink = Diagnostics::new();
    let node = compose(id, text, &mut sink).ok();
    let said = sink.iter().map(|it| format!("{} {} at {}", it.code, it.message, it.span().start));
    (node, said.collect())
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let (node, said) = read(text);
    assert_eq!(said, [""; 0]);
    assert_eq!(format!("{:?}", node.unwrap().value), expected);
}

#[track_caller]
fn fails(text: &str, expected: &str) {
    let (node, said) = read(text);
    assert!(node.is_none(), "{text}");
    assert_eq!(said, [expected]);
}

#[test]
fn json_is_read() {
    check(
        " {\"ä\": [1, -0.5, 1e2, true, null, \"\\ud83d\\ude00\\n\\u00e4\"], \"o\": {}} ",
        "{\"ä\": [1, -0.5, 100.0, true, null, \"😀\\nä\"], \"o\": {}}",
    );
    check("[]", "[]");
    check("\"x\"", "\"x\"");
    check("170141183460469231731687303715884105727", "170141183460469231731687303715884105727");
}

#[test]
fn values_and_keys_have_their_places() {
    let text = "{\"ä\": [1, {\"k\\u0031\": \"x\"}],\r\n\t\"o\": {}}";
    let mut sources = Sources::new();
    let id = sources.add("a.json", text);
    let node = compose(id, text, &mut Diagnostics::new()).unwrap();
    let walk = |path: &str| node.walk(&kiln_model::split_path(path).unwrap()).unwrap();
    let key = |path: &str, key: &str| sources.slice(walk(path).as_map().unwrap().entry(key).unwrap().key);
    assert_eq!(sources.slice(walk("ä[0]").span()), "1");
    assert_eq!(sources.slice(walk("ä[1]").span()), "{\"k\\u0031\": \"x\"}");
    assert_eq!(sources.slice(walk("ä[1].k1").span()), "\"x\"");
    assert_eq!(sources.slice(walk("o").span()), "{}");
    assert_eq!(sources.slice(node.as_map().unwrap().entry("ä").unwrap().key), "\"ä\"");
    assert_eq!(key("ä[1]", "k1"), "\"k\\u0031\"");
    assert_eq!(sources.slice(node.span()), text);
}

#[test]
fn what_is_not_json_is_refused() {
    fails("{\"a\": 1,\n}", "load.json-syntax a `,` behind the last key at 7");
    fails("[1,]", "load.json-syntax a `,` behind the last item at 2");
    fails("{\"a\": 1,", "load.json-syntax the text ends where a key is expected at 8");
    fails("{'a': 1}", "load.json-syntax a key in single quotes at 1");
    fails("{a: 1}", "load.json-syntax expected a key at 1");
    fails("['a']", "load.json-syntax text in single quotes at 1");
    fails("[01]", "load.json-syntax a number with a leading zero at 2");
    fails("[1.]", "load.json-syntax expected a digit at 3");
    fails("[+1]", "load.json-syntax this is not a JSON value at 1");
    fails("[.5]", "load.json-syntax this is not a JSON value at 1");
    fails("[1e999]", "load.number-too-large a number that is too large at 1");
    fails("// x\n1", "load.json-syntax a comment, which JSON does not have at 0");
    fails("{\n// x\n\"a\": 1}", "load.json-syntax a comment, which JSON does not have at 2");
    fails("{\"a\": 1 # x\n}", "load.json-syntax a comment, which JSON does not have at 8");
    fails("[1, # x\n2]", "load.json-syntax a comment, which JSON does not have at 4");
    fails("1 2", "load.json-syntax text after the end of the document at 2");
    fails("", "load.json-syntax the text ends where a value is expected at 0");
    fails("[\"a", "load.json-syntax this quote is never closed at 1");
    fails("[\"a\nb\"]", "load.json-syntax this quote is never closed at 1");
    fails("[\"a\tb\"]", "load.json-syntax a control character inside text at 3");
    fails("[\"\\x41\"]", "load.json-syntax an escape that JSON does not have at 2");
    fails("[\"\\ud83d\"]", "load.json-syntax an escape that stands for no character at 2");
    fails("[tru]", "load.json-syntax this is not a JSON value at 1");
    fails("[1\n2]", "load.json-syntax expected `,` or `]` in a list at 2");
    fails("{\"a\": 1\n\"b\": 2}", "load.json-syntax expected `,` or `}` in an object at 7");
    fails("{\"a\" 1}", "load.json-syntax expected `:` after a key at 5");
    let deep = format!("{}{}", "[".repeat(129), "]".repeat(129));
    fails(&deep, "load.too-deep collections nest more than 128 levels deep at 128");
}

#[test]
fn every_duplicate_key_is_reported_and_the_first_counts() {
    let (node, said) = read("{\"a\": 1, \"a\": 2, \"b\": {\"c\": 1, \"c\": 2}}");
    assert_eq!(
        said,
        [
            "load.duplicate-key the key `a` is given twice at 9",
            "load.duplicate-key the key `c` is given twice at 31"
        ]
    );
    assert_eq!(format!("{:?}", node.unwrap().value), "{\"a\": 1, \"b\": {\"c\": 1}}");
}
