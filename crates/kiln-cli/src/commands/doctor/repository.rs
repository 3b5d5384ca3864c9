//! What git knows of the project.

use std::path::Path;

use super::program;
use crate::findings;
use crate::report::Outcome;

/// Settings under which git starts no program: the folder, and with it the settings of the
/// repository, may be somebody else's.
const NO_PROGRAMS: [&str; 6] =
    ["-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "-c", "safe.bareRepository=explicit"];

/// What leads git to another repository than that of the folder.
const ELSEWHERE: [&str; 4] = ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"];

/// Finds secrets that git tracks.
pub(super) fn examine(folder: &Path, secrets: &[String], outcome: &mut Outcome) -> String {
    let Some(tracked) = tracked(folder, secrets) else {
        let has_repository = folder
            .canonicalize()
            .is_ok_and(|folder| folder.ancestors().any(|folder| folder.join(".git").exists()));
        outcome.diagnostics.push(if has_repository {
            findings::unknown_repository()
        } else {
            findings::no_repository()
        });
        return "not looked at".to_owned();
    };
    tracked.iter().for_each(|path| outcome.diagnostics.push(findings::tracked_secret(path)));
    format!("{} of {} secret files are tracked", tracked.len(), secrets.len())
}

/// Those of the paths that git tracks; `None` if git is not there or does not know the
/// folder.
fn tracked(folder: &Path, paths: &[String]) -> Option<Vec<String>> {
    let mut git = program("git");
    ELSEWHERE.iter().for_each(|name| {
        git.env_remove(name);
    });
    // Else git might fetch what the repository lacks, by a program that its settings name.
    git.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "");
    git.args(NO_PROGRAMS).arg("-C").arg(folder.canonicalize().ok()?);
    git.args(["--literal-pathspecs", "ls-files", "-z", "--cached", "--"]);
    // Without a path, git would list everything.
    git.args(paths).args(paths.is_empty().then_some(".git"));
    let output = git.output().ok()?;
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| list.split_terminator('\0').map(str::to_owned).collect())
}
