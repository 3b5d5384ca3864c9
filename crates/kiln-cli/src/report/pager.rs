//! Long texts on a terminal.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anstream::ColorChoice;

use crate::environment;

/// What a shell says of a program that it does not find, and of one that it may not run.
const NOT_RUN: [i32; 2] = [126, 127];

/// Shows a text in the user's pager, `KILN_PAGER`, `PAGER` or `less`; whether it was shown.
///
/// `less` shows colours, ends by itself where everything fits on the screen, and leaves it there.
pub(super) fn show(text: &str) -> bool {
    let named = ["KILN_PAGER", "PAGER"].into_iter().find_map(environment::variable);
    let program = named.unwrap_or_else(|| "less".into());
    if program.is_empty() || program == "cat" {
        return false;
    }
    let is_coloured = anstream::AutoStream::choice(&std::io::stdout()) != ColorChoice::Never;
    let text = if is_coloured { text.to_owned() } else { anstream::adapter::strip_str(text).to_string() };
    let mut command = Command::new("sh");
    command.arg("-c").arg(&program).stdin(Stdio::piped());
    if environment::variable("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut stdin) = child.stdin.take() {
        // A reader that went away has read what it wanted.
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait().is_ok_and(|status| status.code().is_none_or(|code| !NOT_RUN.contains(&code)))
}
