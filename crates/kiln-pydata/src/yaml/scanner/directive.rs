//! Lines that begin with `%`.

use super::{Scanner, is_word};
use crate::DataError;
use crate::yaml::cursor::{is_blank_or_end, is_break, is_break_or_end};
use crate::yaml::token::TokenKind;

/// The most digits of a number that Python reads.
const MOST_DIGITS: usize = 4300;

impl Scanner {
    pub(super) fn directive(&mut self) -> Result<(), DataError> {
        self.close_blocks(None);
        self.drop_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.next();
        let name = self.cursor.take_while(is_word);
        if name.is_empty() || !is_blank_or_end(self.cursor.here()) {
            return Err(self.cursor.mark().error("expected the name of a directive behind `%`"));
        }
        let kind = match name.as_str() {
            "YAML" => self.version()?,
            "TAG" => self.tag_prefix()?,
            _ => {
                self.cursor.skip_while(|c| !is_break(c));
                TokenKind::Reserved
            }
        };
        self.push(kind, start);
        self.cursor.skip_comment();
        if !is_break_or_end(self.cursor.here()) {
            return Err(self.cursor.mark().error("only a comment may follow a directive"));
        }
        self.cursor.line_break();
        Ok(())
    }

    fn version(&mut self) -> Result<TokenKind, DataError> {
        self.cursor.skip_while(|c| c == ' ');
        let major = self.version_number()?;
        if self.cursor.here() != '.' {
            return Err(self.cursor.mark().error("expected a version such as `1.1`"));
        }
        self.cursor.next();
        self.version_number()?;
        if !is_blank_or_end(self.cursor.here()) {
            return Err(self.cursor.mark().error("expected a version such as `1.1`"));
        }
        Ok(TokenKind::Version(major))
    }

    fn version_number(&mut self) -> Result<String, DataError> {
        let start = self.cursor.mark();
        let digits = self.cursor.take_while(|c| c.is_ascii_digit());
        if digits.is_empty() || digits.len() > MOST_DIGITS {
            return Err(start.error("expected a version such as `1.1`"));
        }
        Ok(digits.trim_start_matches('0').to_owned())
    }

    fn tag_prefix(&mut self) -> Result<TokenKind, DataError> {
        self.cursor.skip_while(|c| c == ' ');
        let handle = self.handle()?;
        if self.cursor.here() != ' ' {
            return Err(self.cursor.mark().error("expected a blank behind the handle"));
        }
        self.cursor.skip_while(|c| c == ' ');
        let prefix = self.uri()?;
        if !is_blank_or_end(self.cursor.here()) {
            return Err(self.cursor.mark().error("expected the end of the line behind the prefix"));
        }
        Ok(TokenKind::Handle { handle, prefix })
    }
}
