//! `kiln reset`.

use std::path::Path;

use kiln::{Action, CommitError, Plan, PlanError, Severity};

use crate::args::Reset;
use crate::dialog;
use crate::exit::Exit;
use crate::findings::{self, Consent};
use crate::report::{self, Outcome};
use crate::session;

/// Says what goes, asks, and removes it.
pub(crate) fn run(args: &Reset) -> Exit {
    let outcome = session::guarded(|| {
        let mut held = session::held(&args.place, args.no_wait);
        if held.outcome.exit == Exit::Done {
            reset(args, &held.folder, &mut held.outcome);
        }
        held.outcome
    });
    report::explain(&outcome);
    outcome.exit
}

fn reset(args: &Reset, folder: &Path, outcome: &mut Outcome) {
    let plan = match kiln::reset(folder, &mut outcome.sources, &mut outcome.diagnostics) {
        Ok(plan) => plan,
        Err(PlanError::Reported(_)) => return outcome.exit = Exit::Errors,
        Err(error) => {
            outcome.diagnostics.push(findings::not_compared(&error));
            return outcome.exit = Exit::Failed;
        }
    };
    if plan.is_empty() {
        outcome.exit = report::print(format!("kiln wrote nothing in `{}`\n", outcome.output).as_bytes());
        return;
    }
    if !is_agreed(args, &plan, outcome) {
        report::remark("nothing was removed; `--yes` does not ask");
        return outcome.exit = Exit::Refused;
    }
    let text = told(&plan, "removed");
    match plan.commit() {
        Ok(_) => outcome.exit = report::print(text.as_bytes()),
        Err(error) => {
            let is_refused = matches!(error, CommitError::Changed { .. });
            outcome.exit = if is_refused { Exit::Refused } else { Exit::Failed };
            outcome.diagnostics.push(findings::not_written(&outcome.output, &error));
        }
    }
}

fn is_agreed(args: &Reset, plan: &Plan, outcome: &Outcome) -> bool {
    if args.yes {
        return true;
    }
    if !dialog::is_attended() {
        return false;
    }
    let mut seen = Outcome { output: outcome.output.clone(), ..Outcome::default() };
    seen.diagnostics.extend(findings::prunings(Severity::Warning, &session::prunings(plan), Consent::Asked));
    report::explain(&seen);
    report::remark(told(plan, "would remove").trim_end());
    dialog::is_wanted("Remove these files?")
}

/// The files that go, and those that stay.
fn told(plan: &Plan, word: &str) -> String {
    let line = |path: &str, action: Action| match action {
        Action::Remove => format!("{word} {path}\n"),
        _ => format!("kept {path}, which was changed since kiln wrote it\n"),
    };
    let mut text: String = plan.changes().iter().map(|it| line(it.path(), it.action())).collect();
    if plan.lock_action() == Action::Remove {
        text.push_str(&line(kiln::LOCK_FILE, Action::Remove));
    }
    text
}
