//! `kiln recover`.

use crate::args::Recover;
use crate::exit::Exit;
use crate::report;
use crate::session;

/// Finishes what a run was cut short in, and nothing else.
pub(crate) fn run(args: &Recover) -> Exit {
    let mut is_finished = false;
    let outcome = session::guarded(|| {
        let outcome = session::held(&args.place, args.no_wait).outcome;
        is_finished = outcome.diagnostics.iter().any(|it| it.code == "commit.recovered");
        outcome
    });
    report::explain(&outcome);
    if outcome.exit == Exit::Done && !is_finished {
        return report::print(b"nothing was cut short\n");
    }
    outcome.exit
}
