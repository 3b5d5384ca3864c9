//! Source texts and spans into them.

use zeroize::Zeroizing;

/// Names one [`Source`] of a [`Sources`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A byte range of one source.
///
/// [`Span::NONE`] stands where there is no place to point at, so that no caller has to
/// carry an `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source the range lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span that points nowhere.
    pub const NONE: Span = Span { source: SourceId(u32::MAX), start: 0, end: 0 };

    /// The bytes `start..end` of `source`.
    ///
    /// Offsets past 4 GiB are clamped; no source that large is ever loaded.
    pub fn new(source: SourceId, start: usize, end: usize) -> Span {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { source, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// Whether this span points nowhere.
    pub fn is_none(self) -> bool {
        self.source == Span::NONE.source
    }
}

/// A line and column, both counted from one; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One text that was loaded: a data file, a pack file, a template.
pub struct Source {
    path: String,
    text: Zeroizing<String>,
    masks: Vec<(usize, usize)>,
}

impl Source {
    /// The project-relative path with `/` separators, as shown to users.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text, secrets included. For parsers; never for messages.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// All sources of one run.
///
/// A file is added once; every diagnostic points into this table.
#[derive(Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// An empty table.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Adds a text under the path that messages will show.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX - 1));
        self.all.push(Source { path: path.into(), text: Zeroizing::new(text.into()), masks: Vec::new() });
        id
    }

    /// The source with this id, if the id came from this table.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// The path of a source; empty for [`Span::NONE`]'s source.
    pub fn path(&self, id: SourceId) -> &str {
        self.get(id).map_or("", Source::path)
    }

    /// The text under a span, secrets included; empty if the span points nowhere.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source)
            .and_then(|source| source.text.get(span.start as usize..span.end as usize))
            .unwrap_or("")
    }

    /// Line and column of a byte offset; an offset past the end gives the end.
    pub fn position(&self, id: SourceId, offset: u32) -> Position {
        let text = self.get(id).map_or("", Source::text);
        let mut at = (offset as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        // No editor counts the byte-order mark at the beginning of a text.
        let mark = if line_start == 0 { "\u{feff}" } else { "" };
        let line = &before[line_start..];
        let line = line.strip_prefix(mark).unwrap_or(line);
        Position {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }

    /// Hides the bytes of `span` from [`Sources::masked_text`].
    ///
    /// Called for every value that turns out to be a secret, so that no excerpt shows it.
    pub fn mask(&mut self, span: Span) {
        if let Some(source) = self.all.get_mut(span.source.0 as usize) {
            source.masks.push((span.start as usize, span.end as usize));
        }
    }

    /// Whether any byte of `span` is hidden.
    pub fn hides(&self, span: Span) -> bool {
        let range = (span.start as usize, span.end as usize);
        let overlaps = |(start, end): &(usize, usize)| *start < range.1 && range.0 < *end;
        self.get(span.source).is_some_and(|source| source.masks.iter().any(overlaps))
    }

    /// The text with every masked byte range replaced by `*`, byte for byte, so that
    /// spans stay valid. Line breaks inside a range are kept.
    pub fn masked_text(&self, id: SourceId) -> String {
        let Some(source) = self.get(id) else { return String::new() };
        let mut masks = source.masks.clone();
        masks.sort_unstable();
        let (mut next, mut hidden_to) = (masks.into_iter().peekable(), 0);
        let mut out = String::with_capacity(source.text.len());
        for (at, char) in source.text.char_indices() {
            while let Some((_, end)) = next.next_if(|(start, _)| *start <= at) {
                hidden_to = hidden_to.max(end);
            }
            if char != '\n' && at < hidden_to {
                (0..char.len_utf8()).for_each(|_| out.push('*'));
            } else {
                out.push(char);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_counts_characters_and_survives_a_split_one() {
        let mut sources = Sources::new();
        let id = sources.add("a", "ä: 1\nß: 2");
        assert_eq!(sources.position(id, 6), Position { line: 2, column: 1 });
        assert_eq!(sources.position(id, 7), Position { line: 2, column: 1 });
        assert_eq!(sources.position(id, 8), Position { line: 2, column: 2 });
        assert_eq!(sources.position(id, 999), Position { line: 2, column: 5 });
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let mut sources = Sources::new();
        let id = sources.add("a", "\u{feff}ab\n\u{feff}c");
        let column = |offset| sources.position(id, offset).column;
        assert_eq!([0, 3, 4].map(column), [1, 1, 2]);
        assert_eq!(column(9), 2, "one inside the text is a character like others");
    }

    #[test]
    fn a_mask_keeps_length_and_lines() {
        let mut sources = Sources::new();
        let id = sources.add("a", "k: ä\nb");
        sources.mask(Span::new(id, 3, 7));
        assert_eq!(sources.masked_text(id), "k: **\n*");
    }

    #[test]
    fn masks_may_overlap_and_come_in_any_order() {
        let mut sources = Sources::new();
        let id = sources.add("a", "abcdefgh");
        for (start, end) in [(5, 6), (1, 4), (2, 3)] {
            sources.mask(Span::new(id, start, end));
        }
        assert_eq!(sources.masked_text(id), "a***e*gh");
        assert!(sources.hides(Span::new(id, 0, 2)) && sources.hides(Span::new(id, 5, 6)));
        assert!(!sources.hides(Span::new(id, 4, 5)) && !sources.hides(Span::NONE));
    }

    #[test]
    fn a_span_that_points_nowhere_slices_to_nothing() {
        assert_eq!(Sources::new().slice(Span::NONE), "");
        assert!(Span::NONE.is_none());
    }
}
