//! YAML text as a flat list of located events, comments included.

mod block;

use granit_parser::{
    Event as Raw, Parser, Placement, ScalarStyle as RawStyle, ScanError, Span, StructureStyle, Tag,
};

use crate::syntax;
pub use crate::syntax::SyntaxError;

/// How deep collections may nest.
pub const MAX_DEPTH: usize = 128;

/// One event and where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What was found.
    pub kind: EventKind,
    /// First byte. A string's range includes its quotes, that of a block scalar its
    /// `|` or `>`; anchor and tag stand before the range.
    pub start: usize,
    /// One past the last byte. Equal to `start` for what is not written out: an empty
    /// value, an implicit document start, the start and end of a block collection.
    pub end: usize,
    /// Line of `start`, from 1.
    pub line: usize,
    /// Column of `start` in characters, from 1.
    pub column: usize,
}

/// What was found. Tags are resolved: `!!str` reads `tag:yaml.org,2002:str`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A document begins.
    DocumentStart {
        /// Whether `---` is written.
        explicit: bool,
    },
    /// The document ends.
    DocumentEnd,
    /// A reference to the anchor of this name; whether there is one is not checked.
    Alias(String),
    /// A scalar. An empty value is a plain scalar with empty text.
    Scalar {
        /// The text, escapes and folding resolved.
        value: String,
        /// How it is written.
        style: ScalarStyle,
        /// The resolved tag.
        tag: Option<String>,
        /// The name of its anchor.
        anchor: Option<String>,
    },
    /// A sequence begins.
    SequenceStart {
        /// Whether it is written with brackets.
        flow: bool,
        /// The resolved tag.
        tag: Option<String>,
        /// The name of its anchor.
        anchor: Option<String>,
    },
    /// The sequence ends.
    SequenceEnd,
    /// A mapping begins.
    MappingStart {
        /// Whether it is written with braces.
        flow: bool,
        /// The resolved tag.
        tag: Option<String>,
        /// The name of its anchor.
        anchor: Option<String>,
    },
    /// The mapping ends.
    MappingEnd,
    /// A comment.
    Comment {
        /// What follows `#`, verbatim, without the line break.
        text: String,
        /// Whether it stands behind something on the same line.
        inline: bool,
    },
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// In `'`.
    SingleQuoted,
    /// In `"`.
    DoubleQuoted,
    /// After `|`.
    Literal,
    /// After `>`.
    Folded,
}

/// The events of all documents in `text`, in order. A text without any document gives
/// at most comments.
///
/// # Errors
/// If `text` is not YAML 1.2, or nests deeper than [`MAX_DEPTH`].
pub fn events(text: &str) -> Result<Vec<Event>, SyntaxError> {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        // The whole text is in memory already; long runs of comments are normal.
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut reader =
        Reader { text, lines: Lines::new(text), out: Vec::new(), content_end: 0, open: Vec::new() };
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| reader.explain(&error))?;
        reader.take(event, span)?;
    }
    Ok(reader.out)
}

/// Turns the parser's events into ours.
struct Reader<'a> {
    text: &'a str,
    lines: Lines<'a>,
    out: Vec<Event>,
    /// End of the last event that is not a comment.
    content_end: usize,
    open: Vec<Open>,
}

/// A collection that has begun.
struct Open {
    /// Where its bracket stands, if it has one.
    bracket: Option<usize>,
    mapping: bool,
}

impl Reader<'_> {
    fn explain(&self, error: &ScanError) -> SyntaxError {
        let read_to = self.out.last().map_or(0, |event| event.end);
        syntax::explain(self.text, error, read_to, self.open.last().and_then(|it| it.bracket))
    }

    fn take(&mut self, event: Raw<'_>, span: Span) -> Result<(), SyntaxError> {
        let range = span.byte_range().unwrap_or_default();
        let (start, end) = (range.start, range.end);
        match event {
            // Of one that is not written the parser gives the place of the first content.
            Raw::DocumentStart(false, _) => {
                self.push(EventKind::DocumentStart { explicit: false }, self.content_end, self.content_end);
            }
            Raw::DocumentStart(true, _) => self.push(EventKind::DocumentStart { explicit: true }, start, end),
            Raw::DocumentEnd => self.push_end(EventKind::DocumentEnd, start, end),
            Raw::Alias(_) | Raw::UnresolvedAlias(_) => {
                let name = self.text.get(start + 1..end).unwrap_or_default().to_owned();
                self.push(EventKind::Alias(name), start, end);
            }
            Raw::Anchor(_, name) => self.name_last(&name),
            Raw::Scalar(value, style, _, tag) => self.scalar(&value, style, tag.as_deref(), span),
            Raw::SequenceStart(style, _, tag) => {
                let (flow, tag) = (style == StructureStyle::Flow, tag.as_deref().map(tag_name));
                let (start, end) = if flow { (start, end) } else { self.first_dash(start) };
                self.open(EventKind::SequenceStart { flow, tag, anchor: None }, start, end)?;
            }
            Raw::MappingStart(style, _, tag) => {
                let (flow, tag) = (style == StructureStyle::Flow, tag.as_deref().map(tag_name));
                self.open(EventKind::MappingStart { flow, tag, anchor: None }, start, end)?;
            }
            Raw::SequenceEnd => self.close(EventKind::SequenceEnd, start, end),
            Raw::MappingEnd => self.close(EventKind::MappingEnd, start, end),
            Raw::Comment(text, placement) => {
                let inline = placement == Placement::Right;
                self.push(EventKind::Comment { text: text.into_owned(), inline }, start, end);
            }
            _ => {}
        }
        Ok(())
    }

    fn scalar(&mut self, value: &str, style: RawStyle, tag: Option<&Tag>, span: Span) {
        let range = span.byte_range().unwrap_or_default();
        let (mut start, mut end) = (range.start, range.end);
        let style = match style {
            RawStyle::Plain => ScalarStyle::Plain,
            RawStyle::SingleQuoted => ScalarStyle::SingleQuoted,
            RawStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
            RawStyle::Literal => ScalarStyle::Literal,
            RawStyle::Folded => ScalarStyle::Folded,
        };
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            (start, end) = block::range(self.text, self.content_end, start, end);
        }
        // The parser calls an empty value `~`, which nobody wrote.
        let written = style != ScalarStyle::Plain || start < end;
        let value = if written { value.to_owned() } else { String::new() };
        let tag = tag.map(tag_name);
        self.push(EventKind::Scalar { value, style, tag, anchor: None }, start, end);
    }

    /// Where a block sequence begins: of one that is indented no further than the key it
    /// belongs to, the parser gives the place behind the first dash.
    fn first_dash(&self, start: usize) -> (usize, usize) {
        let before = self.text.get(self.content_end..start).unwrap_or_default();
        let under_key = self.open.last().is_some_and(|it| it.mapping);
        let dash = if under_key { block::first(before, &['-']) } else { None };
        let at = dash.map_or(start, |dash| self.content_end + dash);
        (at, at)
    }

    fn open(&mut self, kind: EventKind, start: usize, end: usize) -> Result<(), SyntaxError> {
        let mapping = matches!(kind, EventKind::MappingStart { .. });
        self.open.push(Open { bracket: (start < end).then_some(start), mapping });
        if self.open.len() > MAX_DEPTH {
            return Err(syntax::too_deep(self.text, start));
        }
        self.push(kind, start, end);
        Ok(())
    }

    fn close(&mut self, kind: EventKind, start: usize, end: usize) {
        self.open.pop();
        self.push_end(kind, start, end);
    }

    /// An end that is not written out stands where the content ends; the parser puts it
    /// at the next token.
    fn push_end(&mut self, kind: EventKind, start: usize, end: usize) {
        let (start, end) = if start < end { (start, end) } else { (self.content_end, self.content_end) };
        self.push(kind, start, end);
    }

    fn push(&mut self, kind: EventKind, start: usize, end: usize) {
        if !matches!(kind, EventKind::Comment { .. }) {
            self.content_end = end;
        }
        let (line, column) = self.lines.position(start);
        self.out.push(Event { kind, start, end, line, column });
    }

    /// The parser names an anchor right after the event of the node that has it.
    fn name_last(&mut self, name: &str) {
        if let Some(Event {
            kind:
                EventKind::Scalar { anchor, .. }
                | EventKind::SequenceStart { anchor, .. }
                | EventKind::MappingStart { anchor, .. },
            ..
        }) = self.out.last_mut()
        {
            *anchor = Some(name.to_owned());
        }
    }
}

fn tag_name(tag: &Tag) -> String {
    format!("{}{}", tag.handle(), tag.suffix())
}

/// Finds lines and columns of offsets, each near the one before.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    column: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Lines<'a> {
        Lines { text, at: 0, line: 1, column: 1 }
    }

    fn position(&mut self, offset: usize) -> (usize, usize) {
        let count = |text: &str| text.chars().count();
        let between = self.text.get(self.at.min(offset)..self.at.max(offset)).unwrap_or_default();
        let breaks = between.matches('\n').count();
        let is_behind = offset < self.at;
        self.column = if breaks > 0 {
            let before = self.text.get(..offset).unwrap_or_default();
            1 + count(&before[before.rfind('\n').map_or(0, |at| at + 1)..])
        } else if is_behind {
            self.column.saturating_sub(count(between))
        } else {
            self.column + count(between)
        };
        self.line = if is_behind { self.line.saturating_sub(breaks) } else { self.line + breaks };
        self.at = offset;
        (self.line, self.column)
    }
}

#[cfg(test)]
mod tests;
