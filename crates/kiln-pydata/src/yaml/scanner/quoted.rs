//! Scalars in quotes.

use super::Scanner;
use crate::yaml::cursor::{END, Mark, is_break, is_space};
use crate::yaml::token::TokenKind;
use crate::{DataError, Hint};

/// What the character behind a backslash stands for.
const ESCAPES: [(char, char); 18] = [
    ('0', '\0'),
    ('a', '\u{7}'),
    ('b', '\u{8}'),
    ('t', '\t'),
    ('\t', '\t'),
    ('n', '\n'),
    ('v', '\u{b}'),
    ('f', '\u{c}'),
    ('r', '\r'),
    ('e', '\u{1b}'),
    (' ', ' '),
    ('"', '"'),
    ('\\', '\\'),
    ('/', '/'),
    ('N', '\u{85}'),
    ('_', '\u{a0}'),
    ('L', '\u{2028}'),
    ('P', '\u{2029}'),
];

impl Scanner {
    pub(super) fn quoted(&mut self, quote: char) -> Result<(), DataError> {
        self.note_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.next();
        let text =
            self.quoted_text(quote, start).map_err(|error| error.hint(Hint::InQuotes(start.offset)))?;
        self.push(TokenKind::Scalar { text, plain: false }, start);
        Ok(())
    }

    fn quoted_text(&mut self, quote: char, start: Mark) -> Result<String, DataError> {
        let mut text = String::new();
        loop {
            match self.cursor.here() {
                '\'' if quote == '\'' && self.cursor.ahead(1) == '\'' => {
                    self.cursor.skip(2);
                    text.push('\'');
                }
                c if c == quote => {
                    self.cursor.next();
                    return Ok(text);
                }
                '\\' if quote == '"' => self.escape(&mut text)?,
                c if is_space(c) => self.quoted_gap(&mut text, start)?,
                _ => text.push(self.cursor.next()),
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<(), DataError> {
        let start = self.cursor.mark();
        self.cursor.next();
        let c = self.cursor.here();
        if is_break(c) {
            self.cursor.line_break();
            return self.quoted_breaks(text).map(drop);
        }
        if let Some((_, stands_for)) = ESCAPES.iter().find(|(escape, _)| *escape == c) {
            self.cursor.next();
            text.push(*stands_for);
            return Ok(());
        }
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => {
                return Err(self
                    .cursor
                    .mark()
                    .error("YAML has no such escape")
                    .help("write `\\\\` for a backslash, or single quotes around the text"));
            }
        };
        self.cursor.next();
        let code = self.hexadecimal(digits)?;
        text.push(char::from_u32(code).ok_or_else(|| {
            start.error("this escape stands for no character, at most for half of a surrogate pair")
        })?);
        self.cursor.skip(digits);
        Ok(())
    }

    /// The number that so many digits, which stand here, are.
    pub(super) fn hexadecimal(&self, count: usize) -> Result<u32, DataError> {
        (0..count).try_fold(0, |code: u32, index| match self.cursor.ahead(index).to_digit(16) {
            Some(digit) => Ok(code << 4 | digit),
            None => Err(self.cursor.mark().error(format!("expected {count} hexadecimal digits"))),
        })
    }

    /// Blanks, tabs and line breaks, which fold.
    fn quoted_gap(&mut self, text: &mut String, start: Mark) -> Result<(), DataError> {
        let blanks = self.cursor.take_while(|c| c == ' ' || c == '\t');
        if self.cursor.here() == END {
            let message = format!("the quote that opens in line {} is never closed", start.line + 1);
            return Err(self.cursor.mark().error(message));
        }
        let Some(first) = self.cursor.line_break() else {
            text.push_str(&blanks);
            return Ok(());
        };
        let before = text.len();
        if first != '\n' {
            text.push(first);
        }
        let more = self.quoted_breaks(text)?;
        if !more && text.len() == before {
            text.push(' ');
        }
        Ok(())
    }

    /// The empty lines that follow, without indentation; whether there were any.
    fn quoted_breaks(&mut self, text: &mut String) -> Result<bool, DataError> {
        let mut any = false;
        loop {
            if self.cursor.at_document_marker() {
                let message = "a document ends within a text in quotes";
                return Err(self.cursor.mark().error(message).help("write the closing quote"));
            }
            self.cursor.skip_while(|c| c == ' ' || c == '\t');
            let Some(found) = self.cursor.line_break() else { return Ok(any) };
            text.push(found);
            any = true;
        }
    }
}
