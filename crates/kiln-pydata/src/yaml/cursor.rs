//! A place in a text that moves on.

use crate::DataError;

/// A place in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// Characters before it.
    pub(super) index: usize,
    /// Lines before it.
    pub(super) line: usize,
    /// Characters before it on its line. Byte order marks do not count.
    pub(super) column: usize,
    /// Bytes before it.
    pub(super) offset: usize,
}

impl Mark {
    pub(super) fn error(self, message: impl Into<String>) -> DataError {
        DataError::new(message, (self.line + 1, self.column + 1, self.offset))
    }
}

/// What stands where the text has ended. A text of YAML cannot hold it.
pub(super) const END: char = '\0';

pub(super) struct Cursor {
    text: Vec<char>,
    mark: Mark,
}

impl Cursor {
    pub(super) fn new(text: &str) -> Cursor {
        Cursor { text: text.chars().collect(), mark: Mark::default() }
    }

    pub(super) fn mark(&self) -> Mark {
        self.mark
    }

    pub(super) fn column(&self) -> usize {
        self.mark.column
    }

    /// The character that stands here.
    pub(super) fn here(&self) -> char {
        self.ahead(0)
    }

    /// The character so many behind this one.
    pub(super) fn ahead(&self, count: usize) -> char {
        self.text.get(self.mark.index + count).copied().unwrap_or(END)
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(count, c)| self.ahead(count) == c)
    }

    /// Moves on by one character, which it gives.
    pub(super) fn next(&mut self) -> char {
        let Some(&c) = self.text.get(self.mark.index) else { return END };
        self.mark.index += 1;
        self.mark.offset += c.len_utf8();
        let ends_line = is_break(c) && !(c == '\r' && self.here() == '\n');
        if ends_line {
            self.mark.line += 1;
            self.mark.column = 0;
        } else if c != '\u{FEFF}' {
            self.mark.column += 1;
        }
        c
    }

    pub(super) fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    /// Moves on while the characters are such; how many there were.
    pub(super) fn skip_while(&mut self, such: impl Fn(char) -> bool) -> usize {
        let mut count = 0;
        while self.here() != END && such(self.here()) {
            self.next();
            count += 1;
        }
        count
    }

    /// The characters from here on that are such, behind which it moves.
    pub(super) fn take_while(&mut self, such: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while self.here() != END && such(self.here()) {
            taken.push(self.next());
        }
        taken
    }

    /// Moves behind the line break that stands here, and gives what it becomes in a text.
    pub(super) fn line_break(&mut self) -> Option<char> {
        match self.here() {
            '\r' if self.ahead(1) == '\n' => {
                self.skip(2);
                Some('\n')
            }
            '\r' | '\n' | '\u{85}' => {
                self.next();
                Some('\n')
            }
            '\u{2028}' | '\u{2029}' => Some(self.next()),
            _ => None,
        }
    }

    /// Moves behind a comment and the blanks in front of it, if there is one.
    pub(super) fn skip_comment(&mut self) {
        self.skip_while(|c| c == ' ');
        if self.here() == '#' {
            self.skip_while(|c| !is_break(c));
        }
    }

    /// Whether a line with `---` or `...` begins here.
    pub(super) fn at_document_marker(&self) -> bool {
        (self.starts_with("---") || self.starts_with("...")) && is_space(self.ahead(3))
    }
}

/// YAML 1.1 knows more line breaks than YAML 1.2.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A line break, or the end of the text.
pub(super) fn is_break_or_end(c: char) -> bool {
    is_break(c) || c == END
}

/// What ends a word: a blank, a line break, or the end of the text.
pub(super) fn is_blank_or_end(c: char) -> bool {
    c == ' ' || is_break_or_end(c)
}

/// The same, or a tab, which separates in some places only.
pub(super) fn is_space(c: char) -> bool {
    c == '\t' || is_blank_or_end(c)
}
