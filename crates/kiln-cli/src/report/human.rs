//! Words for people.

use std::fmt::Write as _;

use kiln::{Action, Mending, Severity};

use crate::exit::Exit;
use crate::report::{FileChange, Outcome, Subject, snippet};
use crate::session::VERSION;

const SURE: &str = "writing to a String cannot fail";

/// What goes to standard error: how the project was read, the stages, the findings
/// (unless they are printed elsewhere), and why nothing was written.
pub(super) fn log(outcome: &Outcome, with_findings: bool) -> String {
    let mut text = String::new();
    if !outcome.pack.is_empty() {
        writeln!(text, "kiln {VERSION}, mode {}: {}", outcome.mode, outcome.pack).expect(SURE);
    }
    for stage in &outcome.stages {
        let time = stage.time.as_secs_f64() * 1000.0;
        writeln!(text, "{:>10} {time:>8.1} ms  {}", stage.name, stage.summary).expect(SURE);
    }
    if with_findings && outcome.diagnostics.iter().len() > 0 {
        text.push('\n');
        snippet::all(outcome, &mut text);
    }
    if let Some(verdict) = verdict(outcome) {
        writeln!(text, "{verdict}").expect(SURE);
    }
    text
}

/// Where to read on, for somebody who sees findings; it names the first, and errors before others.
pub(super) fn pointer(outcome: &Outcome) -> Option<String> {
    let worst = outcome.diagnostics.iter().min_by_key(|it| it.severity)?;
    Some(format!("`kiln explain {}` says more\n", worst.code))
}

/// The findings, each beside its lines.
pub(super) fn findings(outcome: &Outcome) -> String {
    let mut text = String::new();
    snippet::all(outcome, &mut text);
    text
}

/// What goes to standard output: the diff, or the files that changed, and the counts.
pub(super) fn result(outcome: &Outcome) -> String {
    let mut text: String = outcome.fixed.iter().map(mended).collect();
    text.push_str(outcome.diff.as_deref().unwrap_or_default());
    if !matches!(outcome.exit, Exit::Done | Exit::Changes) {
        return text;
    }
    if outcome.diff.is_none() {
        for change in &outcome.changes {
            writeln!(text, "{} {}", phrase(outcome, change.action), change.path).expect(SURE);
        }
    }
    if outcome.subject.writes() {
        writeln!(text, "{}", counts(outcome)).expect(SURE);
    }
    for (index, step) in outcome.advice.iter().enumerate() {
        let head = if index == 0 { "\nNext:\n" } else { "" };
        writeln!(text, "{head}  {}. {}", index + 1, step.replace('\n', "\n     ")).expect(SURE);
    }
    text
}

/// The line about a value that was mended.
fn mended(mending: &Mending) -> String {
    let Mending { file, place, old, new, code } = mending;
    format!("fixed {file}:{}:{}: {old} is now {new} ({code})\n", place.line, place.column)
}

/// The words for what happened, or would happen, to a file.
fn phrase(outcome: &Outcome, action: Action) -> &'static str {
    match (action, outcome.written) {
        (Action::Create, true) => "created",
        (Action::Create, false) => "would create",
        (Action::Update, true) => "updated",
        (Action::Update, false) => "would update",
        (Action::Remove, true) => "removed",
        (Action::Remove, false) => "would remove",
        (Action::Keep | Action::Adopted | Action::Stale | Action::Orphan, _) => "kept",
        (Action::Conflict(_), _) => "in the way",
    }
}

fn counts(outcome: &Outcome) -> String {
    let counted = |change: &&FileChange| change.path != kiln::LOCK_FILE && change.action != Action::Keep;
    let (removed, outputs): (Vec<&FileChange>, Vec<&FileChange>) =
        outcome.changes.iter().filter(counted).partition(|change| change.action == Action::Remove);
    let (noun, actions) = match outcome.subject {
        Subject::Files => ("file", &[(Action::Create, "create")][..]),
        _ => ("output", &[(Action::Create, "create"), (Action::Update, "update")][..]),
    };
    let mut parts = Vec::new();
    for &(action, word) in actions {
        let count = outputs.iter().filter(|change| change.action == action).count();
        parts.push(if outcome.written { format!("{count} {word}d") } else { format!("{count} to {word}") });
    }
    let conflicts = outputs.iter().filter(|change| matches!(change.action, Action::Conflict(_))).count();
    if conflicts > 0 {
        parts.push(format!("{conflicts} in the way"));
    }
    parts.push(format!("{} {}", outcome.kept, if outcome.written { "kept" } else { "unchanged" }));
    if !outcome.not_compared.is_empty() {
        parts.push(format!("{} not compared", outcome.not_compared.len()));
    }
    if !removed.is_empty() {
        parts.push(format!("{} {}", removed.len(), if outcome.written { "removed" } else { "to remove" }));
    }
    let all = outputs.len() + outcome.kept + outcome.not_compared.len();
    format!("{} in `{}`: {}", plural(all, noun), outcome.output, parts.join(", "))
}

/// How many findings of each kind there are, and that nothing was written.
pub(super) fn verdict(outcome: &Outcome) -> Option<String> {
    let kinds = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "remark")];
    let mut found: Vec<String> = kinds
        .into_iter()
        .map(|(severity, word)| (outcome.diagnostics.count(severity), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(count, word))
        .collect();
    let is_clean = found.is_empty();
    if outcome.silenced > 0 {
        let what = if is_clean { plural(outcome.silenced, "finding") } else { outcome.silenced.to_string() };
        found.push(format!("{what} silenced"));
    }
    let writes = outcome.subject.writes();
    let kept_out = writes && matches!(outcome.exit, Exit::Errors | Exit::Refused);
    let suffix = if kept_out { "; nothing was written" } else { "" };
    if is_clean {
        match outcome.subject {
            Subject::Health => return Some("nothing is forgotten".to_owned()),
            Subject::Secrets => return Some("no fault was found".to_owned()),
            Subject::Outputs | Subject::Files if found.is_empty() => return None,
            Subject::Outputs | Subject::Files => {}
        }
    }
    Some(format!("{}{suffix}", found.join(", ")))
}

fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use kiln::Reason;

    use super::*;
    use crate::report::testing::{plain, with_changes, with_findings};

    #[test]
    fn findings_are_shown_beside_their_lines() {
        let text = plain(&log(&with_findings(), true));
        assert_eq!(text, include_str!("../../tests/corpus/findings.txt"));
        assert!(!text.contains("hunter2"));
    }

    #[test]
    fn findings_can_be_left_to_another_format() {
        let text = plain(&log(&with_findings(), false));
        assert!(!text.contains("not a network") && text.contains("2 errors, 1 warning, 1 remark"), "{text}");
    }

    #[test]
    fn the_first_error_can_be_read_about() {
        let expected = "`kiln explain derive.not-a-network` says more\n";
        assert_eq!(pointer(&with_findings()).as_deref(), Some(expected));
        assert_eq!(pointer(&with_changes()), None);
    }

    #[test]
    fn errors_leave_no_result() {
        assert_eq!(result(&with_findings()), "");
    }

    #[test]
    fn what_changed_is_listed() {
        let mut outcome = with_changes();
        assert_eq!(
            result(&outcome),
            "created a/new.yaml\nupdated b.yaml\nupdated kiln.lock\n\
             4 outputs in `target/demo`: 1 created, 1 updated, 2 kept\n"
        );
        outcome.written = false;
        outcome.changes[1].action = Action::Conflict(Reason::Foreign);
        assert_eq!(
            result(&outcome),
            "would create a/new.yaml\nin the way b.yaml\nwould update kiln.lock\n\
             4 outputs in `target/demo`: 1 to create, 0 to update, 1 in the way, 2 unchanged\n"
        );
    }
}
