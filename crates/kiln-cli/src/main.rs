//! The `kiln` command: arguments in, words and exit codes out.
//!
//! It reads the clock and the terminal, lets the library do the work, and says what came
//! of it in one of four formats. It decides nothing about a project.

mod args;

mod commands;

mod dialog;

mod difference;

mod environment;

mod identities;

mod session;

mod findings;

mod report;

mod exit;

mod trust;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;

/// A run makes and drops many small values on several threads, with which this one is done sooner
/// than the system's: by a sixth of the time where there are hundreds of nodes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if let Some(arguments) = of_makejinja() {
        return guarded(|| commands::makejinja::run(arguments).into());
    }
    if let Some((program, arguments)) = of_sops() {
        return guarded(|| commands::sops::run(program, arguments));
    }
    match args::Cli::try_parse() {
        Ok(cli) => guarded(|| commands::run(cli).into()),
        Err(refusal) => {
            // Help and version come this way too, on standard output. Nobody is left to
            // tell if that fails.
            let _ = refusal.print();
            if refusal.use_stderr() { exit::Exit::Failed.into() } else { exit::Exit::Done.into() }
        }
    }
}

/// The arguments of makejinja, if kiln is asked for it by its name or by its first argument. They
/// are taken as they are: `--` means to makejinja what it means to it.
fn of_makejinja() -> Option<Vec<OsString>> {
    let is_named = |word: &OsString| Path::new(word).file_name() == Some("makejinja".as_ref());
    let mut words = std::env::args_os();
    if words.next().is_some_and(|program| is_named(&program)) {
        return Some(words.collect());
    }
    words.next().filter(|command| command == "makejinja").map(|_| words.collect())
}

/// The arguments of sops, and how it was called; in the same way.
fn of_sops() -> Option<(&'static str, Vec<OsString>)> {
    let is_named = |word: &OsString| word.to_string_lossy().ends_with("sops");
    let mut words = std::env::args_os();
    if words.next().is_some_and(|program| is_named(&program)) {
        return Some(("sops", words.collect()));
    }
    words.next().filter(|command| command == "sops").map(|_| ("kiln sops", words.collect()))
}

/// Runs a command; a panic becomes a complaint.
fn guarded(run: impl FnOnce() -> ExitCode) -> ExitCode {
    let exit = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
    exit.unwrap_or_else(|_| {
        report::complain("kiln could not say what it found; this is a bug in kiln").into()
    })
}
