//! `kiln doctor`.

mod identities;

mod repository;

mod tools;

use std::process::{Command, Stdio};
use std::time::Instant;

use kiln::{Checkup, DiskFiles};

use crate::args::Doctor;
use crate::exit::Exit;
use crate::findings;
use crate::report::{Line, Outcome, Subject, shown};
use crate::session;

/// Looks at the files of the project, and at what surrounds it.
pub(crate) fn run(args: &Doctor) -> Outcome {
    session::guarded(|| {
        let folder = args.project.as_path();
        let mut outcome = Outcome { subject: Subject::Health, output: shown(folder), ..Outcome::default() };
        let project = session::files(folder);
        if !project.is_folder() {
            outcome.exit = Exit::Failed;
            outcome.diagnostics.push(findings::no_such_folder(folder));
            return outcome;
        }
        let start = Instant::now();
        let mut checkup = kiln::doctor(&project);
        outcome.sources = std::mem::take(&mut checkup.sources);
        outcome.diagnostics = std::mem::take(&mut checkup.diagnostics);
        let (needed, missing) = checkup.needed;
        let summary = format!("{} of {needed} needed files are there", needed - missing);
        outcome.stages.push(Line::new("files", summary, start.elapsed()));
        timed("keys", &mut outcome, |outcome| keys(&checkup, &project, outcome));
        timed("git", &mut outcome, |outcome| repository::examine(folder, &checkup.secrets, outcome));
        timed("programs", &mut outcome, |outcome| tools::examine(&checkup.tools, outcome));
        if outcome.diagnostics.has_errors() {
            outcome.exit = Exit::Errors;
        }
        outcome
    })
}

/// Whether others can read a key file, and which key `sops` would take.
fn keys(checkup: &Checkup, project: &DiskFiles, outcome: &mut Outcome) -> String {
    let open = checkup.keys.iter().filter(|path| project.is_private(path) == Some(false));
    open.for_each(|path| outcome.diagnostics.push(findings::open_key_file(path)));
    if let Some(recipient) = &checkup.recipient {
        identities::examine(recipient, outcome);
    }
    format!("{} key files looked at", checkup.keys.len())
}

/// A program that nothing in the project can lead astray: it runs where no project lies, for
/// many programs read files of the folder they are started in, or are even found there.
fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir("/").stdin(Stdio::null());
    command
}

fn timed(name: &'static str, outcome: &mut Outcome, act: impl FnOnce(&mut Outcome) -> String) {
    let start = Instant::now();
    let summary = act(outcome);
    outcome.stages.push(Line::new(name, summary, start.elapsed()));
}
