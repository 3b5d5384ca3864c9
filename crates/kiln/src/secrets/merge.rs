//! `kiln secrets merge`: three versions of an encrypted file, decrypted, brought together.

use std::fmt;

use kiln_age::{Identities, NoDialog};
use kiln_model::{Diagnostics, Files, Sources};
use kiln_sops::{
    Format, MacCheck, MergeError, MergedFile, Merging, OpenError, Opened, Sealed, SealedError, WriteError,
};

use super::textconv::has_ciphertext;
use super::tree::Tree;

/// The three versions of a file.
pub struct Sides<'a> {
    /// The path of the file in the tree.
    pub path: &'a str,
    /// The version that both sides come from; empty if there was none.
    pub base: &'a [u8],
    /// Our version.
    pub ours: &'a [u8],
    /// The version that is merged into ours.
    pub theirs: &'a [u8],
}

/// What came of a merge.
pub struct Merge {
    /// The merged file: a SOPS file, also where there are conflicts.
    pub bytes: Vec<u8>,
    /// What both sides changed, each in another way. There, our version stands.
    pub conflicts: Vec<String>,
}

/// Why nothing was merged. Holds no value of the file.
#[derive(Debug)]
pub enum MergeRefused {
    /// No version is a SOPS file, so this is a merge of texts.
    NotEncrypted,
    /// One version is none: which, and why.
    NotSealed(&'static str, SealedError),
    /// One version cannot be opened, or was changed since it was encrypted.
    NotOpened(&'static str, OpenError),
    /// The outcome could not be encrypted.
    NotMerged(MergeError),
    /// The outcome could not be written.
    NotWritten(WriteError),
}

impl fmt::Display for MergeRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeRefused::NotEncrypted => f.write_str("no version of it is encrypted"),
            MergeRefused::NotSealed(side, error) => write!(f, "{side} is no sound SOPS file: {error}"),
            MergeRefused::NotOpened(side, error) => write!(f, "{side} cannot be opened: {error}"),
            MergeRefused::NotMerged(error) => write!(f, "the outcome cannot be encrypted: {error}"),
            MergeRefused::NotWritten(error) => write!(f, "the outcome cannot be written: {error}"),
        }
    }
}

impl std::error::Error for MergeRefused {}

/// Merges two versions of an encrypted file of a tree, whose rules say how it is indented.
///
/// All versions are verified first. `now` is the time in seconds since 1970.
///
/// # Errors
/// If a version is no SOPS file, cannot be opened and verified, or the outcome cannot be
/// encrypted.
pub fn merge(
    files: &dyn Files,
    sides: &Sides<'_>,
    identities: &Identities,
    now: u64,
) -> Result<Merge, MergeRefused> {
    let format = Format::of_path(sides.path);
    if ![sides.base, sides.ours, sides.theirs].into_iter().any(|bytes| is_sealed(bytes, format)) {
        return Err(MergeRefused::NotEncrypted);
    }
    let ours = open("our version", sides.ours, format, identities)?;
    let theirs = open("their version", sides.theirs, format, identities)?;
    let base = if sides.base.is_empty() {
        None
    } else {
        Some(open("the version before", sides.base, format, identities)?)
    };
    let rules = Tree::load_rules(files, sides.path, &mut Sources::new(), &mut Diagnostics::new());
    let merging = Merging {
        path: rules.proof_path(sides.path),
        rule: rules.rule_for(sides.path).filter(|rule| !rule.problems().has_errors()),
        identities,
        now,
        dialog: &NoDialog,
    };
    let merged = ours.merge(base.as_ref(), &theirs, &merging).map_err(MergeRefused::NotMerged)?;
    let bytes = match merged.file {
        MergedFile::Ours => sides.ours.to_vec(),
        MergedFile::Theirs => sides.theirs.to_vec(),
        MergedFile::New(sealed) => {
            sealed.write(format, &rules.stores_for(sides.path)).map_err(MergeRefused::NotWritten)?
        }
    };
    Ok(Merge { bytes, conflicts: merged.conflicts })
}

fn is_sealed(bytes: &[u8], format: Format) -> bool {
    match Sealed::read(bytes, format) {
        Ok(_) => true,
        Err(SealedError::NotEncrypted) => false,
        Err(_) => has_ciphertext(bytes),
    }
}

fn open(
    side: &'static str,
    bytes: &[u8],
    format: Format,
    identities: &Identities,
) -> Result<Opened, MergeRefused> {
    let sealed = Sealed::read(bytes, format).map_err(|error| MergeRefused::NotSealed(side, error))?;
    let opened = sealed.open(identities, MacCheck::Verify, &NoDialog);
    opened.map_err(|error| MergeRefused::NotOpened(side, error))
}
