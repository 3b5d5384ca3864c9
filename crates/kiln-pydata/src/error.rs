//! What is wrong with a data file.

use std::fmt;

/// Why a data file cannot be read. Its words never repeat a value that stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// What is wrong, lower-case and without a full stop.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The byte, in the text as UTF-8; in the file itself where its bytes are not text.
    pub offset: usize,
    /// The bound that the text goes beyond; `None` if it is wrong in itself.
    pub bound: Option<Bound>,
    /// What kind of mistake it is, where that tells where to look for its cause.
    pub hint: Option<Hint>,
}

/// A mistake whose cause may stand somewhere else than where the reader stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// There is no `:` behind the key that begins at this byte.
    UnfinishedKey(usize),
    /// A `:` stands where no key can be.
    StrayColon,
    /// Something is wrong in the text behind the quote at this byte.
    InQuotes(usize),
    /// Something stands where the next item or key of a collection should begin.
    NoNext,
}

/// What keeps the reading of a text from taking more than it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// How deep values nest.
    Depth,
    /// How many entries merge keys make.
    Entries,
}

impl DataError {
    pub(crate) fn new(
        message: impl Into<String>,
        (line, column, offset): (usize, usize, usize),
    ) -> DataError {
        DataError { message: message.into(), help: None, line, column, offset, bound: None, hint: None }
    }

    /// An error at a byte of a text whose lines end in line feeds.
    pub(crate) fn at(message: impl Into<String>, text: &str, offset: usize) -> DataError {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        DataError::new(message, (line, column, offset))
    }

    #[must_use]
    pub(crate) fn beyond(mut self, bound: Bound) -> DataError {
        self.bound = Some(bound);
        self
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: Hint) -> DataError {
        self.hint = Some(hint);
        self
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> DataError {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for DataError {}
