//! What is wrong with characters, for people.

use super::{Lexer, Mode, Op};
use crate::error::Error;

impl Lexer<'_, '_> {
    pub(super) fn unclosed_string(&self, at: usize, quote: char) -> Error {
        let line = memchr::memchr(b'\n', &self.text.as_bytes()[at..]).map_or(self.text.len(), |end| at + end);
        self.fail(at, line, "this string is never closed").help(format!("close it with `{quote}`"))
    }

    pub(super) fn wrong_bracket(&self, op: Op, at: usize, open: Op, place: usize) -> Error {
        let expected = open.closed_by().map_or("", Op::text);
        self.fail(at, at + 1, format!("`{op}` does not close `{open}`"))
            .help(format!("`{expected}` closes it"))
            .related(self.source.span(place, place + 1), "opened here")
    }

    pub(super) fn stray_bracket(&self, op: Op, at: usize) -> Error {
        let error = self.fail(at, at + 1, format!("`{op}` closes nothing"));
        match self.last_tag() {
            Some((opened, end)) if op == Op::CloseBrace && self.mode != Mode::LineStatement => {
                error.help(format!("the tag is closed by {end}")).related(opened, "the tag is opened here")
            }
            _ => error.help("remove it, or open a bracket before it"),
        }
    }

    /// A character that belongs to no token.
    pub(super) fn meaningless(&self, at: usize, character: char) -> Error {
        let error = self.fail(at, at + character.len_utf8(), format!("`{character}` means nothing here"));
        match character {
            '!' => error.help("`not` negates, `!=` compares"),
            '&' => error.help("write `and`"),
            '^' => error.help("write `**` for a power"),
            '?' => error.help("write `a if condition else b`"),
            '“' | '”' | '‘' | '’' | '`' => error.help("strings stand between `'` or `\"`"),
            _ => error,
        }
    }
}
