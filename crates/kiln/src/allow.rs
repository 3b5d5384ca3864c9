//! Warnings and notes that a project does not want to see.

use kiln_config::{Allow, Allowance};
use kiln_model::{Diagnostic, Diagnostics, Severity, Span, nearest};
use kiln_pack::Pack;

use crate::explain;
use crate::findings;
use crate::report::Report;

/// What a project does not want to see: codes from `[[allow]]` in `kiln.toml`, and places from
/// comments `# kiln: allow CODE reason` in its data files.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    all: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    code: String,
    has_reason: bool,
    /// Where it is written.
    span: Span,
    /// The comment, if it is one.
    comment: Option<Allowance>,
    /// Whether there was something to silence.
    is_used: bool,
}

impl Entry {
    fn is_about(&self, finding: &Diagnostic) -> bool {
        self.code == finding.code
            && self
                .comment
                .as_ref()
                .is_none_or(|comment| finding.labels.iter().any(|it| comment.covers(it.span)))
    }
}

impl Allowed {
    /// Adds the entries of `kiln.toml`.
    pub(crate) fn add_settings(&mut self, allow: &[Allow]) {
        self.all.extend(allow.iter().map(|allow| Entry {
            code: allow.code.clone(),
            has_reason: true,
            span: allow.span,
            comment: None,
            is_used: false,
        }));
    }

    /// Adds the comments of a data file.
    pub(crate) fn add_comments(&mut self, comments: &[Allowance]) {
        self.all.extend(comments.iter().map(|comment| Entry {
            code: comment.code.clone(),
            has_reason: comment.has_reason,
            span: comment.span,
            comment: Some(comment.clone()),
            is_used: false,
        }));
    }

    /// Takes them out of findings; gives how many there were. Errors stay, and say so.
    pub fn silence(&mut self, found: &mut Diagnostics) -> usize {
        if self.all.is_empty() {
            return 0;
        }
        let before = found.iter().len();
        for finding in found.iter_mut().filter(|it| it.severity == Severity::Error) {
            if self.meets(finding) && !finding.notes.iter().any(|note| note == findings::NO_ERRORS) {
                finding.notes.push(findings::NO_ERRORS.to_owned());
            }
        }
        found.retain(|finding| finding.severity == Severity::Error || !self.meets(finding));
        before - found.iter().len()
    }

    /// Whether an entry is about a finding; it is used then.
    fn meets(&mut self, finding: &Diagnostic) -> bool {
        let mut entries = self.all.iter_mut().filter(|entry| entry.is_about(finding)).peekable();
        let is_met = entries.peek().is_some();
        entries.for_each(|entry| entry.is_used = true);
        is_met
    }

    /// Says what is wrong with the entries: a comment without a reason, a code that does not exist,
    /// and what silenced nothing although the stage that its code names `ran`.
    fn judge(&self, known: &dyn Fn(&str) -> bool, rules: &[&str], ran: &[&str], found: &mut Diagnostics) {
        let mut judged = Diagnostics::new();
        for entry in &self.all {
            let stage = entry.code.split('.').next().unwrap_or_default();
            if !known(&entry.code) {
                let near = near(&entry.code, rules);
                judged.push(findings::allow_unknown(&entry.code, near.as_deref(), entry.span));
            } else if !entry.is_used && ran.contains(&stage) {
                let is_elsewhere = found.iter().any(|finding| finding.code == entry.code);
                judged.push(findings::allow_unused(&entry.code, is_elsewhere, entry.span));
            } else if !entry.has_reason {
                judged.push(findings::allow_without_reason(&entry.code, entry.span));
            }
        }
        found.append(judged);
    }
}

/// The code that was probably meant.
fn near(code: &str, rules: &[&str]) -> Option<String> {
    let own = explain::pages();
    let own = own.iter().map(|page| page.code.as_str());
    nearest(code, rules.iter().copied().chain(own)).map(str::to_owned)
}

/// Silences what the project allows, and says what is wrong with what allows it. `ran` are the
/// stages that did all of their work if there is no error and no key is missing.
pub(crate) fn settle(pack: &Pack, ran: &[&str], report: &mut Report) {
    report.silenced += report.allowed.silence(&mut report.diagnostics);
    let is_whole = !report.diagnostics.has_errors() && !report.is_partial;
    let rules: Vec<String> = pack.checks.keys().map(|id| format!("check.{id}")).collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    let known = |code: &str| rules.contains(&code) || explain::page(code).is_some();
    let ran = if is_whole { ran } else { &[] };
    report.allowed.judge(&known, &rules, ran, &mut report.diagnostics);
}
