//! Strings of TOML.

use super::cursor::{Cursor, is_control};
use crate::DataError;

impl Cursor<'_> {
    /// `'text'`
    pub(super) fn literal_string(&mut self) -> Result<String, DataError> {
        self.advance(1);
        let text = self.take_while(|c| c != '\'' && !is_control(c));
        if !self.take("'") {
            return Err(self.not_closed());
        }
        Ok(text.to_owned())
    }

    /// `"text"`
    pub(super) fn basic_string(&mut self) -> Result<String, DataError> {
        self.advance(1);
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| c != '"' && c != '\\' && !is_control(c)));
            if self.take("\"") {
                return Ok(text);
            }
            if !self.starts_with("\\") {
                return Err(self.not_closed());
            }
            text.push(self.escape()?);
        }
    }

    /// `'''text'''`
    pub(super) fn long_literal_string(&mut self) -> Result<String, DataError> {
        self.advance(3);
        self.take("\n");
        let mut text = String::new();
        while !self.take("'''") {
            if self.take("'") {
                text.push('\'');
            }
            let more = self.take_while(|c| c != '\'' && (c == '\n' || !is_control(c)));
            text.push_str(more);
            if self.here() != Some('\'') {
                return Err(self.not_closed());
            }
        }
        self.extra_quotes("'", &mut text);
        Ok(text)
    }

    /// `"""text"""`
    pub(super) fn long_basic_string(&mut self) -> Result<String, DataError> {
        self.advance(3);
        self.take("\n");
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| c != '"' && c != '\\' && (c == '\n' || !is_control(c))));
            match self.here() {
                Some('"') if self.take("\"\"\"") => break,
                Some('"') => {
                    self.advance(1);
                    text.push('"');
                }
                Some('\\') if !self.continued_line()? => text.push(self.escape()?),
                Some('\\') => {}
                _ => return Err(self.not_closed()),
            }
        }
        self.extra_quotes("\"", &mut text);
        Ok(text)
    }

    /// Up to two quotes that stand in front of the three that end a text belong to it.
    fn extra_quotes(&mut self, quote: &str, text: &mut String) {
        for _ in 0..2 {
            if self.take(quote) {
                text.push_str(quote);
            }
        }
    }

    /// Moves behind a backslash at the end of a line and the space that follows; whether there
    /// was one.
    fn continued_line(&mut self) -> Result<bool, DataError> {
        let behind = self.rest().get(1..).unwrap_or_default();
        if !behind.starts_with([' ', '\t', '\n']) {
            return Ok(false);
        }
        let line = behind.trim_start_matches([' ', '\t']);
        if !line.starts_with('\n') && !line.is_empty() {
            return Err(self.error("a single `\\` stands in a string").help("write `\\\\`"));
        }
        self.advance(1);
        self.take_while(|c| matches!(c, ' ' | '\t' | '\n'));
        Ok(true)
    }

    fn escape(&mut self) -> Result<char, DataError> {
        let start = self.at();
        self.advance(1);
        let named = match self.here() {
            Some('b') => '\u{8}',
            Some('t') => '\t',
            Some('n') => '\n',
            Some('f') => '\u{c}',
            Some('r') => '\r',
            Some(c @ ('"' | '\\')) => c,
            Some('u') => return self.code_point(4),
            Some('U') => return self.code_point(8),
            None => return Err(self.not_closed()),
            Some(_) => {
                return Err(self
                    .error_at("TOML has no such escape", start)
                    .help("write `\\\\` for a backslash, or single quotes around the text"));
            }
        };
        self.advance(1);
        Ok(named)
    }

    fn code_point(&mut self, count: usize) -> Result<char, DataError> {
        self.advance(1);
        let digits = self.rest().get(..count).filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(digits) = digits else {
            return Err(self.error(format!("expected {count} hexadecimal digits")));
        };
        self.advance(count);
        let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
        character.ok_or_else(|| self.error("this escape stands for no character"))
    }

    /// What is wrong where a text neither goes on nor ends.
    fn not_closed(&self) -> DataError {
        match self.here() {
            None => self.error("a string is never closed"),
            Some('\n') => self.error("a string is not closed on its line").help("use three quotes around it"),
            Some(_) => self.error("a control character stands in a string").help("write it as an escape"),
        }
    }
}
