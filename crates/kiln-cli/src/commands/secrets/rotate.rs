//! `kiln secrets rotate`.

use std::fmt::Write as _;
use std::path::Path;

use kiln::secrets::{Change, NewKey, Rotation, RotationRequest, Work};
use kiln::{CommitError, Diagnostics, DiskFiles, NewFile, PlanError, Sources};

use super::git;
use super::place::keys_of;
use crate::args::{Format, RotateSecrets};
use crate::dialog::{self, Terminal};
use crate::exit::Exit;
use crate::findings;
use crate::report::{self, Outcome, shown};
use crate::session;

const SURE: &str = "writing to a String cannot fail";

/// Says what would change, asks, and changes it.
pub(super) fn run(args: &RotateSecrets) -> Exit {
    let files = DiskFiles::new(&args.project).with_display_prefix(&args.project);
    if !files.is_folder() {
        return failed(Exit::Failed, |sink| sink.push(findings::no_such_folder(&args.project)));
    }
    let mut found = Outcome::default();
    let held = session::hold(&args.project, &mut found.diagnostics);
    report::explain(&found);
    let _hold = match held {
        Ok(hold) => hold,
        Err(exit) => return exit,
    };
    let identities = keys_of(&files);
    let change = if args.new_key {
        Change::NewKey { post_quantum: args.post_quantum, keep_old: args.keep_old }
    } else if args.to.is_empty() {
        Change::AsRuled
    } else {
        Change::To(args.to.clone())
    };
    let terminal = Terminal;
    let mut rotation = kiln::secrets::rotate(&RotationRequest {
        files: &files,
        identities: &identities,
        change: &change,
        now: session::now(),
        dialog: &terminal,
    });
    let outcome = Outcome {
        sources: std::mem::take(&mut rotation.sources),
        diagnostics: std::mem::take(&mut rotation.diagnostics),
        ..Outcome::default()
    };
    report::explain(&outcome);
    if outcome.diagnostics.has_errors() {
        report::remark("nothing was written");
        return Exit::Errors;
    }
    if let Some(path) = visible(&args.project, rotation.key.as_ref()) {
        return failed(Exit::Refused, |sink| sink.push(findings::visible_key(&path)));
    }
    let told = report::print(told(&rotation, &change).as_bytes());
    if told != Exit::Done || args.dry_run || (rotation.artifacts.is_empty() && rotation.key.is_none()) {
        return told;
    }
    if !args.yes && !dialog::is_wanted("Write this?") {
        report::remark("nothing was written; `--yes` does not ask");
        return Exit::Refused;
    }
    write(&args.project, rotation)
}

/// A file with a private key that git would see.
fn visible(project: &Path, key: Option<&NewKey>) -> Option<String> {
    let key = key?;
    let own = [Some(&key.last), key.backup.as_ref()].into_iter().flatten().map(NewFile::path);
    // Under such a name a file is written before it gets its own.
    let mut paths = own.chain([".kiln-0.tmp"]);
    paths.find(|path| git::would_see(project, path)).map(str::to_owned)
}

/// What would change, and what else is to be done.
fn told(rotation: &Rotation, change: &Change) -> String {
    let mut text = String::new();
    let mut line = |words: String| writeln!(text, "{words}").expect(SURE);
    for (path, work) in &rotation.changes {
        let word = match work {
            Work::Rewrapped => "rewrap",
            Work::Rotated => "rotate",
            Work::Rules => "change",
        };
        line(format!("{word} {path}"));
    }
    let count = rotation.changes.len();
    line(format!("{count} {} to write, {} kept", if count == 1 { "file" } else { "files" }, rotation.kept));
    rotation.added.iter().for_each(|it| line(format!("+ {it}")));
    rotation.removed.iter().for_each(|it| line(format!("- {it}")));
    if let Some(key) = &rotation.key {
        match &key.backup {
            Some(backup) => {
                line(format!("the new key goes into {}, the old one into {}", key.path, backup.path()));
            }
            None if matches!(change, Change::NewKey { .. }) => {
                line(format!("the new key goes into {}", key.path))
            }
            None => line(format!("{} names the new recipients; its key stays", key.path)),
        }
    }
    steps(rotation, change, &mut line);
    text
}

/// What people have to do, which kiln cannot.
fn steps(rotation: &Rotation, change: &Change, line: &mut dyn FnMut(String)) {
    let mut number = 0;
    let mut step = |words: String| {
        if number == 0 {
            line(String::new());
            line("What is left to do, in this order:".to_owned());
        }
        number += 1;
        line(format!("  {number}. {}", words.replace('\n', "\n     ")));
    };
    if let (Change::NewKey { .. }, Some(key)) = (change, &rotation.key) {
        let mut secrets: Vec<String> = Vec::new();
        for secret in rotation.clusters.iter().filter(|secret| !secret.name.is_empty()) {
            let namespace = secret
                .namespace
                .as_deref()
                .map(|it| format!(" --namespace {}", quoted(it)))
                .unwrap_or_default();
            let command = format!(
                "kubectl{namespace} create secret generic {} --from-file={}={} --dry-run=client --output yaml \
                 | kubectl{namespace} apply --filename -",
                quoted(&secret.name),
                quoted(&secret.key),
                quoted(&key.path),
            );
            if !secrets.contains(&command) {
                secrets.push(command);
            }
        }
        if secrets.is_empty() {
            step(format!(
                "Give the key in `{}` to whatever decrypts these files elsewhere: a cluster, CI.",
                key.path
            ));
        } else {
            step(format!("Give the new key to the cluster, before you push:\n{}", secrets.join("\n")));
        }
    }
    if !rotation.artifacts.is_empty() {
        step("Commit and push the files that changed.".to_owned());
    }
    if let (Change::NewKey { keep_old: true, .. }, Some(key)) = (change, &rotation.key) {
        step(format!(
            "When everybody has the new key, let it alone open the files:\nkiln secrets rotate --to {}",
            rotation.added.join(",")
        ));
        step(format!("Keep a copy of `{}` in a safe place.", key.path));
    } else if let (Change::NewKey { .. }, Some(key)) = (change, &rotation.key) {
        step(format!("Keep a copy of `{}` in a safe place: git does not have it.", key.path));
    }
    if !rotation.removed.is_empty() {
        step(
            "The history of git stays readable to the keys that were removed. If somebody else has one of \
             them, change the secrets themselves: passwords, tokens, keys."
                .to_owned(),
        );
    }
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_' | '/' | ':');
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Writes everything, in an order in which some key file on the disk always opens each file:
/// a copy of the old key, both keys together, the encrypted files, the new key alone.
fn write(project: &Path, rotation: Rotation) -> Exit {
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let done = write_in_order(project, rotation, &mut sources, &mut sink);
    match done {
        Ok(()) => report::print(b"\nwritten\n"),
        Err(error) => {
            if let Some(error) = error {
                sink.push(findings::not_written(&shown(project), &error));
            }
            report::explain(&Outcome { sources, diagnostics: sink, ..Outcome::default() });
            Exit::Failed
        }
    }
}

/// Why nothing was written; the findings say why where there is no error.
type Failed = Option<CommitError>;

fn write_in_order(
    project: &Path,
    rotation: Rotation,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<(), Failed> {
    let plan = kiln::exchange(project, rotation.artifacts, sources, sink).map_err(|error| {
        if !matches!(error, PlanError::Reported(_)) {
            sink.push(findings::not_compared(&error));
        }
        None
    })?;
    let Some(key) = rotation.key else { return plan.commit().map(|_| ()).map_err(reported) };
    if let Some(backup) = &key.backup {
        kiln::create_new(project, std::slice::from_ref(backup), sink).map_err(reported)?;
    }
    if let Some(meanwhile) = &key.meanwhile {
        kiln::put(project, meanwhile, sink).map_err(reported)?;
    }
    if let Err(error) = plan.commit() {
        // The files are as they were, so the key file can be; if not, it holds both keys. The
        // copy of the old key stays: it does no harm, and what failed may fail again.
        if let (Some(before), Some(_)) = (&key.before, &key.meanwhile) {
            let _ = kiln::put(project, before, sink);
        }
        return Err(reported(error));
    }
    kiln::put(project, &key.last, sink).map_err(reported)
}

fn reported(error: CommitError) -> Failed {
    (!matches!(error, CommitError::Reported(_))).then_some(error)
}

/// Shows findings alone.
fn failed(exit: Exit, report: impl FnOnce(&mut Diagnostics)) -> Exit {
    let mut outcome = Outcome { exit, ..Outcome::default() };
    report(&mut outcome.diagnostics);
    report::publish(&outcome, Format::Human);
    exit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_shell_cannot_leave_their_quotes() {
        assert_eq!(quoted("age.agekey"), "age.agekey");
        assert_eq!(quoted("a'; rm -r x"), "'a'\\''; rm -r x'");
        assert_eq!(quoted(""), "''");
    }
}
