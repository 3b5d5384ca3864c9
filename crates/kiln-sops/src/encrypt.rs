//! From a rendered output to a SOPS file.

use std::convert::Infallible;

use kiln_model::{Artifact, Diagnostic, Diagnostics, Rendered, Reported};
use zeroize::Zeroizing;

use crate::cipher::{self, Cipher, DataKey, NoRandomness};
use crate::document::{Document, Scalar};
use crate::emit::{clear_scalar, emit};
use crate::hoist::hoist;
use crate::mac::Mac;
use crate::metadata::{self, Metadata, Wrapped};
use crate::policy::Rule;
use crate::recipient::Identity;
use crate::reuse::{self, Previous};
use crate::select::Selection;
use crate::walk::{Leaf, walk};
use crate::{findings, leak, read, tag, time};

/// An encrypted output.
pub struct Encrypted {
    /// The bytes to write.
    pub artifact: Artifact,
    /// Whether they are the bytes of the file that is there, because it says the same.
    pub kept: bool,
}

/// Encrypts `rendered` as `rule` says, in the way and the style of SOPS.
///
/// `previous` is the file that is there; if it decrypts with `identity` to the same
/// document, under the same rule, its bytes are kept. `now` is the time in seconds since
/// 1970, which the file will name as that of its last change.
///
/// # Errors
/// If the output cannot be encrypted safely: it is not YAML, the rule leaves a secret in
/// clear or selects nothing, or `previous` is a SOPS file that cannot be opened and
/// verified. Everything found is in `sink`.
pub fn encrypt(
    rendered: &Rendered,
    rule: &Rule,
    previous: Option<&[u8]>,
    identity: Option<&Identity>,
    now: u64,
    sink: &mut Diagnostics,
) -> Result<Encrypted, Reported> {
    let mut documents = plain_documents(rendered, rule, sink)?;
    if let Some(previous) = previous
        && let Previous::Keep = reuse::judge(rendered, &documents, rule, previous, identity, sink)?
    {
        let artifact = Artifact::ciphertext(rendered.path(), previous.to_vec());
        return Ok(Encrypted { artifact, kept: true });
    }
    let bytes =
        seal(&mut documents, rule, now).map_err(|failure| sink.error(failure.finding(rendered, rule)))?;
    Ok(Encrypted { artifact: Artifact::ciphertext(rendered.path(), bytes), kept: false })
}

/// The documents of an output, as they will read when they are decrypted.
fn plain_documents(
    rendered: &Rendered,
    rule: &Rule,
    sink: &mut Diagnostics,
) -> Result<Vec<Document>, Reported> {
    if !rendered.path().ends_with(".yaml") && !rendered.path().ends_with(".yml") {
        return Err(sink.error(findings::unsupported_format(rendered)));
    }
    let mut own = Diagnostics::new();
    // The plain text is needed to encrypt it.
    let documents = match read::read(rendered.expose()) {
        Ok(mut documents) => {
            prepare(&mut documents, rendered, rule, &mut own);
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
    outcome.map(|()| documents)
}

/// Makes the documents what they will be once decrypted, and refuses what is not safe.
fn prepare(documents: &mut [Document], rendered: &Rendered, rule: &Rule, sink: &mut Diagnostics) {
    if documents.iter().any(|document| document.get(metadata::KEY).is_some()) {
        sink.push(findings::sops_key_present(rendered));
    }
    for path in hoist(documents, &rule.selection) {
        sink.push(findings::comments_dropped(rendered, &leak::shown_path(rendered, &path)));
    }
    respell_clear_numbers(documents, &rule.selection);
    let (leaks, encrypts) = leak::inspect(rendered, documents, &rule.selection);
    for (path, reveal) in leaks {
        sink.push(findings::secret_in_clear(rendered, &path, &reveal, rule.span));
    }
    if !encrypts {
        sink.push(findings::nothing_selected(rendered, rule.span));
    }
}

/// A number in clear is read back from its YAML spelling: `1.0` is written `1`.
fn respell_clear_numbers(documents: &mut [Document], selection: &Selection) {
    let Ok(()) = walk(documents, selection, &mut |leaf, _, selected| {
        if let (Leaf::Scalar(scalar @ Scalar::Float(_)), false) = (leaf, selected)
            && let Ok(read_back) = tag::typed(&clear_scalar(scalar), true, None)
        {
            *scalar = read_back;
        }
        Ok::<(), Infallible>(())
    });
}

enum Failure {
    NoRandomness,
    PatternMatchesCiphertext,
}

impl From<NoRandomness> for Failure {
    fn from(_: NoRandomness) -> Failure {
        Failure::NoRandomness
    }
}

impl Failure {
    fn finding(&self, rendered: &Rendered, rule: &Rule) -> Diagnostic {
        match self {
            Failure::NoRandomness => findings::no_randomness(rendered),
            Failure::PatternMatchesCiphertext => findings::pattern_matches_ciphertext(rendered, rule.span),
        }
    }
}

/// Encrypts the documents in place, and gives the file.
fn seal(documents: &mut [Document], rule: &Rule, now: u64) -> Result<Vec<u8>, Failure> {
    let key: DataKey = Zeroizing::new(cipher::random()?);
    let age = rule.recipients.iter().map(|recipient| {
        let enc = recipient.wrap(&key).ok_or(NoRandomness)?;
        Ok(Wrapped { recipient: recipient.as_str().to_owned(), enc })
    });
    let age = age.collect::<Result<Vec<_>, Failure>>()?;
    let cipher = Cipher::new(key);
    let mac = seal_leaves(documents, rule, &cipher)?;
    let last_modified = time::from_unix(now);
    let mac = cipher.seal(&Scalar::text(mac), &last_modified)?.unwrap_or_default();
    let block = Metadata {
        age,
        last_modified,
        mac,
        selection: rule.selection.clone(),
        mac_only_encrypted: rule.mac_only_encrypted,
        other_keys: false,
    }
    .to_node();
    documents.iter_mut().for_each(|document| document.push(metadata::KEY, block.clone()));
    Ok(emit(documents, rule.indent).as_bytes().to_vec())
}

/// Encrypts every leaf that the rule selects, and gives the hash over the plain values.
fn seal_leaves(documents: &mut [Document], rule: &Rule, cipher: &Cipher) -> Result<String, Failure> {
    let mut mac = Mac::new(rule.mac_only_encrypted);
    walk(documents, &rule.selection, &mut |leaf, place, selected| {
        let aad = cipher::place(&place.path);
        match leaf {
            Leaf::Key => {}
            Leaf::Scalar(scalar) => {
                mac.add(scalar, selected);
                if selected && let Some(sealed) = cipher.seal(scalar, &aad)? {
                    *scalar = Scalar::text(sealed);
                }
            }
            Leaf::Comment(comment) => {
                if selected && let Some(sealed) = cipher.seal_comment(comment, &aad)? {
                    if let Selection::UnencryptedCommentRegex(pattern) = &rule.selection
                        && pattern.is_match(&sealed)
                    {
                        return Err(Failure::PatternMatchesCiphertext);
                    }
                    comment.text = Zeroizing::new(sealed);
                }
            }
        }
        Ok(())
    })?;
    Ok(mac.finish())
}
