//! `kiln init`.

use std::path::Path;

use kiln::{Action, CommitError, InitReport, NewFile};

use crate::args::Init;
use crate::exit::Exit;
use crate::findings;
use crate::report::{FileChange, Outcome, Subject, shown};
use crate::session;

/// Creates the files that the folder lacks.
pub(crate) fn run(args: &Init) -> Outcome {
    session::guarded(|| {
        let folder = args.project.as_path();
        let mut outcome = Outcome { subject: Subject::Files, output: shown(folder), ..Outcome::default() };
        if folder.symlink_metadata().is_ok() && !folder.is_dir() {
            outcome.exit = Exit::Failed;
            outcome.diagnostics.push(findings::not_a_folder(folder));
            return outcome;
        }
        let mut report = kiln::init(&session::files(folder), session::now());
        outcome.sources = std::mem::take(&mut report.sources);
        outcome.diagnostics = std::mem::take(&mut report.diagnostics);
        if outcome.diagnostics.has_errors() {
            outcome.exit = if report.refused { Exit::Refused } else { Exit::Errors };
            return outcome;
        }
        match kiln::create_new(folder, &report.files, &mut outcome.diagnostics) {
            Ok(()) => {
                outcome.written = true;
                outcome.advice = advice(&report, folder);
                outcome.changes = changes(&report);
                outcome.kept = report.kept.len();
            }
            Err(CommitError::Reported(_)) => outcome.exit = Exit::Errors,
            Err(error) => {
                outcome.exit = Exit::Failed;
                outcome.diagnostics.push(findings::not_written(&outcome.output, &error));
            }
        }
        outcome
    })
}

/// Every file of the project, in the order in which it was thought of: first what is new.
fn changes(report: &InitReport) -> Vec<FileChange> {
    let change = |path: &str, action| FileChange { path: path.to_owned(), action };
    let created = report.files.iter().map(NewFile::path).map(|path| change(path, Action::Create));
    let kept = report.kept.iter().map(|path| change(path, Action::Keep));
    created.chain(kept).collect()
}

/// What the user has to do with what was created.
fn advice(report: &InitReport, folder: &Path) -> Vec<String> {
    let mut steps = Vec::new();
    for (path, keys) in report.required.iter().filter(|(_, keys)| !keys.is_empty()) {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        steps.push(format!("Fill in `{path}`: {}.", keys.join(", ")));
    }
    for (path, line) in &report.public {
        steps.push(format!(
            "If the repository is private, give its host the deploy key in `{path}`, for reading alone:\n{}",
            line.trim_end()
        ));
    }
    if !report.keys.is_empty() {
        let keys: Vec<String> = report.keys.iter().map(|path| format!("`{path}`")).collect();
        let them = if keys.len() == 1 { "it" } else { "them" };
        steps.push(format!("Keep a copy of {} in a safe place: git does not have {them}.", keys.join(", ")));
    }
    if !steps.is_empty() {
        let project =
            if shown(folder) == "." { String::new() } else { format!(" --project {}", word(&shown(folder))) };
        steps.push(format!("Run `kiln doctor{project}`, then `kiln configure{project}`."));
    }
    steps
}

/// A path as a shell takes it for one word, and kiln for no option.
fn word(path: &str) -> String {
    let is_usual = |it: char| it.is_alphanumeric() || "/._-+@".contains(it);
    let path = if path.starts_with('-') { format!("./{path}") } else { path.to_owned() };
    if path.chars().all(is_usual) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_a_path_for_one_word() {
        for (path, expected) in [
            ("a/b-c_1.d", "a/b-c_1.d"),
            ("my cluster", "'my cluster'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
            ("-x", "./-x"),
        ] {
            assert_eq!(word(path), expected);
        }
    }
}
