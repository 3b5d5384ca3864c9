//! makejinja itself renders every project of the corpus: what it leaves behind is what kiln
//! leaves behind, and what is recorded.

pub(crate) mod project;

use std::path::{Path, PathBuf};

use super::install::{Cache, Ecosystem, Package};
use super::{Bench, Tally, example};
use crate::Result;
use crate::command::Run;
use project::{Outcome, Project};

/// makejinja and what it needs.
pub(super) const NAMES: [&str; 15] = [
    "MarkupSafe",
    "Jinja2",
    "makejinja",
    "attrs",
    "cattrs",
    "click",
    "immutables",
    "markdown-it-py",
    "mdurl",
    "Pygments",
    "PyYAML",
    "rich",
    "rich-click",
    "typed-settings",
    "typing_extensions",
];

/// The packages that are needed for makejinja alone.
pub(super) const PACKAGES: [Package; 12] = [
    python("attrs", "26.1.0"),
    python("cattrs", "26.2.1"),
    python("click", "8.5.1"),
    python("immutables", "0.21"),
    python("mdurl", "0.1.2"),
    python("markdown-it-py", "4.3.0"),
    python("Pygments", "2.21.0"),
    python("rich", "15.0.0"),
    python("rich-click", "1.9.9"),
    python("typed-settings", "25.3.0"),
    python("typing_extensions", "4.16.0"),
    python("makejinja", "2.8.1"),
];

/// The Python whose `pathlib` kiln follows: later ones find other files by the same patterns.
const PYTHON: &str = "3.11";

const fn python(name: &'static str, version: &'static str) -> Package {
    Package { name, ecosystem: Ecosystem::Python, path: name, version }
}

/// Compares kiln with makejinja, and makejinja with what is recorded.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let python = bench.cache.python();
    check_python(&python)?;
    let kiln = example::build_command(bench.root)?;
    let folder = projects(bench.root);
    for (name, project) in Project::all(&folder)? {
        let theirs = run(&project, &command(&python))?;
        let ours = run(&project, &[&kiln, Path::new("makejinja")])?;
        let recorded = Project::recorded(&folder, &name)?;
        tally.claim(&format!("{name}: kiln does what is recorded"), same(&recorded, &ours));
        let outcome = match &project.differs {
            None => same(&theirs, &recorded),
            Some(_) if theirs == recorded => Err("makejinja does the same".into()),
            Some(_) => Ok(()),
        };
        tally.claim(&format!("{name}: {}", project.about), outcome);
    }
    Ok(())
}

/// Writes what makejinja makes of each project beside it. Where kiln differs on purpose, what is
/// expected comes from thought and stays.
///
/// # Errors
/// If makejinja cannot be installed or run.
pub(crate) fn record(root: &Path) -> Result<bool> {
    let python = installed(root)?;
    let folder = projects(root);
    for (name, project) in Project::all(&folder)?.iter().filter(|(_, project)| project.differs.is_none()) {
        let outcome = run(project, &command(&python))?;
        let text = serde_json::to_string_pretty(&outcome)? + "\n";
        std::fs::write(folder.join(format!("{name}.json")), text)?;
    }
    Ok(true)
}

/// The Python that has makejinja.
///
/// # Errors
/// If makejinja cannot be installed, or the Python is another one than kiln follows.
pub(crate) fn installed(root: &Path) -> Result<PathBuf> {
    let cache = Cache::open(root)?;
    for package in super::packages().filter(|it| NAMES.contains(&it.name)) {
        cache.install(package)?;
    }
    let python = cache.python();
    check_python(&python)?;
    Ok(python)
}

fn projects(root: &Path) -> PathBuf {
    root.join("crates/kiln-makejinja/tests/corpus/projects")
}

pub(super) fn command(python: &Path) -> [&Path; 3] {
    [python, Path::new("-m"), Path::new("makejinja")]
}

pub(super) fn check_python(python: &Path) -> Result<()> {
    let version =
        Run::new(python).args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]).text()?;
    if version == PYTHON {
        return Ok(());
    }
    Err(format!("makejinja has to run in Python {PYTHON}, and this is {version}").into())
}

fn run(project: &Project, program: &[&Path]) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let mut outcome = project.run(program, folder.path())?;
    // makejinja prints this warning among what it does, kiln prints its own to standard error.
    outcome.stdout.retain(|line| !line.starts_with("The recursive wildcard `**` is not supported"));
    Ok(outcome)
}

pub(super) fn same(expected: &Outcome, found: &Outcome) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    let (expected, found) = (serde_json::to_string_pretty(expected)?, serde_json::to_string_pretty(found)?);
    Err(format!("expected {expected}\nfound {found}").into())
}
