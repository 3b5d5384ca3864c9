//! What sops says on standard error beside its errors, in the shape of its log.

use std::io::{self, IsTerminal as _, Write as _};

use super::failure::LOGGER;
use crate::session;

/// Says something that may not be wanted.
pub(super) fn warn(message: &str) {
    say(&line(LOGGER, "warning", message, &[]));
}

/// Says what went wrong, where that is not the end.
pub(super) fn error(message: &str, fields: &[(&str, &str)]) {
    say(&line(LOGGER, "error", message, fields));
}

/// The last line of a run that failed.
pub(super) fn fatal(logger: &str, message: &str) {
    say(&line(logger, "fatal", message, &[]));
}

/// A line with the time in front, as `updatekeys` has them.
pub(super) fn stamped(message: &str) {
    let time = kiln::sops::timestamp(session::now()).replace('-', "/").replace('T', " ");
    say(&format!("{} {message}", time.trim_end_matches('Z')));
}

/// A line on standard error.
pub(super) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn line(logger: &str, level: &str, message: &str, fields: &[(&str, &str)]) -> String {
    let fields: String = fields.iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
    if io::stderr().is_terminal() {
        let short = level.to_uppercase();
        return format!("[{logger}]\t {}[0000] {message}{fields}", &short[..4]);
    }
    let time = kiln::sops::timestamp(session::now());
    format!("[{logger}]\t time=\"{time}\" level={level} msg={message:?}{fields}")
}
