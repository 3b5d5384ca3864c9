//! The data key, wrapped for age recipients.

use std::fmt;
use std::sync::Arc;

use kiln_age::{Identities, KeyError, Kind, NoDialog};
use kiln_model::Secret;

use crate::cipher::DataKey;

/// A public key that data keys are wrapped for.
#[derive(Clone)]
pub(crate) struct Recipient(kiln_age::Recipient);

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
        kiln_age::Recipient::parse(text).map(Recipient).map_err(|_| RecipientError::Invalid)
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// An armored age file that holds the data key; `None` if the system gives no
    /// random bytes.
    pub(crate) fn wrap(&self, key: &DataKey) -> Option<String> {
        self.0.wrap(key.as_slice(), &NoDialog).ok()
    }
}

/// The private key that opens what was encrypted to its recipient.
///
/// It cannot be printed, and it is wiped on drop.
#[derive(Clone)]
pub struct Identity {
    keys: Arc<Identities>,
    recipient: String,
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
        let key = kiln_age::Identity::parse(secret).map_err(|error| match error {
            KeyError::NoKey | KeyError::UnknownType(_) => IdentityError::Missing,
            KeyError::SeveralKeys => IdentityError::Several,
            KeyError::Malformed(_, Kind::PostQuantum | Kind::Plugin) => IdentityError::Unsupported,
            _ => IdentityError::Invalid,
        })?;
        let recipient = match (key.kind(), key.recipient()) {
            (Kind::X25519, Some(recipient)) => recipient.to_owned(),
            _ => return Err(IdentityError::Unsupported),
        };
        let mut keys = Identities::new();
        keys.push(secret.label(), key);
        Ok(Identity { keys: Arc::new(keys), recipient })
    }

    /// The public key, `age1…`.
    pub fn recipient(&self) -> String {
        self.recipient.clone()
    }

    /// The data key in an armored age file, if this identity opens it.
    pub(crate) fn unwrap(&self, armored: &str) -> Option<DataKey> {
        let secret = self.keys.unwrap(armored, &self.recipient, &NoDialog).ok()?;
        let mut key = DataKey::default();
        (secret.len() == key.len()).then(|| key.copy_from_slice(&secret))?;
        Some(key)
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
        let stranger = crate::generate(0).unwrap();
        assert!(identity(&stranger).unwrap().unwrap(&wrapped).is_none());
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
