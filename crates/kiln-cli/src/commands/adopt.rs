//! `kiln adopt`.

use kiln::{CommitError, Plan};

use crate::args::{Adopt, Format};
use crate::exit::Exit;
use crate::findings;
use crate::report::{self, FileChange, Outcome};
use crate::session::{self, Session, Writing};

/// Records files as the user's.
pub(crate) fn run(args: &Adopt) -> Exit {
    let outcome = session::guarded(|| {
        let writing = Writing { keeps_stale: true, fails_if_busy: args.no_wait, ..Writing::default() };
        let mut session = Session::open(&args.common, &writing);
        if let Some(plan) = session.plan.take() {
            adopt(plan, &args.paths, &mut session.outcome);
        }
        session.outcome
    });
    if args.common.format != Format::Human {
        return report::publish(&outcome, args.common.format);
    }
    report::explain(&outcome);
    if outcome.exit != Exit::Done {
        return outcome.exit;
    }
    let lines: String = args.paths.iter().map(|path| format!("adopted {path}\n")).collect();
    report::print(lines.as_bytes())
}

fn adopt(plan: Plan, paths: &[String], outcome: &mut Outcome) {
    let plan = match plan.adopt(paths) {
        Ok(plan) => plan,
        Err(missing) => {
            outcome.exit = Exit::Failed;
            outcome.changes.clear();
            outcome.diagnostics.extend(missing.iter().map(|path| findings::nothing_to_adopt(path)));
            return;
        }
    };
    outcome.changes = FileChange::all(&plan);
    match plan.commit() {
        Ok(_) => outcome.written = true,
        Err(error) => {
            let is_refused = matches!(error, CommitError::Changed { .. });
            outcome.exit = if is_refused { Exit::Refused } else { Exit::Failed };
            outcome.diagnostics.push(findings::not_written(&outcome.output, &error));
        }
    }
}
