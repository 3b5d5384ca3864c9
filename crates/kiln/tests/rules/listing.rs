//! Findings as the corpus writes them.

use std::fmt::Write as _;

use kiln::{Diagnostic, Report, Span};

/// The findings with this code.
pub(crate) fn of_code(report: &Report, code: &str) -> String {
    let own = report.diagnostics.iter().filter(|found| found.code == code);
    own.map(|found| entry(report, found, "")).collect()
}

/// All findings, each with its code.
pub(crate) fn all(report: &Report) -> String {
    report.diagnostics.iter().map(|found| entry(report, found, &format!("[{}]", found.code))).collect()
}

/// The other codes, sorted.
pub(crate) fn other_codes(report: &Report, code: &str) -> Vec<String> {
    let mut codes: Vec<String> = report.diagnostics.iter().map(|found| found.code.to_string()).collect();
    codes.retain(|other| other != code);
    codes.sort();
    codes.dedup();
    codes
}

fn entry(report: &Report, found: &Diagnostic, code: &str) -> String {
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "{text}").expect("a string takes everything");
    line(format!("{}{code}: {}", found.severity.name(), found.message));
    for label in &found.labels {
        let separator = if label.text.is_empty() { "" } else { ": " };
        line(format!("  {}{separator}{}", place(report, label.span), label.text));
    }
    found.help.iter().for_each(|help| line(format!("  help: {help}")));
    found.notes.iter().for_each(|note| line(format!("  note: {note}")));
    out
}

/// Where a label points, with the first line of what it underlines; secrets are masked.
fn place(report: &Report, span: Span) -> String {
    let sources = &report.sources;
    let at = sources.position(span.source, span.start);
    let text = sources.masked_text(span.source);
    let under = text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let under = under.lines().next().unwrap_or_default();
    format!("{}:{}:{} `{under}`", sources.path(span.source), at.line, at.column)
}
