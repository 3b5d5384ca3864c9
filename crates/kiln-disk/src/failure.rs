//! Our own words for what an operating system refuses.

use std::io::{Error, ErrorKind};

/// A boxed error of another library, kept for whoever debugs and never shown.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A short reason. The system's own text is left out: it changes with platform and
/// language, and may repeat arguments.
pub(crate) fn reason(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound => "not found",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::IsADirectory => "is a folder",
        ErrorKind::NotADirectory => "a part of the path is not a folder",
        ErrorKind::AlreadyExists => "something else stands there",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "no space left",
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        ErrorKind::InvalidFilename => "the file system does not take this name",
        ErrorKind::FileTooLarge => "too large",
        ErrorKind::Unsupported => "is not a regular file",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "in use",
        _ => "input or output failed",
    }
}
