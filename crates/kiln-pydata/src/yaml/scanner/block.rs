//! Scalars after `|` and `>`.

use super::Scanner;
use crate::DataError;
use crate::yaml::cursor::{END, is_blank_or_end, is_break, is_break_or_end};
use crate::yaml::token::TokenKind;

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Scanner {
    pub(super) fn block_scalar(&mut self, folded: bool) -> Result<(), DataError> {
        self.key_allowed = true;
        self.drop_candidate()?;
        let start = self.cursor.mark();
        self.cursor.next();
        let (chomping, increment) = self.block_header()?;
        let least = self.indents.last().map_or(1, |indent| indent + 1).max(1);
        let (mut breaks, indent) = match increment {
            Some(increment) => (String::new(), least + increment - 1),
            None => {
                let (breaks, deepest) = self.leading_lines();
                (breaks, least.max(deepest))
            }
        };
        let mut end = self.cursor.mark();
        if increment.is_some() {
            self.empty_lines(indent, &mut breaks, &mut end);
        }
        let mut text = String::new();
        let mut last_break = None;
        while self.cursor.column() == indent && self.cursor.here() != END {
            text.push_str(&breaks);
            breaks.clear();
            let level = !matches!(self.cursor.here(), ' ' | '\t');
            text.push_str(&self.cursor.take_while(|c| !is_break(c)));
            last_break = self.cursor.line_break();
            end = self.cursor.mark();
            self.empty_lines(indent, &mut breaks, &mut end);
            if self.cursor.column() != indent || self.cursor.here() == END {
                break;
            }
            let folds = folded && last_break == Some('\n') && level;
            if !folds || matches!(self.cursor.here(), ' ' | '\t') {
                text.extend(last_break);
            } else if breaks.is_empty() {
                text.push(' ');
            }
        }
        if chomping != Chomping::Strip {
            text.extend(last_break);
        }
        if chomping == Chomping::Keep {
            text.push_str(&breaks);
        }
        self.push(TokenKind::Scalar { text, plain: false }, start);
        if let Some(token) = self.queue.back_mut() {
            token.end = end;
        }
        Ok(())
    }

    /// What stands between the indicator and the end of its line: how to chomp, and how far
    /// the text is indented.
    fn block_header(&mut self) -> Result<(Chomping, Option<usize>), DataError> {
        let mut chomping = self.chomping();
        let increment = match self.cursor.here().to_digit(10) {
            Some(0) => return Err(self.cursor.mark().error("an indentation is from 1 to 9")),
            Some(digit) => {
                self.cursor.next();
                Some(digit as usize)
            }
            None => None,
        };
        if chomping.is_none() && increment.is_some() {
            chomping = self.chomping();
        }
        let separated = is_blank_or_end(self.cursor.here());
        if separated {
            self.cursor.skip_comment();
        }
        if !separated || !is_break_or_end(self.cursor.here()) {
            let message = "only `+`, `-`, a digit and a comment may follow `|` and `>`";
            return Err(self.cursor.mark().error(message).help("begin the text on the next line"));
        }
        self.cursor.line_break();
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.cursor.here() {
            '+' => Chomping::Keep,
            '-' => Chomping::Strip,
            _ => return None,
        };
        self.cursor.next();
        Some(chomping)
    }

    /// The empty lines before the first line with text, and the column of the rightmost
    /// character that was passed.
    fn leading_lines(&mut self) -> (String, usize) {
        let (mut breaks, mut deepest) = (String::new(), 0);
        loop {
            if self.cursor.here() == ' ' {
                self.cursor.next();
                deepest = deepest.max(self.cursor.column());
            } else if let Some(found) = self.cursor.line_break() {
                breaks.push(found);
            } else {
                return (breaks, deepest);
            }
        }
    }

    /// Moves over empty lines to where text that is indented so far begins.
    fn empty_lines(&mut self, indent: usize, breaks: &mut String, end: &mut crate::yaml::cursor::Mark) {
        loop {
            while self.cursor.column() < indent && self.cursor.here() == ' ' {
                self.cursor.next();
            }
            let Some(found) = self.cursor.line_break() else { return };
            breaks.push(found);
            *end = self.cursor.mark();
        }
    }
}
