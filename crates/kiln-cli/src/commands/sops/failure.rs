//! How a command of `sops` fails: an [exit code], and a message whose wording scripts look for.
//!
//! [exit code]: https://github.com/getsops/sops/blob/v3.13.3/cmd/sops/codes/codes.go

/// Numbers of sops for what went wrong.
pub(super) mod code {
    pub(crate) const GENERIC: u8 = 1;
    pub(crate) const UNREADABLE: u8 = 2;
    pub(crate) const UNWRITABLE: u8 = 3;
    pub(crate) const NOT_DUMPED: u8 = 4;
    pub(crate) const BAD_CONTEXT: u8 = 6;
    pub(crate) const BAD_VALUE: u8 = 7;
    pub(crate) const CONFLICT: u8 = 8;
    pub(crate) const NOT_ENCRYPTED: u8 = 23;
    pub(crate) const NOT_DECRYPTED: u8 = 25;
    pub(crate) const KEYS_WITHOUT_FILE: u8 = 49;
    pub(crate) const MAC_MISMATCH: u8 = 51;
    pub(crate) const BAD_PATH: u8 = 91;
    pub(crate) const EMPTY: u8 = 92;
    pub(crate) const NO_FILE: u8 = 100;
    pub(crate) const ORDER_TWICE: u8 = 112;
    pub(crate) const NO_KEY: u8 = 128;
    pub(crate) const UNCHANGED: u8 = 200;
    pub(crate) const NO_EDITOR: u8 = 201;
    pub(crate) const ENCRYPTED_ALREADY: u8 = 203;
}

/// The log that is not one of a part of sops.
pub(super) const LOGGER: &str = "CMD";

/// Why a command came to nothing.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    message: String,
    manner: Manner,
}

/// How it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// As it is.
    Plain,
    /// As a line of the log of this name.
    Logged(&'static str),
    /// As a line of the log, with a hint to the help.
    Usage,
}

impl Failure {
    /// A failure with a number of its own.
    pub(super) fn new(code: u8, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into(), manner: Manner::Plain }
    }

    /// One without.
    pub(super) fn generic(message: impl Into<String>) -> Failure {
        Failure::new(code::GENERIC, message)
    }

    /// One that sops says in its log.
    pub(super) fn logged(message: impl Into<String>) -> Failure {
        Failure::logged_by(LOGGER, message)
    }

    /// One that sops says in a log of another name.
    pub(super) fn logged_by(logger: &'static str, message: impl Into<String>) -> Failure {
        Failure { manner: Manner::Logged(logger), ..Failure::generic(message) }
    }

    /// Arguments that cannot be read.
    pub(super) fn usage(message: impl Into<String>) -> Failure {
        Failure { manner: Manner::Usage, ..Failure::generic(message) }
    }

    /// The same, said in the log.
    pub(super) fn into_logged(self) -> Failure {
        Failure { code: code::GENERIC, manner: Manner::Logged(LOGGER), ..self }
    }

    pub(super) fn code(&self) -> u8 {
        self.code
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The name of the log.
    pub(super) fn logger(&self) -> &'static str {
        if let Manner::Logged(logger) = self.manner { logger } else { LOGGER }
    }

    pub(super) fn is_logged(&self) -> bool {
        self.manner != Manner::Plain
    }

    pub(super) fn is_usage(&self) -> bool {
        self.manner == Manner::Usage
    }
}
