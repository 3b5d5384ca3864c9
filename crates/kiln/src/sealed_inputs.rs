//! Opens the encrypted data files of a project.

use std::cell::Cell;

use kiln_age::{Identities, NoDialog, UnwrapError};
use kiln_config::{Opener, Place, Settings, Unopened};
use kiln_model::{Diagnostic, Files, Severity};
use kiln_pack::Pack;
use kiln_sops::{
    FileKey, Format, KeyFailure, KeyReason, MacCheck, OpenError, Opened, Sealed, SealedError, Stores, Without,
};
use zeroize::Zeroizing;

use crate::report::{KeySource, NotOpened};

/// The keys of a run: that of the project first, then what is around it.
pub(crate) struct Keyring<'a> {
    own: Identities,
    around: Option<&'a dyn KeySource>,
    without: Without,
    /// Whether a file was not opened for want of a key.
    is_lacking: Cell<bool>,
}

impl<'a> Keyring<'a> {
    /// Reads the age key files that the pack names.
    pub(crate) fn new(
        pack: &Pack,
        settings: &Settings,
        project: &dyn Files,
        around: Option<&'a dyn KeySource>,
        without: Without,
    ) -> Keyring<'a> {
        let mut own = Identities::new();
        for (_, path) in age_key_files(pack, settings) {
            match project.read(path) {
                Ok(Some(bytes)) => own.add_file(path, &bytes),
                Ok(None) => own.missing(path),
                Err(error) => own.failed(path, error.reason),
            }
        }
        Keyring { own, around, without, is_lacking: Cell::new(false) }
    }

    /// Whether a file was not opened for want of a key.
    pub(crate) fn is_lacking(&self) -> bool {
        self.is_lacking.get()
    }

    fn decrypt(&self, sealed: &Sealed) -> Result<Opened, Vec<NotOpenedBy<'_>>> {
        let mut failures = Vec::new();
        match sealed.open(&self.own, MacCheck::Verify, &NoDialog) {
            Ok(opened) => return Ok(opened),
            Err(error) => failures.push(NotOpenedBy { error, identities: Held::Own(&self.own) }),
        }
        let is_locked = matches!(failures[0].error, OpenError::Key(_));
        if let Some(around) = self.around.filter(|_| is_locked) {
            match around.open(sealed) {
                Ok(opened) => return Ok(opened),
                Err(why) => {
                    let NotOpened { error, identities } = *why;
                    failures.push(NotOpenedBy { error, identities: Held::Around(identities) });
                }
            }
        }
        Err(failures)
    }
}

/// The ids and paths of the key files that hold the project's age key.
pub(crate) fn age_key_files<'a>(
    pack: &'a Pack,
    settings: &'a Settings,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let keys = pack.secrets.iter().filter(|(_, key)| key.is_age_key());
    keys.map(|(id, key)| {
        let path = settings.secrets.get(id).map_or(key.file.text.as_str(), |(path, _)| path.as_str());
        (id.as_str(), path)
    })
}

struct NotOpenedBy<'a> {
    error: OpenError,
    identities: Held<'a>,
}

enum Held<'a> {
    Own(&'a Identities),
    Around(Identities),
}

impl NotOpenedBy<'_> {
    fn identities(&self) -> &Identities {
        match &self.identities {
            Held::Own(identities) => identities,
            Held::Around(identities) => identities,
        }
    }
}

impl Opener for Keyring<'_> {
    fn open(&self, path: &str, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let format = Format::of_path(path);
        let sealed = Sealed::read(bytes, format).map_err(|error| not_sealed(path, &error))?;
        let opened = self.decrypt(&sealed).map_err(|failures| self.not_opened(path, &sealed, &failures))?;
        let plain = opened.plain().write(format, &Stores::default());
        plain.map_err(|_| damaged(path, "its values cannot be written in its own format", Place::Start))
    }
}

impl Keyring<'_> {
    fn not_opened(&self, path: &str, sealed: &Sealed, failures: &[NotOpenedBy<'_>]) -> Unopened {
        let Some(last) = failures.last() else { return damaged(path, "it cannot be opened", Place::Start) };
        match &last.error {
            OpenError::Key(failure) if is_damage(failure) => {
                damaged(path, "none of its keys holds a data key", block(&[]))
            }
            OpenError::Key(failure) => self.locked(path, sealed, failures, failure),
            error => changed(path, error),
        }
    }

    /// No key opens the file. For runs that write nothing this is not an error.
    fn locked(
        &self,
        path: &str,
        sealed: &Sealed,
        failures: &[NotOpenedBy<'_>],
        failure: &KeyFailure,
    ) -> Unopened {
        self.is_lacking.set(true);
        let has_keys = failures.iter().any(|it| !it.identities().is_empty());
        let finding = if has_keys {
            Diagnostic::error("load.wrong-identity", format!("none of the age keys at hand opens `{path}`"))
        } else {
            Diagnostic::error("load.no-identity", format!("there is no age key to open `{path}` with"))
        };
        let finding = finding.note(format!("it is encrypted to {}", keys(sealed)));
        let finding = notes(failures).into_iter().fold(finding, Diagnostic::note);
        let others = failure.groups.iter().flat_map(|group| &group.keys);
        let others = others.filter(|(_, reason)| *reason == KeyReason::OtherKind);
        let finding = others.fold(finding, |it, (kind, reason)| it.note(format!("{kind}: {reason}")));
        let mut finding = finding.help(
            "put the project's age key back, or set `SOPS_AGE_KEY` or `SOPS_AGE_KEY_FILE` to one that opens it",
        );
        if self.without == Without::Keep {
            finding.severity = Severity::Warning;
            finding = finding.note(
                "what it says in clear is used and not verified; what depends on the rest is passed over",
            );
        }
        Unopened { finding: Box::new(finding), place: block(&["age"]), is_locked: true }
    }
}

/// The keys that a file is encrypted to.
fn keys(sealed: &Sealed) -> String {
    let names = sealed.groups().into_iter().flatten().map(|key| match key {
        FileKey::Age(recipient) => format!("`{recipient}`"),
        FileKey::Other(kind) => format!("a key of kind `{kind}`"),
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
}

/// Where keys were looked for, and whose were found.
fn notes(failures: &[NotOpenedBy<'_>]) -> Vec<String> {
    let all = || failures.iter().map(NotOpenedBy::identities);
    let mut notes = Vec::new();
    let found: Vec<String> = all().flat_map(Identities::recipients).map(|it| format!("`{it}`")).collect();
    if !found.is_empty() {
        notes.push(format!("the keys at hand are those of {}", found.join(", ")));
    }
    let missing: Vec<&str> = all().flat_map(Identities::missing_places).map(String::as_str).collect();
    if !missing.is_empty() {
        notes.push(format!("no key was found in {}", missing.join(", ")));
    }
    notes.extend(all().flat_map(Identities::failures).map(ToString::to_string));
    notes
}

/// Whether every key says that what it wraps is broken, rather than that it is another's.
fn is_damage(failure: &KeyFailure) -> bool {
    let is_broken = |reason: &KeyReason| {
        matches!(
            reason,
            KeyReason::NotADataKey
                | KeyReason::Age(UnwrapError::Malformed | UnwrapError::Forged | UnwrapError::TooLarge)
        )
    };
    let mut reasons =
        failure.groups.iter().flat_map(|group| &group.keys).map(|(_, reason)| reason).peekable();
    reasons.peek().is_some() && reasons.all(is_broken)
}

fn block(keys: &[&str]) -> Place {
    Place::Value(std::iter::once(&"sops").chain(keys).map(|&key| key.to_owned()).collect())
}

/// The place of a value that SOPS names by its keys.
fn value(path: &str) -> Place {
    Place::Value(path.split('.').map(str::to_owned).collect())
}

fn not_sealed(path: &str, error: &SealedError) -> Unopened {
    match error {
        SealedError::NotEncrypted => Unopened {
            finding: Box::new(
                Diagnostic::error(
                    "load.not-encrypted",
                    format!("`{path}` is named as an encrypted file, and is not encrypted"),
                )
                .note("it may be in git as it is: then make new secrets, too")
                .help("encrypt it with `kiln sops encrypt --in-place`, or give it a name without `.sops`"),
            ),
            place: Place::Start,
            is_locked: false,
        },
        SealedError::BadMetadata(what) => damaged(path, &what.to_string(), block(&[])),
        SealedError::LineEnds => damaged(path, &error.to_string(), Place::Start),
        SealedError::NotReadable(error) => {
            let (line, what) = error.problems().next().unwrap_or((1, "it cannot be read".to_owned()));
            damaged(path, &what, Place::Line(line))
        }
    }
}

const PUT_BACK: &str = "take the file from git as it was last";

fn damaged(path: &str, what: &str, place: Place) -> Unopened {
    let finding = Diagnostic::error("load.sops-damaged", format!("`{path}` is a damaged SOPS file: {what}"))
        .help(PUT_BACK);
    Unopened { finding: Box::new(finding), place, is_locked: false }
}

/// The file was changed since it was encrypted.
fn changed(path: &str, error: &OpenError) -> Unopened {
    let (code, place) = match error {
        OpenError::Forged(at) => ("load.sops-forged", value(at)),
        OpenError::NotEncrypted(at) => ("load.sops-plain-value", value(at)),
        OpenError::WrongType(at) => ("load.sops-wrong-type", value(at)),
        OpenError::NoMac(_) => ("load.sops-no-mac", block(&[])),
        OpenError::ForgedMac => ("load.sops-forged-mac", block(&["mac"])),
        OpenError::MacMismatch { .. } | OpenError::Key(_) => ("load.sops-mac-mismatch", block(&["mac"])),
    };
    let finding =
        Diagnostic::error(code, format!("`{path}` was changed without its key: {error}")).help(PUT_BACK);
    Unopened { finding: Box::new(finding), place, is_locked: false }
}
