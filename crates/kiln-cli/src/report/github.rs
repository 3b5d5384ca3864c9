//! Annotations for GitHub workflows.
//!
//! The form is that of GitHub's "Workflow commands", `::error title=…,file=…,line=…::message`,
//! with the properties in the order of GitHub's own toolkit. Columns are only valid within one
//! line, and the last one is that of the last character.

use std::fmt::Write as _;

use kiln::{Diagnostic, Severity};

use crate::report::Outcome;

const SURE: &str = "writing to a String cannot fail";

/// One line per finding.
pub(super) fn annotations(outcome: &Outcome) -> String {
    outcome.diagnostics.iter().map(|it| annotation(outcome, it)).collect()
}

fn annotation(outcome: &Outcome, diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut line = format!("::{command} title={}", property(&diagnostic.code));
    if let Some(region) = outcome.region(diagnostic.span()) {
        let (start, end) = (region.start, region.end);
        write!(line, ",file={},line={},endLine={}", property(region.file), start.line, end.line).expect(SURE);
        if start.line == end.line {
            let last = end.column.saturating_sub(1).max(start.column);
            write!(line, ",col={},endColumn={last}", start.column).expect(SURE);
        }
    }
    writeln!(line, "::{}", data(&body(diagnostic))).expect(SURE);
    line
}

/// The message, its notes and its help: an annotation has no other place for them.
fn body(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![diagnostic.message.clone()];
    lines.extend(diagnostic.labels.first().map(|it| it.text.clone()).filter(|text| !text.is_empty()));
    lines.extend(diagnostic.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::with_findings;

    #[test]
    fn every_finding_is_one_line() {
        let text = annotations(&with_findings());
        assert_eq!(text, include_str!("../../tests/corpus/findings.github.txt"));
    }

    #[test]
    fn what_would_end_a_property_or_a_line_is_escaped() {
        assert_eq!(property("a,b:c%d\n"), "a%2Cb%3Ac%25d%0A");
        assert_eq!(data("50 %: a, b\r\nc"), "50 %25: a, b%0D%0Ac");
    }
}
