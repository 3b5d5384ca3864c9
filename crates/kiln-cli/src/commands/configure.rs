//! `kiln configure`.

use std::time::Instant;

use crate::args::Configure;
use crate::exit::Exit;
use crate::findings;
use crate::report::{Line, Outcome};
use crate::session::{self, Runs, Session};

/// Writes what changes.
pub(crate) fn run(args: &Configure) -> Outcome {
    session::guarded(|| {
        let mut session = Session::open(&args.common, args.force, Runs::Everything);
        session.refuse_conflicts();
        let Some(plan) = session.plan.take() else { return session.outcome };
        let start = Instant::now();
        match plan.commit() {
            Ok(receipt) => {
                let files = receipt.created + receipt.updated;
                let summary = match (files, receipt.lock_written) {
                    (0, false) => "nothing to write".to_owned(),
                    (files, false) => format!("{files} files written"),
                    (files, true) => format!("{files} files and kiln.lock written"),
                };
                session.outcome.stages.push(Line::new("commit", summary, start.elapsed()));
                session.outcome.written = true;
                session.follow_up(&args.common.project);
            }
            Err(error) => {
                session.outcome.exit = Exit::Failed;
                session.outcome.diagnostics.push(findings::not_written(&session.outcome.output, &error));
            }
        }
        session.outcome
    })
}
