//! `kiln secrets rotate`: gives the files of a tree to another key or to other recipients.

mod files;

mod rules;

mod swap;

use std::collections::BTreeSet;

use kiln_age::{Dialog, Identities};
use kiln_model::{Artifact, Diagnostic, Diagnostics, Files, NewFile, Reported, Sources};
use rayon::prelude::*;

use self::files::{Keys, Rewritten, affected, movements, rewrite};
use self::rules::new_rules;
use self::swap::Swap;
use super::findings;
use super::key_file::KeyFile;
use super::tree::Tree;

/// To whom the files are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// To those whom the creation rules name.
    AsRuled,
    /// To exactly these recipients, in the rules too.
    To(Vec<String>),
    /// To a new key in the place of the project's.
    NewKey {
        /// Whether it is a post-quantum key.
        post_quantum: bool,
        /// Whether the old key goes on opening the files.
        keep_old: bool,
    },
}

/// What a rotation works with.
pub struct RotationRequest<'a> {
    /// The files of the tree.
    pub files: &'a dyn Files,
    /// Every key that may open files; those of the project's key file are added.
    pub identities: &'a Identities,
    /// To whom the files are given.
    pub change: &'a Change,
    /// The time in seconds since 1970.
    pub now: u64,
    /// Answers what plugins and locked keys ask.
    pub dialog: &'a (dyn Dialog + Sync),
}

/// What a rotation would write. Nothing is written yet.
#[derive(Default)]
#[non_exhaustive]
pub struct Rotation {
    /// The files that change, sorted: encrypted files and creation rules. Empty while an error
    /// stands.
    pub artifacts: Vec<Artifact>,
    /// What becomes of each of them.
    pub changes: Vec<(String, Work)>,
    /// How many encrypted files stay as they are.
    pub kept: usize,
    /// What is to be done with the key file; `None` if it stays as it is.
    pub key: Option<NewKey>,
    /// Kubernetes Secrets that hold the old private key.
    pub clusters: Vec<ClusterSecret>,
    /// Recipients that lose the files.
    pub removed: Vec<String>,
    /// Recipients that the files are given to.
    pub added: Vec<String>,
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// All findings.
    pub diagnostics: Diagnostics,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Its data key is wrapped for somebody else too; everything else stays.
    Rewrapped,
    /// It has a new data key, and everything in it is encrypted anew.
    Rotated,
    /// It names other recipients.
    Rules,
}

/// The key file before, during and after the change. Whenever the change is cut short, one file
/// on the disk holds the key that opens each file.
pub struct NewKey {
    /// The path of the key file.
    pub path: String,
    /// A copy of the old key file, to be made first; `None` if there is no old key.
    pub backup: Option<NewFile>,
    /// The key file while files change: it holds the new key and the old one.
    pub meanwhile: Option<NewFile>,
    /// The key file at the end.
    pub last: NewFile,
    /// The key file as it was.
    pub before: Option<NewFile>,
}

/// A Kubernetes Secret that holds the private key of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterSecret {
    /// The file it stands in.
    pub path: String,
    /// Its namespace, if the file says.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The key of its data.
    pub key: String,
}

/// Says what has to be written to give every encrypted file of a tree to somebody else.
///
/// Everything is opened and encrypted in memory first, and opened again with the keys it is for.
/// A file that cannot be opened is an error, and then there is nothing to write.
pub fn rotate(request: &RotationRequest<'_>) -> Rotation {
    let mut done = Rotation::default();
    // `Err` says that an error in the diagnostics kept it from being planned.
    if plan(request, &mut done).is_err() || done.diagnostics.has_errors() {
        let Rotation { sources, diagnostics, .. } = done;
        return Rotation { sources, diagnostics, ..Rotation::default() };
    }
    done
}

fn plan(request: &RotationRequest<'_>, done: &mut Rotation) -> Result<(), Reported> {
    let mut tree = Tree::load(request.files, &mut done.sources, &mut done.diagnostics)?;
    done.diagnostics.check()?;
    let old = KeyFile::of(request.files);
    let swap = Swap::of(request, &old, &tree, &mut done.diagnostics)?;
    let rules = new_rules(&mut tree, &swap, done)?;
    let files = affected(&tree, &swap, done)?;
    let opening = Keys { given: request.identities, own: &old.identities };
    let rewritten: Vec<Result<Rewritten, Box<Diagnostic>>> =
        files.par_iter().map(|file| rewrite(file, &tree, &swap, &opening, request)).collect();
    for (file, outcome) in files.iter().zip(rewritten) {
        match outcome {
            Ok(file_done) => {
                done.changes.push((file.path.clone(), file_done.work));
                done.artifacts.push(file_done.artifact);
                done.clusters.extend(file_done.clusters);
            }
            Err(finding) => _ = done.diagnostics.error(*finding),
        }
    }
    if matches!(request.change, Change::NewKey { keep_old: true, .. }) {
        for path in done.clusters.iter().map(|secret| &secret.path).collect::<BTreeSet<_>>() {
            done.diagnostics.push(findings::readable_to_old(path));
        }
    }
    done.diagnostics.check()?;
    for (path, text) in rules {
        done.changes.push((path.clone(), Work::Rules));
        done.artifacts.push(Artifact::copied(path, text.into_bytes()));
    }
    done.changes.sort_by(|(one, _), (other, _)| one.cmp(other));
    (done.removed, done.added) = movements(&files);
    done.key = swap.key(&old, &tree, request, done);
    Ok(())
}
