//! What the command itself has to say, beside what the library found.

use std::path::Path;

use kiln::{
    Action, Change, CommitError, Diagnostic, Plan, PlanError, Pruned, Reason, Recovered, Severity, Tool,
};

/// A folder of the command line does not exist.
pub(crate) fn no_such_folder(folder: &Path) -> Diagnostic {
    Diagnostic::error("load.no-such-folder", format!("there is no folder `{}`", folder.display()))
        .help("correct `--project` or `--pack`")
}

/// Secrets would go somewhere else than to somebody's eyes.
pub(crate) fn secrets_for_nobody() -> Diagnostic {
    Diagnostic::error(
        "kiln.no-terminal",
        "`--show-secrets` shows secrets on a terminal alone, in plain words",
    )
    .help("leave it out: which values change is told without it")
}

/// A command of `exec_post` failed after everything was written.
pub(crate) fn follow_up_failed(index: usize, code: Option<i32>) -> Diagnostic {
    let how = code.map_or("did not run to its end".to_owned(), |code| format!("ended with exit code {code}"));
    Diagnostic::error("makejinja.command-failed", format!("`exec_post[{index}]` {how}"))
        .note("the outputs were written before")
        .help("run it by hand to see why, or take it out of `makejinja.toml`")
}

/// `--fix` was given where no rule can ask for anything.
pub(crate) fn nothing_to_mend() -> Diagnostic {
    let message =
        "`--fix` changes nothing in a makejinja project: only the rules of a pack say what to write";
    Diagnostic::new(Severity::Info, "makejinja.nothing-to-mend", message)
        .help("correct by hand what the findings name")
}

/// The folder of a new project is something else.
pub(crate) fn not_a_folder(folder: &Path) -> Diagnostic {
    Diagnostic::error("init.not-a-folder", format!("`{}` is there, and is no folder", folder.display()))
        .help("name another folder, or one that is not there yet")
}

/// Files are in the way; `None` if none are. `excerpt` shows how one differs, of the first few.
pub(crate) fn conflicts(
    severity: Severity,
    plan: &Plan,
    excerpt: impl Fn(&Change) -> Option<String>,
) -> Option<Diagnostic> {
    const SHOWN: usize = 5;
    let why = |action| match action {
        Action::Conflict(Reason::Changed) => "changed since kiln wrote it",
        _ => "not written by kiln",
    };
    let count = plan.conflicts().count();
    let (files, them) =
        if count == 1 { ("1 file is", "it") } else { (&*format!("{count} files are"), "them") };
    let message = format!("{files} not kiln's to overwrite");
    let help = format!(
        "move your changes to the project's data or `overrides/`; or overwrite {them} with `--force` or \
         `--force=PATH`; or keep {them} as yours with `kiln adopt PATH`"
    );
    let finding = Diagnostic::new(severity, "plan.conflict", message).help(help);
    let notes = plan.conflicts().enumerate().map(|(index, change)| {
        let lines = (index < SHOWN).then(|| excerpt(change)).flatten();
        let lines = lines.map(|lines| format!("\n{lines}")).unwrap_or_default();
        format!("`{}`: {}{lines}", change.path(), why(change.action()))
    });
    (count > 0).then(|| notes.fold(finding, Diagnostic::note))
}

/// A path was named to be overwritten, and nothing is in the way there.
pub(crate) fn nothing_to_force(path: &str) -> Diagnostic {
    let message = format!("there is nothing to overwrite at `{path}`");
    Diagnostic::error("plan.nothing-to-force", message)
        .note("nothing was written")
        .help("name the path of an output that is in the way, relative to the output folder, as `kiln status` lists it")
}

/// A path was named to be adopted, and there is nothing to adopt.
pub(crate) fn nothing_to_adopt(path: &str) -> Diagnostic {
    Diagnostic::error("plan.nothing-to-adopt", format!("there is nothing to adopt at `{path}`"))
        .note("nothing was written")
        .help("name the path of an output that is there, relative to the output folder, as `kiln status` lists it")
}

/// What the user says to what a cluster would delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Nothing yet.
    Missing,
    /// Yes, in a run before.
    Recorded,
    /// The question comes next.
    Asked,
}

/// What a cluster would delete with the files that go or change; `None` if it would delete nothing.
pub(crate) fn prunings(severity: Severity, pruned: &[Pruned], consent: Consent) -> Option<Diagnostic> {
    let files = if pruned.len() == 1 { "1 object" } else { &*format!("{} objects", pruned.len()) };
    let message = format!("with the files that go or change, {files} would go from the cluster");
    let finding = Diagnostic::new(severity, "plan.prune-needs-consent", message);
    let finding = match consent {
        Consent::Missing => finding
            .help("if that is what you want, give `--prune`; if not, switch on again what was switched off, or keep the files with `--no-prune`"),
        Consent::Recorded => finding
            .note("somebody gave `--prune` in this project before, so `kiln.lock` says `prune = true`")
            .help("if that is not what you want, switch on again what was switched off; to be asked each time, take that line out"),
        Consent::Asked => finding.help("say no, and all files stay as they are"),
    };
    let note = |it: &Pruned| {
        let name =
            it.namespace.as_ref().map_or(it.name.clone(), |namespace| format!("{namespace}/{}", it.name));
        format!("Kustomization `{name}`, and everything made of `{}`", it.path)
    };
    (!pruned.is_empty()).then(|| pruned.iter().map(note).fold(finding, Diagnostic::note))
}

/// The user was asked about what a cluster would delete, and said no.
pub(crate) fn prunings_refused() -> Diagnostic {
    Diagnostic::error("plan.prune-needs-consent", "you did not agree to what would go from the cluster")
        .help("to write the other files, keep those that are no longer outputs with `--no-prune`")
}

/// A run was cut short; what it had decided was done now.
pub(crate) fn recovered(recovered: &Recovered) -> Diagnostic {
    let changed = if recovered.changed == 1 { "1 file" } else { &*format!("{} files", recovered.changed) };
    let message = format!("a run before was cut short; {changed} that it left open are written now");
    if recovered.left.is_empty() {
        return Diagnostic::new(Severity::Info, "commit.recovered", message)
            .help("there is nothing to do: all files are as that run would have left them");
    }
    let left = recovered.left.iter().map(|path| format!("changed since, and left as it is: `{path}`"));
    left.fold(Diagnostic::warning("commit.recovered", message), Diagnostic::note)
        .help("look at these files; `kiln diff` shows what differs")
}

/// A run was cut short, and nobody finished what it had decided.
pub(crate) fn interrupted(output: &str) -> Diagnostic {
    Diagnostic::warning("plan.interrupted", format!("a run that wrote to `{output}` was cut short"))
        .note("some files are as it would have left them, others are not")
        .help("run `kiln configure`, or `kiln recover`, which does what was left and nothing else")
}

/// Another run writes to the folder.
pub(crate) fn busy(output: &str) -> Diagnostic {
    Diagnostic::error("commit.busy", format!("another run writes to `{output}`"))
        .help("wait until it is done; without `--no-wait` kiln does")
}

/// Outputs that could not be compared for want of a key; `None` if there are none.
pub(crate) fn without_key(paths: &[String]) -> Option<Diagnostic> {
    let outputs = if paths.len() == 1 { "1 output".to_owned() } else { format!("{} outputs", paths.len()) };
    let message = format!("{outputs} could not be compared with what is there, because a key is missing");
    let finding = Diagnostic::warning("plan.not-compared", message).help(
        "put the key files back, or give the age key in `SOPS_AGE_KEY`; all other outputs were compared",
    );
    let notes = paths.iter().map(|path| format!("not compared: `{path}`"));
    (!paths.is_empty()).then(|| notes.fold(finding, Diagnostic::note))
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
    let (path, reason, unrestored, is_pending) = match error {
        CommitError::Write { path, reason, unrestored, is_pending, .. } => {
            (path, reason, unrestored, *is_pending)
        }
        CommitError::Changed { paths } => return all_changed_meanwhile(paths),
        _ => return Diagnostic::error("commit.cannot-write", "the outputs cannot be written"),
    };
    let message = match path.as_str() {
        "" => format!("`{output}` cannot be written to: {reason}"),
        path => format!("`{path}` cannot be written in `{output}`: {reason}"),
    };
    let finding = Diagnostic::error("commit.cannot-write", message);
    if is_pending {
        let files = unrestored.iter().map(|path| format!("could not be put back: `{path}`"));
        files.fold(finding, Diagnostic::note).note("what was to be written is kept in `.kiln/state`").help(
            "see to it that kiln may write there; then the next run, or `kiln recover`, does what is left",
        )
    } else if unrestored.is_empty() {
        finding
            .note("everything is as it was before")
            .help("see to it that kiln may write there, then run it again")
    } else {
        let files = unrestored.iter().map(|path| format!("could not be put back: `{path}`"));
        files.fold(finding, Diagnostic::note).help("take these files from git, then run kiln again")
    }
}

/// Somebody wrote a file between the look at it and its replacement.
pub(crate) fn changed_meanwhile(path: &str) -> Diagnostic {
    Diagnostic::error("commit.changed-meanwhile", format!("`{path}` was changed while kiln looked at it"))
        .note("nothing was written")
        .help("run it again")
}

fn all_changed_meanwhile(paths: &[String]) -> Diagnostic {
    match paths {
        [path] if !path.is_empty() => changed_meanwhile(path),
        paths => {
            let message = "files of the output folder were changed while kiln looked at them";
            let finding = Diagnostic::error("commit.changed-meanwhile", message);
            let named = paths.iter().filter(|path| !path.is_empty());
            let notes = named.map(|path| format!("changed: `{path}`"));
            notes.fold(finding, Diagnostic::note).note("nothing was written").help("run it again")
        }
    }
}

/// kiln is wrong.
pub(crate) fn bug(place: &str) -> Diagnostic {
    Diagnostic::error("kiln.bug", "kiln stopped in the middle of its work; this is a bug in kiln")
        .note(format!("it happened at {place}"))
        .help("please report it, with this place, the command and the version of kiln; leave out what is secret")
}

/// There is no such schema.
pub(crate) fn no_such_schema(name: &str, names: &[String]) -> Diagnostic {
    let finding = Diagnostic::error("load.no-schema", format!("there is no schema `{name}`"));
    match kiln::nearest(name, names.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => {
            let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            finding.help(format!("name one of {names}"))
        }
    }
}

/// Others can read a key file.
pub(crate) fn open_key_file(path: &str) -> Diagnostic {
    Diagnostic::warning("doctor.open-key-file", format!("others on this computer can read `{path}`"))
        .help(format!("run `chmod 600 {path}`"))
}

/// `sops` finds a key file by itself, and it is not the project's.
pub(crate) fn foreign_identity(path: &Path) -> Diagnostic {
    let message = format!("`{}` does not hold this project's age key", path.display());
    Diagnostic::warning("doctor.foreign-identity", message)
        .note("`sops` takes its keys from there, and opens no file of this project with them")
        .help("set `SOPS_AGE_KEY_FILE` to the project's key file, or add its key to that file")
}

/// git is not there, or does not know the folder.
pub(crate) fn no_repository() -> Diagnostic {
    Diagnostic::new(Severity::Info, "doctor.no-repository", "this folder is not in a git repository")
        .help("run `git init`: the cluster reads its files from a repository")
}

/// There is a repository, and git does not tell what it holds.
pub(crate) fn unknown_repository() -> Diagnostic {
    let message = "git does not say whether it tracks secrets of this folder";
    Diagnostic::warning("doctor.unknown-repository", message)
        .help("run `git status` here, which says why; if there is no such program, install git")
}

/// git tracks a secret.
pub(crate) fn tracked_secret(path: &str) -> Diagnostic {
    Diagnostic::error("doctor.tracked-secret", format!("git tracks `{path}`, which is secret"))
        .note("if it was ever pushed, others may have it: then make new secrets, too")
        .help(format!("run `git rm --cached {path}`, and commit that"))
}

/// A program is missing.
pub(crate) fn missing_tool(tool: &Tool) -> Diagnostic {
    Diagnostic::warning("doctor.missing-tool", format!("`{}` is not installed", tool.name))
        .note(format!("it is needed to {}", tool.why))
        .help(match &tool.at_least {
            Some(least) => format!("install it, {least} or newer, or see to it that it is on the `PATH`"),
            None => "install it, or see to it that it is on the `PATH`".to_owned(),
        })
}

/// A program is too old.
pub(crate) fn old_tool(tool: &Tool, found: &str, least: &str) -> Diagnostic {
    Diagnostic::warning("doctor.old-tool", format!("`{}` is {found}, and {least} is needed", tool.name))
        .note(format!("it is needed to {}", tool.why))
        .help(format!("install {least} or newer"))
}

/// A program does not say its version.
pub(crate) fn unknown_version(tool: &Tool, least: &str) -> Diagnostic {
    let message = format!("`{}` does not say which version it is", tool.name);
    Diagnostic::new(Severity::Info, "doctor.unknown-version", message)
        .help(format!("see to it that it is {least} or newer"))
}

/// A path of the command line is not there, or not in the repository.
pub(crate) fn no_such_path(path: &Path) -> Diagnostic {
    let message = format!("there is nothing at `{}` in this repository", path.display());
    Diagnostic::error("secrets.no-such-path", message)
        .help("name a file or a folder of the repository you are in")
}

/// git does not say what it is about to commit.
pub(crate) fn no_index() -> Diagnostic {
    Diagnostic::error("secrets.no-index", "git does not say what is about to be committed")
        .help("run it in a git repository; `git status` says more")
}

/// git would see a private key.
pub(crate) fn visible_key(path: &str) -> Diagnostic {
    Diagnostic::error("secrets.visible-key", format!("git does not ignore `{path}`, which would hold a private key"))
        .help("add the lines `/age.key`, `*.old-*` and `.kiln-*.tmp` to `.gitignore`, then run it again; nothing was written")
}
