//! Templates and expressions made from nothing.

use crate::random::Random;
use crate::words::word;

/// An expression; with a `depth` of 0 one without parts.
pub(crate) fn expression(random: &mut Random, depth: usize) -> String {
    if depth == 0 || random.once_in(4) {
        return word(if random.once_in(3) { "literals" } else { "names" }, random).to_owned();
    }
    let mut part = || expression(random, depth - 1);
    let (a, b) = (part(), part());
    match random.below(16) {
        0 => format!("{a}{}{b}", word("operators", random)),
        1 => format!("({a} {} {b})", word("operators", random)),
        2 => format!("{a}|{}", word("filters", random)),
        3 | 4 => format!("{a}|{}({})", word("filters", random), arguments(random, depth - 1)),
        5 => format!("{a} is {}", word("tests", random)),
        6 => format!("{a} is not {}({b})", word("tests", random)),
        7 => format!("({a}).{}", word("attributes", random)),
        8 | 9 => format!("({a}).{}({})", word("attributes", random), arguments(random, depth - 1)),
        10 => format!("{a}[{b}]"),
        11 => format!("{a}[{b}:{}:{}]", expression(random, 0), expression(random, 0)),
        12 => format!("[{a}, {b}]"),
        13 => format!("{{{a}: {b}}}"),
        14 => format!("{a} if {b} else {}", expression(random, 0)),
        _ => format!("{}({})", word("functions", random), arguments(random, depth - 1)),
    }
}

/// The arguments of a call.
fn arguments(random: &mut Random, depth: usize) -> String {
    let mut arguments = Vec::new();
    while arguments.len() < 4 && !random.once_in(3) {
        let value = expression(random, depth);
        arguments.push(match random.below(8) {
            0 => format!("{}={value}", word("keywords", random)),
            1 if random.once_in(3) => format!("*{value}"),
            2 if random.once_in(3) => format!("**{value}"),
            _ => value,
        });
    }
    arguments.join(", ")
}

/// A statement, or something printed, around `body`.
pub(crate) fn statement(random: &mut Random, body: &str) -> String {
    let expr = expression(random, 2);
    let name = word("names", random);
    match random.below(20) {
        0 => format!("{{% if {expr} %}}{body}{{% elif {name} %}}{body}{{% else %}}x{{% endif %}}"),
        1 => format!("{{% for {name} in {expr} %}}{body}{{% else %}}x{{% endfor %}}"),
        2 => format!(
            "{{% for {name} in {expr} if {name} %}}{{{{ loop.{} }}}}{body}{{% endfor %}}",
            word("attributes", random)
        ),
        3 => format!("{{% for {name} in {expr} recursive %}}{body}{{{{ loop({name}) }}}}{{% endfor %}}"),
        4 => format!("{{% for {name}, n in {expr} %}}{body}{{% break %}}{{% endfor %}}"),
        5 => format!("{{% set {name} = {expr} %}}{body}"),
        6 => format!("{{% set {name} %}}{body}{{% endset %}}{{{{ {name} }}}}"),
        7 => format!("{{% set {name} | {} %}}{body}{{% endset %}}", word("filters", random)),
        8 => format!(
            "{{% macro m({name}, n={expr}) %}}{body}{{{{ varargs }}}}{{% endmacro %}}{{{{ m({expr}) }}}}"
        ),
        9 => format!("{{% call(n) m({expr}) %}}{body}{{% endcall %}}"),
        10 => format!("{{% filter {}({expr}) %}}{body}{{% endfilter %}}", word("filters", random)),
        11 => format!("{{% with {name} = {expr} %}}{body}{{% endwith %}}"),
        12 => format!("{{% block {name} scoped %}}{body}{{{{ super() }}}}{{% endblock %}}"),
        13 => format!("{{% autoescape {expr} %}}{body}{{% endautoescape %}}"),
        14 => format!("{{% trans {name}={expr} %}}{body}{{% pluralize %}}y{{% endtrans %}}"),
        15 => format!("{{% do {expr} %}}{body}"),
        16 => format!("{{% include {expr} ignore missing %}}{body}"),
        17 => format!("{{% from 'a' import {name} as m with context %}}{body}"),
        18 => format!("{{% import 'a' as {name} %}}{{{{ {name}.m({expr}) }}}}{body}"),
        _ => format!("{{{{ {expr} }}}}{body}"),
    }
}
