//! `kiln secrets verify`.

use std::time::Instant;

use super::index::Index;
use super::place::Place;
use crate::args::VerifySecrets;
use crate::exit::Exit;
use crate::findings;
use crate::report::{Line, Outcome, Subject};
use crate::session;

/// Looks at the encrypted files of the repository.
pub(super) fn run(args: &VerifySecrets) -> Outcome {
    session::guarded(|| {
        let mut outcome = Outcome { subject: Subject::Secrets, ..Outcome::default() };
        let place = Place::here();
        let mut below = Vec::new();
        for path in &args.paths {
            match place.inside(path).filter(|_| kiln::live::kind(path).is_some()) {
                Some(inside) => below.extend((!inside.is_empty()).then_some(inside)),
                None => outcome.diagnostics.push(findings::no_such_path(path)),
            }
        }
        // A path of "." is everything.
        if below.len() < args.paths.len() {
            below.clear();
        }
        let start = Instant::now();
        let found = if outcome.diagnostics.has_errors() {
            None
        } else if args.staged {
            Index::of(&place.root).map(|index| kiln::secrets::verify(&index, &[], &place.identities()))
        } else {
            Some(kiln::secrets::verify(&place.files(), &below, &place.identities()))
        };
        let Some(found) = found else {
            if !outcome.diagnostics.has_errors() {
                outcome.diagnostics.push(findings::no_index());
            }
            outcome.exit = Exit::Failed;
            return outcome;
        };
        outcome.stages.push(Line::new("verify", found.summary(), start.elapsed()));
        outcome.sources = found.sources;
        outcome.diagnostics = found.diagnostics;
        if outcome.diagnostics.has_errors() {
            outcome.exit = Exit::Errors;
        }
        outcome
    })
}
