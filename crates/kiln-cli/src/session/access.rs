//! Access to the output folder: one run at a time, and nothing left over from one before.

use std::path::{Path, PathBuf};

use kiln::{Diagnostics, Held, Hold};

use super::{Runs, missing_folder, run};
use crate::args::Place;
use crate::exit::Exit;
use crate::findings;
use crate::report::{self, Outcome, shown};

/// An output folder that is held, with nothing in it half done.
pub(crate) struct HeldFolder {
    pub(crate) folder: PathBuf,
    /// What was found on the way.
    pub(crate) outcome: Outcome,
    _hold: Option<Hold>,
}

/// Holds a folder that files are exchanged in, and finishes what a run was cut short in there.
///
/// # Errors
/// With the exit code, if that fails; it is reported.
pub(crate) fn hold(folder: &Path, sink: &mut Diagnostics) -> Result<Option<Hold>, Exit> {
    gain(folder, true, sink).map(|access| access.hold)
}

/// Holds the output folder of a project, whatever the state of the project itself.
pub(crate) fn held(place: &Place, fails_if_busy: bool) -> HeldFolder {
    let args = place.common();
    let mut outcome = Outcome::default();
    if let Some(missing) = missing_folder(&args) {
        outcome.exit = Exit::Failed;
        outcome.diagnostics.push(findings::no_such_folder(missing));
        return HeldFolder { folder: PathBuf::new(), outcome, _hold: None };
    }
    // Where its outputs go is for the project to say.
    let folder = place.output.clone().unwrap_or_else(|| run(&args, Runs::WhatIsTrusted).1);
    outcome.output = shown(&folder);
    let hold = match gain(&folder, !fails_if_busy, &mut outcome.diagnostics) {
        Ok(access) => access.hold,
        Err(exit) => {
            outcome.exit = exit;
            None
        }
    };
    HeldFolder { folder, outcome, _hold: hold }
}

/// An output folder that may be written to.
pub(super) struct Access {
    /// None if the folder is not there yet.
    pub(super) hold: Option<Hold>,
    /// Whether the folder may have changed meanwhile.
    pub(super) is_changed: bool,
}

/// Holds the folder and finishes what a run before was cut short in.
///
/// # Errors
/// With the exit code, if somebody else holds it and `waits` is false, or something fails; that
/// is reported.
pub(super) fn gain(output: &Path, waits: bool, sink: &mut Diagnostics) -> Result<Access, Exit> {
    let (hold, has_waited) = match taken(output, waits) {
        Ok(held) => held,
        Err(finding) => {
            sink.push(*finding);
            return Err(Exit::Failed);
        }
    };
    let recovered = kiln::recover(output).map_err(|error| {
        sink.push(findings::not_written(&shown(output), &error));
        Exit::Failed
    })?;
    let is_changed = has_waited || recovered.is_some();
    sink.extend(recovered.map(|recovered| findings::recovered(&recovered)));
    Ok(Access { hold, is_changed })
}

/// The hold, and whether somebody else had it first.
fn taken(output: &Path, waits: bool) -> Result<(Option<Hold>, bool), Box<kiln::Diagnostic>> {
    let failed = |error| Box::new(findings::not_compared(&error));
    match kiln::hold(output).map_err(failed)? {
        Held::Now(hold) => Ok((Some(hold), false)),
        Held::Nothing => Ok((None, false)),
        Held::Busy(_) if !waits => Err(Box::new(findings::busy(&shown(output)))),
        Held::Busy(waiting) => {
            report::remark(&format!("waiting for another run that writes to `{}`", shown(output)));
            Ok((waiting.wait().map_err(failed)?, true))
        }
    }
}
