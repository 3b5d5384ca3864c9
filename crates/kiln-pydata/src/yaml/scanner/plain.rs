//! Scalars without quotes.

use super::Scanner;
use crate::DataError;
use crate::yaml::cursor::{is_break, is_space};
use crate::yaml::token::TokenKind;

impl Scanner {
    /// Whether a scalar without quotes may begin with this character, which stands here.
    pub(super) fn starts_plain(&self, c: char) -> bool {
        if !is_space(c) && !"-?:,[]{}#&*!|>'\"%@`".contains(c) {
            return true;
        }
        !is_space(self.cursor.ahead(1)) && (c == '-' || !self.in_brackets() && "?:".contains(c))
    }

    pub(super) fn plain(&mut self) -> Result<(), DataError> {
        self.note_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        let mut end = start;
        let indent = self.indents.last().map_or(0, |indent| indent + 1);
        let mut text = String::new();
        let mut gap = String::new();
        while self.cursor.here() != '#' && !self.ends_plain() {
            self.key_allowed = false;
            text.push_str(&gap);
            while !self.ends_plain() {
                text.push(self.cursor.next());
            }
            end = self.cursor.mark();
            gap = self.plain_gap();
            if gap.is_empty() || !self.in_brackets() && self.cursor.column() < indent {
                break;
            }
        }
        self.push(TokenKind::Scalar { text, plain: true }, start);
        if let Some(token) = self.queue.back_mut() {
            token.end = end;
        }
        Ok(())
    }

    fn ends_plain(&self) -> bool {
        let (c, next) = (self.cursor.here(), self.cursor.ahead(1));
        is_space(c)
            || c == ':' && (is_space(next) || self.in_brackets() && ",[]{}".contains(next))
            || self.in_brackets() && ",?[]{}".contains(c)
    }

    /// What the blanks and line breaks that stand here become within a scalar; nothing where
    /// the scalar cannot go on.
    fn plain_gap(&mut self) -> String {
        let blanks = self.cursor.take_while(|c| c == ' ');
        let Some(first) = self.cursor.line_break() else { return blanks };
        self.key_allowed = true;
        let mut more = String::new();
        loop {
            if self.cursor.at_document_marker() {
                return String::new();
            }
            while self.cursor.here() == ' ' {
                self.cursor.next();
            }
            if !is_break(self.cursor.here()) {
                break;
            }
            more.extend(self.cursor.line_break());
        }
        match first {
            '\n' if more.is_empty() => " ".to_owned(),
            '\n' => more,
            _ => format!("{first}{more}"),
        }
    }
}
