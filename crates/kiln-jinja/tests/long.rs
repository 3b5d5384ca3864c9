//! However long or deep a template is: it is rendered, or fails at a place.

use kiln_jinja::python::Py;
use kiln_jinja::{Environment, Failure, Place, Settings};

/// A template by its parts: what stands first, what comes again and again, the middle, what
/// closes each again, what stands last.
type Shape = [&'static str; 5];

const SHAPES: &[Shape] = &[
    ["{{ n", ".a", "", "", " }}"],
    ["{{ s", "|upper", "", "", " }}"],
    ["{{ s", "|replace('a', 'b')", "", "", " }}"],
    ["{{ s", ".upper()", "", "", " }}"],
    ["{{ n", "[0]", "", "", " }}"],
    ["{{ s", "[:]", "", "", " }}"],
    ["{{ n", "()", "", "", " }}"],
    ["{{ 1", " + 1", "", "", " }}"],
    ["{{ 1", " ** 1", "", "", " }}"],
    ["{{ 1", " ~ 1", "", "", " }}"],
    ["{{ 1", " and 1", "", "", " }}"],
    ["{{ 1", " and 1 or 0", "", "", " }}"],
    ["{{ 1", " == 1", "", "", " }}"],
    ["{{ 1", " in [1]", "", "", " }}"],
    ["{{ 1", " is defined", "", "", " }}"],
    ["{{ 1", " if 1", "", "", " }}"],
    ["{{ ", "1 if 0 else ", "1", "", " }}"],
    ["{{ ", "-", "1", "", " }}"],
    ["{{ ", "not ", "1", "", " }}"],
    ["{{ ", "(", "1", ")", " }}"],
    ["{{ ", "[", "1", "]", " }}"],
    ["{{ ", "{1: ", "1", "}", " }}"],
    ["{{ ", "(", "1", ",)", " }}"],
    ["{{ ", "range(", "1", ")", " }}"],
    ["{{ ", "dict(a=", "1", ")", " }}"],
    ["{{ ", "dict(*[", "1", "])", " }}"],
    ["{{ ", "s|default(", "1", ")", " }}"],
    ["{{ ", "s is eq(", "1", ")", " }}"],
    ["{{ ", "s[0:", "1", "]", " }}"],
    ["{{ ", "1 and (0 or ", "1", ")", " }}"],
    ["{{ ", "1 if (", "1", ") else 2", " }}"],
    ["{{ ", "1 ~ (", "1", ")", " }}"],
    ["{{ dict(", "1, ", "1", "", ") }}"],
    ["{{ [", "1, ", "1", "", "] }}"],
    ["{{ {", "1: 2, ", "", "", "} }}"],
    ["{{ '", "\\n", "", "", "' }}"],
    ["{{ ", "'a' ", "", "", "}}"],
    ["{{ 1", "0", "", "", " }}"],
    ["{{ 0x", "f", "", "", " }}"],
    ["{{ 1e", "9", "", "", " }}"],
    ["{% if 1 %}", "{% if 1 %}", "x", "{% endif %}", "{% endif %}"],
    ["", "{% if 0 %}{% else %}", "x", "{% endif %}", ""],
    ["{% if 0 %}", "{% elif 0 %}x", "", "", "{% endif %}"],
    ["", "{% for a in [1] %}", "x", "{% endfor %}", ""],
    ["", "{% for a in [1] if a %}", "{{ loop.index }}", "{% endfor %}", ""],
    ["", "{% for a in [1] recursive %}", "x", "{% endfor %}", ""],
    ["", "{% for a in [] %}{% else %}", "x", "{% endfor %}", ""],
    ["", "{% with a = 1 %}", "{{ a }}", "{% endwith %}", ""],
    ["", "{% set a %}", "x", "{% endset %}", ""],
    ["", "{% filter upper %}", "x", "{% endfilter %}", ""],
    ["{% filter upper", "|upper", "", "", " %}x{% endfilter %}"],
    ["{% set a | upper", "|upper", "", "", " %}x{% endset %}"],
    ["", "{% autoescape n %}", "{{ s }}", "{% endautoescape %}", ""],
    ["", "{% macro m() %}", "x", "{% endmacro %}", ""],
    ["{% macro m() %}{{ caller() }}{% endmacro %}", "{% call m() %}", "x", "{% endcall %}", ""],
    ["", "{% set a = 1 %}{{ a }}\n", "", "", ""],
    ["{% set ", "a, ", "a", "", " = [] %}"],
    ["{% set ", "(", "a", ",)", " = [] %}"],
    ["{% with ", "a = 1, ", "b = 2", "", " %}{% endwith %}"],
    ["", "{% include 'gone' ignore missing %}", "", "", ""],
    ["{% include [", "'gone', ", "", "", "] ignore missing %}"],
    ["", "{% if 0 %}{% extends 'a' %}{% endif %}", "", "", ""],
    ["{% trans %}", "{{ n }}", "", "", "{% endtrans %}"],
    ["", "{{", "", "", ""],
    ["", "{% if ", "", "", ""],
    ["", "{#", "", "", ""],
    ["{% raw %}", "{{", "", "", "{% endraw %}"],
    ["{{ n", "\n", "", "", "/ 0 }}"],
];

/// Names that are told apart by a number, which stands where `#` does.
const COUNTED: &[[&str; 3]] = &[
    ["", "{% set a# = 1 %}", ""],
    ["", "{% if n %}{% set a# = 1 %}{% endif %}", ""],
    ["", "{% if n %}{% elif n %}{% set a# = 1 %}{% else %}{% set b# = a# %}{% endif %}", ""],
    ["", "{% block a# scoped %}{% endblock %}", ""],
    ["", "{% set a# = 1 %}{% macro m#() %}{{ a# }}{% endmacro %}", "{{ m1() }}"],
    ["", "{% set a# = 1 %}", "{% macro m() %}{% include 'gone' ignore missing %}{% endmacro %}{{ m() }}"],
    ["{{ dict(", "a#=1, ", ") }}"],
    ["{{ dict(", "a#=1, ", "**{}) }}"],
    ["{% macro m(", "a#=1, ", "b=2) %}{% endmacro %}{{ m() }}"],
    ["{% for ", "a#, ", "b in [] %}{% endfor %}"],
    ["{% from 'main' import ", "a#, ", "b %}"],
    ["{% trans ", "a#=1, ", "b=1 %}{{ b }}{% endtrans %}"],
    ["{% trans %}", "{{ a# }}", "{% endtrans %}"],
];

/// Below, at and above the bounds of Jinja2, of our parser and of the engine.
const COUNTS: [usize; 10] = [1, 40, 74, 99, 101, 149, 151, 499, 501, 2500];

fn render(text: &str) -> Result<String, Failure> {
    let mut settings = Settings { null_translations: true, ..Settings::default() };
    settings.syntax.extensions.i18n = true;
    let mut environment = Environment::new(settings);
    environment.add_source("main", text);
    environment.render("main", vec![("n".into(), Py::Int(1)), ("s".into(), Py::str("s"))])
}

fn check(text: &str) {
    let Err(failure) = render(text) else { return };
    let begin: String = text.chars().take(60).collect();
    let length = text.len();
    assert!(!failure.message().contains("gave up"), "{begin}… of {length} bytes: {failure:?}");
    assert_ne!(failure.place(), &Place::Unknown, "{begin}… of {length} bytes: {failure:?}");
}

#[test]
fn what_is_repeated_is_rendered_or_fails_at_a_place() {
    for [first, again, middle, close, last] in SHAPES {
        for count in COUNTS {
            check(
                &[first, again.repeat(count).as_str(), middle, close.repeat(count).as_str(), last].concat(),
            );
        }
    }
}

#[test]
fn what_is_counted_is_rendered_or_fails_at_a_place() {
    for [first, again, last] in COUNTED {
        for count in COUNTS {
            let middle: String = (1..=count).map(|number| again.replace('#', &number.to_string())).collect();
            check(&[first, middle.as_str(), last].concat());
        }
    }
}

#[test]
fn chains_are_rendered_as_long_as_jinja2_compiles_them() {
    let chain = |start: &str, again: &str, count: usize| format!("{{{{ {start}{} }}}}", again.repeat(count));
    assert_eq!(render(&chain("s", "|upper", 140)).unwrap(), "S");
    assert_eq!(render(&chain("s", ".upper()", 70)).unwrap(), "S");
    assert_eq!(render(&chain("1", " + 1", 180)).unwrap(), "181");
    assert_eq!(render(&chain("1", " ~ 1", 2500)).unwrap(), "1".repeat(2501));
    assert_eq!(render(&chain("1", " == 1", 400)).unwrap(), "True");
    assert_eq!(render(&format!("{{{{ 1{} < 1 }}}}", " == 1".repeat(400))).unwrap(), "False");
}

#[test]
fn a_call_takes_any_number_of_arguments() {
    let ones = "1, ".repeat(2500);
    assert_eq!(render(&format!("{{{{ [{ones}]|length }}}}")).unwrap(), "2500");
    assert_eq!(render(&format!("{{{{ ({ones})|length }}}}")).unwrap(), "2500");
    assert_eq!(
        render(&format!("{{% macro m() %}}{{{{ varargs|length }}}}{{% endmacro %}}{{{{ m({ones}) }}}}"))
            .unwrap(),
        "2500"
    );
    let named: String = (0..2500).map(|number| format!("a{number}={number}, ")).collect();
    assert_eq!(render(&format!("{{{{ dict({named})['a2499'] }}}}")).unwrap(), "2499");
    let trans = format!("{{% trans {named}b=1 %}}{{{{ a7 }}}}{{% endtrans %}}");
    assert_eq!(render(&trans).unwrap(), "7");
}
