//! The text that is lexed: every line break is `\n`, and positions lead back to the source.

use std::borrow::Cow;

use crate::error::Error;
use crate::{Options, ParseError, Span};

/// A template with its line breaks made equal.
pub(crate) struct Source<'s> {
    source: &'s str,
    /// Every line break is `\n`; one at the end is gone unless it is to stay.
    text: Cow<'s, str>,
    /// Where the text has one byte where the source has two, ascending.
    joined: Vec<usize>,
}

impl<'s> Source<'s> {
    /// The text to lex of a template. Fails if positions in it do not fit in 32 bits.
    pub(crate) fn new(source: &'s str, options: &Options) -> Result<Source<'s>, Error> {
        if u32::try_from(source.len()).is_err() {
            return Err(ParseError::new(Span::default(), "the template is larger than 4 GiB"));
        }
        let (mut text, joined) = equal_line_breaks(source);
        if !options.keep_trailing_newline && text.ends_with('\n') {
            text = match text {
                Cow::Borrowed(text) => Cow::Borrowed(&text[..text.len() - 1]),
                Cow::Owned(mut text) => {
                    text.pop();
                    Cow::Owned(text)
                }
            };
        }
        Ok(Source { source, text, joined })
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What the source calls the bytes from `start` to `end` of the text.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        Span { start: self.place(start), end: self.place(end) }
    }

    /// Whether the source has a line break between two of its places.
    pub(crate) fn has_line_break(&self, start: u32, end: u32) -> bool {
        self.source.get(start as usize..end as usize).is_some_and(|between| between.contains(['\r', '\n']))
    }

    /// What the source has at a place.
    pub(crate) fn written(&self, span: Span) -> &'s str {
        self.source.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn place(&self, position: usize) -> u32 {
        let joined = match self.joined.is_empty() {
            true => 0,
            false => self.joined.partition_point(|&at| at < position),
        };
        u32::try_from(position + joined).expect("the source is no larger than 32 bits can say")
    }
}

/// The text with `\r\n` and `\r` as `\n`, and the places where `\r\n` stood.
fn equal_line_breaks(source: &str) -> (Cow<'_, str>, Vec<usize>) {
    let mut joined = Vec::new();
    let Some(first) = memchr::memchr(b'\r', source.as_bytes()) else {
        return (Cow::Borrowed(source), joined);
    };
    let mut text = String::with_capacity(source.len());
    text.push_str(&source[..first]);
    for piece in source[first..].split_inclusive('\r') {
        // Only after a `\r`, which became this line break, does a piece begin with one.
        let piece = match piece.strip_prefix('\n') {
            Some(rest) => {
                joined.push(text.len() - 1);
                rest
            }
            None => piece,
        };
        match piece.strip_suffix('\r') {
            Some(line) => {
                text.push_str(line);
                text.push('\n');
            }
            None => text.push_str(piece),
        }
    }
    (Cow::Owned(text), joined)
}
