//! What the exit code says.

use std::process::ExitCode;

/// How a run ended. The numbers are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// What was asked for is done.
    Done = 0,
    /// The project has errors; nothing was written.
    Errors = 1,
    /// Wrong usage, or the world failed: a disk, a bug.
    Failed = 2,
    /// Something would be lost: a file that is not kiln's, or a key; nothing was written.
    Refused = 3,
    /// `diff --exit-code` found changes.
    Changes = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
