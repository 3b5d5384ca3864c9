//! Runs the built command on copies of a project, without the environment of the caller.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::formats;

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
        self.overlay_at(corpus, ".");
    }

    /// As [`Sandbox::overlay`], in a folder that is there.
    pub(crate) fn overlay_at(&self, corpus: &str, folder: &str) {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(corpus);
        copy(&corpus, &self.root.join(folder));
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, content: &str) {
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().expect("a file lies in a folder")).expect("it can be made");
        #[allow(clippy::disallowed_methods, reason = "tests lay out their own files")]
        fs::write(place, content).expect("the folder for tests can be written");
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        #[allow(clippy::disallowed_methods, reason = "tests look at what is on the disk")]
        fs::read_to_string(self.root.join(path)).expect("the file is there and text")
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
        let ran: Ran = self.command(arguments).output().expect("kiln was built").into();
        if arguments.windows(2).any(|it| it == ["--format", "json"]) {
            formats::hold_against_schema(arguments[0], &ran.stdout);
        }
        ran
    }

    /// Runs the command with a terminal as its standard input and outputs, where `variables` are
    /// set; gives its exit code and what the terminal shows.
    pub(crate) fn on_terminal(&self, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
        self.answering(arguments, variables, "")
    }

    /// As [`Sandbox::on_terminal`], where somebody has typed `answer`, which the terminal shows first.
    pub(crate) fn answering(
        &self,
        arguments: &[&str],
        variables: &[(&str, &str)],
        answer: &str,
    ) -> (i32, String) {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("the system has terminals");
        grantpt(&terminal).and_then(|()| unlockpt(&terminal)).expect("a new terminal is ours");
        let name = ptsname(&terminal, Vec::new()).expect("a terminal has a name").into_string();
        let end = || {
            let name = name.as_ref().expect("the name of a terminal is text");
            File::options().read(true).write(true).open(name).expect("the terminal is there")
        };
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied()).stdin(end()).stdout(end()).stderr(end());
        let mut terminal = File::from(terminal);
        terminal.write_all(answer.as_bytes()).expect("a terminal takes some letters");
        let mut child = command.spawn().expect("kiln was built");
        // The command keeps its ends open, and nobody else may.
        drop(command);
        let mut shown = Vec::new();
        // When the last writer is gone, reading fails.
        let _ = terminal.read_to_end(&mut shown);
        let code = child.wait().expect("kiln ends").code().expect("kiln ends by itself");
        (code, String::from_utf8(shown).expect("kiln prints UTF-8").replace("\r\n", "\n"))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Content, inode and time of every file below a folder.
pub(crate) type State = BTreeMap<String, (Vec<u8>, u64, i64)>;

#[allow(clippy::disallowed_methods, reason = "tests look at what is on the disk")]
pub(crate) fn state(folder: &Path) -> State {
    let mut found = State::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("the folder can be listed") {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let meta = fs::metadata(&path).expect("the file is there");
            let time = meta.mtime() * 1_000_000_000 + meta.mtime_nsec();
            let name = path.strip_prefix(folder).expect("it is below the folder").display().to_string();
            found.insert(name, (fs::read(&path).expect("the file can be read"), meta.ino(), time));
        }
    }
    found
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
