//! SSH keys as recipients and identities.
//!
//! Source: the types `ssh-ed25519` and `ssh-rsa` of [age](https://pkg.go.dev/filippo.io/age/agessh).

mod wire;

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use age::secrecy::SecretString;
use age::ssh::{EncryptedKey, ParseRecipientKeyError};
use age::{EncryptError, Identity as _};
use age_core::format::{FileKey, Stanza};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use pkcs8::{ObjectIdentifier, PrivateKeyInfo};
use sha2_of_age::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::dialog::Dialog;
use crate::error::{KeyError, RecipientError};
use crate::recipient::Kind;
use wire::OpenSsh;

const OPEN_SSH: &str = "OPENSSH PRIVATE KEY";
const RSA: &str = "RSA PRIVATE KEY";
const PKCS8: &str = "PRIVATE KEY";
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The largest text of a private key that is read; one of 16384 bits has 13 kB.
const MAX_TEXT: usize = 32 * 1024;
/// How often a passphrase may be hashed; OpenSSH hashes it 24 times unless told otherwise.
const MAX_ROUNDS: u32 = 4096;

/// A public key.
#[derive(Clone)]
pub(crate) struct Recipient(age::ssh::Recipient);

impl Recipient {
    pub(crate) fn parse(text: &str) -> Result<Recipient, RecipientError> {
        let mut words = text.split_ascii_whitespace();
        let (kind, encoded) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let malformed = RecipientError::Malformed(match kind {
            "ssh-ed25519" => Kind::SshEd25519,
            "ssh-rsa" => Kind::SshRsa,
            _ if encoded.is_empty() => return Err(RecipientError::UnknownType),
            other => return Err(RecipientError::UnsupportedSsh(other.chars().take(64).collect())),
        });
        let blob = STANDARD_NO_PAD.decode(encoded.trim_end_matches('=')).map_err(|_| malformed.clone())?;
        if text.contains(['\r', '\n']) || !wire::is_sound_public(&blob) {
            return Err(malformed);
        }
        match format!("{kind} {}", STANDARD.encode(&blob)).parse() {
            // With some points everybody agrees on the same secret.
            Ok(age::ssh::Recipient::SshEd25519(_, point)) if point.is_small_order() => Err(malformed),
            Ok(key) => Ok(Recipient(key)),
            Err(ParseRecipientKeyError::RsaModulusTooSmall) => Err(RecipientError::RsaTooSmall),
            Err(ParseRecipientKeyError::RsaModulusTooLarge) => Err(RecipientError::RsaTooLarge),
            Err(_) => Err(malformed),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        match &self.0 {
            age::ssh::Recipient::SshRsa(..) => Kind::SshRsa,
            age::ssh::Recipient::SshEd25519(..) => Kind::SshEd25519,
        }
    }
}

impl age::Recipient for Recipient {
    fn wrap_file_key(&self, key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        self.0.wrap_file_key(key)
    }
}

/// A private key, encrypted or not.
pub(crate) struct Identity {
    kind: Kind,
    /// The public half, without a comment.
    recipient: String,
    /// What stanzas name the key by.
    tag: String,
    /// What only the holder knows; nothing of a key that is encrypted.
    secret: Option<Zeroizing<Vec<u8>>>,
    key: Mutex<Key>,
}

enum Key {
    Open(Box<age::ssh::Identity>),
    Locked(Box<EncryptedKey>),
    /// The passphrase was wrong.
    Lost,
}

impl Identity {
    /// Reads a private key in OpenSSH's format, or an RSA key in that of PKCS #1 or #8.
    pub(crate) fn parse(text: &str) -> Result<Identity, KeyError> {
        if text.len() > MAX_TEXT {
            return Err(KeyError::TooLarge);
        }
        let (label, bytes) = pem(text)?;
        let secret = match label {
            OPEN_SSH => secret_of_open_ssh(&bytes)?,
            _ => Some(bytes.clone()),
        };
        let key = read_by_age(label, &bytes)?;
        let recipient = age::ssh::Recipient::try_from(key.clone()).map_err(|error| match error {
            ParseRecipientKeyError::RsaModulusTooLarge => unsupported("more than 4096 bits"),
            _ => KeyError::MalformedSsh,
        })?;
        let (kind, blob) = match &recipient {
            age::ssh::Recipient::SshRsa(blob, _) => (Kind::SshRsa, blob),
            age::ssh::Recipient::SshEd25519(blob, _) => (Kind::SshEd25519, blob),
        };
        let tag = STANDARD_NO_PAD.encode(&Sha256::digest(blob)[..4]);
        let key = match key {
            age::ssh::Identity::Encrypted(locked) => Key::Locked(Box::new(locked)),
            open => Key::Open(Box::new(open)),
        };
        Ok(Identity { kind, recipient: recipient.to_string(), tag, secret, key: Mutex::new(key) })
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) fn recipient(&self) -> &str {
        &self.recipient
    }

    pub(crate) fn secret(&self) -> Option<&[u8]> {
        self.secret.as_ref().map(|secret| secret.as_slice())
    }

    /// Whether a passphrase will be asked for.
    pub(crate) fn is_locked(&self) -> bool {
        matches!(*self.key.lock().unwrap_or_else(PoisonError::into_inner), Key::Locked(_))
    }

    /// The key of a file with these stanzas; `None` if none of them is for this key. A
    /// passphrase is asked for only if one is, and only once.
    pub(crate) fn unwrap(
        &self,
        stanzas: &[Stanza],
        place: &str,
        dialog: &dyn Dialog,
    ) -> Result<Option<FileKey>, KeyError> {
        let kind = self.kind.to_string();
        let is_mine = |it: &&Stanza| it.tag == kind && it.args.first() == Some(&self.tag);
        let mut mine = stanzas.iter().filter(is_mine).peekable();
        if mine.peek().is_none() {
            return Ok(None);
        }
        let mut key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Key::Locked(locked) = &*key {
            *key = unlock(locked, place, dialog)?;
        }
        let Key::Open(open) = &*key else { return Err(KeyError::WrongPassphrase) };
        // The tag is short; a stanza that does not open may be for a key with the same one.
        Ok(mine.find_map(|stanza| open.unwrap_stanza(stanza)?.ok()))
    }
}

fn unlock(locked: &EncryptedKey, place: &str, dialog: &dyn Dialog) -> Result<Key, KeyError> {
    let prompt = format!("Enter passphrase for {place:?}:");
    let passphrase = dialog.passphrase(&prompt).ok_or(KeyError::NoPassphrase)?;
    Ok(match locked.decrypt(SecretString::from(passphrase.as_str())) {
        Ok(open) => Key::Open(Box::new(open.into())),
        Err(_) => Key::Lost,
    })
}

/// The bytes of a private key in PEM, as one of the two forms that age reads.
fn pem(text: &str) -> Result<(&'static str, Zeroizing<Vec<u8>>), KeyError> {
    let block = [OPEN_SSH, RSA, PKCS8].into_iter().find_map(|label| {
        let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
        let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
        Some((label, body))
    });
    let Some((label, body)) = block else {
        let is_other = text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----");
        return Err(if is_other {
            unsupported("a format other than OpenSSH's")
        } else {
            KeyError::MalformedSsh
        });
    };
    if body.contains("ENCRYPTED") {
        return Err(unsupported("the encryption of PEM"));
    }
    // As large as it can become, so that nothing moves and stays behind unwiped.
    let mut encoded = Zeroizing::new(String::with_capacity(body.len()));
    encoded.extend(body.chars().filter(|it| !it.is_ascii_whitespace()));
    let bytes = Zeroizing::new(STANDARD.decode(encoded.as_bytes()).map_err(|_| KeyError::MalformedSsh)?);
    if label != PKCS8 {
        return Ok((label, bytes));
    }
    let key = PrivateKeyInfo::try_from(bytes.as_slice()).map_err(|_| KeyError::MalformedSsh)?;
    if key.algorithm.oid != RSA_ENCRYPTION {
        return Err(unsupported("a type other than RSA in PKCS #8"));
    }
    Ok((RSA, Zeroizing::new(key.private_key.to_vec())))
}

fn unsupported(what: &str) -> KeyError {
    KeyError::UnsupportedSsh(what.to_owned())
}

/// What only the holder of a key knows; `None` if the key is encrypted.
fn secret_of_open_ssh(bytes: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
    let key = OpenSsh::read(bytes).ok_or(KeyError::MalformedSsh)?;
    if !wire::is_sound_public(key.public) {
        return Err(match wire::kind_of(key.public) {
            Some(kind) if kind != "ssh-rsa" && kind != "ssh-ed25519" => {
                unsupported(&format!("the type {kind}"))
            }
            _ => KeyError::MalformedSsh,
        });
    }
    if key.rounds > MAX_ROUNDS {
        return Err(KeyError::TooMuchWork);
    }
    if key.is_encrypted() {
        return Ok(None);
    }
    let secret = key.secret().ok_or(KeyError::MalformedSsh)?;
    Ok(Some(Zeroizing::new(secret.to_vec())))
}

fn read_by_age(label: &str, bytes: &[u8]) -> Result<age::ssh::Identity, KeyError> {
    let encoded = Zeroizing::new(STANDARD.encode(bytes));
    let text = Zeroizing::new(format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", *encoded));
    match age::ssh::Identity::from_buffer(text.as_bytes(), None) {
        Ok(age::ssh::Identity::Unsupported(_)) => Err(KeyError::UnsupportedSsh("this encryption".to_owned())),
        Ok(key) => Ok(key),
        Err(_) => Err(KeyError::MalformedSsh),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKED: &str = include_str!("../tests/corpus/ed25519-locked");

    #[test]
    fn a_passphrase_that_would_be_hashed_for_hours_is_refused() {
        let (_, bytes) = pem(LOCKED).unwrap();
        let with_rounds = |rounds: u32| {
            let mut bytes = bytes.to_vec();
            // The number stands between the salt and the number of keys.
            let end = bytes.windows(8).position(|it| it == [0, 0, 0, 4, 0, 0, 0, 1]).unwrap();
            bytes[end..end + 4].copy_from_slice(&rounds.to_be_bytes());
            let encoded = STANDARD.encode(bytes);
            Identity::parse(&format!("-----BEGIN {OPEN_SSH}-----\n{encoded}\n-----END {OPEN_SSH}-----\n"))
        };
        assert!(with_rounds(MAX_ROUNDS).is_ok());
        assert_eq!(with_rounds(MAX_ROUNDS + 1).err(), Some(KeyError::TooMuchWork));
    }

    #[test]
    fn a_private_key_with_a_number_of_zero_bytes_is_refused() {
        let mut bytes = b"openssh-key-v1\0".to_vec();
        let string = |to: &mut Vec<u8>, text: &[u8]| {
            to.extend((text.len() as u32).to_be_bytes());
            to.extend(text);
        };
        [b"none".as_slice(), b"none", b""].iter().for_each(|text| string(&mut bytes, text));
        bytes.extend([0, 0, 0, 1]);
        let mut public = Vec::new();
        [b"ssh-rsa".as_slice(), &[3], &[5]].iter().for_each(|text| string(&mut public, text));
        string(&mut bytes, &public);
        let mut private = vec![0; 8];
        [b"ssh-rsa".as_slice(), &[0], &[3], &[3], &[3], &[3], &[3], b""]
            .iter()
            .for_each(|text| string(&mut private, text));
        string(&mut bytes, &private);
        let encoded = STANDARD.encode(bytes);
        let text = format!("-----BEGIN {OPEN_SSH}-----\n{encoded}\n-----END {OPEN_SSH}-----\n");
        assert_eq!(Identity::parse(&text).err(), Some(KeyError::MalformedSsh));
    }
}
