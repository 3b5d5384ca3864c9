//! The programs that people need beside kiln.

use std::io::Read as _;
use std::process::{ChildStdout, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use kiln::Tool;

use super::program;
use crate::findings;
use crate::report::Outcome;

/// How long a program may take to say its version.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a program may be silent before it is looked whether it still runs.
const PAUSE: Duration = Duration::from_millis(250);

/// How many bytes of what a program says are enough to find its version.
const ENOUGH: usize = 4096;

/// Finds programs that are missing or too old.
pub(super) fn examine(tools: &[Tool], outcome: &mut Outcome) -> String {
    let mut found = 0;
    for tool in tools {
        let Some(said) = ask(tool) else {
            outcome.diagnostics.push(findings::missing_tool(tool));
            continue;
        };
        found += 1;
        let Some(least) = &tool.at_least else { continue };
        // One number alone is a version here, but not among other words.
        let oldest = version_in(&format!("{least}.0"));
        match version_in(&said) {
            Some(version) if Some(version) < oldest => {
                outcome.diagnostics.push(findings::old_tool(tool, &shown(version), least));
            }
            Some(_) => {}
            None => outcome.diagnostics.push(findings::unknown_version(tool, least)),
        }
    }
    format!("{found} of {} are there", tools.len())
}

/// What a program says when it is asked for its version; `None` if there is no such program.
fn ask(tool: &Tool) -> Option<String> {
    let mut command = program(&tool.name);
    command.args(&tool.version).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let said = listen(child.stdout.take()?);
    let start = Instant::now();
    let mut text = Vec::new();
    while text.len() < ENOUGH && start.elapsed() < PATIENCE {
        match said.recv_timeout(PAUSE) {
            Ok(part) => text.extend(part),
            Err(RecvTimeoutError::Timeout) if matches!(child.try_wait(), Ok(None)) => {}
            // It ended; what it started may still hold its output open.
            Err(_) => break,
        }
    }
    // Whatever it still does, it was only asked for its version.
    let _ = child.kill();
    let _ = child.wait();
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Gives what a program says, part by part, up to its end.
fn listen(mut output: ChildStdout) -> Receiver<Vec<u8>> {
    let (sender, said) = mpsc::channel();
    thread::spawn(move || {
        let mut part = [0; ENOUGH];
        while let Ok(length @ 1..) = output.read(&mut part) {
            if sender.send(part[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    said
}

/// Three numbers, missing ones 0.
type Version = [u64; 3];

/// The first version in a text.
fn version_in(text: &str) -> Option<Version> {
    let words = text.split(|it: char| !it.is_ascii_digit() && it != '.');
    words.filter(|word| word.trim_matches('.').contains('.')).find_map(|word| {
        let mut parts = word.trim_matches('.').split('.').map(str::parse);
        let first = parts.next()?.ok()?;
        let mut next = || parts.next().map_or(Some(0), Result::ok);
        Some([first, next()?, next()?])
    })
}

fn shown(version: Version) -> String {
    version.map(|part| part.to_string()).join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_print() {
        for (said, version) in [
            ("Client v1.12.0\n", [1, 12, 0]),
            ("Client Version: v1.35.0\nKustomize Version: v5.7.1\n", [1, 35, 0]),
            ("v3.18.4+gd80839c\n", [3, 18, 4]),
            ("sops 3.13.3 (latest)\n", [3, 13, 3]),
            ("tool version 2.7\n", [2, 7, 0]),
            ("1.2.3.4", [1, 2, 3]),
        ] {
            assert_eq!(version_in(said), Some(version), "{said}");
        }
        for said in ["", "(devel)", "release 7", "a..b", "99999999999999999999999.1"] {
            assert_eq!(version_in(said), None, "{said}");
        }
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(version_in("1.9.0") < version_in("1.10.0"));
        assert!(version_in("2.0") > version_in("1.99.9"));
    }
}
