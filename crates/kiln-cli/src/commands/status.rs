//! `kiln status`.

use crate::args::{Format, Status};
use crate::exit::Exit;
use crate::report::{self, status};
use crate::session::{self, Session};

/// Says how each output stands.
pub(crate) fn run(args: &Status) -> Exit {
    let mut files = Vec::new();
    let outcome = session::guarded(|| {
        let session = Session::look(&args.common);
        files = session.plan.as_ref().map(status::of).unwrap_or_default();
        session.outcome
    });
    let text = match args.common.format {
        Format::Github | Format::Sarif => return report::publish(&outcome, args.common.format),
        Format::Json => status::json(&outcome, &files),
        Format::Human => {
            report::explain(&outcome);
            if outcome.exit == Exit::Done { status::human(&outcome, &files) } else { String::new() }
        }
    };
    match report::show(&text) {
        Exit::Done => outcome.exit,
        failed => failed,
    }
}
