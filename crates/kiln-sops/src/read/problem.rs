//! Why a text is not a document that SOPS reads.

use std::ops::Range;

use kiln_yaml::events::SyntaxError;

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
    Syntax(SyntaxError),
    NotAMapping,
    DuplicateKey,
    KeyNotText,
    WrongMerge,
    NumberTooLarge,
    WrongTag,
    UnknownAlias,
    TooManyAliases,
}
