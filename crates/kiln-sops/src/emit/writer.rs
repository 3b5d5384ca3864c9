//! The state of a YAML emitter between two tokens.

use std::fmt::Write;

use zeroize::Zeroizing;

/// Puts tokens down with the white space that belongs between them.
pub(super) struct Writer {
    out: Zeroizing<String>,
    column: usize,
    /// The last thing written separates tokens.
    spaced: bool,
    /// Only indentation and indicators like `-` stand on this line yet.
    fresh: bool,
    /// The column of comments that end a block: at the same column a blank line follows.
    foot: Option<usize>,
}

impl Writer {
    pub(super) fn new() -> Writer {
        Writer {
            out: Zeroizing::new(String::with_capacity(4096)),
            column: 0,
            spaced: true,
            fresh: true,
            foot: None,
        }
    }

    pub(super) fn finish(self) -> Zeroizing<String> {
        self.out
    }

    /// Goes to `column` of a line that has nothing else.
    pub(super) fn indent(&mut self, column: usize) {
        if !self.fresh || self.column > column || (self.column == column && !self.spaced) {
            self.line_break();
        }
        if self.foot.take() == Some(column) {
            self.line_break();
        }
        while self.column < column {
            self.put(' ');
        }
        self.spaced = true;
    }

    pub(super) fn indicator(&mut self, text: &str, after_space: bool) {
        if after_space {
            self.space();
        }
        text.chars().for_each(|it| self.put(it));
        self.spaced = false;
        self.fresh = false;
    }

    /// `-`, `?` or `:` that a collection may follow on the same line.
    pub(super) fn opening(&mut self, text: &str) {
        let fresh = self.fresh;
        self.indicator(text, true);
        self.fresh = fresh;
    }

    pub(super) fn space(&mut self) {
        if !self.spaced {
            self.put(' ');
        }
    }

    pub(super) fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.fresh = true;
    }

    /// A comment, to the end of its line.
    pub(super) fn comment(&mut self, text: &str) {
        self.put('#');
        text.chars().for_each(|it| self.put(it));
        self.line_break();
        self.spaced = true;
    }

    /// A block ended with comments at this column.
    pub(super) fn foot(&mut self, column: usize) {
        self.foot = Some(column);
    }

    pub(super) fn forget_foot(&mut self) {
        self.foot = None;
    }

    pub(super) fn plain(&mut self, text: &str) {
        if !text.is_empty() {
            self.space();
        }
        text.chars().for_each(|it| self.put(it));
        self.spaced = false;
        self.fresh = false;
    }

    pub(super) fn single_quoted(&mut self, text: &str) {
        self.indicator("'", true);
        for it in text.chars() {
            self.put(it);
            if it == '\'' {
                self.put(it);
            }
        }
        self.indicator("'", false);
    }

    pub(super) fn double_quoted(&mut self, text: &str) {
        self.indicator("\"", true);
        // Behind a byte order mark go-yaml takes every character for one.
        let all = text.starts_with('\u{feff}');
        for it in text.chars() {
            match super::style::escape(it, all) {
                Some(escape) => escape.chars().for_each(|it| self.put(it)),
                None => self.put(it),
            }
        }
        self.indicator("\"", false);
    }

    /// `|` with its hints; the line is not ended.
    pub(super) fn literal_header(&mut self, text: &str, step: usize) {
        self.indicator("|", true);
        if super::style::needs_hint(text) {
            let mut hint = String::new();
            write!(hint, "{step}").expect("writing to a string cannot fail");
            self.indicator(&hint, false);
        }
        if !text.ends_with('\n') {
            self.indicator("-", false);
        } else if text == "\n" || text.ends_with("\n\n") {
            self.indicator("+", false);
        }
    }

    pub(super) fn literal_body(&mut self, text: &str, column: usize) {
        self.spaced = true;
        let mut line_start = true;
        for it in text.chars() {
            if it == '\n' {
                self.line_break();
                line_start = true;
                continue;
            }
            if line_start {
                self.indent(column);
            }
            self.put(it);
            self.fresh = false;
            line_start = false;
        }
    }

    fn put(&mut self, it: char) {
        self.out.push(it);
        self.column += 1;
    }
}
