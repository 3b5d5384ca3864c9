//! `kiln configure`.

use std::time::Instant;

use kiln::{CommitError, Force, Severity};

use crate::args::Configure;
use crate::dialog;
use crate::exit::Exit;
use crate::findings::{self, Consent};
use crate::report::{self, Line, Outcome};
use crate::session::{self, Session, Writing};

/// Writes what changes.
pub(crate) fn run(args: &Configure) -> Outcome {
    session::guarded(|| {
        let mut session = Session::open(&args.common, &writing(args));
        session.refuse_needless();
        session.refuse_conflicts();
        consent(&mut session, args.prune);
        let Some(plan) = session.plan.take() else { return session.outcome };
        let start = Instant::now();
        match plan.commit() {
            Ok(receipt) => {
                let files = receipt.created + receipt.updated;
                let mut summary = match (files, receipt.lock_written) {
                    (0, false) => "nothing to write".to_owned(),
                    (files, false) => format!("{files} files written"),
                    (files, true) => format!("{files} files and kiln.lock written"),
                };
                if receipt.removed > 0 {
                    summary.push_str(&format!(", {} removed", receipt.removed));
                }
                session.outcome.stages.push(Line::new("commit", summary, start.elapsed()));
                session.outcome.written = true;
                // A command may be one that writes to the same folder.
                session.release();
                session.follow_up(&args.common.project);
            }
            Err(error) => {
                let is_refused = matches!(error, CommitError::Changed { .. });
                session.outcome.exit = if is_refused { Exit::Refused } else { Exit::Failed };
                session.outcome.diagnostics.push(findings::not_written(&session.outcome.output, &error));
            }
        }
        session.outcome
    })
}

fn writing(args: &Configure) -> Writing {
    let force = match args.force.as_deref() {
        None => Force::Nothing,
        // Without a path all are meant.
        Some(paths) if paths.iter().any(String::is_empty) => Force::Everything,
        Some(paths) => Force::Paths(paths.to_vec()),
    };
    Writing { force, keeps_stale: args.no_prune, fails_if_busy: args.no_wait }
}

/// Ends the run if a cluster would delete something with the files that go, and nobody agrees to
/// that. Somebody at a terminal is asked each time; elsewhere it is enough to have agreed once.
fn consent(session: &mut Session, is_given: bool) {
    let Some(plan) = session.plan.take() else { return };
    let pruned = session::prunings(&plan);
    if pruned.is_empty() {
        return session.plan = Some(plan);
    }
    if is_given {
        return session.plan = Some(plan.agree_to_prune());
    }
    let is_agreed = plan.agrees_to_prune();
    session.plan = Some(plan);
    if dialog::is_attended() {
        let mut told = Outcome::default();
        told.diagnostics.extend(findings::prunings(Severity::Warning, &pruned, Consent::Asked));
        report::explain(&told);
        if dialog::is_wanted("Remove these files?") {
            return;
        }
        session.outcome.diagnostics.push(findings::prunings_refused());
    } else if is_agreed {
        session.report_prunings(Severity::Warning);
        return;
    } else {
        session.report_prunings(Severity::Error);
    }
    session.outcome.exit = Exit::Refused;
    session.plan = None;
}
