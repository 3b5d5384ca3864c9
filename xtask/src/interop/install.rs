//! Installs peers with the ordinary clients, into a cache outside of the clone.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use crate::Result;
use crate::command::Run;

/// The registry a package comes from, and its client.
#[derive(Clone, Copy)]
pub(super) enum Ecosystem {
    /// `go install PATH@VERSION`.
    Go,
    /// `go build` of a folder of this workspace, for the sake of this library; go.mod pins it.
    GoFolder(&'static str),
    /// The same with another version of this library than go.mod names.
    GoFolderWith(&'static str),
    /// `pip install PATH==VERSION`, into a virtual environment.
    Python,
    /// `apt-get install PATH`, unless the program is on the path already.
    Debian,
    /// `npm install PATH@VERSION`, into a folder of its own.
    Node,
}

/// One row of the table of peers.
pub(super) struct Package {
    /// What the peers call it.
    pub(super) name: &'static str,
    /// Where it comes from.
    pub(super) ecosystem: Ecosystem,
    /// Its name there; of an [`Ecosystem::GoFolder`] the folder.
    pub(super) path: &'static str,
    /// The one version that is used; of an [`Ecosystem::GoFolder`] the library's.
    pub(super) version: &'static str,
}

/// The folder that outlives the clone.
pub(super) struct Cache {
    folder: PathBuf,
    root: PathBuf,
}

impl Cache {
    /// The cache of this machine: `$KILN_INTEROP_CACHE`, else `kiln-interop` in the folder
    /// that the XDG base directory specification names for caches.
    ///
    /// # Errors
    /// If the environment names no such folder or it cannot be made.
    pub(super) fn open(root: &Path) -> Result<Cache> {
        let from = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
        let below = |base: PathBuf| base.join("kiln-interop");
        let folder = from("KILN_INTEROP_CACHE")
            .or_else(|| from("XDG_CACHE_HOME").map(below))
            .or_else(|| from("HOME").map(|home| below(home.join(".cache"))))
            .ok_or("set KILN_INTEROP_CACHE to a folder for the peers")?;
        std::fs::create_dir_all(folder.join("bin"))?;
        Ok(Cache { folder: folder.canonicalize()?, root: root.to_owned() })
    }

    /// A program that was installed.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// The Python that sees the installed packages.
    pub(super) fn python(&self) -> PathBuf {
        self.folder.join("venv/bin/python")
    }

    /// A program of a package from npm, which has the package's name.
    pub(super) fn node_program(&self, name: &str) -> PathBuf {
        self.node_folder(name).join("node_modules/.bin").join(name)
    }

    /// The folder of a package from npm, by what the table calls it and its name there.
    pub(super) fn node_module(&self, name: &str, path: &str) -> PathBuf {
        self.node_folder(name).join("node_modules").join(path)
    }

    fn node_folder(&self, name: &str) -> PathBuf {
        self.folder.join("npm").join(name)
    }

    /// A folder of the cache for made things.
    pub(super) fn place(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A run of go, or of a program that runs go, with the shared build cache.
    pub(super) fn go(&self, program: impl AsRef<OsStr>) -> Run {
        Run::new(program)
            .env("GOBIN", self.folder.join("bin"))
            .env("GOCACHE", self.folder.join("go-build"))
            .env("GOFLAGS", "-buildvcs=false")
            .limit(25)
    }

    /// Sees to it that a package is there in its version.
    ///
    /// # Errors
    /// If it still cannot be installed after some tries.
    pub(super) fn install(&self, package: &Package) -> Result<()> {
        if self.is_present(package) {
            return Ok(());
        }
        retried(|| self.fetch(package))?;
        self.confirm(package)
    }

    /// Whether a package needs no installing. go itself knows what of a folder is to be
    /// built again, so a folder always does.
    fn is_present(&self, package: &Package) -> bool {
        let is_folder = matches!(package.ecosystem, Ecosystem::GoFolder(_) | Ecosystem::GoFolderWith(_));
        !is_folder && self.confirm(package).is_ok()
    }

    fn confirm(&self, package: &Package) -> Result<()> {
        let version = match package.ecosystem {
            Ecosystem::Go => self.go_version(package, "mod\t")?,
            Ecosystem::GoFolder(library) | Ecosystem::GoFolderWith(library) => {
                self.go_version(package, &format!("dep\t{library}\t"))?
            }
            Ecosystem::Python => self.python_version(package)?,
            Ecosystem::Debian => return Run::new(package.path).arg("--version").stdout().map(drop),
            Ecosystem::Node => self.node_version(package)?,
        };
        if version == package.version {
            return Ok(());
        }
        Err(format!("{} is there as {version} instead of {}", package.name, package.version).into())
    }

    fn fetch(&self, package: &Package) -> Result<()> {
        let Package { path, version, .. } = package;
        match package.ecosystem {
            Ecosystem::Go => self.go("go").args(["install", &format!("{path}@{version}")]).stdout()?,
            Ecosystem::GoFolder(_) => {
                let go = self.go("go").dir(&self.root.join(path)).args(["build", "-o"]);
                go.arg(self.program(package.name)).arg(".").stdout()?
            }
            Ecosystem::GoFolderWith(library) => {
                let place = self.folder.join(package.name);
                std::fs::create_dir_all(&place)?;
                let module = format!("module kiln/{path}\n\ngo 1.26\n\nrequire {library} {version}\n");
                std::fs::write(place.join("go.mod"), module)?;
                let go = self.go("go").dir(&self.root.join(path)).args(["build", "-mod=mod", "-modfile"]);
                go.arg(place.join("go.mod")).arg("-o").arg(self.program(package.name)).arg(".").stdout()?
            }
            Ecosystem::Python => {
                self.venv()?;
                let pip = Run::new(self.python()).args(["-m", "pip", "install", "--quiet", "--no-deps"]);
                pip.arg("--disable-pip-version-check").arg(format!("{path}=={version}")).limit(15).stdout()?
            }
            Ecosystem::Debian => {
                Run::new("apt-get").args(["update", "--quiet"]).limit(15).stdout()?;
                Run::new("apt-get").args(["install", "--yes", "--quiet", path]).limit(15).stdout()?
            }
            Ecosystem::Node => {
                let npm = Run::new("npm").args(["install", "--no-audit", "--no-fund", "--ignore-scripts"]);
                let folder = self.node_folder(package.name);
                npm.arg("--prefix").arg(folder).arg(format!("{path}@{version}")).limit(15).stdout()?
            }
        };
        Ok(())
    }

    fn venv(&self) -> Result<()> {
        if !self.python().exists() {
            Run::new("python3").args(["-m", "venv"]).arg(self.folder.join("venv")).stdout()?;
        }
        Ok(())
    }

    /// The version that go recorded in a program, at the end of the line that begins so.
    fn go_version(&self, package: &Package, line: &str) -> Result<String> {
        let report = self.go("go").args(["version", "-m"]).arg(self.program(package.name)).text()?;
        let found = report.lines().find_map(|it| it.trim().strip_prefix(line));
        let found = found.and_then(|rest| rest.split('\t').find(|part| is_version(part)));
        found.map(str::to_owned).ok_or_else(|| format!("{} has no version", package.name).into())
    }

    fn node_version(&self, package: &Package) -> Result<String> {
        let place = self.node_module(package.name, package.path);
        let about: serde_json::Value = serde_json::from_slice(&std::fs::read(place.join("package.json"))?)?;
        Ok(about["version"].as_str().unwrap_or_default().to_owned())
    }

    fn python_version(&self, package: &Package) -> Result<String> {
        let ask = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))";
        Run::new(self.python()).args(["-c", ask, package.path]).text()
    }
}

/// Does what needs the network, up to three times with pauses.
///
/// # Errors
/// The last one.
pub(super) fn retried<T>(mut work: impl FnMut() -> Result<T>) -> Result<T> {
    for pause in [10, 30] {
        if let Ok(done) = work() {
            return Ok(done);
        }
        sleep(Duration::from_secs(pause));
    }
    work()
}

/// Whether a column of go's report is a version, such as `v1.2.3`.
fn is_version(column: &str) -> bool {
    column.strip_prefix('v').is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()))
}
