//! From a rendered output to a SOPS file, with as little change as can be.

use std::collections::BTreeSet;

use kiln_age::{Dialog, Identities};
use kiln_model::{Artifact, Diagnostics, Rendered, Reported};

use crate::changes::{ValueChange, changes};
use crate::cipher::DataKey;
use crate::document::Document;
use crate::emit::clear_scalar;
use crate::format::{self, Format};
use crate::hoist::hoist;
use crate::open::{MacCheck, OpenError};
use crate::opened::Opened;
use crate::plain::Plain;
use crate::policy::Rule;
use crate::seal::seal_with_key;
use crate::sealed::{Sealed, SealedError};
use crate::select::Selection;
use crate::walk::{Leaf, walk};
use crate::{cipher, document, findings, leak, proof, tag};

/// What opens the files that are there, and when it is.
pub struct Keys<'a> {
    /// The identities at hand; there may be none.
    pub identities: &'a Identities,
    /// Answers what plugins and locked keys ask.
    pub dialog: &'a dyn Dialog,
    /// The time in seconds since 1970, which a new file names as that of its last change.
    pub now: u64,
    /// What becomes of a file that is there if there is no identity at all.
    pub without: Without,
}

/// What becomes of an encrypted file that is there if there is no identity at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// It is an error: what the file says could be lost.
    Refuse,
    /// It stays, and is not compared. For runs that write nothing.
    Keep,
}

/// An encrypted output.
pub struct Encrypted {
    /// The bytes to write.
    pub artifact: Artifact,
    /// What they have to do with the file that is there.
    pub outcome: Outcome,
    /// The values that are not those of the file that is there, sorted by path; none if it could
    /// not be opened.
    pub changes: Vec<ValueChange>,
}

/// What the bytes of an encrypted output have to do with the file that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They are new.
    Written,
    /// They are those of the file, because it says the same.
    Kept,
    /// They are those of the file, which nobody could open to compare it.
    NotCompared,
}

/// Encrypts `rendered` as `rule` says, in the way and the style of SOPS.
///
/// `previous` is the file that is there. If it says the same to the same recipients under
/// the same options, its bytes stay. Otherwise its data key and the ciphertexts of what did
/// not change stay, if the file proves that a holder of the identity chose the data key and
/// no recipient was removed.
///
/// # Errors
/// If the output cannot be encrypted safely: it is not of the format its name says, the rule
/// leaves a secret in clear or selects nothing, or `previous` is a SOPS file that cannot be
/// opened and verified. Everything found is in `sink`.
pub fn encrypt(
    rendered: &Rendered,
    rule: &Rule,
    previous: Option<&[u8]>,
    keys: &Keys<'_>,
    sink: &mut Diagnostics,
) -> Result<Encrypted, Reported> {
    let plain = plain(rendered, rule, sink)?;
    let previous = match previous {
        Some(bytes) => open(rendered, plain.format, bytes, keys, sink)?,
        None => Previous::None,
    };
    let selection = rule.terms.selection_for(plain.format);
    let changes = match &previous {
        Previous::Open(_, opened) => {
            changes(Some((opened.plain(), &opened.metadata.selection)), (&plain, &selection))
        }
        Previous::None => changes(None, (&plain, &selection)),
        Previous::Locked(_) => Vec::new(),
    };
    let (sealed, key) = match previous {
        Previous::Locked(bytes) => return Ok(unchanged(rendered, bytes, Outcome::NotCompared)),
        Previous::Open(bytes, opened) if says_the_same(&opened, &plain, rule) => {
            return Ok(unchanged(rendered, bytes, Outcome::Kept));
        }
        Previous::Open(_, opened) => {
            let keep_key = opened.is_proven(rendered.path(), keys.identities);
            let version = opened.metadata.version.clone();
            let changed = opened.change(plain, &rule.terms, &kinds(rule), keep_key, keys.now, keys.dialog);
            changed.map(|(mut sealed, key)| {
                sealed.metadata.version = version;
                (sealed, key)
            })
        }
        Previous::None => {
            for (kind, span) in &rule.other_keys {
                sink.push(findings::unsupported_key_type(kind, *span));
            }
            sink.check()?;
            seal_with_key(plain, &rule.terms, keys.now, keys.dialog)
        }
    }
    .map_err(|error| sink.error(findings::not_sealed(rendered, &error, rule.span)))?;
    let bytes = with_proof(sealed, &key, rendered.path(), keys.identities)
        .write(Format::of_path(rendered.path()), &rule.stores)
        .map_err(|error| sink.error(findings::not_writable(rendered, &error)))?;
    let artifact = Artifact::ciphertext(rendered.path(), bytes);
    Ok(Encrypted { artifact, outcome: Outcome::Written, changes })
}

fn unchanged(rendered: &Rendered, bytes: &[u8], outcome: Outcome) -> Encrypted {
    let artifact = Artifact::ciphertext(rendered.path(), bytes.to_vec());
    Encrypted { artifact, outcome, changes: Vec::new() }
}

/// The file with the proof that one of these identities chose its data key.
pub(crate) fn with_proof(mut sealed: Sealed, key: &DataKey, path: &str, identities: &Identities) -> Sealed {
    let known = sealed.metadata.extra(proof::FIELD);
    if !known.is_some_and(|proof| proof::holds(proof, key, path, identities)) {
        let proof = proof::make(key, path, identities);
        sealed.metadata.set_extra(proof::FIELD, proof.as_deref());
    }
    sealed
}

fn says_the_same(opened: &Opened, plain: &Plain, rule: &Rule) -> bool {
    let selection = rule.terms.selection_for(plain.format);
    rule.terms.are_met_by(&opened.metadata, &selection)
        && opened.metadata.other_keys() == kinds(rule)
        && opened.plain.is_same(plain, &selection)
}

/// The kinds of keys besides age's that are to open what the rule covers.
fn kinds(rule: &Rule) -> BTreeSet<&str> {
    rule.other_keys.iter().map(|(kind, _)| *kind).collect()
}

/// The output's document as it will read when it is decrypted.
fn plain(rendered: &Rendered, rule: &Rule, sink: &mut Diagnostics) -> Result<Plain, Reported> {
    let format = Format::of_path(rendered.path());
    let mut own = Diagnostics::new();
    // The plain text is needed to encrypt it.
    let documents = match format::read(format, rendered.expose().as_bytes()) {
        Ok(mut documents) => {
            let selection = rule.terms.selection_for(format);
            prepare(&mut documents, rendered, format, &selection, rule, &mut own);
            documents
        }
        Err(problems) => {
            for problem in problems {
                let path = leak::shown_path(rendered, &problem.path);
                own.push(findings::not_readable(rendered, &problem, &path));
            }
            Vec::new()
        }
    };
    let outcome = own.check();
    sink.append(own);
    outcome.map(|()| Plain { documents, format })
}

/// Makes the documents what they will be once decrypted, and refuses what is not safe.
fn prepare(
    documents: &mut [Document],
    rendered: &Rendered,
    format: Format,
    selection: &Selection,
    rule: &Rule,
    sink: &mut Diagnostics,
) {
    if format::has_reserved_key(format, documents) {
        sink.push(findings::sops_key_present(rendered));
    }
    for path in hoist(documents, selection) {
        sink.push(findings::comments_dropped(rendered, &leak::shown_path(rendered, &path)));
    }
    if format == Format::Yaml {
        respell_clear_numbers(documents, selection);
    }
    for path in sealed_values(documents, selection) {
        sink.push(findings::looks_encrypted(rendered, &leak::shown_path(rendered, &path)));
    }
    let (leaks, encrypts) = leak::inspect(rendered, documents, selection);
    for (path, reveal) in leaks {
        sink.push(findings::secret_in_clear(rendered, &path, &reveal, rule.span));
    }
    if !encrypts {
        sink.push(findings::nothing_selected(rendered, rule.span));
    }
}

/// The paths of values that were encrypted before, by themselves.
fn sealed_values(documents: &mut [Document], selection: &Selection) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(()) = walk(documents, selection, &mut |leaf, place, _| {
        if let Leaf::Scalar(document::Scalar::Text(text)) = leaf
            && cipher::is_canonical(text)
        {
            found.push(place.path.join("."));
        }
        Ok::<(), std::convert::Infallible>(())
    });
    found
}

/// A number in clear is read back from its YAML spelling: `1.0` is written `1`.
fn respell_clear_numbers(documents: &mut [Document], selection: &Selection) {
    let Ok(()) = walk(documents, selection, &mut |leaf, _, selected| {
        if let (Leaf::Scalar(scalar @ document::Scalar::Float(_)), false) = (leaf, selected)
            && let Ok(read_back) = tag::typed(&clear_scalar(scalar), true, None)
        {
            *scalar = read_back;
        }
        Ok::<(), std::convert::Infallible>(())
    });
}

/// The file that is there.
enum Previous<'a> {
    /// There is none, or it is no SOPS file.
    None,
    Open(&'a [u8], Box<Opened>),
    /// There is no identity to open it with.
    Locked(&'a [u8]),
}

/// Opens the file that is there.
///
/// One that is a SOPS file and cannot be opened and verified is an error: what stands in it
/// could not be had back once it is replaced.
fn open<'a>(
    rendered: &Rendered,
    format: Format,
    bytes: &'a [u8],
    keys: &Keys<'_>,
    sink: &mut Diagnostics,
) -> Result<Previous<'a>, Reported> {
    let sealed = match Sealed::read(bytes, format) {
        Ok(sealed) => sealed,
        Err(SealedError::NotReadable(_) | SealedError::NotEncrypted) if !has_ciphertext(bytes) => {
            return Ok(Previous::None);
        }
        Err(error) => return Err(sink.error(findings::previous_tampered(rendered, &error.to_string()))),
    };
    if keys.identities.is_empty() {
        return match keys.without {
            Without::Keep => Ok(Previous::Locked(bytes)),
            Without::Refuse => Err(sink.error(findings::previous_without_key(rendered))),
        };
    }
    match sealed.open(keys.identities, MacCheck::Verify, keys.dialog) {
        Ok(opened) => Ok(Previous::Open(bytes, Box::new(opened))),
        Err(OpenError::Key(failure)) => Err(sink.error(findings::previous_unreadable(rendered, &failure))),
        Err(error) => Err(sink.error(findings::previous_tampered(rendered, &error.to_string()))),
    }
}

/// Encrypted values are left of a SOPS file that was broken, by a merge for example.
fn has_ciphertext(bytes: &[u8]) -> bool {
    let mark = b"ENC[AES256_GCM,data:";
    bytes.windows(mark.len()).any(|window| window == mark)
}
