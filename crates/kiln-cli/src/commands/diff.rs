//! `kiln diff`.

use std::io::{self, IsTerminal as _};

use kiln::Severity;

use crate::args::{Diff, Format};
use crate::difference::Made;
use crate::exit::Exit;
use crate::findings;
use crate::report::Outcome;
use crate::session::{self, Session};

/// Shows what would change.
pub(crate) fn run(args: &Diff) -> Outcome {
    session::guarded(|| {
        let is_seen = args.common.format == Format::Human && io::stdout().is_terminal();
        if args.show_secrets && !is_seen {
            let mut outcome = Outcome { exit: Exit::Failed, ..Outcome::default() };
            outcome.diagnostics.push(findings::secrets_for_nobody());
            return outcome;
        }
        let mut session = Session::look(&args.common);
        session.report_conflicts(Severity::Warning);
        let Some(plan) = &session.plan else { return session.outcome };
        let made = Made {
            rendered: &session.rendered,
            value_changes: &session.value_changes,
            shows_secrets: args.show_secrets,
        };
        let values = plan.changes().iter().filter_map(|it| Some((it.path().to_owned(), made.values(it)?)));
        session.outcome.values = values.collect();
        let parts = plan.changes().iter().filter_map(|change| made.difference(change));
        session.outcome.diff = Some(parts.collect());
        // A pager may keep what it shows.
        session.outcome.is_paged = is_seen && !args.show_secrets;
        if args.exit_code && !plan.is_empty() {
            session.outcome.exit = Exit::Changes;
        }
        session.outcome
    })
}
