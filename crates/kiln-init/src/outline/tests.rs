use kiln_model::{Diagnostics, Sources};

use super::*;

fn outline_of(schema: &str) -> Outline {
    let source = Sources::new().add("x", schema);
    let schema = kiln_yaml::json::compose(source, schema, &mut Diagnostics::new()).expect("it is JSON");
    outline(&schema, "./s.json")
}

/// The lines after the head, which ends with the first blank one.
#[track_caller]
fn check(properties: &str, expected: &str) -> Outline {
    let outline = outline_of(&format!(r#"{{"required": ["must"], "properties": {{{properties}}}}}"#));
    let (_, body) = outline.text.split_once("\n\n").expect("there is a head");
    assert_eq!(body, expected);
    outline
}

#[test]
fn the_head_leads_to_the_schema_and_warns_of_secrets() {
    let schema = r#"{"description": "What it is.", "properties": {"a": {"writeOnly": true}}}"#;
    let outline = outline_of(schema);
    assert!(outline.text.starts_with("# yaml-language-server: $schema=./s.json\n# What it is.\n# Fill in"));
    assert!(outline.is_secret && outline.text.contains("holds secrets"));
    let outline = outline_of(r#"{"properties": {"a": {}}}"#);
    assert!(!outline.is_secret && !outline.text.contains("holds secrets"));
}

#[test]
fn a_key_that_most_need_is_left_to_fill_in() {
    check(r#""a": {"x-ask": true}, "b": {}"#, "# Usually needed.\na:\n\n# Optional.\n#b:\n");
}

#[test]
fn a_required_key_is_left_to_fill_in() {
    let outline = check(
        r#""must": {"description": "The net.", "x-expected": "a net such as `10.0.0.0/24`", "examples": ["10.0.0.0/24"]}"#,
        "# The net.\n# Required: a net such as `10.0.0.0/24`.\nmust:\n",
    );
    assert_eq!(outline.required, ["must"]);
}

#[test]
fn an_optional_key_shows_its_default_or_an_example() {
    let outline = check(
        r#""a": {"default": "on", "x-expected": "`on` or `off`"}, "b": {"default": [], "examples": [["x, y", 1]]},
           "c": {"examples": [true]}, "d": {"description": "No more is known."}, "e": {"default": {"k": [1]}}"#,
        "# Optional: `on` or `off`. Default:\n#a: \"on\"\n\n\
         # Optional. Example:\n#b: [\"x, y\", 1]\n\n\
         # Optional. Example:\n#c: true\n\n\
         # No more is known.\n# Optional.\n#d:\n\n\
         # Optional. Default:\n#e:\n#  k:\n#  - 1\n",
    );
    assert!(outline.required.is_empty());
}

#[test]
fn the_first_item_of_a_list_is_written_out_with_what_it_needs_first() {
    let outline = check(
        r##""must": {"x-expected": "a list", "items": {"$ref": "#/properties/item"}},
            "item": {"required": ["name"], "properties": {"size": {"default": 1}, "name": {"description": "Its name."}}}"##,
        "# Required: a list.\nmust:\n  # Its name.\n  # Required.\n  - name:\n\n    # Optional. Default:\n    #size: 1\n\n\
         # Optional.\n#item:\n#  # Optional. Default:\n#  #size: 1\n\n#  # Its name.\n#  # Required.\n#  name:\n",
    );
    assert_eq!(outline.required, ["must[0].name"]);
}

#[test]
fn a_key_that_nothing_reads_is_left_out() {
    check(r#""a": {}, "b": {"x-group": "Later", "x-unused": true}"#, "# Optional.\n#a:\n");
}

#[test]
fn groups_have_headings() {
    check(r#""a": {"x-group": "First"}, "b": {}"#, "### First\n\n# Optional.\n#a:\n\n# Optional.\n#b:\n");
}

#[test]
fn a_schema_of_itself_comes_to_an_end() {
    let outline = outline_of(r##"{"properties": {"again": {"$ref": "#"}}}"##);
    assert_eq!(outline.text.matches("again:").count(), MAX_DEPTH + 1);
}

#[test]
fn every_outline_is_yaml_whose_comments_are_yaml_too() {
    for name in ["cluster", "nodes"] {
        let schema = kiln_pack::builtin_schema(name).expect("it is embedded");
        let text = outline_of(schema).text;
        let bare: String = text.lines().map(uncommented).collect();
        for text in [&text, &bare] {
            let source = Sources::new().add("x", text.as_str());
            let mut sink = Diagnostics::new();
            let read = kiln_yaml::compose(source, text, kiln_yaml::Resolution::Core, &mut sink);
            assert!(read.is_ok() && !sink.has_errors(), "{text}\n{sink:?}");
        }
        let keys = |text: &str| {
            let source = Sources::new().add("x", text);
            let sink = &mut Diagnostics::new();
            let node =
                kiln_yaml::compose(source, text, kiln_yaml::Resolution::Core, sink).expect("it is YAML");
            node.as_map().map_or(0, kiln_model::Map::len)
        };
        let source = Sources::new().add("x", schema);
        let schema = kiln_yaml::json::compose(source, schema, &mut Diagnostics::new()).expect("it is JSON");
        let all = schema.get("properties").and_then(Node::as_map).expect("it has keys");
        let is_used = |node: &Node| node.get("x-unused").is_none();
        let used = all.iter().filter(|(_, entry)| is_used(&entry.node)).count();
        assert_eq!(keys(&bare), used, "every key of {name} that feeds an output is shown");
    }
}

/// A line without the `#` that stands directly before a key.
fn uncommented(line: &str) -> String {
    let code = line.trim_start().strip_prefix('#').is_some_and(|rest| !rest.starts_with([' ', '#']));
    format!("{}\n", if code { line.replacen('#', "", 1) } else { line.to_owned() })
}
