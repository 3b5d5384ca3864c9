//! makejinja itself runs every plugin of the corpus: what it leaves behind is what kiln leaves
//! behind, also where neither makejinja nor Jinja2 is there to be imported.

pub(crate) mod case;

use std::path::{Path, PathBuf};

use super::install::{Cache, Ecosystem, Package};
use super::makejinja::{self, project};
use super::{Bench, Tally, example};
use crate::Result;
use case::{Case, Recorded};
use project::Outcome;

/// makejinja and what it needs, and what plugins import.
pub(super) const NAMES: [&str; 19] = {
    let mut names = [""; 19];
    let mut at = 0;
    while at < makejinja::NAMES.len() {
        names[at] = makejinja::NAMES[at];
        at += 1;
    }
    while at < names.len() {
        names[at] = PACKAGES[at - makejinja::NAMES.len()].name;
        at += 1;
    }
    names
};

/// The packages that plugins import.
pub(super) const PACKAGES: [Package; 4] = [
    python("annotated-types", "0.8.0"),
    python("typing-inspection", "0.4.5"),
    python("pydantic_core", "2.50.4"),
    python("pydantic", "2.14.3"),
];

const fn python(name: &'static str, version: &'static str) -> Package {
    Package { name, ecosystem: Ecosystem::Python, path: name, version }
}

/// Compares kiln with makejinja, both with what is recorded.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let runner = Runner::new(bench.root, bench.cache)?;
    for (name, case) in Case::all(&runner.folder)? {
        let recorded = Recorded::of(&runner.folder, &name)?;
        let claims = [("with makejinja beside it", ""), ("alone", " -S")];
        for (how, flags) in claims.into_iter().take(if case.needs.is_empty() { 2 } else { 1 }) {
            let (ours, complaint) = runner.ours(&case, flags)?;
            tally
                .claim(&format!("{name}: kiln does what is recorded, {how}"), same(&recorded.outcome, &ours));
            let outcome = if complaint == recorded.complaint || ours.exit == Some(0) {
                Ok(())
            } else {
                Err(format!("expected:\n{}\nfound:\n{complaint}", recorded.complaint).into())
            };
            tally.claim(&format!("{name}: kiln says what is recorded, {how}"), outcome);
        }
        if case.endless {
            continue;
        }
        let theirs = runner.theirs(&case)?;
        let outcome = match &case.project.differs {
            None => same(&theirs, &recorded.outcome),
            Some(_) if theirs == recorded.outcome => Err("makejinja does the same".into()),
            Some(_) => Ok(()),
        };
        tally.claim(&format!("{name}: {}", case.project.about), outcome);
    }
    Ok(())
}

/// Writes what makejinja makes of each project beside it, and what kiln says where it fails;
/// that is to be read by eye. Where kiln differs on purpose, all of it is kiln's.
///
/// # Errors
/// If makejinja cannot be installed or run.
pub(crate) fn record(root: &Path) -> Result<bool> {
    let cache = Cache::open(root)?;
    for package in super::packages().filter(|it| NAMES.contains(&it.name)) {
        cache.install(package)?;
    }
    let runner = Runner::new(root, &cache)?;
    for (name, case) in Case::all(&runner.folder)? {
        let (ours, complaint) = runner.ours(&case, "")?;
        let outcome = if case.project.differs.is_some() { ours } else { runner.theirs(&case)? };
        let place = |extension: &str| runner.folder.join(format!("{name}.{extension}"));
        std::fs::write(place("json"), serde_json::to_string_pretty(&outcome)? + "\n")?;
        if outcome.exit != Some(0) {
            std::fs::write(place("stderr"), complaint)?;
        }
    }
    Ok(true)
}

/// Runs the projects of the corpus.
struct Runner {
    folder: PathBuf,
    python: PathBuf,
    kiln: PathBuf,
}

impl Runner {
    fn new(root: &Path, cache: &Cache) -> Result<Runner> {
        let python = cache.python();
        makejinja::check_python(&python)?;
        let kiln = example::build_command(root)?;
        Ok(Runner { folder: root.join("crates/kiln-plugin/tests/corpus"), python, kiln })
    }

    fn ours(&self, case: &Case, flags: &str) -> Result<(Outcome, String)> {
        let folder = tempfile::tempdir()?;
        let python = format!("{}{flags}", self.python.display());
        case.project.run_in(
            &[&self.kiln, Path::new("makejinja")],
            folder.path(),
            &[("KILN_PYTHON", &python), ("PYTHONHASHSEED", "0")],
        )
    }

    fn theirs(&self, case: &Case) -> Result<Outcome> {
        let folder = tempfile::tempdir()?;
        let program = makejinja::command(&self.python);
        Ok(case.project.run_in(&program, folder.path(), &[("PYTHONHASHSEED", "0")])?.0)
    }
}

fn same(expected: &Outcome, found: &Outcome) -> Result<()> {
    makejinja::same(expected, found)
}
