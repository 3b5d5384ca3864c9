//! Tags.

use super::{Scanner, is_word};
use crate::DataError;
use crate::yaml::cursor::{is_blank_or_end, is_space};
use crate::yaml::token::TokenKind;

impl Scanner {
    pub(super) fn tag(&mut self) -> Result<(), DataError> {
        self.note_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        let (handle, suffix) = match self.cursor.ahead(1) {
            '<' => (None, self.verbatim_tag()?),
            c if is_space(c) => {
                self.cursor.next();
                (None, "!".to_owned())
            }
            _ => {
                let handle = self.tag_handle_of_node()?;
                (Some(handle), self.uri()?)
            }
        };
        if !is_blank_or_end(self.cursor.here()) {
            return Err(self.cursor.mark().error("a tag is followed by a blank or the end of the line"));
        }
        self.push(TokenKind::Tag { handle, suffix }, start);
        Ok(())
    }

    fn verbatim_tag(&mut self) -> Result<String, DataError> {
        self.cursor.skip(2);
        let suffix = self.uri()?;
        if self.cursor.here() != '>' {
            return Err(self.cursor.mark().error("expected `>` at the end of the tag"));
        }
        self.cursor.next();
        Ok(suffix)
    }

    /// The handle of a tag that begins here: `!`, unless another `!` stands in it.
    fn tag_handle_of_node(&mut self) -> Result<String, DataError> {
        let rest = (1..).map(|count| self.cursor.ahead(count)).take_while(|c| !is_blank_or_end(*c));
        if rest.into_iter().any(|c| c == '!') {
            return self.handle();
        }
        self.cursor.next();
        Ok("!".to_owned())
    }

    /// `!`, `!!` or `!name!`
    pub(super) fn handle(&mut self) -> Result<String, DataError> {
        if self.cursor.here() != '!' {
            return Err(self.cursor.mark().error("a tag handle begins with `!`"));
        }
        self.cursor.next();
        if self.cursor.here() == ' ' {
            return Ok("!".to_owned());
        }
        let name = self.cursor.take_while(is_word);
        if self.cursor.here() != '!' {
            return Err(self.cursor.mark().error("a tag handle ends with `!`"));
        }
        self.cursor.next();
        Ok(format!("!{name}!"))
    }

    /// The address that a tag or a prefix of tags is.
    pub(super) fn uri(&mut self) -> Result<String, DataError> {
        let mut uri = String::new();
        loop {
            uri.push_str(
                &self.cursor.take_while(|c| c.is_ascii_alphanumeric() || "-;/?:@&=+$,_.!~*'()[]".contains(c)),
            );
            if self.cursor.here() != '%' {
                break;
            }
            uri.push_str(&self.uri_escapes()?);
        }
        if uri.is_empty() {
            return Err(self.cursor.mark().error("a tag is missing behind `!`"));
        }
        Ok(uri)
    }

    /// Characters that are written as `%C3%A4`.
    fn uri_escapes(&mut self) -> Result<String, DataError> {
        let start = self.cursor.mark();
        let mut bytes = Vec::new();
        while self.cursor.here() == '%' {
            self.cursor.next();
            bytes.push(self.hexadecimal(2)? as u8);
            self.cursor.skip(2);
        }
        String::from_utf8(bytes).map_err(|_| start.error("these escapes are no text"))
    }
}
