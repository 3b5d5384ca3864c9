//! Projects as kiln makes them: written by the command, and in plain text.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kiln::{DiskFiles, Request, Severity};
use serde_yaml::Value;
use tempfile::TempDir;

use super::install::Cache;
use crate::Result;
use crate::command::Run;

/// The projects: their names, and the folders of which each is made, where a file of a later
/// folder replaces that of an earlier one. One that is made of nothing is laid out by
/// `kiln init` and filled in.
pub(super) const PROJECTS: &[(&str, &[&str])] = &[
    ("new", &[]),
    ("minimal", &["examples/minimal"]),
    ("homelab", &["examples/homelab"]),
    ("ha", &["examples/ha"]),
    ("unifi", &["examples/unifi"]),
    ("internal-only", &["examples/internal-only"]),
    ("single-node", &["examples/single-node"]),
    ("rack", &["examples/homelab", "xtask/peers/projects/rack"]),
];

/// A project, configured into a folder that goes away with this value.
pub(super) struct Example {
    name: &'static str,
    program: PathBuf,
    project: TempDir,
    folder: TempDir,
    plain: BTreeMap<String, String>,
    encrypted: Vec<String>,
    decrypted: OnceCell<TempDir>,
}

/// Builds the command as it is shipped, and gives its path.
///
/// # Errors
/// If it cannot be built.
pub(crate) fn build_command(root: &Path) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = ["build", "--quiet", "--release", "--package", "kiln-cli", "--locked"];
    Run::new(cargo).dir(root).args(build).limit(30).stdout()?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(root.join(target).join("release/kiln"))
}

impl Example {
    /// Runs the command on a project, and renders the same project through the library.
    ///
    /// # Errors
    /// If either finds an error, or nothing is to be encrypted.
    pub(super) fn configure(
        root: &Path,
        program: &Path,
        name: &'static str,
        layers: &[&str],
    ) -> Result<Example> {
        let project = TempDir::new()?;
        for layer in layers {
            copy_into(&root.join(layer), project.path())?;
        }
        if layers.is_empty() {
            Run::new(program).arg("init").arg(project.path()).stdout()?;
            fill_in(project.path(), &root.join("crates/kiln-cli/tests/corpus/init/values.txt"))?;
        }
        let (plain, encrypted) = render(project.path())?;
        let (folder, decrypted, program) = (TempDir::new()?, OnceCell::new(), program.to_owned());
        let example = Example { name, program, project, folder, plain, encrypted, decrypted };
        example.configure_into(example.tree())?;
        Ok(example)
    }

    /// Its name.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// The folder of the project.
    pub(super) fn project(&self) -> &Path {
        self.project.path()
    }

    /// A run of the command.
    pub(super) fn kiln(&self) -> Run {
        Run::new(&self.program)
    }

    /// Runs the command on the project.
    ///
    /// # Errors
    /// If it does not end well.
    pub(super) fn configure_into(&self, output: &Path) -> Result<()> {
        configure(&self.program, self.project(), output)
    }

    /// What the command makes of the project if a key of `cluster.yaml` has another value.
    ///
    /// # Errors
    /// If the command does not end well.
    pub(super) fn configured_with(&self, key: &str, value: &str) -> Result<TempDir> {
        let (project, output) = (copy(self.project())?, TempDir::new()?);
        let data = project.path().join("cluster.yaml");
        let text = std::fs::read_to_string(&data)?;
        let mut lines: Vec<&str> =
            text.lines().filter(|line| !line.starts_with(&format!("{key}:"))).collect();
        let line = format!("{key}: {value}\n");
        lines.push(&line);
        std::fs::write(&data, lines.join("\n"))?;
        configure(&self.program, project.path(), output.path())?;
        Ok(output)
    }

    /// The command that was built.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// The folder that was written.
    pub(super) fn tree(&self) -> &Path {
        self.folder.path()
    }

    /// The key file that opens its encrypted files.
    pub(super) fn age_key(&self) -> PathBuf {
        self.project().join("age.key")
    }

    /// The paths that are encrypted, as the library tells it.
    pub(super) fn encrypted(&self) -> &[String] {
        &self.encrypted
    }

    /// What an output says before encryption, as the library tells it.
    pub(super) fn plain(&self, path: &str) -> Result<&str> {
        self.plain.get(path).map(String::as_str).ok_or_else(|| format!("kiln renders no {path}").into())
    }

    /// A run of sops that can decrypt.
    pub(super) fn sops(&self, cache: &Cache) -> Run {
        Run::new(cache.program("sops")).env("SOPS_AGE_KEY_FILE", self.age_key())
    }

    /// A copy of the folder in which sops has decrypted what is encrypted.
    ///
    /// # Errors
    /// If the copy cannot be made or sops cannot decrypt a file.
    pub(super) fn decrypted(&self, cache: &Cache) -> Result<&Path> {
        if self.decrypted.get().is_none() {
            let copy = copy(self.tree())?;
            for path in &self.encrypted {
                self.sops(cache).dir(copy.path()).args(["decrypt", "--in-place", path]).stdout()?;
            }
            let _ = self.decrypted.set(copy);
        }
        Ok(self.decrypted.get().expect("it was just set").path())
    }
}

fn configure(program: &Path, project: &Path, output: &Path) -> Result<()> {
    let run = Run::new(program).arg("configure").arg("--project").arg(project);
    run.arg("--output").arg(output).stdout()?;
    Ok(())
}

/// Gives a new project the values that a file lists, one to a line: the file, the key with a
/// `#` if it is commented out, and the value.
fn fill_in(project: &Path, values: &Path) -> Result<()> {
    for line in std::fs::read_to_string(values)?.lines() {
        let (file, value) = line.split_once(' ').ok_or("a line of values has no value")?;
        let key = value.split(':').next().unwrap_or(value);
        let path = project.join(file);
        let text = std::fs::read_to_string(&path)?;
        let is_key = |line: &str| {
            let line = line.trim_start().trim_start_matches("- ");
            line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'))
        };
        let filled = text.lines().map(|line| match line.find(key) {
            Some(start) if is_key(line) => format!("{}{}\n", &line[..start], value.trim_start_matches('#')),
            _ => format!("{line}\n"),
        });
        std::fs::write(path, filled.collect::<String>())?;
    }
    Ok(())
}

/// Renders a project in memory: its plain outputs, and the paths of the encrypted ones.
fn render(project: &Path) -> Result<(BTreeMap<String, String>, Vec<String>)> {
    let files = DiskFiles::new(project.to_owned());
    let report = kiln::run(&Request::new(&files, 0));
    if let Some(error) = report.diagnostics.iter().find(|it| it.severity == Severity::Error) {
        return Err(format!("the project has errors: {}: {}", error.code, error.message).into());
    }
    let plain = report.rendered.iter().map(|it| (it.path().to_owned(), it.expose().to_owned())).collect();
    let encrypted: Vec<String> =
        report.artifacts.iter().filter(|it| it.is_encrypted()).map(|it| it.path().to_owned()).collect();
    if encrypted.is_empty() {
        return Err("kiln encrypts nothing of the project".into());
    }
    Ok((plain, encrypted))
}

/// Every file below a folder, by its path relative to it.
pub(super) fn read_tree(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                files.insert(name, std::fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

/// A copy of a folder.
pub(super) fn copy(folder: &Path) -> Result<TempDir> {
    let copy = TempDir::new()?;
    copy_into(folder, copy.path())?;
    Ok(copy)
}

pub(super) fn copy_into(folder: &Path, target: &Path) -> Result<()> {
    for (path, content) in read_tree(folder)? {
        let target = target.join(path);
        std::fs::create_dir_all(target.parent().expect("a file lies in a folder"))?;
        std::fs::write(target, content)?;
    }
    Ok(())
}

/// The documents of a YAML text.
pub(super) fn documents(text: &[u8]) -> Result<Vec<Value>> {
    use serde::Deserialize;
    let documents = serde_yaml::Deserializer::from_slice(text).map(Value::deserialize);
    Ok(documents.collect::<std::result::Result<_, _>>()?)
}
