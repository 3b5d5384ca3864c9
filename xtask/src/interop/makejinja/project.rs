//! A small project of makejinja, in one TOML file: its files, the command line, and what it
//! leaves behind. The tests of the command use this file, too.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File, FileTimes, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// What stands for the project's folder.
const ROOT: &str = "{root}";

/// A project.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Project {
    /// What it shows, as a claim.
    pub(crate) about: String,
    /// Why kiln does on purpose what makejinja does not.
    pub(crate) differs: Option<String>,
    /// The arguments.
    #[serde(default)]
    args: Vec<String>,
    /// Environment variables.
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// The current folder, below the project's.
    #[serde(default)]
    folder: String,
    /// What stands in the file `stdin.txt`, which is standard input.
    stdin: Option<String>,
    /// Files and their texts.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// Files that are no text.
    #[serde(default)]
    bytes: BTreeMap<String, Vec<u8>>,
    /// Folders that hold nothing.
    #[serde(default)]
    folders: Vec<String>,
    /// Symbolic links and where they lead.
    #[serde(default)]
    links: BTreeMap<String, String>,
    /// Modes, in octal.
    #[serde(default)]
    modes: BTreeMap<String, String>,
    /// Times of modification, in seconds since 1970.
    #[serde(default)]
    times: BTreeMap<String, u64>,
    /// Whether modes and times of what is left behind are looked at.
    #[serde(default)]
    metadata: bool,
    /// Whether standard output is not looked at.
    #[serde(default)]
    says_anything: bool,
}

/// What a run left behind.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// The exit code.
    pub(crate) exit: Option<i32>,
    /// The lines of standard output.
    pub(crate) stdout: Vec<String>,
    /// What changed below the project's folder: what is there now, or nothing.
    pub(crate) tree: BTreeMap<String, Option<String>>,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

impl Project {
    /// Reads all projects of a folder, with their names.
    ///
    /// # Errors
    /// If one cannot be read.
    pub(crate) fn all(folder: &Path) -> Result<Vec<(String, Project)>> {
        let mut projects = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == "toml") {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let text = fs::read_to_string(&path)?;
                projects.push((name, toml::from_str(&text).map_err(|error| format!("{path:?}: {error}"))?));
            }
        }
        projects.sort_by(|left, right| left.0.cmp(&right.0));
        Ok(projects)
    }

    /// What is recorded beside a project.
    ///
    /// # Errors
    /// If nothing is.
    pub(crate) fn recorded(folder: &Path, name: &str) -> Result<Outcome> {
        let text = fs::read_to_string(folder.join(format!("{name}.json")))
            .map_err(|error| format!("{name}: what makejinja makes of it is not recorded: {error}"))?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Lays the project out in an empty folder and runs a program on it.
    ///
    /// # Errors
    /// If a file cannot be written or the program not be started.
    pub(crate) fn run(&self, program: &[&Path], root: &Path) -> Result<Outcome> {
        Ok(self.run_in(program, root, &[])?.0)
    }

    /// As [`Project::run`], with more environment variables; gives standard error, too.
    ///
    /// # Errors
    /// As [`Project::run`].
    pub(crate) fn run_in(
        &self,
        program: &[&Path],
        root: &Path,
        environment: &[(&str, &str)],
    ) -> Result<(Outcome, String)> {
        let root = root.canonicalize()?;
        self.lay_out(&root)?;
        let stdin = self.stdin(&root)?;
        let before = tree(&root, self.metadata)?;
        let (command, prefix) = program.split_first().ok_or("there is no program")?;
        let fill = |text: &String| text.replace(ROOT, &root.to_string_lossy());
        let output = Command::new(command)
            .args(prefix)
            .args(self.args.iter().map(fill))
            .current_dir(root.join(&self.folder))
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("HOME", root.join("nobody"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("COLUMNS", "10000")
            .envs(self.env.iter().map(|(name, value)| (name, fill(value))))
            .envs(environment.iter().copied())
            .stdin(stdin)
            .output()?;
        let said = String::from_utf8_lossy(&output.stdout).replace(&*root.to_string_lossy(), ROOT);
        let stdout = if self.says_anything { Vec::new() } else { said.lines().map(str::to_owned).collect() };
        let mut changed: BTreeMap<String, Option<String>> =
            tree(&root, self.metadata)?.into_iter().map(|(path, it)| (path, Some(it))).collect();
        for (path, was) in before {
            if changed.get(&path) == Some(&Some(was)) {
                changed.remove(&path);
            } else {
                changed.entry(path).or_insert(None);
            }
        }
        let complaint = String::from_utf8_lossy(&output.stderr).replace(&*root.to_string_lossy(), ROOT);
        Ok((Outcome { exit: output.status.code(), stdout, tree: changed }, complaint))
    }

    /// A file with a name: makejinja opens standard input by the path that it leads to.
    fn stdin(&self, root: &Path) -> Result<Stdio> {
        let Some(text) = &self.stdin else { return Ok(Stdio::null()) };
        let path = root.join("stdin.txt");
        fs::write(&path, text)?;
        Ok(File::open(path)?.into())
    }

    fn lay_out(&self, root: &Path) -> Result<()> {
        let made = |path: &str| -> Result<PathBuf> {
            let path = root.join(path);
            fs::create_dir_all(path.parent().ok_or("a file lies in a folder")?)?;
            Ok(path)
        };
        for folder in self.folders.iter().chain([&self.folder]) {
            fs::create_dir_all(root.join(folder))?;
        }
        for (path, text) in &self.files {
            fs::write(made(path)?, text)?;
        }
        for (path, bytes) in &self.bytes {
            fs::write(made(path)?, bytes)?;
        }
        for (path, target) in &self.links {
            symlink(target.replace(ROOT, &root.to_string_lossy()), made(path)?)?;
        }
        for (path, mode) in &self.modes {
            fs::set_permissions(root.join(path), Permissions::from_mode(u32::from_str_radix(mode, 8)?))?;
        }
        for (path, seconds) in &self.times {
            let times = FileTimes::new().set_modified(UNIX_EPOCH + Duration::from_secs(*seconds));
            File::open(root.join(path))?.set_times(times)?;
        }
        Ok(())
    }
}

/// Everything below a folder, by its path in it.
fn tree(root: &Path, metadata: bool) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let shown = path.strip_prefix(root)?.to_string_lossy().into_owned();
            let about = fs::symlink_metadata(&path)?;
            // The time of the root's own folders is that of this run, unless it was copied.
            let seconds = if about.mtime() < 1_500_000_000 { about.mtime() } else { 0 };
            let extra =
                if metadata { format!(" {:o} @{seconds}", about.mode() & 0o7777) } else { String::new() };
            let is = if about.is_symlink() {
                format!(
                    "link to {}",
                    fs::read_link(&path)?.to_string_lossy().replace(&*root.to_string_lossy(), ROOT)
                )
            } else if about.is_dir() {
                waiting.push(path);
                format!("folder{extra}")
            } else {
                let bytes = fs::read(&path)?;
                let text = String::from_utf8(bytes).unwrap_or_else(|bad| format!("{:?}", bad.as_bytes()));
                format!("file{extra}: {text}")
            };
            found.insert(shown, is);
        }
    }
    Ok(found)
}
