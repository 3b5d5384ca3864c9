//! No text is too deep or too long.

use kiln_syntax::{Extensions, Options, parse};

fn options() -> Options {
    Options { extensions: Extensions { do_statement: true, ..Extensions::default() }, ..Options::default() }
}

fn parses(source: &str) -> bool {
    parse(source, &options()).is_ok()
}

fn refusal(source: &str) -> String {
    parse(source, &options()).expect_err("the text is beyond a bound").message
}

fn nested(open: &str, close: &str, times: usize) -> String {
    format!("{{{{ {}a{} }}}}", open.repeat(times), close.repeat(times))
}

#[test]
fn expressions_are_nested_as_deep_as_in_jinja2_and_no_deeper_than_the_stack_is() {
    let ways = [
        ("(", ")"),
        ("[", "]"),
        ("{1: ", "}"),
        ("f(", ")"),
        ("a[", "]"),
        ("not ", ""),
        ("- ", ""),
        ("a|f(", ")"),
    ];
    for (open, close) in ways {
        assert!(parses(&nested(open, close, 75)), "75 times {open}");
        assert_eq!(refusal(&nested(open, close, 100_000)), "this expression is nested too deeply", "{open}");
    }
    assert_eq!(
        refusal(&format!("{{{{ {}b }}}}", "a if b else ".repeat(100_000))),
        "this expression is nested too deeply"
    );
}

#[test]
fn statements_are_nested_as_deep_as_in_jinja2_and_no_deeper_than_the_stack_is() {
    let blocks = |times: usize| format!("{}{}", "{% if a %}".repeat(times), "{% endif %}".repeat(times));
    assert!(parses(&blocks(98)));
    assert_eq!(refusal(&blocks(100_000)), "this statement is nested too deeply");
}

#[test]
fn the_deepest_expression_fits_in_the_deepest_statement() {
    let deep = |open: &str, close: &str, times: usize| {
        let expression = format!("{}a{}", open.repeat(times), close.repeat(times));
        format!("{}{{{{ {expression} }}}}{}", "{% filter f %}".repeat(100), "{% endfilter %}".repeat(100))
    };
    assert!(parses(&deep("[", "]", 98)));
    assert!(parses(&deep("{1: a or b and c + d * (", ")}", 33)));
    assert!(parses(&deep("a|f(*b, **", ")", 98)));
}

#[test]
fn chains_are_longer_than_in_jinja2_but_not_endless() {
    for link in [" + a", " < a", " and a", ".a", "|a", "()", "[0]", " is a()", " if a", " ** a"] {
        let chain = |times: usize| format!("{{{{ a{} }}}}", link.repeat(times));
        assert!(parses(&chain(450)), "450 times {link}");
        assert_eq!(refusal(&chain(100_000)), "this expression chains more than 500 operations", "{link}");
    }
}

#[test]
fn what_grows_sideways_has_no_bound() {
    assert!(parses(&format!("{{{{ a{} }}}}", " ~ a".repeat(100_000))));
    assert!(parses(&format!("{{{{ [a{}] }}}}", ", a".repeat(100_000))));
    assert!(parses(&format!("{{{{ 'a'{} }}}}", " 'b'".repeat(100_000))));
    assert!(parses(&format!("{{% if a %}}{}{{% endif %}}", "{% elif b %}".repeat(5_000))));
    assert!(parses(&"{% do a %}{{ b }}{# c #}d\n".repeat(20_000)));
}

#[test]
fn a_number_has_as_many_digits_as_python_reads() {
    assert!(parses(&format!("{{{{ {} }}}}", "9".repeat(4300))));
    assert_eq!(refusal(&format!("{{{{ {} }}}}", "9".repeat(4301))), "this number has more than 4300 digits");
}

#[test]
fn a_template_that_is_mostly_delimiters_takes_no_longer_than_its_length() {
    for text in
        ["{", "{% raw %}{% endraw", "{% raw", "{#", "'", "{{ '\\", "\n \u{2003} ", "# ", "-", "{%- \n"]
    {
        let options = Options {
            line_statement_prefix: Some("#".to_owned()),
            line_comment_prefix: Some("##".to_owned()),
            ..options()
        };
        let _ = parse(&text.repeat(50_000), &options);
    }
}
