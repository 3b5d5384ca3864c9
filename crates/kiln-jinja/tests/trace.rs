//! Each part of a text is followed back to the template that printed it and to the values in it.

use kiln_jinja::{Engine, Piece, Scope, Syntax};
use kiln_model::{Map, Node, Origin, Secret, Sources, Value, path_text};

fn node(value: Value) -> Node {
    Node { value, origin: Origin::Default }
}

fn text(text: &str) -> Node {
    node(Value::String(text.into()))
}

fn mapping(entries: &[(&str, Node)]) -> Node {
    let mut map = Map::new();
    entries.iter().for_each(|(key, value)| map.insert_node(*key, value.clone()));
    node(Value::Map(map))
}

fn scope() -> Scope {
    let nodes = ["a", "b"].map(|name| mapping(&[("name", text(name)), ("mtu", node(Value::Int(1500)))]));
    let data = mapping(&[
        ("nodes", node(Value::List(nodes.to_vec()))),
        ("name", text("home")),
        ("token", node(Value::Secret(Secret::new("token", "hunter2")))),
    ]);
    Scope::new(data.as_map().expect("it is one"))
}

/// For each piece: what it printed, the place in the template that did, the values, and from where
/// that template was called.
fn trace(templates: &[(&str, &str)]) -> Vec<String> {
    let (mut engine, mut sources) = (Engine::new(&Syntax::default()).expect("they differ"), Sources::new());
    for (name, text) in templates {
        let source = sources.add(*name, *text);
        engine.add_template(name, source, text).expect("it compiles");
    }
    let plain = engine.render(templates[0].0, &scope()).expect("it renders").text;
    let (printed, pieces) = engine.trace(templates[0].0, &scope()).expect("it renders");
    assert_eq!(*plain, *printed);
    let whole: String = pieces.iter().map(|it| &printed[it.bytes.clone()]).collect();
    assert_eq!(whole, *printed, "every part is told");
    pieces.iter().filter(|it| !it.is_text).map(|it| told(it, &printed, &sources)).collect()
}

fn told(piece: &Piece, printed: &str, sources: &Sources) -> String {
    let source = piece.at.source.expect("it was added");
    let said = sources.get(source).map_or("", |it| &it.text()[piece.at.bytes.clone()]);
    let values: Vec<String> = piece.values.iter().map(|path| path_text(path)).collect();
    let calls: Vec<&str> = piece.calls.iter().map(|at| at.template.as_str()).collect();
    format!("{:?} {} `{said}` {values:?} {calls:?}", &printed[piece.bytes.clone()], piece.at.template)
}

#[test]
fn an_expression_names_the_values_in_it() {
    assert_eq!(
        trace(&[("t", "x: {{ name }}-{{ nodes[1].name }}")]),
        [r#""home" t `name` ["name"] []"#, r#""b" t `nodes[1].name` ["nodes[1].name"] []"#]
    );
    assert_eq!(trace(&[("t", "{{ name ~ '!' }}")]), [r#""home!" t `name ~ '!'` ["name"] []"#]);
    assert_eq!(trace(&[("t", "{{ 'x' }}")]), [r#""x" t `'x'` [] []"#]);
}

#[test]
fn a_loop_tells_which_item_it_was() {
    assert_eq!(
        trace(&[("t", "{% for node in nodes | reverse %}{{ node.name }}{{ node.mtu }}{% endfor %}")]),
        [
            r#""b" t `node.name` ["nodes[1].name"] []"#,
            r#""1500" t `node.mtu` ["nodes[1].mtu"] []"#,
            r#""a" t `node.name` ["nodes[0].name"] []"#,
            r#""1500" t `node.mtu` ["nodes[0].mtu"] []"#,
        ]
    );
}

#[test]
fn a_value_keeps_its_path_under_another_name() {
    assert_eq!(
        trace(&[("t", "{% set first = nodes[0] %}{% set it = first.name %}{{ it }}{{ first.mtu }}")]),
        [r#""a" t `it` ["nodes[0].name"] []"#, r#""1500" t `first.mtu` ["nodes[0].mtu"] []"#]
    );
}

#[test]
fn an_include_and_a_macro_are_looked_into() {
    let templates = [
        ("t", "{% from 'm' import show %}{% include 'i' %}{{ show(nodes[1]) }}"),
        ("i", "- {{ name }}\n"),
        ("m", "{% macro show(node) %}{{ node.name }}{% endmacro %}"),
    ];
    assert_eq!(
        trace(&templates),
        [r#""home" i `name` ["name"] ["t"]"#, r#""b" m `node.name` ["nodes[1].name"] ["t"]"#]
    );
}

#[test]
fn text_that_was_changed_comes_from_where_it_was_printed() {
    let filtered = "{% macro show(node) %}{{ node.name }}{% endmacro %}{{ show(nodes[1]) | upper }}";
    assert_eq!(trace(&[("t", filtered)]), [r#""B" t `show(nodes[1]) | upper` ["nodes[1]"] []"#]);
    let captured = "{% set x %}{{ name }}{% endset %}{{ x }}";
    assert_eq!(trace(&[("t", captured)]), [r#""home" t `x` [] []"#]);
    let block = "{% filter upper %}a{{ name }}{% endfilter %}";
    assert_eq!(trace(&[("t", block)]), [format!(r#""AHOME" t `{block}` [] []"#)]);
}

#[test]
fn a_secret_is_known_by_its_path() {
    assert_eq!(trace(&[("t", "{{ token }}")]), [r#""hunter2" t `token` ["token"] []"#]);
}

#[test]
fn text_of_a_template_is_known_to_the_byte() {
    let mut engine = Engine::new(&Syntax::default()).expect("they differ");
    let template = "a\n  {% if name %}\nb: {{ name }}\n  {% endif %}\n  c\n";
    engine.add_template("t", Sources::new().add("t", template), template).expect("it compiles");
    let (printed, pieces) = engine.trace("t", &scope()).expect("it renders");
    let texts: Vec<&Piece> = pieces.iter().filter(|it| it.is_text).collect();
    assert_eq!(texts.len(), 4);
    for piece in texts {
        assert_eq!(template[piece.at.bytes.clone()], printed[piece.bytes.clone()]);
    }
}

#[test]
fn blocks_of_a_parent_are_looked_into() {
    let templates = [
        ("t", "{% extends 'p' %}{% block b %}{{ name }}{% endblock %}"),
        ("p", "x: {% block b %}{% endblock %}\n"),
    ];
    assert_eq!(trace(&templates), [r#""home" t `name` ["name"] ["p", "t"]"#]);
}
