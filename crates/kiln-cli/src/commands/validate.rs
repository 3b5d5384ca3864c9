//! `kiln validate`.

use std::path::Path;

use kiln::{CommitError, Mended, Mending, PlanError};

use crate::args::{Common, Validate};
use crate::exit::Exit;
use crate::findings;
use crate::report::{Outcome, shown};
use crate::session::{self, Session};

/// Does everything but write; with `--fix` it mends the data files before.
pub(crate) fn run(args: &Validate) -> Outcome {
    session::guarded(|| {
        let fixed = if args.fix { mend(&args.common) } else { Ok(Vec::new()) };
        let fixed = match fixed {
            Ok(fixed) => fixed,
            Err(outcome) => return *outcome,
        };
        let mut session = Session::look(&args.common);
        session.refuse_conflicts();
        if args.fix && session::is_without_pack(&args.common) {
            session.outcome.diagnostics.push(findings::nothing_to_mend());
        }
        Outcome { fixed, ..session.outcome }
    })
}

/// Writes the data files with their mistakes mended; gives what was mended.
fn mend(args: &Common) -> Result<Vec<Mending>, Box<Outcome>> {
    let mut outcome = Outcome { exit: Exit::Failed, output: shown(&args.project), ..Outcome::default() };
    let Ok(_hold) = session::hold(&args.project, &mut outcome.diagnostics) else {
        return Err(Box::new(outcome));
    };
    let Some(mended) = session::mended(args) else { return Ok(Vec::new()) };
    match write(&args.project, &mended, &mut outcome) {
        Ok(()) => Ok(mended.fixes),
        Err(error) => {
            if let Some(error) = error {
                outcome.diagnostics.push(findings::not_written(&outcome.output, &error));
            }
            Err(Box::new(outcome))
        }
    }
}

/// Replaces all files or none; the findings say why where there is no error.
fn write(project: &Path, mended: &Mended, outcome: &mut Outcome) -> Result<(), Option<CommitError>> {
    if mended.artifacts.is_empty() {
        return Ok(());
    }
    let (sources, sink) = (&mut outcome.sources, &mut outcome.diagnostics);
    let plan = kiln::exchange(project, mended.artifacts.clone(), sources, sink).map_err(|error| {
        if !matches!(error, PlanError::Reported(_)) {
            sink.push(findings::not_compared(&error));
        }
        None
    })?;
    let is_as_read = |path: &str, now: Option<&[u8]>| mended.before.get(path).map(|old| &old[..]) == now;
    if let Some(change) = plan.changes().iter().find(|change| !is_as_read(change.path(), change.old_bytes()))
    {
        sink.push(findings::changed_meanwhile(change.path()));
        return Err(None);
    }
    plan.commit().map(|_| ()).map_err(Some)
}
