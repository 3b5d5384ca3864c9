//! The environment of the process.

use std::ffi::OsString;

/// A variable, as it is; none if it is not set.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    #[allow(clippy::disallowed_methods, reason = "this is where the environment is read")]
    std::env::var_os(name)
}

/// A variable that says something.
pub(crate) fn filled(name: &str) -> Option<OsString> {
    variable(name).filter(|value| !value.is_empty())
}

/// A variable as text; bytes that are not UTF-8 are replaced.
pub(crate) fn text(name: &str) -> Option<String> {
    variable(name).map(|value| value.to_string_lossy().into_owned())
}
