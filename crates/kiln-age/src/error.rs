//! What can be wrong with recipients, identities and wrapped secrets.

use std::fmt;

use crate::recipient::Kind;

/// Why a text is no recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecipientError {
    /// It begins like no kind of recipient.
    UnknownType,
    /// It is a private key, which must not be shown.
    PrivateKey,
    /// It begins like a recipient of this kind, but is damaged.
    Malformed(Kind),
    /// It is an SSH key of a kind that age does not know; the kind.
    UnsupportedSsh(String),
    /// It is an RSA key of less than 2048 bits.
    RsaTooSmall,
    /// It is an RSA key of more than 4096 bits.
    RsaTooLarge,
}

impl fmt::Display for RecipientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecipientError::UnknownType => f.write_str("it is no kind of age recipient"),
            RecipientError::PrivateKey => f.write_str("it is a private key"),
            RecipientError::Malformed(kind) => write!(f, "it is a damaged {kind} recipient"),
            RecipientError::UnsupportedSsh(kind) => write!(f, "age does not know SSH keys of kind {kind}"),
            RecipientError::RsaTooSmall => f.write_str("it is an RSA key of less than 2048 bits"),
            RecipientError::RsaTooLarge => f.write_str("it is an RSA key of more than 4096 bits"),
        }
    }
}

impl std::error::Error for RecipientError {}

/// Why a secret was not wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WrapError {
    /// It is longer than [`MAX_SECRET`](crate::MAX_SECRET).
    TooLong,
    /// The system gives no random bytes.
    NoRandomness,
    /// The plugin of the recipient was not found, or did not do it.
    Plugin(PluginError),
}

impl fmt::Display for WrapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WrapError::TooLong => f.write_str("the secret is too long to be wrapped"),
            WrapError::NoRandomness => f.write_str("the system gives no random bytes"),
            WrapError::Plugin(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WrapError {}

/// What went wrong with a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PluginError {
    /// No program of this name is found.
    Missing(String),
    /// The program ended too early or does not speak the language of plugins.
    Broken(String),
    /// The program says why it cannot; its name, and its words without anything that looks
    /// like a key.
    Refused(String, String),
}

impl fmt::Display for PluginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PluginError::Missing(program) => write!(f, "the program `{program}` is not found"),
            PluginError::Broken(program) => {
                write!(f, "the program `{program}` does not work as a plugin of age")
            }
            PluginError::Refused(program, words) => write!(f, "`{program}` says: {words}"),
        }
    }
}

impl std::error::Error for PluginError {}

/// Why a key could not be loaded or used. Says nothing of what the key holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no key in it.
    NoKey,
    /// There are several keys in it where there must be one.
    SeveralKeys,
    /// A line is no kind of identity; its number, counted from 1.
    UnknownType(usize),
    /// A line begins like an identity of this kind, but is damaged; its number.
    Malformed(usize, Kind),
    /// It is not a private SSH key that can be read.
    MalformedSsh,
    /// It is a private SSH key of a kind, or encrypted in a way, that is not supported.
    UnsupportedSsh(String),
    /// It is not text.
    NotText,
    /// It is larger than any key file.
    TooLarge,
    /// It is encrypted, but not with a passphrase, or is damaged.
    DamagedFile,
    /// It is encrypted, and no passphrase was given.
    NoPassphrase,
    /// It is encrypted, and the passphrase is not the right one.
    WrongPassphrase,
    /// It asks for more work than a passphrase is worth.
    TooMuchWork,
    /// A plugin could not use it.
    Plugin(PluginError),
    /// What the caller said with [`Identities::failed`](crate::Identities::failed).
    Other(String),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyError::NoKey => f.write_str("it holds no age key"),
            KeyError::SeveralKeys => f.write_str("it holds several age keys"),
            KeyError::UnknownType(line) => write!(f, "line {line} is no kind of age identity"),
            KeyError::Malformed(line, kind) => write!(f, "line {line} is a damaged {kind} identity"),
            KeyError::MalformedSsh => f.write_str("it is no private SSH key, or a damaged one"),
            KeyError::UnsupportedSsh(kind) => write!(f, "SSH keys with {kind} are not supported"),
            KeyError::NotText => f.write_str("it is not text"),
            KeyError::TooLarge => f.write_str("it is too large for a key file"),
            KeyError::DamagedFile => f.write_str("it is encrypted without a passphrase, or damaged"),
            KeyError::NoPassphrase => f.write_str("it is encrypted, and no passphrase was given"),
            KeyError::WrongPassphrase => f.write_str("incorrect passphrase"),
            KeyError::TooMuchWork => f.write_str("its encryption asks for too much work"),
            KeyError::Plugin(error) => error.fmt(f),
            KeyError::Other(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for KeyError {}

/// A place where keys were looked for, and why there are none of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The place, as the caller named it.
    pub place: String,
    /// What is wrong there.
    pub error: KeyError,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.error)
    }
}

/// Why a wrapped secret was not unwrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnwrapError {
    /// There is no identity to try.
    NoIdentity,
    /// No identity is one of its recipients; those that could not be tried.
    NoMatch(Vec<Failure>),
    /// It is larger than any wrapped secret.
    TooLarge,
    /// It is not an armored age file, or damaged.
    Malformed,
    /// It is of a later version of age.
    UnknownVersion,
    /// An identity opens it, but what is in it was changed.
    Forged,
}

impl fmt::Display for UnwrapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnwrapError::NoIdentity => f.write_str("there is no age identity"),
            UnwrapError::NoMatch(failures) => {
                f.write_str("no identity matched any of the recipients")?;
                failures.iter().try_for_each(|failure| write!(f, "; {failure}"))
            }
            UnwrapError::TooLarge => f.write_str("it is too large for a wrapped key"),
            UnwrapError::Malformed => f.write_str("it is not an armored age file, or a damaged one"),
            UnwrapError::UnknownVersion => f.write_str("it is of a later version of age"),
            UnwrapError::Forged => f.write_str("it was changed after it was made"),
        }
    }
}

impl std::error::Error for UnwrapError {}
