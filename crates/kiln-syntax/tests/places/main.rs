//! Where the nodes of a tree are, and that they are somewhere for every text.

mod any_text;
mod bounds;
mod walk;

use kiln_syntax::{Options, parse};

/// What a template's nodes are and where, one a line, inner ones indented.
fn places(source: &str, options: &Options) -> Vec<String> {
    let template = parse(source, options).unwrap_or_else(|error| panic!("{source}: {}", error.message));
    let nodes = walk::nodes(&template.body);
    let line = |node: &walk::Node| {
        let text = &source[node.span.start as usize..node.span.end as usize];
        format!("{}{} {text}", "  ".repeat(node.depth), node.name)
    };
    nodes.iter().map(line).collect()
}

fn check(source: &str, expected: &[&str]) {
    assert_eq!(places(source, &Options::default()), expected);
}

#[test]
fn an_expression_reaches_from_its_value_to_the_end_of_its_last_part() {
    check(
        "{{ a.b[0] | c(1, d=2) is not e.f }}",
        &[
            "print {{ a.b[0] | c(1, d=2) is not e.f }}",
            "  operation a.b[0] | c(1, d=2) is not e.f",
            "    test a.b[0] | c(1, d=2) is not e.f",
            "      filter a.b[0] | c(1, d=2)",
            "        item a.b[0]",
            "          attribute a.b",
            "            name a",
            "            ident b",
            "          constant 0",
            "        ident c",
            "        constant 1",
            "        ident d",
            "        constant 2",
            "      ident e.f",
        ],
    );
}

#[test]
fn parentheses_belong_to_what_they_hold() {
    check(
        "{{ (a + b).c, -(1) }}",
        &[
            "print {{ (a + b).c, -(1) }}",
            "  tuple (a + b).c, -(1)",
            "    attribute (a + b).c",
            "      operation (a + b)",
            "        name a",
            "        name b",
            "      ident c",
            "    operation -(1)",
            "      constant (1)",
        ],
    );
}

#[test]
fn a_statement_reaches_from_its_first_tag_to_the_end_of_its_last() {
    check(
        "a {%- for b, c in d if e -%} {{ b }} {%- else %} f {% endfor -%} g",
        &[
            "text a",
            "statement {%- for b, c in d if e -%} {{ b }} {%- else %} f {% endfor -%}",
            "  tuple b, c",
            "    name b",
            "    name c",
            "  name d",
            "  name e",
            "  print {{ b }}",
            "    name b",
            "  text  f ",
            "text g",
        ],
    );
}

#[test]
fn a_filter_block_has_its_body_at_the_name_of_the_filter() {
    check(
        "{% filter a | b %}c{% endfilter %}",
        &[
            "statement {% filter a | b %}c{% endfilter %}",
            "  filter a | b",
            "    filter a",
            "      body ",
            "      ident a",
            "    ident b",
            "  text c",
        ],
    );
}

#[test]
fn line_breaks_of_any_kind_move_no_place() {
    check(
        "é\r\n{{ a }}\r{{ 'ü\r\n' ~ b }}\n\r\n{{ c }}\r\n",
        &[
            "text é\r\n",
            "print {{ a }}",
            "  name a",
            "text \r",
            "print {{ 'ü\r\n' ~ b }}",
            "  operation 'ü\r\n' ~ b",
            "    constant 'ü\r\n'",
            "    name b",
            "text \n\r\n",
            "print {{ c }}",
            "  name c",
        ],
    );
}

#[test]
fn a_line_statement_begins_at_its_prefix_and_ends_with_its_line() {
    let options = Options { line_statement_prefix: Some("#".to_owned()), ..Options::default() };
    let source = "a\n  # if b:\nc\n# endif  \n\nd";
    assert_eq!(
        places(source, &options),
        ["text a\n", "statement # if b:\nc\n# endif", "  name b", "  text c\n", "text d"]
    );
}
