//! Public keys that secrets are wrapped for.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use x25519_dalek::PublicKey as Point;

use crate::dialog::Dialog;
use crate::error::{RecipientError, WrapError};
use crate::{armor, plugin, post_quantum, ssh, text};

/// What a key is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Classic: `age1…`.
    X25519,
    /// A hybrid that a quantum computer cannot break: `age1pq1…`.
    PostQuantum,
    /// `ssh-ed25519 …`.
    SshEd25519,
    /// `ssh-rsa …`.
    SshRsa,
    /// What a program stands behind: `age1NAME1…`.
    Plugin,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::X25519 => "X25519",
            Kind::PostQuantum => "post-quantum",
            Kind::SshEd25519 => "ssh-ed25519",
            Kind::SshRsa => "ssh-rsa",
            Kind::Plugin => "plugin",
        })
    }
}

/// A public key that secrets are wrapped for.
///
/// It is compared by its text.
#[derive(Clone)]
pub struct Recipient {
    text: String,
    key: Key,
}

#[derive(Clone)]
enum Key {
    X25519(age::x25519::Recipient),
    PostQuantum(Box<post_quantum::Recipient>),
    Ssh(Box<ssh::Recipient>),
    Plugin(plugin::Recipient),
}

impl Recipient {
    /// Reads a recipient; blanks around it are left out.
    ///
    /// # Errors
    /// If it is of no kind that age knows, damaged, too weak, or a private key.
    pub fn parse(text: &str) -> Result<Recipient, RecipientError> {
        let text = text.trim();
        Ok(Recipient { text: text.to_owned(), key: Key::parse(text)? })
    }

    /// The text that was read, without blanks around it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the key is made of.
    pub fn kind(&self) -> Kind {
        match &self.key {
            Key::X25519(_) => Kind::X25519,
            Key::PostQuantum(_) => Kind::PostQuantum,
            Key::Ssh(key) => key.kind(),
            Key::Plugin(_) => Kind::Plugin,
        }
    }

    /// An armored age file that holds `secret` and that this recipient alone can open, with
    /// `\n` at the end of each line.
    ///
    /// # Errors
    /// If the secret is longer than [`MAX_SECRET`](crate::MAX_SECRET), the system gives no
    /// random bytes, or a plugin does not do its part.
    pub fn wrap(&self, secret: &[u8], dialog: &dyn Dialog) -> Result<String, WrapError> {
        match &self.key {
            Key::X25519(key) => armor::seal(key, secret, None),
            Key::PostQuantum(key) => armor::seal(&**key, secret, None),
            Key::Ssh(key) => armor::seal(&**key, secret, None),
            Key::Plugin(key) => key.wrap(secret, dialog),
        }
    }
}

impl Key {
    fn parse(text: &str) -> Result<Key, RecipientError> {
        let malformed = |kind| move || RecipientError::Malformed(kind);
        if text.starts_with("age1pq1") {
            let key = post_quantum::Recipient::parse(text).ok_or_else(malformed(Kind::PostQuantum))?;
            Ok(Key::PostQuantum(Box::new(key)))
        } else if text.starts_with("age1") && text.matches('1').count() > 1 {
            // The data part of Bech32 has no `1`; a second one ends the name of a plugin.
            plugin::Recipient::parse(text).map(Key::Plugin).ok_or_else(malformed(Kind::Plugin))
        } else if text.starts_with("age1") {
            x25519(text).map(Key::X25519).ok_or_else(malformed(Kind::X25519))
        } else if text.starts_with("ssh-") {
            ssh::Recipient::parse(text).map(|key| Key::Ssh(Box::new(key)))
        } else if is_private(text) {
            Err(RecipientError::PrivateKey)
        } else {
            Err(RecipientError::UnknownType)
        }
    }
}

fn x25519(recipient: &str) -> Option<age::x25519::Recipient> {
    let point = text::decode::<32>(recipient, "age")?;
    // With some points every secret is zero, and age would panic.
    post_quantum::contributes(&Point::from(*point)).then(|| recipient.parse().ok())?
}

fn is_private(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    ["AGE-SECRET-KEY-", "AGE-PLUGIN-", "PRIVATE KEY"].iter().any(|mark| upper.contains(mark))
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recipient").field(&self.text).finish()
    }
}

impl PartialEq for Recipient {
    fn eq(&self, other: &Recipient) -> bool {
        self.text == other.text
    }
}

impl Eq for Recipient {}

impl PartialOrd for Recipient {
    fn partial_cmp(&self, other: &Recipient) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Recipient {
    fn cmp(&self, other: &Recipient) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Recipient {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
