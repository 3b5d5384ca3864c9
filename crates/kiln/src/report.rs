//! What a run takes and what it gives.

use std::collections::BTreeMap;
use std::time::Duration;

use kiln_age::Identities;
use kiln_model::{Artifact, Diagnostics, Files, Rendered, Secret, Sources};
use kiln_sops::{OpenError, Opened, Sealed, ValueChange, Without};

use crate::allow::Allowed;
use crate::explain::Page;

/// What a run works on.
#[non_exhaustive]
pub struct Request<'a> {
    /// The project folder: data files, key files, `kiln.toml`, `overrides/`.
    pub project: &'a dyn Files,
    /// The output folder as it is now; a secret that did not change keeps the bytes found
    /// here. `None` for the folder of the project that `kiln.toml` names.
    pub previous: Option<&'a dyn Files>,
    /// A pack to use instead of the one that `kiln.toml` names or the built-in one.
    pub pack: Option<&'a dyn Files>,
    /// The time that encrypted files record, in seconds since 1970-01-01 UTC.
    pub now: u64,
    /// What becomes of key files that are missing, and of what needs them: encrypted files that
    /// are there, encrypted data files, outputs. [`Without::Keep`] is for runs that write
    /// nothing; they say what they could not compare in [`Report::not_compared`].
    pub without_key: Without,
    /// Age keys from outside of the project, for its encrypted data files.
    pub keys: Option<&'a dyn KeySource>,
    /// Whether an error of a rule that says `compat: true` is a warning.
    pub compat: bool,
}

/// Age keys from outside of a project, such as those that `sops` would find.
pub trait KeySource: Sync {
    /// Opens an encrypted data file that the project's own key does not open.
    ///
    /// # Errors
    /// If none of these keys opens it either, or it was changed.
    fn open(&self, sealed: &Sealed) -> Result<Opened, Box<NotOpened>>;

    /// Age keys, as a key file has them, that were given on purpose. One of them stands in
    /// for the project's age key file if that is missing and the creation rules that are there
    /// name its public half.
    fn given(&self) -> Option<Secret>;
}

/// Why a file was not opened, and with what it was tried.
pub struct NotOpened {
    /// What came of it.
    pub error: OpenError,
    /// The keys, and the places where none were found.
    pub identities: Identities,
}

impl<'a> Request<'a> {
    /// A run of `project` at `now` seconds since 1970-01-01 UTC, with the pack and the output
    /// folder that the project asks for.
    pub fn new(project: &'a dyn Files, now: u64) -> Request<'a> {
        Request {
            project,
            previous: None,
            pack: None,
            now,
            without_key: Without::Refuse,
            keys: None,
            compat: false,
        }
    }
}

/// One stage of a run, for the line that is printed about it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Stage {
    /// `load`, `validate`, `derive`, `check`, `render`, `manifests`, `encrypt`.
    pub name: &'static str,
    /// What it did, with counts: `72 outputs from 41 templates`.
    pub summary: String,
    /// How long it took.
    pub time: Duration,
}

/// Everything a run found and made.
#[derive(Default)]
#[non_exhaustive]
pub struct Report {
    /// How the project is read: `pack`.
    pub mode: &'static str,
    /// The pack: name, version and where it came from (`NAME VERSION, built in`).
    pub pack: String,
    /// The pack's name and version alone, as `kiln.lock` records it.
    pub pack_id: String,
    /// The folder that outputs go to, relative to the project, as `kiln.toml` says; `.`
    /// where it says nothing.
    pub output: String,
    /// The warnings and notes that the project does not want to see; they are not among
    /// `diagnostics`.
    pub allowed: Allowed,
    /// How many of them there were.
    pub silenced: usize,
    /// The data files in clear, relative to the project.
    pub data_files: Vec<String>,
    /// The stages that ran, in order.
    pub stages: Vec<Stage>,
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// All findings.
    pub diagnostics: Diagnostics,
    /// The pages of the pack's rules that found something; those of kiln's own codes are given by
    /// [`crate::explain::page`].
    pub rules: Vec<Page>,
    /// The outputs in plain text, sorted by path; empty if rendering was not reached.
    pub rendered: Vec<Rendered>,
    /// The outputs as they may be written, sorted by path; empty while an error stands.
    pub artifacts: Vec<Artifact>,
    /// The paths of outputs that were not made, or not compared with what is there, because a
    /// key is missing; sorted. Those that were made are among `artifacts` with the bytes that
    /// they have.
    pub not_compared: Vec<String>,
    /// For each encrypted output that is not as its file of the last run, by path, the values that
    /// differ; all of them if there is no such file, and none if something else differs, such as a
    /// recipient.
    pub value_changes: BTreeMap<String, Vec<ValueChange>>,
    /// Whether something was passed over because a key is missing, so that there may be outputs
    /// that are neither among `artifacts` nor named by `not_compared`.
    pub is_partial: bool,
}
