//! Runs the built command on copies of a project, without the environment of the caller.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a run printed, and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Everything that was printed.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("kiln prints UTF-8");
        Ran {
            code: output.status.code().expect("kiln ends by itself"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// A folder of its own, gone at the end of the test.
pub(crate) struct Sandbox {
    root: PathBuf,
}

impl Sandbox {
    /// An empty folder.
    pub(crate) fn empty() -> Sandbox {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{}-{number}", env!("CARGO_CRATE_NAME"), std::process::id());
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&root).expect("the folder for tests can be written");
        Sandbox { root }
    }

    /// A copy of one of the repository's examples.
    pub(crate) fn example(name: &str) -> Sandbox {
        let sandbox = Sandbox::empty();
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
        copy(&examples.join(name), &sandbox.root);
        sandbox
    }

    /// Lays the files of a folder of the corpus over those that are there.
    pub(crate) fn overlay(&self, corpus: &str) {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(corpus), &self.root);
    }

    /// The folder, which is also the working folder of every run.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The command, ready to run here.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kiln"));
        command.args(arguments).current_dir(&self.root).env_clear().stdin(Stdio::null());
        command
    }

    /// Runs the command here.
    pub(crate) fn kiln(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().expect("kiln was built").into()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn copy(from: &Path, to: &Path) {
    #[allow(clippy::disallowed_methods, reason = "tests lay out their own files")]
    let entries = fs::read_dir(from).expect("the example is there");
    for entry in entries {
        let entry = entry.expect("the example can be listed");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("the folder for tests can be written");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the folder for tests can be written");
        }
    }
}
