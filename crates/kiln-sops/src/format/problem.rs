//! Why a file is not a document that SOPS reads.

use std::fmt;
use std::ops::Range;

use kiln_yaml::events::SyntaxError;

use super::Format;

/// What keeps a text from being read.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) kind: ProblemKind,
    /// The keys that lead to it; empty at the top.
    pub(crate) path: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// The bytes in question.
    pub(crate) at: Range<usize>,
}

#[derive(Debug)]
pub(crate) enum ProblemKind {
    /// It is not YAML.
    Syntax(Box<SyntaxError>),
    /// It is not of another format.
    Malformed {
        format: Format,
        message: &'static str,
        help: &'static str,
    },
    NotUtf8,
    NotAMapping,
    DuplicateKey,
    KeyNotText,
    WrongMerge,
    NumberTooLarge,
    WrongTag,
    UnknownAlias,
    TooManyAliases,
    TooDeep,
    TooLong,
}

impl Problem {
    /// A problem with these bytes of a file.
    pub(super) fn new(kind: ProblemKind, bytes: &[u8], at: Range<usize>) -> Problem {
        let before = bytes.get(..at.start).unwrap_or(bytes);
        let line = 1 + before.iter().filter(|it| **it == b'\n').count();
        Problem { kind, path: String::new(), line, at }
    }

    /// The same problem, found below a key, or an item as `[0]`.
    pub(super) fn below(mut self, step: &str) -> Problem {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{step}{dot}{}", self.path);
        self
    }
}

/// What is wrong, without any value of the text.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.kind {
            ProblemKind::Syntax(error) => error.message,
            ProblemKind::Malformed { message, .. } => message,
            ProblemKind::NotUtf8 => "it is not UTF-8",
            ProblemKind::NotAMapping => "it is not a mapping",
            ProblemKind::DuplicateKey => "a key is given twice",
            ProblemKind::KeyNotText => "a key is not text",
            ProblemKind::WrongMerge => "`<<` merges something else than a mapping",
            ProblemKind::NumberTooLarge => "a number has more than 64 bits",
            ProblemKind::WrongTag => "a value is not of the type its tag names",
            ProblemKind::UnknownAlias => "an alias refers to an anchor that is not there",
            ProblemKind::TooManyAliases => "aliases make it too large or too deep",
            ProblemKind::TooDeep => "it is nested too deep",
            ProblemKind::TooLong => "it is longer than 32 MiB",
        };
        f.write_str(what)
    }
}

/// The text of a file.
///
/// # Errors
/// If it is not UTF-8.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let start = error.valid_up_to();
        let length = error.error_len().unwrap_or(bytes.len() - start);
        Problem::new(ProblemKind::NotUtf8, bytes, start..start + length)
    })
}
