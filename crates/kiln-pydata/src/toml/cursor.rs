//! A place in a text that moves on.

use crate::DataError;

pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Cursor<'a> {
        Cursor { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn here(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves on by so many bytes, which are whole characters.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    /// Moves behind `text` if it stands here.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let found = self.starts_with(text);
        self.advance(if found { text.len() } else { 0 });
        found
    }

    /// The characters from here on that are such, behind which it moves.
    pub(super) fn take_while(&mut self, such: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !such(c)).unwrap_or(rest.len());
        self.advance(end);
        rest.get(..end).unwrap_or_default()
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|c| c == ' ' || c == '\t');
    }

    /// Moves to the end of the line if a comment begins here.
    pub(super) fn skip_comment(&mut self) -> Result<(), DataError> {
        if !self.starts_with("#") {
            return Ok(());
        }
        self.take_while(|c| !is_control(c));
        match self.here() {
            None | Some('\n') => Ok(()),
            Some(_) => Err(self.error("a control character stands in a comment")),
        }
    }

    /// Moves behind blanks, line breaks and comments.
    pub(super) fn skip_space(&mut self) -> Result<(), DataError> {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\n'));
            if !self.starts_with("#") {
                return Ok(());
            }
            self.skip_comment()?;
        }
    }

    pub(super) fn error(&self, message: impl Into<String>) -> DataError {
        self.error_at(message, self.at)
    }

    pub(super) fn error_at(&self, message: impl Into<String>, at: usize) -> DataError {
        DataError::at(message, self.text, at)
    }
}

/// A character that may stand in no comment and in no text of one line.
pub(super) fn is_control(c: char) -> bool {
    c.is_ascii_control() && c != '\t'
}
