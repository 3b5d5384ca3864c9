//! Access to the output folder: one run at a time, and nothing left over from one before.

use std::path::Path;

use kiln::{Diagnostics, Held, Hold};

use crate::exit::Exit;
use crate::findings;
use crate::report;

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
    let (hold, has_waited) = match held(output, waits) {
        Ok(held) => held,
        Err(finding) => {
            sink.push(*finding);
            return Err(Exit::Failed);
        }
    };
    let recovered = kiln::recover(output).map_err(|error| {
        sink.push(findings::not_written(&report::shown(output), &error));
        Exit::Failed
    })?;
    let is_changed = has_waited || recovered.is_some();
    sink.extend(recovered.map(|recovered| findings::recovered(&recovered)));
    Ok(Access { hold, is_changed })
}

/// The hold, and whether somebody else had it first.
fn held(output: &Path, waits: bool) -> Result<(Option<Hold>, bool), Box<kiln::Diagnostic>> {
    let failed = |error| Box::new(findings::not_compared(&error));
    match kiln::hold(output).map_err(failed)? {
        Held::Now(hold) => Ok((Some(hold), false)),
        Held::Nothing => Ok((None, false)),
        Held::Busy(_) if !waits => Err(Box::new(findings::busy(&report::shown(output)))),
        Held::Busy(waiting) => {
            report::remark(&format!("waiting for another run that writes to `{}`", report::shown(output)));
            Ok((waiting.wait().map_err(failed)?, true))
        }
    }
}
