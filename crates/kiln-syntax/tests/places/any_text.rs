//! What holds for every text.

use kiln_syntax::{Extensions, Options, Pair, ParseError, Span, parse, parse_expression};
use proptest::prelude::*;

use crate::walk::{Node, nodes, nodes_of_expression};

/// What templates are made of, and what breaks them.
const PIECES: &str = "{% %} {%- -%} {%+ +%} {{ }} {{- -}} {# #} {#- -#} # ## #% %# if else elif endif for in endfor \
    set endset macro endmacro call endcall filter endfilter with endwith block endblock scoped required extends \
    include import from as ignore missing context without do break continue trans pluralize endtrans trimmed raw \
    endraw print autoescape endautoescape debug recursive is not and or a b loop none true ( ) [ ] { } , . : ; | = \
    == != <= >= < > + - * ** / // % ~ ! $ \\ ' \" 'a' \"b\" '\\n' '\\x41' '\\u12' '\\N{BULLET}' 0 1 01 1_0 0x1f 1.5 1e5 \
    é ü 日本 😀 a² ٣";

fn nearly_a_template() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> =
        PIECES.split_whitespace().chain([" ", "\n", "\r\n", "\r", "\u{2003}", "\n  "]).collect();
    let piece = prop::sample::select(pieces);
    let spaced = (piece, prop::sample::select(vec!["", " ", " ", "\n"]))
        .prop_map(|(piece, space)| format!("{piece}{space}"));
    prop::collection::vec(spaced, 0..40).prop_map(|pieces| pieces.concat())
}

/// A template of the corpus with a few pieces put in or taken out.
fn mutated() -> impl Strategy<Value = String> {
    let cases: Vec<String> = include_str!("../corpus/trees.jsonl")
        .lines()
        .filter_map(|line| {
            let case: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(case["source"].as_str()?.to_owned())
        })
        .collect();
    let edit = (
        any::<prop::sample::Index>(),
        0..4usize,
        prop::sample::select(PIECES.split_whitespace().collect::<Vec<_>>()),
    );
    (prop::sample::select(cases), prop::collection::vec(edit, 1..4)).prop_map(|(mut source, edits)| {
        for (at, removed, piece) in edits {
            let bounds: Vec<usize> = source.char_indices().map(|(at, _)| at).chain([source.len()]).collect();
            let start = at.index(bounds.len());
            let end = (start + removed).min(bounds.len() - 1);
            source.replace_range(bounds[start]..bounds[end], piece);
        }
        source
    })
}

fn any_options() -> impl Strategy<Value = Options> {
    let syntax = prop::sample::select(vec![
        ("{%", "%}", "{{", "}}", "{#", "#}"),
        ("#%", "%#", "#{", "}#", "#|", "#|"),
        ("{", "}", "{{", "}}", "{#", "#}"),
        ("<%", "%>", "<%=", "%>", "'", "'"),
        (" a", "\n", "é", "-", "--", "+"),
    ]);
    let prefixes = prop::sample::select(vec![
        (None, None),
        (Some("#"), Some("##")),
        (Some("%"), None),
        (None, Some("#")),
        (Some(" "), Some("é")),
    ]);
    let newline = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (syntax, prefixes, newline, any::<[bool; 4]>()).prop_map(
        |(syntax, prefixes, newline, [trim, lstrip, keep, extend])| Options {
            block: Pair::new(syntax.0, syntax.1),
            variable: Pair::new(syntax.2, syntax.3),
            comment: Pair::new(syntax.4, syntax.5),
            line_statement_prefix: prefixes.0.map(str::to_owned),
            line_comment_prefix: prefixes.1.map(str::to_owned),
            trim_blocks: trim,
            lstrip_blocks: lstrip,
            keep_trailing_newline: keep,
            newline_sequence: newline.to_owned(),
            extensions: Extensions {
                do_statement: extend,
                loop_controls: extend,
                i18n: extend,
                debug: extend,
            },
            i18n_trimmed: keep,
        },
    )
}

/// Fails unless `span` is a place of `source`.
fn is_place(source: &str, span: Span) {
    assert!(span.start <= span.end, "{source:?} {span:?}");
    assert!(source.get(span.start as usize..span.end as usize).is_some(), "{source:?} {span:?}");
}

/// Fails unless every node is a place of `source`, within the node around it.
fn are_places(source: &str, nodes: &[Node]) {
    let mut around: Vec<Span> = Vec::new();
    for node in nodes {
        is_place(source, node.span);
        around.truncate(node.depth);
        if let Some(outer) = around.last() {
            assert!(
                outer.start <= node.span.start && node.span.end <= outer.end,
                "{source:?} {} {:?}",
                node.name,
                node.span
            );
        }
        around.push(node.span);
    }
}

fn is_explained(source: &str, error: &ParseError) {
    is_place(source, error.span);
    if let Some((span, _)) = error.related {
        is_place(source, span);
    }
    assert!(!error.message.is_empty() && !error.message.ends_with('.'), "{}", error.message);
}

fn holds(source: &str, options: &Options) {
    match parse(source, options) {
        Ok(template) => are_places(source, &nodes(&template.body)),
        Err(error) => is_explained(source, &error),
    }
    match parse_expression(source, options) {
        Ok(expression) => are_places(source, &nodes_of_expression(&expression)),
        Err(error) => is_explained(source, &error),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_is_a_tree_of_places_or_an_error_with_a_place(source: String, options in any_options()) {
        holds(&source, &options);
    }

    #[test]
    fn so_is_every_text_that_is_nearly_a_template(source in nearly_a_template(), options in any_options()) {
        holds(&source, &options);
    }

    #[test]
    fn so_is_a_template_with_slips(source in mutated(), options in any_options()) {
        holds(&source, &options);
    }

    #[test]
    fn a_text_without_tags_is_its_own_output(source in "[^{]*[^{\r\n]") {
        let template = parse(&source, &Options::default()).unwrap();
        let text = source.replace("\r\n", "\n").replace('\r', "\n");
        let kinds: Vec<_> = template.body.iter().map(|stmt| &stmt.kind).collect();
        prop_assert_eq!(kinds, [&kiln_syntax::StmtKind::Text(text)]);
    }
}
