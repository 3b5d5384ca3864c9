//! Marks that git leaves in a file where two changes meet.

use kiln_model::{Diagnostic, SourceId, Span};

use crate::findings;

/// What is said of a text that cannot be read if such marks are in it.
///
/// In a text that can be read they are nobody's business: they stand in a value.
pub(crate) fn conflict(source: SourceId, text: &str) -> Option<Diagnostic> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        (start, line.trim_end())
    });
    let mut marks = lines.filter(|(_, line)| ["<<<<<<<", ">>>>>>>"].into_iter().any(|it| is_mark(line, it)));
    let span = |(start, line): (usize, &str)| Span::new(source, start, start + line.len());
    let first = marks.next()?;
    Some(findings::conflict(span(first), marks.next().map_or(Span::NONE, span)))
}

fn is_mark(line: &str, mark: &str) -> bool {
    line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}
