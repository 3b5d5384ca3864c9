//! `kiln validate`.

use crate::args::Common;
use crate::report::Outcome;
use crate::session::{self, Runs, Session};

/// Does everything but write.
pub(crate) fn run(args: &Common) -> Outcome {
    session::guarded(|| {
        let mut session = Session::open(args, false, Runs::WhatIsTrusted);
        session.refuse_conflicts();
        session.outcome
    })
}
