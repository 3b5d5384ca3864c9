//! The data key, wrapped for age recipients.

use std::io::Read;
use std::str::FromStr;
use std::{fmt, iter};

use age::armor::ArmoredReader;
use kiln_model::Secret;

use crate::cipher::DataKey;

/// A public key that data keys are wrapped for.
#[derive(Clone)]
pub(crate) struct Recipient {
    key: age::x25519::Recipient,
    text: String,
}

/// Why a text is no recipient that values can be encrypted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecipientError {
    /// A kind of key that is not supported; its name.
    Unsupported(&'static str),
    /// No recipient at all.
    Invalid,
}

impl Recipient {
    pub(crate) fn parse(text: &str) -> Result<Recipient, RecipientError> {
        let kind = if text.starts_with("age1pq1") {
            Some("post-quantum")
        } else if text.starts_with("ssh-") {
            Some("SSH")
        } else if text.starts_with("age1") && text.matches('1').count() > 1 {
            // The data part of Bech32 has no `1`; a second one ends the name of a plugin.
            Some("plugin")
        } else {
            None
        };
        if let Some(kind) = kind {
            return Err(RecipientError::Unsupported(kind));
        }
        let key = age::x25519::Recipient::from_str(text).map_err(|_| RecipientError::Invalid)?;
        Ok(Recipient { key, text: text.to_owned() })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// An armored age file that holds the data key; `None` if the system gives no
    /// random bytes.
    pub(crate) fn wrap(&self, key: &DataKey) -> Option<String> {
        let armored = age::encrypt_and_armor(&self.key, key.as_slice()).ok()?;
        // The armor has the line ends of the platform; SOPS documents have `\n`.
        Some(armored.replace("\r\n", "\n"))
    }
}

/// The private key that opens what was encrypted to its recipient.
///
/// It cannot be printed, and it is wiped on drop.
#[derive(Clone)]
pub struct Identity {
    key: age::x25519::Identity,
}

/// Why a secret is no identity. Says nothing of what the secret holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// There is no age key in it.
    Missing,
    /// There are several age keys in it.
    Several,
    /// A post-quantum or plugin key.
    Unsupported,
    /// It looks like an age key, but is not one: its checksum fails.
    Invalid,
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IdentityError::Missing => "it holds no age key",
            IdentityError::Several => "it holds several age keys",
            IdentityError::Unsupported => "it holds a post-quantum or plugin key, which is not supported yet",
            IdentityError::Invalid => "its age key is damaged",
        })
    }
}

impl std::error::Error for IdentityError {}

impl Identity {
    /// Reads an age key file: blank lines, comments, and one `AGE-SECRET-KEY-1…`.
    ///
    /// # Errors
    /// If there is not exactly one key of that kind.
    pub fn parse(secret: &Secret) -> Result<Identity, IdentityError> {
        // The key itself is needed here, to open and compare files.
        let lines = secret.expose().lines().map(str::trim);
        let mut keys = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let line = keys.next().ok_or(IdentityError::Missing)?;
        if keys.next().is_some() {
            return Err(IdentityError::Several);
        }
        if line.starts_with("AGE-SECRET-KEY-PQ-") || line.starts_with("AGE-PLUGIN-") {
            return Err(IdentityError::Unsupported);
        }
        if !line.starts_with("AGE-SECRET-KEY-") {
            return Err(IdentityError::Missing);
        }
        let key = age::x25519::Identity::from_str(line).map_err(|_| IdentityError::Invalid)?;
        Ok(Identity { key })
    }

    /// The public key, `age1…`.
    pub fn recipient(&self) -> String {
        self.key.to_public().to_string()
    }

    /// The data key in an armored age file, if this identity opens it.
    pub(crate) fn unwrap(&self, armored: &str) -> Option<DataKey> {
        let decryptor = age::Decryptor::new_buffered(ArmoredReader::new(armored.as_bytes())).ok()?;
        let mut reader = decryptor.decrypt(iter::once(&self.key as &dyn age::Identity)).ok()?;
        let mut key = DataKey::default();
        reader.read_exact(key.as_mut_slice()).ok()?;
        let is_all = matches!(reader.read(&mut [0]), Ok(0));
        is_all.then_some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY_FILE: &str = include_str!("../tests/corpus/test-key.txt");

    fn key() -> &'static str {
        KEY_FILE.lines().last().unwrap()
    }

    fn recipient() -> &'static str {
        KEY_FILE.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap()
    }

    fn identity(text: &str) -> Result<Identity, IdentityError> {
        Identity::parse(&Secret::new("test", text))
    }

    #[test]
    fn a_data_key_comes_back_to_its_recipient_alone() {
        let wrapped = Recipient::parse(recipient()).unwrap().wrap(&DataKey::new([3; 32])).unwrap();
        assert!(wrapped.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"));
        assert!(wrapped.ends_with("-----END AGE ENCRYPTED FILE-----\n"));
        let opened = identity(key()).unwrap().unwrap(&wrapped).unwrap();
        assert_eq!(opened.as_slice(), [3; 32]);
        let stranger = Identity { key: age::x25519::Identity::generate() };
        assert!(stranger.unwrap(&wrapped).is_none());
    }

    #[test]
    fn a_key_file_may_have_comments() {
        assert_eq!(identity(KEY_FILE).unwrap().recipient(), recipient());
    }

    #[test]
    fn what_is_no_identity_is_told_without_its_text() {
        let failure = |text: &str| identity(text).err();
        assert_eq!(failure("# nothing\n"), Some(IdentityError::Missing));
        assert_eq!(failure("hunter2"), Some(IdentityError::Missing));
        assert_eq!(failure(&format!("{0}\n{0}", key())), Some(IdentityError::Several));
        assert_eq!(failure("AGE-SECRET-KEY-PQ-1QQ"), Some(IdentityError::Unsupported));
        assert_eq!(failure(&key()[..40]), Some(IdentityError::Invalid));
    }

    #[test]
    fn kinds_of_recipients_are_told_apart() {
        let failure = |text: &str| Recipient::parse(text).err();
        assert_eq!(failure(recipient()), None);
        assert_eq!(failure("age1pq1abc"), Some(RecipientError::Unsupported("post-quantum")));
        assert_eq!(failure("age1yubikey1abc"), Some(RecipientError::Unsupported("plugin")));
        assert_eq!(failure("ssh-ed25519 AAAA"), Some(RecipientError::Unsupported("SSH")));
        assert_eq!(failure("age1nope"), Some(RecipientError::Invalid));
        assert_eq!(failure("ABCDEF"), Some(RecipientError::Invalid));
    }
}
