//! A finding beside the lines it is about.
//!
//! Excerpts are taken from masked text alone, in which secrets are stars.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use kiln::{Diagnostic, Label, Severity, SourceId};

use crate::report::Outcome;

/// Appends all findings, each followed by an empty line.
pub(super) fn all(outcome: &Outcome, text: &mut String) {
    text.extend(each(outcome));
}

/// The findings one by one, each followed by an empty line.
pub(super) fn each(outcome: &Outcome) -> Vec<String> {
    let mut masked: BTreeMap<SourceId, String> = BTreeMap::new();
    for label in outcome.diagnostics.iter().flat_map(|it| &it.labels) {
        let source = label.span.source;
        masked.entry(source).or_insert_with(|| outcome.sources.masked_text(source));
    }
    let renderer = Renderer::styled();
    let shown = |it: &Diagnostic| renderer.render(&[group(outcome, it, &masked)]) + "\n\n";
    outcome.diagnostics.iter().map(shown).collect()
}

fn group<'a>(
    outcome: &'a Outcome,
    diagnostic: &'a Diagnostic,
    masked: &'a BTreeMap<SourceId, String>,
) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut group = Group::with_title(level.primary_title(&*diagnostic.message).id(&*diagnostic.code));
    for (source, labels) in by_source(&diagnostic.labels) {
        let whole = masked.get(&source).map_or("", String::as_str);
        // A byte-order mark at the beginning is no column.
        let excerpt = whole.strip_prefix('\u{feff}').unwrap_or(whole);
        let mark = whole.len() - excerpt.len();
        let snippet = Snippet::source(excerpt).path(outcome.sources.path(source));
        let marks = labels.into_iter().map(|label| {
            let is_first = std::ptr::eq(label, &raw const diagnostic.labels[0]);
            let kind = if is_first { AnnotationKind::Primary } else { AnnotationKind::Context };
            kind.span(underline(excerpt, label, mark)).label((!label.text.is_empty()).then_some(&*label.text))
        });
        group = group.element(snippet.annotations(marks));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(&**note));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(&**help));
    }
    match &diagnostic.fix {
        Some(_) => group.element(Level::HELP.message("`kiln validate --fix` does this")),
        None => group,
    }
}

/// The labels by source, in the order in which the sources are first named.
fn by_source(labels: &[Label]) -> Vec<(SourceId, Vec<&Label>)> {
    let mut groups: Vec<(SourceId, Vec<&Label>)> = Vec::new();
    for label in labels {
        match groups.iter_mut().find(|(source, _)| *source == label.span.source) {
            Some((_, group)) => group.push(label),
            None => groups.push((label.span.source, vec![label])),
        }
    }
    groups
}

/// What is underlined: the span, but no more than its first line, and whole characters. `before`
/// counts the bytes in front of the text.
fn underline(text: &str, label: &Label, before: usize) -> Range<usize> {
    let inside = |at: u32| {
        let mut at = (at as usize).saturating_sub(before).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (inside(label.span.start), inside(label.span.end));
    let line = text[start..end].find('\n').map_or(end, |newline| start + newline);
    start..line
}
