//! What the command itself has to say, beside what the library found.

use std::path::Path;

use kiln::{Action, CommitError, Diagnostic, Plan, PlanError, Reason, Severity};

/// A folder of the command line does not exist.
pub(crate) fn no_such_folder(folder: &Path) -> Diagnostic {
    Diagnostic::error("load.no-such-folder", format!("there is no folder `{}`", folder.display()))
        .help("correct `--project` or `--pack`")
}

/// Files are in the way; `None` if none are.
pub(crate) fn conflicts(severity: Severity, plan: &Plan) -> Option<Diagnostic> {
    let why = |action| match action {
        Action::Conflict(Reason::Changed) => "changed since kiln wrote it",
        _ => "not written by kiln",
    };
    let count = plan.conflicts().count();
    let (files, them) =
        if count == 1 { ("1 file is", "it") } else { (&*format!("{count} files are"), "them") };
    let message = format!("{files} not kiln's to overwrite");
    let help = format!(
        "look at `kiln diff`; then move your changes to the project's data or `overrides/`, \
         or take {them} out of the way, or overwrite {them} with `--force`"
    );
    let finding = Diagnostic::new(severity, "plan.conflict", message).help(help);
    let notes = plan.conflicts().map(|change| format!("`{}`: {}", change.path(), why(change.action())));
    (count > 0).then(|| notes.fold(finding, Diagnostic::note))
}

/// The output folder could not be read.
pub(crate) fn not_compared(error: &PlanError) -> Diagnostic {
    match error {
        PlanError::Read { path, reason, .. } => {
            Diagnostic::error("plan.cannot-read", format!("`{path}` cannot be read: {reason}"))
        }
        _ => Diagnostic::error("plan.cannot-read", "the output folder cannot be read"),
    }
    .help("see to it that kiln may read the output folder")
}

/// The plan could not be written.
pub(crate) fn not_written(output: &str, error: &CommitError) -> Diagnostic {
    let CommitError::Write { path, reason, unrestored, .. } = error else {
        return Diagnostic::error("commit.cannot-write", "the outputs cannot be written");
    };
    let finding = Diagnostic::error(
        "commit.cannot-write",
        format!("`{path}` cannot be written in `{output}`: {reason}"),
    );
    if unrestored.is_empty() {
        finding.note("everything is as it was before")
    } else {
        let files = unrestored.iter().map(|path| format!("could not be put back: `{path}`"));
        files.fold(finding, Diagnostic::note).help("take these files from git, then run kiln again")
    }
}

/// kiln is wrong.
pub(crate) fn bug(place: &str) -> Diagnostic {
    Diagnostic::error("kiln.bug", "kiln stopped in the middle of its work; this is a bug in kiln")
        .note(format!("it happened at {place}"))
        .help("please report it, with this place, the command and the version of kiln; leave out what is secret")
}
