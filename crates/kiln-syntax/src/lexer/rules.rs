//! Where tags begin and end: the delimiters of the options, ready for searching.

use super::space::{is_space, skip, skip_then};
use crate::error::Error;
use crate::{Options, ParseError, Span};

/// What a tag is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagKind {
    Block,
    Variable,
    Comment,
    Raw,
    LineStatement,
    LineComment,
}

/// The mark of white space control beside a delimiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    None,
    Minus,
    Plus,
}

impl Mark {
    fn at(text: &str, position: usize) -> Mark {
        match text.as_bytes().get(position) {
            Some(b'-') => Mark::Minus,
            Some(b'+') => Mark::Plus,
            _ => Mark::None,
        }
    }

    fn len(self) -> usize {
        usize::from(self != Mark::None)
    }
}

/// The start of a tag.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag {
    pub(crate) kind: TagKind,
    pub(crate) mark: Mark,
    /// Where the text before it ends.
    pub(crate) start: usize,
    /// Where its delimiter begins: later than `start` if blanks belong to it.
    pub(crate) delimiter: usize,
    /// Where its delimiter ends, mark included; of a raw tag, where the whole tag ends.
    pub(crate) end: usize,
    /// Where lexing goes on: later than `end` if white space after it goes.
    pub(crate) next: usize,
}

/// The end of a tag.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Close {
    /// Where its delimiter ends.
    pub(crate) end: usize,
    /// Where lexing goes on.
    pub(crate) next: usize,
}

/// The delimiters of the options.
pub(crate) struct Rules<'o> {
    options: &'o Options,
    /// What may begin a tag, in the order in which it is tried at one place.
    starts: Vec<(TagKind, &'o str)>,
    /// The first bytes of the delimiters.
    first: Vec<u8>,
    /// If lines may be statements or comments: whether a tag may begin with a byte.
    line_bytes: Option<Box<[bool; 256]>>,
}

impl<'o> Rules<'o> {
    /// The rules of `options`. Fails if a delimiter is empty, which would be found everywhere.
    pub(crate) fn new(options: &'o Options) -> Result<Rules<'o>, Error> {
        let starts = starts(options);
        let ends = [&options.block.end, &options.variable.end, &options.comment.end];
        if ends.iter().any(|end| end.is_empty()) || starts.iter().any(|(_, start)| start.is_empty()) {
            return Err(ParseError::new(Span::default(), "a delimiter of the template language is empty"));
        }
        let mut first: Vec<u8> = starts.iter().map(|(_, text)| text.as_bytes()[0]).collect();
        first.sort_unstable();
        first.dedup();
        let by_line = options.line_statement_prefix.is_some() || options.line_comment_prefix.is_some();
        let line_bytes = by_line.then(|| line_bytes(&first, options));
        Ok(Rules { options, starts, first, line_bytes })
    }

    /// The first tag that begins at `from` or later.
    pub(crate) fn find(&self, text: &str, from: usize) -> Option<Tag> {
        let bytes = text.as_bytes();
        if let Some(line_bytes) = &self.line_bytes {
            return (from..bytes.len())
                .filter(|&at| line_bytes[usize::from(bytes[at])] || at_line_start(text, at))
                .filter(|&at| text.is_char_boundary(at))
                .find_map(|at| self.tag_at(text, at));
        }
        let mut at = from;
        loop {
            at += match self.first[..] {
                [a] => memchr::memchr(a, &bytes[at..])?,
                [a, b] => memchr::memchr2(a, b, &bytes[at..])?,
                [a, b, c, ..] => memchr::memchr3(a, b, c, &bytes[at..])?,
                [] => return None,
            };
            if let Some(tag) = self.tag_at(text, at) {
                return Some(tag);
            }
            at += 1;
        }
    }

    /// The tag that begins at `at`.
    fn tag_at(&self, text: &str, at: usize) -> Option<Tag> {
        self.raw_at(text, at).or_else(|| {
            self.starts.iter().find_map(|&(kind, start)| {
                let end = match kind {
                    TagKind::LineStatement if at_line_start(text, at) => {
                        let blank = |character| matches!(character, ' ' | '\t' | '\x0b');
                        skip_then(text, at, blank, |end| starts_at(text, end, start))?
                    }
                    TagKind::LineComment if at_line_start(text, at) || !space_before(text, at) => {
                        let blank = |character| is_space(character) && character != '\n';
                        skip_then(text, at, blank, |end| starts_at(text, end, start))?
                    }
                    TagKind::LineStatement | TagKind::LineComment => return None,
                    _ => starts_at(text, at, start)?,
                };
                let mark = Mark::at(text, end);
                let delimiter = end - start.len();
                let end = end + mark.len();
                Some(Tag { kind, mark, start: at, delimiter, end, next: end })
            })
        })
    }

    fn raw_at(&self, text: &str, at: usize) -> Option<Tag> {
        let start = starts_at(text, at, &self.options.block.start)?;
        let mark = Mark::at(text, start);
        let word = starts_at(text, skip(text, start + mark.len()), "raw")?;
        let end = self.options.block.end.as_str();
        skip_then(text, word, is_space, |close| {
            if let Some(end) = starts_at(text, close, "-").and_then(|close| starts_at(text, close, end)) {
                return Some((end, skip(text, end)));
            }
            starts_at(text, close, end).map(|end| (end, end))
        })
        .map(|(end, next)| Tag { kind: TagKind::Raw, mark, start: at, delimiter: at, end, next })
    }

    /// The end of a statement, if it is at `at`.
    pub(crate) fn block_end(&self, text: &str, at: usize) -> Option<Close> {
        self.trimming_end(text, at, &self.options.block.end)
    }

    /// The end of an expression, if it is at `at`.
    pub(crate) fn variable_end(&self, text: &str, at: usize) -> Option<Close> {
        let end = self.options.variable.end.as_str();
        if let Some(end) = starts_at(text, at, "-").and_then(|at| starts_at(text, at, end)) {
            return Some(Close { end, next: skip(text, end) });
        }
        starts_at(text, at, end).map(|end| Close { end, next: end })
    }

    /// The end of a line statement, if it is at `at`: the line break, with blank lines after it.
    pub(crate) fn line_end(&self, text: &str, at: usize) -> Option<Close> {
        let space = skip(text, at);
        let next = match text[at..space].rfind('\n') {
            _ if space == text.len() => space,
            Some(line_break) => at + line_break + 1,
            None => return None,
        };
        Some(Close { end: at, next })
    }

    /// The end of a comment whose text begins at `from`.
    pub(crate) fn comment_end(&self, text: &str, from: usize) -> Option<Close> {
        let end = self.options.comment.end.as_str();
        let found = from + text[from..].find(end)?;
        let marked = found.checked_sub(1).filter(|&at| at >= from && Mark::at(text, at) != Mark::None);
        self.trimming_end(text, marked.unwrap_or(found), end)
    }

    /// The end tag of a raw block whose text begins at `from`: where it begins, its first
    /// mark, and its end.
    pub(crate) fn raw_end(&self, text: &str, from: usize) -> Option<(usize, Mark, Close)> {
        let start = self.options.block.start.as_str();
        let finder = memchr::memmem::Finder::new(start);
        let mut at = from;
        loop {
            at += finder.find(&text.as_bytes()[at..])?;
            let after = at + start.len();
            let mark = Mark::at(text, after);
            let word = starts_at(text, skip(text, after + mark.len()), "endraw");
            let close = word.and_then(|word| {
                skip_then(text, word, is_space, |at| self.trimming_end(text, at, &self.options.block.end))
            });
            if let Some(close) = close {
                return Some((at, mark, close));
            }
            at += 1;
        }
    }

    /// The delimiter `end` at `at`, with a mark and with the white space that goes.
    fn trimming_end(&self, text: &str, at: usize, end: &str) -> Option<Close> {
        let mark = Mark::at(text, at);
        if let Some(end) = starts_at(text, at + mark.len(), end).filter(|_| mark != Mark::None) {
            let next = if mark == Mark::Minus { skip(text, end) } else { end };
            return Some(Close { end, next });
        }
        let end = starts_at(text, at, end)?;
        let trims = self.options.trim_blocks && text.as_bytes().get(end) == Some(&b'\n');
        Some(Close { end, next: end + usize::from(trims) })
    }
}

/// What may begin a tag: the longest first, and among equals in the order that Jinja2 has.
fn starts(options: &Options) -> Vec<(TagKind, &str)> {
    let mut starts = vec![(TagKind::Variable, options.variable.start.as_str())];
    starts.extend(options.line_statement_prefix.as_deref().map(|prefix| (TagKind::LineStatement, prefix)));
    starts.extend(options.line_comment_prefix.as_deref().map(|prefix| (TagKind::LineComment, prefix)));
    starts.push((TagKind::Comment, &options.comment.start));
    starts.push((TagKind::Block, &options.block.start));
    starts.sort_by_key(|(_, text)| std::cmp::Reverse(text.chars().count()));
    starts
}

fn line_bytes(first: &[u8], options: &Options) -> Box<[bool; 256]> {
    let mut table = Box::new([false; 256]);
    for &byte in first {
        table[usize::from(byte)] = true;
    }
    if options.line_comment_prefix.is_some() {
        // Blanks before a comment belong to it; any lead byte may begin one.
        for byte in (0..=b' ').chain(0xc2..=0xff) {
            table[usize::from(byte)] = true;
        }
    }
    table
}

fn starts_at(text: &str, at: usize, what: &str) -> Option<usize> {
    text.as_bytes()[at..].starts_with(what.as_bytes()).then_some(at + what.len())
}

fn at_line_start(text: &str, at: usize) -> bool {
    at == 0 || text.as_bytes()[at - 1] == b'\n'
}

fn space_before(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(is_space)
}
