//! Broken templates, and what is said about each: `corpus/broken/NAME.j2` beside `NAME.txt`.
//!
//! `UPDATE=1 cargo test -p kiln-syntax --test broken` writes what is said now; read it before it
//! is committed.

#![allow(clippy::disallowed_methods, reason = "the corpus is a folder, and may be written anew")]

use std::fmt::Write as _;
use std::path::Path;

use kiln_syntax::{Extensions, Options, Pair, ParseError, Span, parse};

/// How a template of the corpus is written: the start of its name says what is not usual.
fn options(name: &str) -> Options {
    let mut options = Options::default();
    if !name.starts_with("plain-") {
        options.extensions = Extensions { do_statement: true, loop_controls: true, i18n: true, debug: true };
    }
    if name.starts_with("line-") {
        options.line_statement_prefix = Some("#".to_owned());
        options.line_comment_prefix = Some("##".to_owned());
    }
    if name.starts_with("pack-") {
        options.block = Pair::new("#%", "%#");
        options.variable = Pair::new("#{", "}#");
        options.comment = Pair::new("#|", "|#");
    }
    options
}

/// The line of a place, with the place underlined.
fn excerpt(source: &str, span: Span, what: &str, out: &mut String) {
    let (start, end) = (span.start as usize, span.end as usize);
    let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = source[start..].find(['\r', '\n']).map_or(source.len(), |at| start + at);
    let column = source[line_start..start].chars().count();
    let line_number = source[..start].matches('\n').count() + 1;
    let width = source[start..end.clamp(start, line_end.max(start))].chars().count().max(1);
    writeln!(out, "{line_number}:{} {what}", column + 1).expect("a string takes all that is written to it");
    writeln!(out, "    {}", &source[line_start..line_end]).expect("a string takes all that is written to it");
    writeln!(out, "    {}{}", " ".repeat(column), "^".repeat(width))
        .expect("a string takes all that is written to it");
}

fn report(source: &str, error: &ParseError) -> String {
    let mut out = String::new();
    excerpt(source, error.span, &error.message, &mut out);
    if let Some((span, what)) = &error.related {
        excerpt(source, *span, what, &mut out);
    }
    if let Some(help) = &error.help {
        writeln!(out, "help: {help}").expect("a string takes all that is written to it");
    }
    out
}

#[test]
fn every_broken_template_is_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/broken");
    let update = std::env::var("UPDATE").is_ok();
    let mut differences = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "j2") {
            continue;
        }
        count += 1;
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let source = std::fs::read_to_string(&path).unwrap();
        let said = match parse(&source, &options(&name)) {
            Err(error) => report(&source, &error),
            Ok(_) => "nothing\n".to_owned(),
        };
        let text = path.with_extension("txt");
        if update {
            std::fs::write(&text, &said).unwrap();
        }
        let expected = std::fs::read_to_string(&text).unwrap_or_default();
        if said != expected {
            differences.push(format!("{name}\n  found:\n{said}\n  expected:\n{expected}"));
        }
    }
    assert!(count >= 60, "only {count} templates");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
