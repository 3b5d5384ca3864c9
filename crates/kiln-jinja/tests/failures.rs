//! Failures say where, in kiln's own words, and never a value.

use kiln_jinja::{Engine, Scope, Syntax};
use kiln_model::{Diagnostics, Map, Node, Origin, Secret, Sources, Span, Value};

fn scope() -> Scope {
    let node = |value| Node { value, origin: Origin::Default };
    let mut map = Map::new();
    map.insert_node("node_cidr", node(Value::String("v4lue".into())));
    map.insert_node("token", node(Value::Secret(Secret::new("token", "hunter2"))));
    map.insert_node("unset", node(Value::Null));
    Scope::new(&map)
}

/// Renders `main` of these templates and expects a failure with this code, at this text of
/// this template.
#[track_caller]
fn check(templates: &[(&str, &str)], code: &str, at: (&str, &str)) {
    let mut sources = Sources::new();
    let mut engine = Engine::new(&Syntax::default()).expect("Jinja2's delimiters differ");
    let mut failure = None;
    for (name, text) in templates {
        let source = sources.add(*name, *text);
        failure = failure.or(engine.add_template(name, source, text).err());
    }
    let failure = failure.or_else(|| engine.render("main", &scope()).err()).expect("must fail");
    let diagnostic = failure.diagnostic("render", Span::NONE, "");
    let span = diagnostic.span();
    assert_eq!(diagnostic.code, code, "{diagnostic:?}");
    assert_eq!((sources.path(span.source), sources.slice(span)), at, "{diagnostic:?}");
    let text = format!("{diagnostic:?}");
    assert!(!text.contains("hunter2") && !text.contains("v4lue"), "{text}");
}

#[test]
fn an_undefined_name_is_pointed_at() {
    check(&[("main", "a\n{{ node_cdir }}")], "render.undefined", ("main", "node_cdir"));
    check(&[("main", "{{ node_cidr.x }}")], "render.undefined", ("main", "node_cidr.x"));
    check(&[("main", "{% if nope %}{% endif %}")], "render.undefined", ("main", "nope"));
}

#[test]
fn a_failure_in_an_include_points_into_the_include() {
    let templates = [("main", "\n{% include 'part' %}"), ("part", "x {{ nope }}")];
    check(&templates, "render.undefined", ("part", "nope"));
}

#[test]
fn none_is_not_printed() {
    check(&[("main", "{{ unset }}")], "render.none-printed", ("main", "unset"));
}

#[test]
fn unknown_filters_tests_and_functions_are_named() {
    check(&[("main", "{{ node_cidr | nope }}")], "render.unknown-filter", ("main", "nope"));
    check(&[("main", "{{ node_cidr is nope }}")], "render.unknown-test", ("main", "nope"));
    check(&[("main", "{{ nope() }}")], "render.undefined", ("main", "nope"));
}

#[test]
fn a_bad_operand_does_not_show_its_value() {
    check(&[("main", "{{ token + 1 }}")], "render.bad-operation", ("main", "token + 1"));
    check(&[("main", "{{ 1 - node_cidr }}")], "render.bad-operation", ("main", "1 - node_cidr"));
}

#[test]
fn a_syntax_error_is_found_when_the_template_is_added() {
    check(&[("main", "a {{ b")], "render.template-syntax", ("main", ""));
}

#[test]
fn a_missing_include_is_named() {
    check(&[("main", "{% include 'gone' %}")], "render.template-not-found", ("main", "'gone'"));
}

#[test]
fn a_failure_in_an_expression_points_into_the_quoted_scalar() {
    let mut sources = Sources::new();
    let source = sources.add("derive.yaml", "x: 'node_cidr ~ nope'");
    let engine = Engine::new(&Syntax::default()).expect("Jinja2's delimiters differ");
    let failure = engine.eval("node_cidr ~ nope", &scope()).err().expect("must fail");
    let whole = Span::new(source, 3, 21);
    let diagnostic = failure.diagnostic("derive", whole, sources.slice(whole));
    assert_eq!(sources.slice(diagnostic.span()), "nope");
}

/// Evaluates an expression that must fail and gives code and message.
#[track_caller]
fn failing(engine: &Engine, expression: &str, scope: &Scope) -> (String, String) {
    let failure = engine.eval(expression, scope).err().expect("must fail");
    let diagnostic = failure.diagnostic("derive", Span::NONE, "");
    (diagnostic.code.to_string(), diagnostic.message)
}

#[test]
fn a_value_is_quoted_only_where_no_secret_was_used() {
    let engine = Engine::new(&Syntax::default()).expect("Jinja2's delimiters differ");
    let check = |expression: &str, message: &str| {
        assert_eq!(failing(&engine, expression, &scope()).1, message, "{expression}");
    };
    check("'10.x' | nthhost(1)", "`10.x` is not an IPv4 network");
    check("('x' ~ token) | nthhost(1)", "this is not an IPv4 network");
    check("'10.0.0.0/8' is cidr_contains(token | upper)", "this is not an IPv4 network");
    check("'10.0.0.0/30' | nthhost(token | string | length)", "the network has no address of this number");
}

#[test]
fn a_function_that_calls_itself_ends() {
    let mut engine = Engine::new(&Syntax::default()).expect("Jinja2's delimiters differ");
    engine.add_alias("ping", &[], "pong()").expect("an expression");
    engine.add_alias("pong", &[], "ping()").expect("an expression");
    engine.add_alias("fine", &[], "'x' ~ node_cidr").expect("an expression");
    assert_eq!(failing(&engine, "ping()", &scope()).0, "derive.function-too-deep");
    assert!(engine.eval("fine() ~ fine()", &scope()).is_ok());
}

#[test]
fn an_invalid_value_in_a_list_is_taken_along_and_its_use_is_passed_over() {
    let node = |value| Node { value, origin: Origin::Default };
    let mut item = Map::new();
    item.insert_node("name", node(Value::String("a".into())));
    item.insert_node("wrong", node(Value::Invalid));
    let mut map = Map::new();
    map.insert_node("items", node(Value::List(vec![node(Value::Map(item))])));
    let scope = Scope::new(&map);
    let engine = Engine::new(&Syntax::default()).expect("Jinja2's delimiters differ");
    for whole in ["items", "items | selectattr('name') | list"] {
        let value = engine.eval(whole, &scope).expect("nothing wrong is used").value;
        assert_eq!(format!("{value:?}"), r#"[{"name": "a", "wrong": <invalid>}]"#);
    }
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    sources.add("x", "");
    let failure = engine.eval("items[0].wrong", &scope).err().expect("the value is wrong");
    failure.report("derive", Span::NONE, &sources, &mut sink);
    assert!(!sink.has_errors());
}

#[test]
fn a_template_that_would_run_for_hours_is_ended() {
    let text = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
    check(&[("main", text)], "render.too-much-work", ("main", "range(99999)"));
}
