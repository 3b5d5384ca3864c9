//! `kiln watch`.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use kiln::LOCK_FILE;

use super::configure;
use crate::args::Configure;
use crate::exit::Exit;
use crate::report::{self, Outcome, Teller};

/// Does what `configure` does, now and whenever something changes that it may depend on.
///
/// It ends when the user ends it, or if the system does not tell of changes.
pub(crate) fn run(args: &Configure) -> Exit {
    match watch(args) {
        Ok(never) => match never {},
        Err(reason) => report::complain(&format!("cannot watch the project: {reason}")),
    }
}

fn watch(args: &Configure) -> Result<std::convert::Infallible, String> {
    let mut watch = kiln::Watch::new().map_err(|error| error.reason)?;
    for folder in watched(args) {
        watch.add(folder).map_err(|error| error.reason)?;
    }
    let mut teller = Teller::new(args.common.format);
    let mut outputs = Outputs::of(&watched(args));
    report::remark(&format!("watching `{}`; Ctrl-C ends it", report::shown(&args.common.project)));
    loop {
        let outcome = configure::run(args);
        outputs.learn(args, &outcome);
        teller.tell(&outcome);
        watch.wait(|path| !outputs.contain(path)).map_err(|error| error.reason)?;
    }
}

/// The folders whose files a run may depend on.
fn watched(args: &Configure) -> Vec<&Path> {
    let common = &args.common;
    [Some(common.project.as_path()), common.pack.as_deref()].into_iter().flatten().collect()
}

/// What kiln itself writes, or git.
#[derive(Default)]
struct Outputs {
    /// The folders that are watched.
    watched: Vec<PathBuf>,
    folder: PathBuf,
    paths: BTreeSet<String>,
}

impl Outputs {
    /// Those of a project of which nothing is known yet.
    fn of(watched: &[&Path]) -> Outputs {
        Outputs { watched: watched.iter().map(|folder| real(folder)).collect(), ..Outputs::default() }
    }

    /// Learns of the outputs of a run; one that had errors tells of none.
    fn learn(&mut self, args: &Configure, outcome: &Outcome) {
        if outcome.outputs.is_empty() {
            return;
        }
        let folder = args.common.output.clone().unwrap_or_else(|| outcome.output.clone().into());
        self.folder = real(&folder);
        self.paths = outcome.outputs.iter().cloned().collect();
    }

    fn contain(&self, path: &Path) -> bool {
        let is_private = |part: Component<'_>| {
            let name = part.as_os_str();
            name == ".git" || name == ".kiln" || name.to_str().is_some_and(is_temporary)
        };
        // What stands above a folder that is watched says nothing about what is in it.
        let inside = |folder: &PathBuf| path.strip_prefix(folder).ok();
        let below = self.watched.iter().filter_map(inside).min_by_key(|it| it.as_os_str().len());
        below.unwrap_or(path).components().any(is_private)
            || path
                .strip_prefix(&self.folder)
                .ok()
                .and_then(Path::to_str)
                .is_some_and(|path| path == LOCK_FILE || self.paths.contains(path) || self.is_folder(path))
    }

    /// Whether it is a folder that outputs lie in.
    fn is_folder(&self, path: &str) -> bool {
        let start = format!("{path}/");
        self.paths.range(start.clone()..).next().is_some_and(|next| next.starts_with(&start))
    }
}

/// The place of a folder, without symbolic links.
fn real(folder: &Path) -> PathBuf {
    kiln::live::resolve(&std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()))
}

/// Whether it is a file that kiln writes beside its place, before it takes it.
fn is_temporary(name: &str) -> bool {
    name.starts_with(".kiln-") && name.ends_with(".tmp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_kiln_and_git_write_is_no_reason_to_run() {
        let paths = ["a.yaml", "k/apps/b.yaml"].map(str::to_owned).into();
        let outputs = Outputs { watched: vec!["/p".into()], folder: "/p".into(), paths };
        for path in [
            "/p/a.yaml",
            "/p/k/apps/b.yaml",
            "/p/k/apps",
            "/p/k",
            "/p/kiln.lock",
            "/p/.git/index",
            "/p/k/.kiln-x1.tmp",
            "/p/.kiln/journal",
        ] {
            assert!(outputs.contain(Path::new(path)), "{path}");
        }
        for path in ["/p/cluster.yaml", "/p/k/apps/c.yaml", "/p/k/app", "/q/a.yaml", "/p/overrides"] {
            assert!(!outputs.contain(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn a_project_may_lie_in_a_folder_of_kiln_or_git() {
        let project = PathBuf::from("/w/.kiln/projects/.git/p");
        let watched = vec!["/w".into(), project.clone()];
        let outputs = Outputs { watched, folder: project.clone(), paths: ["a.yaml".to_owned()].into() };
        assert!(!outputs.contain(&project.join("cluster.yaml")));
        for path in ["a.yaml", ".git/index", ".kiln/state/journal", "k/.kiln-x1.tmp"] {
            assert!(outputs.contain(&project.join(path)), "{path}");
        }
    }
}
