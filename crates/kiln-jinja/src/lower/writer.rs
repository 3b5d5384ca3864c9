//! Writing a program.

use std::fmt::Write as _;

use kiln_syntax::Span;

use super::program::{SourceMap, delimiter};

/// How many arguments a call has at most that are written one by one.
pub(super) const MAX_ARGUMENTS: usize = 1000;

/// A program that is being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) text: String,
    pub(super) map: SourceMap,
}

impl Writer {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A string literal, on one line: the engine forgets the place of what goes on for several.
    pub(super) fn literal(&mut self, text: &str) {
        self.text.push('"');
        for piece in text.split_inclusive(['"', '\\', '\n']) {
            match piece.strip_suffix(['"', '\\', '\n']) {
                Some(plain) => {
                    self.text.push_str(plain);
                    self.text.push('\\');
                    let last = &piece[plain.len()..];
                    self.text.push_str(if last == "\n" { "n" } else { last });
                }
                None => self.text.push_str(piece),
            }
        }
        self.text.push('"');
    }

    /// Begins so many arguments; very many are written as one list with a star before it,
    /// because the engine's parser takes no more than 2000.
    pub(super) fn begin_arguments(&mut self, count: usize) {
        self.push(if count > MAX_ARGUMENTS { "*[" } else { "" });
    }

    /// Ends so many arguments.
    pub(super) fn end_arguments(&mut self, count: usize) {
        self.push(if count > MAX_ARGUMENTS { "]" } else { "" });
    }

    pub(super) fn number(&mut self, number: usize) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{number}");
    }

    /// Text of the template.
    pub(super) fn template_text(&mut self, text: &str) {
        if text.contains(|char| ('\u{e000}'..='\u{e005}').contains(&char)) {
            self.push(delimiter::PRINT_START);
            self.literal(text);
            self.push(delimiter::PRINT_END);
        } else {
            self.push(text);
        }
    }

    pub(super) fn start(&mut self, tag: &str) {
        self.push(delimiter::BLOCK_START);
        self.push(tag);
        self.push(" ");
    }

    pub(super) fn end(&mut self) {
        self.push(delimiter::BLOCK_END);
    }

    /// A whole tag.
    pub(super) fn tag(&mut self, tag: &str) {
        self.start(tag);
        self.end();
    }

    pub(super) fn print_start(&mut self) {
        self.push(delimiter::PRINT_START);
    }

    pub(super) fn print_end(&mut self) {
        self.push(delimiter::PRINT_END);
    }

    /// Notes that what was written since `start` comes from `span`.
    pub(super) fn came_from(&mut self, start: usize, span: Span) {
        self.map.note(start..self.text.len(), span);
    }
}
