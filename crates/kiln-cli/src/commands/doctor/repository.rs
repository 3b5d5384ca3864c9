//! What git knows of the project.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::findings;
use crate::report::Outcome;

/// Finds secrets that git tracks.
pub(super) fn examine(folder: &Path, secrets: &[String], outcome: &mut Outcome) -> String {
    let Some(tracked) = tracked(folder, secrets) else {
        outcome.diagnostics.push(findings::no_repository());
        return "not looked at".to_owned();
    };
    tracked.iter().for_each(|path| outcome.diagnostics.push(findings::tracked_secret(path)));
    format!("{} of {} secret files are tracked", tracked.len(), secrets.len())
}

/// Those of the paths that git tracks; `None` if git is not there or does not know the
/// folder.
fn tracked(folder: &Path, paths: &[String]) -> Option<Vec<String>> {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["--literal-pathspecs", "ls-files", "-z", "--cached", "--"]);
    // Without a path, git would list everything.
    git.args(paths).args(paths.is_empty().then_some(".git"));
    let output = git.stdin(Stdio::null()).output().ok()?;
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| list.split_terminator('\0').map(str::to_owned).collect())
}
