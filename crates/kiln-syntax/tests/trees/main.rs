//! The trees of templates, compared with those that Jinja2 makes: `corpus/trees.jsonl`.
//!
//! Each line has the `options` and the `source` of a template, or of a bare `expression`, and
//! the `tree` that Jinja2 3.1.6 has for it, or null if it refuses it. `corpus/trees.py` writes
//! the trees; `form.rs` says how ours are written.

mod form;

use kiln_syntax::{Options, parse, parse_expression};
use serde_json::{Value, json};

fn options(given: &Value) -> Options {
    let mut options = Options::default();
    let set = |name: &str, field: &mut String| {
        if let Some(text) = given[name].as_str() {
            *field = text.to_owned();
        }
    };
    set("block_start", &mut options.block.start);
    set("block_end", &mut options.block.end);
    set("variable_start", &mut options.variable.start);
    set("variable_end", &mut options.variable.end);
    set("comment_start", &mut options.comment.start);
    set("comment_end", &mut options.comment.end);
    set("newline_sequence", &mut options.newline_sequence);
    options.line_statement_prefix = given["line_statement_prefix"].as_str().map(str::to_owned);
    options.line_comment_prefix = given["line_comment_prefix"].as_str().map(str::to_owned);
    options.trim_blocks = given["trim_blocks"] == true;
    options.lstrip_blocks = given["lstrip_blocks"] == true;
    options.keep_trailing_newline = given["keep_trailing_newline"] == true;
    options.i18n_trimmed = given["i18n_trimmed"] == true;
    let uses = |name: &str| given["extensions"].as_array().is_some_and(|all| all.contains(&json!(name)));
    options.extensions.do_statement = uses("do");
    options.extensions.loop_controls = uses("loopcontrols");
    options.extensions.i18n = uses("i18n");
    options.extensions.debug = uses("debug");
    options
}

fn tree(case: &Value) -> Value {
    let options = options(&case["options"]);
    let tree = match (case["source"].as_str(), case["expression"].as_str()) {
        (Some(source), _) => parse(source, &options).map(|template| form::body(&template.body)),
        (_, Some(source)) => parse_expression(source, &options).map(|expression| form::expr(&expression)),
        _ => panic!("a case has a source or an expression: {case}"),
    };
    tree.unwrap_or(Value::Null)
}

#[test]
fn trees_are_those_of_jinja2() {
    let cases = include_str!("../corpus/trees.jsonl");
    let mut differences = Vec::new();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let found = tree(&case);
        if found != case["tree"] {
            let source = case.get("source").unwrap_or(&case["expression"]);
            differences.push(format!(
                "{source} {}\n  expected {}\n  found    {found}",
                case["options"], case["tree"]
            ));
        }
    }
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}
