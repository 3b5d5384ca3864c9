//! What is wrong with characters, for people.

use super::{Lexer, Mode, Op};
use crate::error::Error;

impl Lexer<'_, '_> {
    pub(super) fn unclosed_string(&self, at: usize, quote: char) -> Error {
        let line = memchr::memchr(b'\n', &self.text.as_bytes()[at..]).map_or(self.text.len(), |end| at + end);
        self.fail(at, line, "this string is never closed").help(format!("close it with `{quote}`"))
    }

    pub(super) fn wrong_bracket(&self, op: Op, at: usize, open: Op, place: usize) -> Error {
        if let Some((start, delimiter)) = self.delimiter_around(at) {
            return self.open_at_delimiter(start, delimiter, open, place);
        }
        let expected = open.closed_by().map_or("", Op::text);
        self.fail(at, at + 1, format!("`{op}` does not close `{open}`"))
            .help(format!("`{expected}` closes it"))
            .related(self.source.span(place, place + 1), "opened here")
    }

    /// The tag ends while a bracket is open.
    fn open_at_delimiter(&self, at: usize, delimiter: &str, open: Op, place: usize) -> Error {
        let expected = open.closed_by().map_or("", Op::text);
        self.fail(at, at + delimiter.len(), format!("`{open}` is not closed before `{delimiter}`"))
            .help(format!("`{expected}` closes it"))
            .related(self.source.span(place, place + 1), "opened here")
    }

    /// The delimiter of a tag's or a comment's end that has a byte at `at`, and where it starts.
    fn delimiter_around(&self, at: usize) -> Option<(usize, &str)> {
        let ends = [&self.options.variable.end, &self.options.block.end, &self.options.comment.end];
        ends.into_iter().map(String::as_str).find_map(|end| {
            let starts = (0..end.len()).filter_map(|before| at.checked_sub(before));
            let holds = |start: &usize| self.text.get(*start..).is_some_and(|text| text.starts_with(end));
            starts.into_iter().find(holds).map(|start| (start, end))
        })
    }

    /// The delimiter that begins another tag or a comment at `at`.
    fn delimiter_at(&self, at: usize) -> Option<&str> {
        let starts = [&self.options.variable.start, &self.options.block.start, &self.options.comment.start];
        starts.into_iter().map(String::as_str).find(|start| self.text[at..].starts_with(start))
    }

    /// A part of a delimiter that has no place in this tag.
    fn misplaced_delimiter(&self, at: usize) -> Option<Error> {
        let (opened, end) = self.last_tag().filter(|_| self.mode != Mode::LineStatement)?;
        if let Some(start) = self.delimiter_at(at) {
            let error = self.fail(at, at + start.len(), format!("`{start}` within a tag"));
            let help = if self.source.has_line_break(opened.end, self.source.span(at, at).start) {
                format!("close this tag with {end} before")
            } else if *start == self.options.variable.start {
                "within a tag, values stand without delimiters".to_owned()
            } else if *start == self.options.comment.start {
                "comments stand between tags".to_owned()
            } else {
                format!("close this tag with {end} before")
            };
            return Some(error.help(help).related(opened, "the tag is opened here"));
        }
        let (start, delimiter) = self.delimiter_around(at)?;
        if let Some(&(open, place)) = self.brackets.last() {
            return Some(self.open_at_delimiter(start, delimiter, open, place));
        }
        let error =
            self.fail(start, start + delimiter.len(), format!("`{delimiter}` does not close this tag"));
        Some(error.help(format!("close it with {end}")).related(opened, "the tag is opened here"))
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
        if let Some(error) = self.misplaced_delimiter(at) {
            return error;
        }
        let is_double = character == '&' && self.text[at..].starts_with("&&");
        let end = at + if is_double { 2 } else { character.len_utf8() };
        let error = self.fail(at, end, format!("`{}` means nothing here", &self.text[at..end]));
        match character {
            '!' => error.help("`not` negates, `!=` compares"),
            '&' => error.help("write `and`"),
            '^' => error.help("write `**` for a power"),
            '?' => error.help("write `a if condition else b`"),
            '“' | '”' | '‘' | '’' | '`' => error.help("strings stand between `'` or `\"`"),
            '$' | '@' => error.help("names stand alone within a tag; remove it"),
            _ => error.help("remove it, or write it in a string"),
        }
    }
}
