//! A secret is noticed wherever it turns into text, and nowhere else.

use kiln_jinja::{Engine, Scope, Syntax};
use kiln_model::{Map, Node, Origin, Secret, Sources, Value};

fn scope() -> Scope {
    let node = |value| Node { value, origin: Origin::Default };
    let mut inner = Map::new();
    inner.insert_node("key", node(Value::Secret(Secret::new("secrets.key", "s3cret"))));
    let mut map = Map::new();
    map.insert_node("token", node(Value::Secret(Secret::new("token", "hunter2"))));
    map.insert_node("plain", node(Value::String("plain".into())));
    map.insert_node("unset", node(Value::Null));
    map.insert_node("secrets", node(Value::Map(inner)));
    Scope::new(&map)
}

fn engine(templates: &[(&str, &str)]) -> Engine {
    let mut sources = Sources::new();
    let mut engine = Engine::new(&Syntax::default()).expect("Jinja2's delimiters differ");
    for (name, text) in templates {
        let source = sources.add(*name, *text);
        engine.add_template(name, source, text).expect("the test templates are valid");
    }
    engine
}

/// Renders `template` and expects this text and these secrets.
#[track_caller]
fn check(template: &str, text: &str, reveals: &[&str]) {
    let engine = engine(&[
        ("main", template),
        ("included", "[{{ token }}]"),
        ("macros", "{% macro show(it) %}<{{ it }}>{% endmacro %}{% macro own() %}{{ token }}{% endmacro %}"),
        ("base", "{% block body %}{% endblock %}"),
    ]);
    let printed = engine.render("main", &scope()).unwrap_or_else(|failure| panic!("{failure:?}"));
    let labels: Vec<&str> = printed.reveals.iter().map(Secret::label).collect();
    assert_eq!((printed.text.as_str(), labels.as_slice()), (text, reveals));
}

#[test]
fn printing_reveals() {
    check("{{ token }}", "hunter2", &["token"]);
    check("{{ secrets.key }}{{ secrets['key'] }}", "s3crets3cret", &["secrets.key"]);
    check("{{ plain }}", "plain", &[]);
}

#[test]
fn operators_and_filters_reveal() {
    check("{{ 'a' ~ token }}", "ahunter2", &["token"]);
    check("{{ token | string == 'hunter2' }}", "True", &["token"]);
    check("{{ token == 'hunter2' }}{{ 'x' == token }}", "TrueFalse", &["token"]);
    check("{{ token < 'z' }}{{ 'unt' in token }}{{ token in ['a'] }}", "TrueTrueFalse", &["token"]);
    check("{{ {'hunter2': 1}[token] }}", "1", &["token"]);
    check("{{ token | upper }}", "HUNTER2", &["token"]);
    check("{{ token | yaml_str }}", "\"hunter2\"", &["token"]);
    check("{{ token.split('t') | last }}", "er2", &["token"]);
    check("{{ [token, plain] | join('-') }}", "hunter2-plain", &["token"]);
    check("{{ unset | default(token, true) }}", "hunter2", &["token"]);
    check("{% set x = token ~ '' %}{{ plain }}", "plain", &["token"]);
}

#[test]
fn macros_includes_and_blocks_reveal() {
    check("{% include 'included' %}", "[hunter2]", &["token"]);
    check("{% import 'macros' as m %}{{ m.show(token) }}", "<hunter2>", &["token"]);
    check("{% import 'macros' as m with context %}{{ m.own() }}", "hunter2", &["token"]);
    check("{% from 'macros' import own with context %}{{ plain }}", "plain", &[]);
    check("{% extends 'base' %}{% block body %}{{ token }}{% endblock %}", "hunter2", &["token"]);
    check("{% for k, v in secrets | items %}{{ k }}={{ v }}{% endfor %}", "key=s3cret", &["secrets.key"]);
}

#[test]
fn what_is_captured_reveals() {
    check("{% filter upper %}{{ token }}{% endfilter %}", "HUNTER2", &["token"]);
    check("{% set text %}<{{ token }}>{% endset %}{{ text }}", "<hunter2>", &["token"]);
    check("{% set text | upper %}{{ token }}{% endset %}{{ plain }}", "plain", &["token"]);
    let macros = "{% macro box() %}[{{ caller() }}]{% endmacro %}";
    check(&format!("{macros}{{% call box() %}}{{{{ token }}}}{{% endcall %}}"), "[hunter2]", &["token"]);
    let tree = "{% for it in [[], token] recursive %}{% if it is string %}{{ it }}{% else %}{{ loop(['x']) }}{% endif %}{% endfor %}";
    check(tree, "xhunter2", &["token"]);
    check("{% set ns = namespace(a=token) %}{{ ns.a }}", "hunter2", &["token"]);
}

#[test]
fn asking_whether_a_secret_is_set_reveals_nothing() {
    check("{% if token %}yes{% endif %}", "yes", &[]);
    check("{% if token is defined and token is not none %}yes{% endif %}", "yes", &[]);
    check("{% set alias = token %}{% if alias %}{{ plain }}{% endif %}", "plain", &[]);
}

#[test]
fn printing_a_container_reveals_what_it_holds() {
    check("{{ secrets }}", "{'key': 's3cret'}", &["secrets.key"]);
    check("{{ [plain, token] }}", "['plain', 'hunter2']", &["token"]);
    check("{{ [plain, token] ~ '' }}", "['plain', 'hunter2']", &["token"]);
    check("{{ {'a': (1, [token])} | string | length }}", "23", &["token"]);
    check("{{ secrets | tojson }}", r#"{"key": "s3cret"}"#, &["secrets.key"]);
    check("{{ secrets | length }}{{ [token] | count }}", "11", &[]);
    check("{{ token == 'hunter2' }} {{ 'x' < token }}", "True False", &["token"]);
}

#[test]
fn text_from_a_secret_is_secret_but_a_boolean_is_not() {
    let engine = engine(&[]);
    let eval = |text| engine.eval(text, &scope()).unwrap().value;
    assert!(matches!(eval("'x' ~ token"), Value::Secret(secret) if secret.expose() == "xhunter2"));
    assert!(matches!(eval("token"), Value::Secret(secret) if secret.label() == "token"));
    assert!(matches!(eval("token is not none"), Value::Bool(true)));
    assert!(
        matches!(eval("['a' ~ token]"), Value::List(items) if matches!(items[0].value, Value::Secret(_)))
    );
}

#[test]
fn a_function_alias_passes_the_secret_on() {
    let mut engine = engine(&[]);
    engine.add_alias("pick", &["name".to_owned()], "secrets[name]").unwrap();
    let evaluated = engine.eval("pick('key') ~ '!'", &scope()).unwrap();
    assert_eq!(evaluated.reveals.len(), 1);
    assert!(engine.eval("pick()", &scope()).is_err());
}

#[test]
fn each_text_that_was_computed_from_one_secret_is_noted() {
    let node =
        |text: &str| Node { value: Value::Secret(Secret::new("token", text)), origin: Origin::Default };
    let mut map = Map::new();
    map.insert_node("upper", node("HUNTER2"));
    map.insert_node("lower", node("hunter2"));
    let printed = engine(&[]).render_text("{{ upper }}{{ lower }}{{ upper }}", &Scope::new(&map)).unwrap();
    let texts: Vec<&str> = printed.reveals.iter().map(Secret::expose).collect();
    assert_eq!(texts, ["HUNTER2", "hunter2"]);
}

#[test]
fn a_render_says_which_names_templates_and_macros_it_used() {
    let engine = engine(&[
        (
            "main",
            "{% extends 'base' %}{% import 'macros' as m %}{% block body %}{{ m.show(plain) }}{% endblock %}",
        ),
        ("base", "{% if unset is none %}{% include 'part' %}{% endif %}{% block body %}{% endblock %}"),
        ("part", "{% include 'gone' ignore missing %}{{ nobody is defined }}"),
        ("macros", "{% macro show(it) %}<{{ it }}>{% endmacro %}{% macro other() %}{% endmacro %}"),
    ]);
    let printed = engine.render("main", &scope()).expect("all that it needs is there");
    let names: Vec<&str> = printed.used.names.iter().map(|name| &**name).collect();
    assert_eq!((printed.text.as_str(), names), ("False<plain>", vec!["plain", "unset"]));
    let templates: Vec<&str> = printed.used.templates.iter().map(String::as_str).collect();
    assert_eq!(templates, ["base", "gone", "macros", "part"]);
    let macros: Vec<_> = printed.used.macros.into_iter().collect();
    assert_eq!(macros, [("macros".to_owned(), "show".to_owned())]);
}

#[test]
fn a_name_is_used_though_its_secret_stays_unread() {
    let printed = engine(&[]).render_text("{% if token %}x{% endif %}", &scope()).expect("the name is there");
    let names: Vec<&str> = printed.used.names.iter().map(|name| &**name).collect();
    assert_eq!((names, printed.reveals.len()), (vec!["token"], 0));
}
