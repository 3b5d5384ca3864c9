//! git, as a program.

use std::path::Path;
use std::process::{Command, Stdio};

/// git in a folder. It is only asked, and starts no program that the repository names.
///
/// What git itself says in the environment stays: in a hook that is which index counts.
pub(super) fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.args(["-c", "core.fsmonitor="]).arg("-C").arg(folder);
    git.env("GIT_NO_LAZY_FETCH", "1").stdin(Stdio::null()).stderr(Stdio::null());
    git
}

/// What git answers; `None` if it fails.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = git(folder).args(arguments).output().ok()?;
    output.status.success().then_some(output.stdout)
}

/// What git answers in one line.
pub(super) fn line(folder: &Path, arguments: &[&str]) -> Option<String> {
    let answer = String::from_utf8(ask(folder, arguments)?).ok()?;
    Some(answer.strip_suffix('\n').unwrap_or(&answer).to_owned())
}

/// Whether git would see a file with this name: there is a repository, and nothing in it says
/// that the file is ignored.
pub(super) fn would_see(folder: &Path, path: &str) -> bool {
    if ask(folder, &["rev-parse", "--is-inside-work-tree"]).is_none() {
        // Without git nobody sees it; with a repository that git does not read, nobody knows.
        return folder.ancestors().any(|folder| kiln::live::kind(&folder.join(".git")).is_some());
    }
    git(folder).args(["check-ignore", "--quiet", "--", path]).status().is_ok_and(|status| !status.success())
}
