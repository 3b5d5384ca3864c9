//! Runs of makejinja projects through the library: what is kept in memory, and what is refused.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kiln::makejinja::{Asked, Disk, DiskError, LiveDisk, NoPlugins, Overlay, Shell, World, ask, run};
use kiln::{Diagnostics, Sources};

/// A shell that runs nothing.
struct Deaf;

impl Shell for Deaf {
    fn say(&mut self, _line: &str) {}

    fn run(&mut self, _command: &str) -> Result<Option<i32>, DiskError> {
        Err(DiskError::Denied)
    }
}

/// A folder with one template.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    lay(folder.path(), "in/sub/a.txt.jinja", "{{ 1 + 1 }} {% include 'b' %}\n");
    lay(folder.path(), "in/b", "b");
    folder
}

fn lay(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it can be made");
    #[allow(clippy::disallowed_methods, reason = "tests lay out their own files")]
    std::fs::write(path, text).expect("it can be written");
}

/// Runs a project in memory; gives the code of the first finding, or the outputs.
fn outputs(
    folder: &Path,
    arguments: &[&str],
    environ: &[(&str, &str)],
) -> Result<Vec<(PathBuf, String)>, String> {
    let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
    let environ: Vec<(String, String)> =
        environ.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let overlay = Arc::new(Overlay::new(Arc::new(LiveDisk::seen_from(folder))));
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let first = |sink: &Diagnostics| sink.iter().next().map(|it| it.code.to_string()).unwrap_or_default();
    let Ok(Asked::Run(settings)) = ask(&arguments, &environ, &*overlay, &mut sources, &mut sink) else {
        return Err(first(&sink));
    };
    let disk: Arc<dyn Disk> = Arc::<Overlay>::clone(&overlay);
    let world = World { disk, shell: &mut Deaf, plugins: &mut NoPlugins, environ: &environ, goes_on: false };
    run(&settings, world, &mut sources, &mut sink).map_err(|_| first(&sink))?;
    let root = folder.canonicalize().expect("the folder is there");
    let output = |(path, output): (PathBuf, kiln::makejinja::Output)| {
        let path = path.strip_prefix(&root).map_or(path.clone(), Path::to_owned);
        (path, String::from_utf8(output.bytes).expect("outputs are text"))
    };
    Ok(overlay.outputs().into_iter().map(output).collect())
}

#[test]
fn a_run_over_an_overlay_leaves_no_trace() {
    let folder = project();
    let made = outputs(folder.path(), &["-i", "in", "-o", "out"], &[]).unwrap();
    let expected = [("out/b", "b"), ("out/sub/a.txt", "2 b")];
    assert_eq!(made, expected.map(|(path, text)| (PathBuf::from(path), text.to_owned())));
    assert!(!folder.path().join("out").exists());
}

#[test]
fn an_overlay_sees_what_is_there_and_what_was_written() {
    let folder = project();
    lay(folder.path(), "out/b", "old");
    lay(folder.path(), "out/gone", "old");
    let made = outputs(folder.path(), &["-i", "in", "-o", "out"], &[]).unwrap();
    assert_eq!(made.len(), 1, "a file that is there is kept");
    let made = outputs(folder.path(), &["-i", "in", "-o", "out", "--clean"], &[]).unwrap();
    assert_eq!(made.len(), 2, "what was removed is not there");
    assert!(folder.path().join("out/gone").exists());
}

#[test]
fn commands_run_only_where_the_shell_lets_them() {
    let folder = project();
    let refused = outputs(folder.path(), &["-i", "in", "-o", "out", "--exec-pre", "touch x"], &[]);
    assert_eq!(refused, Err("makejinja.command-failed".to_owned()));
}

#[test]
fn plugins_are_refused_where_nothing_runs_them() {
    let folder = project();
    let refused = outputs(folder.path(), &["-i", "in", "-o", "out", "-p", "x.Plugin"], &[]);
    assert_eq!(refused, Err("makejinja.no-plugins".to_owned()));
}

#[test]
fn clean_refuses_to_remove_what_is_not_an_output() {
    let folder = project();
    let path = folder.path().canonicalize().expect("the folder is there");
    lay(&path, "work/data.yaml", "a: 1\n");
    lay(&path, "repository/deep/.git/HEAD", "");
    lay(&path, "home/me/x", "");
    lay(&path, "plugins/p/x.py", "");
    let home = path.join("home/me");
    let home = [("HOME", home.to_str().expect("it is text"))];
    for (what, arguments) in [
        ("the root", vec!["-i", "in", "-o", "/", "-c"]),
        ("the current folder", vec!["-i", "in", "-o", ".", "-c"]),
        ("what holds the current folder", vec!["-i", "in", "-o", "..", "-c"]),
        ("the inputs", vec!["-i", "in/sub", "-o", "in", "-c"]),
        ("the data", vec!["-i", "in", "-o", "work", "-d", "work/data.yaml", "-c"]),
        ("a git repository", vec!["-i", "in", "-o", "repository", "-c"]),
        ("the home folder", vec!["-i", "in", "-o", "home", "-c"]),
        ("plugins", vec!["-i", "in", "-o", "plugins", "--import-path", "plugins/p", "-c"]),
    ] {
        assert_eq!(outputs(&path, &arguments, &home), Err("makejinja.not-cleaned".to_owned()), "{what}");
    }
}
