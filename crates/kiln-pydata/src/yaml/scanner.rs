//! Text to tokens.
//!
//! Whether something is a key is known only when its `:` comes: then a token is put in front of
//! what has been read already. So tokens wait in a queue for as long as one of them may still
//! turn out to be a key.

mod block;
mod directive;
mod keys;
mod plain;
mod quoted;
mod tag;

use std::collections::VecDeque;

use super::cursor::{Cursor, END, Mark, is_space};
use super::token::{Token, TokenKind};
use crate::{Bound, DataError, MAX_DEPTH};
use keys::Candidate;

pub(super) struct Scanner {
    cursor: Cursor,
    queue: VecDeque<Token>,
    /// How many tokens have left the queue.
    taken: usize,
    /// The columns of the blocks around, outermost first.
    indents: Vec<usize>,
    /// What may still be a key, for each level of brackets around.
    candidates: Vec<Option<Candidate>>,
    /// Whether something that begins here may be a key.
    key_allowed: bool,
    done: bool,
}

impl Scanner {
    pub(super) fn new(text: &str) -> Scanner {
        Scanner {
            cursor: Cursor::new(text),
            queue: VecDeque::new(),
            taken: 0,
            indents: Vec::new(),
            candidates: vec![None],
            key_allowed: true,
            done: false,
        }
    }

    /// The next token. At the end of the text it remains the same.
    pub(super) fn peek(&mut self) -> Result<&Token, DataError> {
        while self.needs_more()? {
            self.fetch()?;
        }
        let mark = self.cursor.mark();
        if self.queue.is_empty() {
            self.push_at(TokenKind::StreamEnd, mark);
        }
        Ok(&self.queue[0])
    }

    /// The next token, which leaves the queue.
    pub(super) fn next(&mut self) -> Result<Token, DataError> {
        self.peek()?;
        self.taken += 1;
        let mark = self.cursor.mark();
        let end = Token { kind: TokenKind::StreamEnd, start: mark, end: mark };
        Ok(self.queue.pop_front().unwrap_or(end))
    }

    fn needs_more(&mut self) -> Result<bool, DataError> {
        if self.done || self.queue.is_empty() {
            return Ok(!self.done);
        }
        self.forget_stale()?;
        Ok(self.first_candidate() == Some(self.taken))
    }

    fn in_brackets(&self) -> bool {
        self.candidates.len() > 1
    }

    fn fetch(&mut self) -> Result<(), DataError> {
        self.skip_to_token();
        self.forget_stale()?;
        self.close_blocks(Some(self.cursor.column()));
        let c = self.cursor.here();
        let spaced = is_space(self.cursor.ahead(1));
        match c {
            END => self.end_of_stream(),
            '%' if self.cursor.column() == 0 => self.directive(),
            '-' | '.' if self.cursor.column() == 0 && self.cursor.at_document_marker() => self.marker(c),
            '[' | '{' => self.open_bracket(c),
            ']' | '}' => self.close_bracket(c),
            ',' => self.flow_entry(),
            '-' if spaced => self.block_entry(),
            '?' if spaced || self.in_brackets() => self.question_mark(),
            ':' if spaced || self.in_brackets() => self.colon(),
            '*' | '&' => self.anchor(c),
            '!' => self.tag(),
            '|' | '>' if !self.in_brackets() => self.block_scalar(c == '>'),
            '\'' | '"' => self.quoted(c),
            _ if self.starts_plain(c) => self.plain(),
            _ => Err(self.no_token(c)),
        }
    }

    fn no_token(&self, c: char) -> DataError {
        let error = |message: &str, help| self.cursor.mark().error(message).help(help);
        match c {
            '\t' => error("a tab stands where a value may begin", "indent and separate with blanks"),
            _ => error("no value may begin with this character", "write quotes around the value"),
        }
    }

    /// Moves to where the next token begins.
    fn skip_to_token(&mut self) {
        if self.cursor.mark().index == 0 && self.cursor.here() == '\u{FEFF}' {
            self.cursor.next();
        }
        loop {
            self.cursor.skip_comment();
            if self.cursor.line_break().is_none() {
                return;
            }
            self.key_allowed |= !self.in_brackets();
        }
    }

    fn push(&mut self, kind: TokenKind, start: Mark) {
        self.queue.push_back(Token { kind, start, end: self.cursor.mark() });
    }

    fn push_at(&mut self, kind: TokenKind, at: Mark) {
        self.queue.push_back(Token { kind, start: at, end: at });
    }

    /// Moves behind an indicator of so many characters and makes it a token.
    fn indicator(&mut self, length: usize, kind: TokenKind) {
        let start = self.cursor.mark();
        self.cursor.skip(length);
        self.push(kind, start);
    }

    /// Ends the blocks that are indented further than `column`, or all.
    fn close_blocks(&mut self, column: Option<usize>) {
        if self.in_brackets() {
            return;
        }
        while self.indents.last().is_some_and(|indent| column.is_none_or(|column| *indent > column)) {
            self.indents.pop();
            self.push_at(TokenKind::BlockEnd, self.cursor.mark());
        }
    }

    /// Begins a block at `column`, unless there is one.
    fn open_block(&mut self, column: usize) -> Result<bool, DataError> {
        if self.indents.last().is_some_and(|indent| *indent >= column) {
            return Ok(false);
        }
        self.indents.push(column);
        self.check_depth()?;
        Ok(true)
    }

    fn check_depth(&self) -> Result<(), DataError> {
        if self.indents.len() + self.candidates.len() > MAX_DEPTH + 1 {
            return Err(self.cursor.mark().error("values are nested too deeply").beyond(Bound::Depth));
        }
        Ok(())
    }

    fn end_of_stream(&mut self) -> Result<(), DataError> {
        self.close_blocks(None);
        self.drop_candidate()?;
        self.candidates.fill_with(|| None);
        self.push_at(TokenKind::StreamEnd, self.cursor.mark());
        self.done = true;
        Ok(())
    }

    /// `---` or `...`
    fn marker(&mut self, c: char) -> Result<(), DataError> {
        self.close_blocks(None);
        self.drop_candidate()?;
        self.key_allowed = false;
        self.indicator(3, if c == '-' { TokenKind::DocumentStart } else { TokenKind::DocumentEnd });
        Ok(())
    }

    fn open_bracket(&mut self, c: char) -> Result<(), DataError> {
        self.note_candidate()?;
        self.candidates.push(None);
        self.check_depth()?;
        self.key_allowed = true;
        let kind = if c == '[' { TokenKind::FlowSequenceStart } else { TokenKind::FlowMappingStart };
        self.indicator(1, kind);
        Ok(())
    }

    fn close_bracket(&mut self, c: char) -> Result<(), DataError> {
        self.drop_candidate()?;
        // One that closes nothing is refused by the parser.
        if self.in_brackets() {
            self.candidates.pop();
        }
        self.key_allowed = false;
        let kind = if c == ']' { TokenKind::FlowSequenceEnd } else { TokenKind::FlowMappingEnd };
        self.indicator(1, kind);
        Ok(())
    }

    fn flow_entry(&mut self) -> Result<(), DataError> {
        self.key_allowed = true;
        self.drop_candidate()?;
        self.indicator(1, TokenKind::FlowEntry);
        Ok(())
    }

    fn block_entry(&mut self) -> Result<(), DataError> {
        if !self.in_brackets() {
            if !self.key_allowed {
                return Err(self.cursor.mark().error("a list cannot begin here").help("begin a new line"));
            }
            if self.open_block(self.cursor.column())? {
                self.push_at(TokenKind::BlockSequenceStart, self.cursor.mark());
            }
        }
        self.key_allowed = true;
        self.drop_candidate()?;
        self.indicator(1, TokenKind::BlockEntry);
        Ok(())
    }

    /// `*name` or `&name`
    fn anchor(&mut self, c: char) -> Result<(), DataError> {
        self.note_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.next();
        let name = self.cursor.take_while(is_word);
        let fits = is_space(self.cursor.here()) || "?:,]}%@`".contains(self.cursor.here());
        if name.is_empty() || !fits {
            return Err(self
                .cursor
                .mark()
                .error("an anchor's name consists of letters, digits, `-` and `_`")
                .help("write quotes around the value if no anchor is meant"));
        }
        self.push(if c == '*' { TokenKind::Alias(name) } else { TokenKind::Anchor(name) }, start);
        Ok(())
    }
}

/// A character of the name of an anchor, a directive or a handle.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}
