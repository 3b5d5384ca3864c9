//! Mending data files: what findings say should stand there is written.

use std::collections::{BTreeMap, BTreeSet};

use kiln_model::{Artifact, Diagnostic, FileError, Files, Fix, Position};
use zeroize::Zeroizing;

use crate::pipeline;
use crate::report::{Report, Request};

/// How often a project is looked at again: a value that was mended may show what else is wrong.
const MAX_ROUNDS: usize = 8;

/// Data files with their mistakes mended, as far as that is certain.
#[derive(Default)]
pub struct Mended {
    /// The files as they should be, by their paths in the project.
    pub artifacts: Vec<Artifact>,
    /// The files as they were read.
    pub before: BTreeMap<String, Zeroizing<Vec<u8>>>,
    /// What was mended, in the order of the findings.
    pub fixes: Vec<Mending>,
}

/// A value that was mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mending {
    /// The file, as messages call it.
    pub file: String,
    /// Where the value is.
    pub place: Position,
    /// The finding that asked for it.
    pub code: String,
    /// What was written before, and what is written now. Neither is secret.
    pub old: String,
    /// What is written now.
    pub new: String,
}

/// Mends the data files of a project in memory: makes every fix that its findings ask for.
///
/// Encrypted files are not touched, and of the others nothing but the values. Nothing is written.
pub fn fix(request: &Request<'_>) -> Mended {
    let mut files = Patched { below: request.project, changed: BTreeMap::new() };
    let mut mended = Mended::default();
    for _ in 0..MAX_ROUNDS {
        let mut report = Report::default();
        // What keeps it from going on is found again by the run that follows.
        let _ = pipeline::check(&Request { project: &files, ..*request }, &mut report);
        let changed = round(&report, &files, &mut mended);
        if changed.is_empty() {
            break;
        }
        files.changed.extend(changed);
    }
    for (path, text) in files.changed {
        if let Ok(Some(before)) = request.project.read(&path) {
            mended.before.insert(path.clone(), before);
        }
        mended.artifacts.push(Artifact::copied(path, text.to_vec()));
    }
    mended
}

/// The files that change when the fixes of one run are made.
fn round(report: &Report, files: &Patched<'_>, mended: &mut Mended) -> BTreeMap<String, Zeroizing<Vec<u8>>> {
    let mut changed = BTreeMap::new();
    for path in &report.data_files {
        let shown = files.display(path);
        let mut said = BTreeSet::new();
        let fixes: Vec<(&Diagnostic, &Fix)> = report
            .diagnostics
            .iter()
            .filter_map(|finding| Some((finding, finding.fix.as_ref()?)))
            .filter(|(_, fix)| report.sources.path(fix.span.source) == shown)
            .filter(|(_, fix)| said.insert((fix.span, fix.text.clone())))
            .collect();
        let Some((_, first)) = fixes.first() else { continue };
        let Some(source) = report.sources.get(first.span.source) else { continue };
        let only: Vec<&Fix> = fixes.iter().map(|(_, fix)| *fix).collect();
        let (text, made) = kiln_config::mend(path, source.text(), &only);
        for ((finding, fix), _) in fixes.iter().zip(&made).filter(|(_, made)| **made) {
            mended.fixes.push(Mending {
                file: shown.clone(),
                place: report.sources.position(fix.span.source, fix.span.start),
                code: finding.code.to_string(),
                old: report.sources.slice(fix.span).to_owned(),
                new: fix.text.clone(),
            });
        }
        if made.contains(&true) {
            changed.insert(path.clone(), Zeroizing::new(text.into_bytes()));
        }
    }
    changed
}

/// The files of a project, some of them changed.
struct Patched<'a> {
    below: &'a dyn Files,
    changed: BTreeMap<String, Zeroizing<Vec<u8>>>,
}

impl Files for Patched<'_> {
    fn read(&self, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
        self.changed.get(path).map_or_else(|| self.below.read(path), |bytes| Ok(Some(bytes.clone())))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        self.below.list(folder)
    }

    fn display(&self, path: &str) -> String {
        self.below.display(path)
    }
}
