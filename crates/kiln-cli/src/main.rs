//! The `kiln` command: arguments in, words and exit codes out.
//!
//! It reads the clock and the terminal, lets the library do the work, and says what came
//! of it in one of four formats. It decides nothing about a project.

mod args;

mod commands;

mod session;

mod findings;

mod report;

mod exit;

mod trust;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    if arguments.next().is_some_and(|program| Path::new(&program).file_name() == Some("makejinja".as_ref())) {
        return guarded(|| commands::makejinja::run(arguments.collect())).into();
    }
    match args::Cli::try_parse() {
        Ok(cli) => guarded(|| commands::run(cli)).into(),
        Err(refusal) => {
            // Help and version come this way too, on standard output. Nobody is left to
            // tell if that fails.
            let _ = refusal.print();
            if refusal.use_stderr() { exit::Exit::Failed.into() } else { exit::Exit::Done.into() }
        }
    }
}

/// Runs a command; a panic becomes a complaint.
fn guarded(run: impl FnOnce() -> exit::Exit) -> exit::Exit {
    let exit = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
    exit.unwrap_or_else(|_| report::complain("kiln could not say what it found; this is a bug in kiln"))
}
