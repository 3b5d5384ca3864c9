//! `kiln validate`.

use crate::args::Common;
use crate::report::Outcome;
use crate::session::{self, Session};

/// Does everything but write.
pub(crate) fn run(args: &Common) -> Outcome {
    session::guarded(|| {
        let mut session = Session::open(args, false);
        session.refuse_conflicts();
        session.outcome
    })
}
