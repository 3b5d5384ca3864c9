//! Checks the data of a project, and renders nothing: `check FOLDER`.
//!
//! It is what an editor needs, and what `cargo xtask bench check` measures.

#![allow(clippy::print_stdout, reason = "an example says what it found")]

use std::process::ExitCode;

use kiln::{DiskFiles, Request, Severity};

/// As in `kiln` itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let project = DiskFiles::new(folder);
    let report = kiln::check(&Request::new(&project, 0));
    for finding in report.diagnostics.iter() {
        println!("{}[{}]: {}", finding.severity.name(), finding.code, finding.message);
    }
    for stage in &report.stages {
        println!("{:>9.2?} {}: {}", stage.time, stage.name, stage.summary);
    }
    if report.diagnostics.count(Severity::Error) > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
