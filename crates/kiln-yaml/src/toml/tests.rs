use kiln_model::Sources;

use super::*;

fn read(text: &str) -> (Result<Node, Reported>, Vec<String>) {
    let mut sources = Sources::new();
    let id = sources.add("a.toml", text);
    let mut sink = Diagnostics::new();
    let node = compose(id, text, &mut sink);
    let said = sink.iter().map(|it| {
        let places: Vec<&str> = it.labels.iter().map(|label| sources.slice(label.span)).collect();
        format!("{} {} {places:?}", it.code, it.message)
    });
    (node, said.collect())
}

#[test]
fn values_have_their_types_and_places() {
    let text = "ß = \"ä\"\nn = 0x1F\nf = 1_0.5\nd = 2024-01-01\n[t]\nb = [true, {\"q r\" = '''x'''}]\n[[l]]\ny = -1\n";
    let (node, said) = read(text);
    // `ß` needs quotes as a key.
    assert!(node.is_err());
    assert_eq!(said, ["load.toml-syntax a key that needs quotes [\"ß\"]"]);
    let text = text.replace("ß =", "\"ß\" =");
    let mut sources = Sources::new();
    let id = sources.add("a.toml", text.as_str());
    let node = compose(id, &text, &mut Diagnostics::new()).unwrap();
    assert_eq!(
        format!("{:?}", node.value),
        "{\"ß\": \"ä\", \"n\": 31, \"f\": 10.5, \"d\": \"2024-01-01\", \"t\": {\"b\": [true, {\"q r\": \"x\"}]}, \"l\": [{\"y\": -1}]}"
    );
    let at = |path: &str| {
        sources.slice(node.walk(&kiln_model::split_path(path).unwrap()).unwrap().span()).to_owned()
    };
    assert_eq!(at("ß"), "\"ä\"");
    assert_eq!(at("n"), "0x1F");
    assert_eq!(at("t.b[1].q r"), "'''x'''");
    assert_eq!(at("t"), "[t]");
    let key = node.as_map().unwrap().entry("ß").unwrap().key;
    assert_eq!(sources.slice(key), "\"ß\"");
}

#[test]
fn every_duplicate_key_is_reported_and_the_tree_is_given() {
    let (node, said) = read("a = 1\na = 2\n[t]\nb = 1\nb = 2\n");
    assert_eq!(
        said,
        [
            "load.duplicate-key the key `a` is given twice [\"a\", \"a\"]",
            "load.duplicate-key the key `b` is given twice [\"b\", \"b\"]",
        ]
    );
    assert_eq!(node.unwrap().get("a").unwrap().as_int(), Some(1));
}

#[test]
fn a_table_that_is_a_list_elsewhere_is_one_mistake() {
    for text in ["[a]\nb = 1\n[[a]]\n[[a]]\n", "[[a]]\n[a]\n"] {
        let (node, said) = read(text);
        assert_eq!(
            said,
            ["load.duplicate-key `a` is both a table and a list of tables [\"a\", \"a\"]"],
            "{text}"
        );
        assert!(matches!(node.unwrap().get("a").unwrap().value, Value::Invalid), "{text}");
    }
}

#[test]
fn errors_are_said_in_our_words() {
    let message = |text: &str| read(text).1.join("; ");
    assert_eq!(message("a = b\n"), "load.toml-syntax text without quotes [\"b\"]");
    assert_eq!(message("a =\n"), "load.toml-syntax a key without a value [\"\"]");
    assert_eq!(message("a\n"), "load.toml-syntax a key without a value [\"\"]");
    assert_eq!(message("a = [1\n"), "load.toml-syntax a `[` is never closed [\"\"]");
    assert_eq!(
        message("a = 1\na.b = 2\n"),
        "load.toml-syntax a key below a value that is complete already [\"a\"]"
    );
    assert_eq!(message("a = 1e999\n"), "load.number-too-large a number that is too large [\"1e999\"]");
    let deep = format!("a = {}{}", "[".repeat(200), "]".repeat(200));
    assert!(message(&deep).starts_with("load.too-deep"), "{}", message(&deep));
    let dotted = format!("{} = 1", vec!["a"; 200].join("."));
    assert!(message(&dotted).starts_with("load.too-deep"), "{}", message(&dotted));
}

#[test]
fn no_error_repeats_the_text() {
    for text in
        ["token = hunter2\n", "token = \"hunter2\n", "token hunter2\n", "token = 'hunter2\n", "t = [hunter2"]
    {
        let (node, said) = read(text);
        assert!(node.is_err());
        let sentences: String = said.iter().map(|it| it.split(" [\"").next().unwrap()).collect();
        assert!(!sentences.contains("hunter2"), "{said:?}");
    }
}
