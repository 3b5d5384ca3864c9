//! Failures say where, in kiln's own words, and never a value.

use kiln_jinja::{Engine, Scope, Syntax};
use kiln_model::{Diagnostic, Diagnostics, Map, Node, Origin, Secret, Sources, Span, Value};

fn scope() -> Scope {
    let node = |value| Node { value, origin: Origin::Default };
    let mut map = Map::new();
    map.insert_node("node_cidr", node(Value::String("v4lue".into())));
    map.insert_node("token", node(Value::Secret(Secret::new("token", "hunter2"))));
    map.insert_node("unset", node(Value::Null));
    Scope::new(&map)
}

/// What is said of `main` of these templates, and where.
#[track_caller]
fn said(templates: &[(&str, &str)]) -> (Diagnostic, Sources) {
    let mut sources = Sources::new();
    let mut engine = Engine::new(&Syntax::default()).expect("Jinja2's delimiters differ");
    engine.add_alias("host_of", &["name".to_owned()], "name ~ '.' ~ domain").expect("an expression");
    let mut failure = None;
    for (name, text) in templates {
        let source = sources.add(*name, *text);
        failure = failure.or(engine.add_template(name, source, text).err());
    }
    let failure = failure.or_else(|| engine.render("main", &scope()).err()).expect("must fail");
    let diagnostic = failure.diagnostic("render", Span::NONE, "");
    let text = format!("{diagnostic:?}");
    assert!(!text.contains("hunter2") && !text.contains("v4lue"), "{text}");
    (diagnostic, sources)
}

/// Renders `main` of these templates and expects a failure with this code, at this text of
/// this template.
#[track_caller]
fn check(templates: &[(&str, &str)], code: &str, at: (&str, &str)) {
    let (diagnostic, sources) = said(templates);
    let span = diagnostic.span();
    assert_eq!(diagnostic.code, code, "{diagnostic:?}");
    assert_eq!((sources.path(span.source), sources.slice(span)), at, "{diagnostic:?}");
}

#[test]
fn an_undefined_name_is_pointed_at() {
    check(&[("main", "a\n{{ node_cdir }}")], "render.undefined", ("main", "node_cdir"));
    check(&[("main", "{{ node_cidr.x }}")], "render.undefined", ("main", "x"));
    check(&[("main", "{% if nope %}{% endif %}")], "render.undefined", ("main", "nope"));
    check(&[("main", "{{ 'a' ~ node_cidr ~ nope | upper }}")], "render.undefined", ("main", "nope"));
    check(&[("main", "{{ [{}] | map(attribute='gone') | join }}")], "render.undefined", ("main", "'gone'"));
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
    check(&[("main", "{{ [1] | map('nope') | list }}")], "render.unknown-filter", ("main", "'nope'"));
}

#[test]
fn a_bad_operand_does_not_show_its_value() {
    check(&[("main", "{{ token + 1 }}")], "render.bad-operation", ("main", "token + 1"));
    check(&[("main", "{{ 1 - node_cidr }}")], "render.bad-operation", ("main", "1 - node_cidr"));
}

#[test]
fn a_syntax_error_is_found_when_the_template_is_added() {
    check(&[("main", "a {{ b ]")], "render.template-syntax", ("main", "]"));
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

#[test]
fn the_templates_and_macros_that_led_to_a_failure_are_labelled_innermost_first() {
    let (diagnostic, sources) = said(&[
        ("main", "{% include 'part' %}"),
        ("part", "{% from 'macros' import show with context %}{{ show(1) }}"),
        ("macros", "{% macro show(it) %}{{ nope }}{% endmacro %}"),
    ]);
    let place = |span: Span| (sources.path(span.source), sources.slice(span));
    let places: Vec<_> = diagnostic.labels.iter().map(|label| place(label.span)).collect();
    assert_eq!(places, [("macros", "nope"), ("part", "show(1)"), ("main", "'part'")]);
}

#[test]
fn what_calls_itself_is_labelled_once() {
    let (diagnostic, _) = said(&[("main", "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}")]);
    assert_eq!((&*diagnostic.code, diagnostic.labels.len()), ("render.too-deep", 2));
}

#[test]
fn an_undefined_value_that_was_passed_on_is_traced_to_its_name() {
    let text = "{% macro show(it) %}{{ it }}{% endmacro %}{{ show(node_cidr.x) }}";
    let (diagnostic, sources) = said(&[("main", text)]);
    let places: Vec<&str> = diagnostic.labels.iter().map(|label| sources.slice(label.span)).collect();
    assert_eq!(places, ["it", "x", "show(node_cidr.x)"]);
}

#[test]
fn what_is_wrong_with_a_template_is_said_when_it_is_added_and_not_by_those_that_include_it() {
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let mut engine = Engine::new(&Syntax::default()).expect("Jinja2's delimiters differ");
    for (name, text) in [("main", "{% include 'part' %}"), ("part", "{{ a | nope }}{{ b | gone }}")] {
        let source = sources.add(name, text);
        if let Err(failure) = engine.add_template(name, source, text) {
            failure.report("render", Span::NONE, &sources, &mut sink);
        }
    }
    assert_eq!(sink.iter().count(), 2, "both filters are reported");
    let failure = engine.render("main", &scope()).err().expect("it includes a broken template");
    failure.report("render", Span::NONE, &sources, &mut sink);
    assert_eq!(sink.iter().count(), 2);
}

/// Renders `main` and expects this message and help.
#[track_caller]
fn says(main: &str, message: &str, help: &str) {
    let (diagnostic, _) = said(&[("main", main)]);
    assert_eq!((&*diagnostic.message, diagnostic.help.as_deref()), (message, Some(help)), "{main}");
}

#[test]
fn the_nearest_name_is_offered() {
    says("{{ node_cdir }}", "`node_cdir` is not defined", "did you mean `node_cidr`?");
    says("{% set peer = 1 %}{{ per }}", "`per` is not defined", "did you mean `peer`?");
    says("{{ {'address': 1}.adress }}", "the mapping has no key `adress`", "did you mean `address`?");
    says("{{ node_cidr.splt('.') }}", "text has no attribute `splt`", "did you mean `split`?");
    says(
        "{{ node_cidr | truncate(lenght=1) }}",
        "`truncate` has no parameter `lenght`",
        "did you mean `length`?",
    );
    says("{{ node_cidr | uper }}", "there is no such filter: `uper`", "did you mean `upper`?");
    says("{% if 1 is od %}{% endif %}", "there is no such test: `od`", "did you mean `odd`?");
    let help = "did you mean `index`?";
    says("{% for a in [1] %}{{ loop.idnex }}{% endfor %}", "`loop` has no attribute `idnex`", help);
}

#[test]
fn a_name_that_is_set_elsewhere_is_no_slip_of_the_hand() {
    let help = "`a` is set, but not here: a loop, macro or block keeps its names to itself";
    says("{% for a in [1] %}{% endfor %}{{ a }}", "`a` is not defined", help);
    let templates = [
        ("main", "{% import 'macros' as m %}{{ m.show() }}"),
        ("macros", "{% macro show() %}{{ node_cidr }}{% endmacro %}"),
    ];
    let help = "an imported template sees no variables; import it `with context`, or pass the value";
    assert_eq!(said(&templates).0.help.as_deref(), Some(help));
}

#[test]
fn a_word_that_came_from_a_value_is_not_said() {
    let messages = [
        ("{{ {}[node_cidr] }}", "the mapping has no such key"),
        ("{{ {} | attr(token) }}", "the mapping has no such key"),
        ("{{ [{}] | map(attribute=node_cidr) | join }}", "the mapping has no such key"),
        ("{{ [1] | map(token) | list }}", "there is no filter of this name"),
        ("{% include token %}", "there is no template of this name"),
        ("{{ dict(**{token: 1}) | truncate(**{token: 1}) }}", "`truncate` has no parameter of this name"),
        ("{% macro m() %}{% endmacro %}{{ m(**{token: 1}) }}", "the macro `m` has no parameter of this name"),
    ];
    for (main, message) in messages {
        assert_eq!(said(&[("main", main)]).0.message, message, "{main}");
    }
}

#[test]
fn keys_are_not_offered_where_a_secret_was_used() {
    says(
        "{% set d = {token ~ '': 1} %}{{ d.hunter3 }}",
        "the mapping has no key `hunter3`",
        "test it with `is defined`, or write `default(…)`",
    );
}

#[test]
fn a_failure_in_a_function_of_the_pack_is_shown_where_it_is_called() {
    let (diagnostic, sources) = said(&[("main", "a: {{ host_of('a') }}")]);
    assert_eq!(diagnostic.message, "`domain` is not defined");
    assert_eq!(sources.slice(diagnostic.span()), "host_of('a')");
    assert_eq!(diagnostic.notes, ["in the function `host_of`"]);
}

#[test]
fn what_an_iterator_raises_points_at_what_is_gone_through() {
    let text = "{% for a in [1, none] | map('round') %}{{ a }}{% endfor %}";
    check(&[("main", text)], "render.bad-operation", ("main", "[1, none] | map('round')"));
}
