//! A place in an output.

use std::ops::Range;

use kiln_jinja::{At, Piece};
use kiln_model::{Rendered, Reveal, Sources, Span};

/// The longest line that is shown, in characters.
const MAX_SHOWN: usize = 100;

/// A place in an output.
pub(super) struct Place<'a> {
    text: &'a str,
    bytes: Range<usize>,
    /// The line in which it begins.
    line: Range<usize>,
    /// The number of that line; `None` if the place is the whole output.
    number: Option<usize>,
}

impl<'a> Place<'a> {
    /// The place of a span; an empty one at the beginning stands for the whole output.
    pub(super) fn new(texts: &'a Sources, span: Span) -> Place<'a> {
        let text = texts.get(span.source).map_or("", |source| source.text());
        let bytes = (span.start as usize).min(text.len())..(span.end as usize).min(text.len());
        let start = text[..bytes.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[bytes.start..].find('\n').map_or(text.len(), |at| bytes.start + at);
        let number = (span.end > 0).then(|| texts.position(span.source, span.start).line);
        Place { text, bytes, line: start..end, number }
    }

    /// Where it is, in words, with the line if no secret is in it: none of `known`, and nothing that
    /// could be made of one.
    pub(super) fn told(&self, output: &Rendered, known: &[Reveal]) -> String {
        let path = output.path();
        let Some(number) = self.number else { return format!("in the output `{path}`") };
        let line = self.text[self.line.clone()].trim();
        if line.is_empty() || !output.reveals().is_empty() || shows(line, known) {
            return format!("line {number} of the output `{path}`");
        }
        let shown: String =
            line.chars().take(MAX_SHOWN).map(|it| if it.is_control() { ' ' } else { it }).collect();
        let cut = if shown.chars().count() < line.chars().count() { "…" } else { "" };
        format!("line {number} of the output `{path}`: `{}{cut}`", shown.replace('`', "'"))
    }

    /// The part of the output that the place is about: what an expression printed there, else
    /// what is at its beginning; `None` where nobody knows, and for the whole output.
    pub(super) fn main<'p>(&self, pieces: &'p [Piece]) -> Option<&'p Piece> {
        self.number?;
        let printed = self.on_line(pieces, &self.inside()).next();
        let at = pieces.partition_point(|piece| piece.bytes.end <= self.bytes.start);
        printed.or_else(|| pieces.get(at)).or_else(|| pieces.last())
    }

    /// The place in the template that a part comes from: of text the very bytes, as far as the
    /// line goes.
    pub(super) fn in_template(&self, piece: &Piece) -> At {
        if !piece.is_text {
            return piece.at.clone();
        }
        let last = piece.bytes.end;
        let start = self.bytes.start.clamp(piece.bytes.start, last);
        let end = self.inside().end.clamp(start, last);
        let from = |at: usize| piece.at.bytes.start + at - piece.bytes.start;
        At { bytes: from(start)..from(end), ..piece.at.clone() }
    }

    /// The expressions that printed something in the place; if nothing did and `looks_back`, in
    /// its line or else in the line before: a reader may stumble over a mistake after it.
    pub(super) fn printing<'p>(&self, pieces: &'p [Piece], looks_back: bool) -> Vec<&'p Piece> {
        let mut found: Vec<&Piece> = self.on_line(pieces, &self.inside()).collect();
        if looks_back && found.is_empty() {
            found.extend(self.on_line(pieces, &self.line));
        }
        if looks_back && found.is_empty() && self.line.start > 0 {
            let end = self.line.start - 1;
            let start = self.text[..end].rfind('\n').map_or(0, |at| at + 1);
            found.extend(self.on_line(pieces, &(start..end)));
        }
        found
    }

    /// The bytes of the place, as far as its first line goes.
    fn inside(&self) -> Range<usize> {
        self.bytes.start..self.bytes.end.min(self.line.end).max(self.bytes.start + 1)
    }

    fn on_line<'p>(&self, pieces: &'p [Piece], bytes: &Range<usize>) -> impl Iterator<Item = &'p Piece> {
        let bytes = bytes.clone();
        let is_there = move |piece: &&Piece| piece.bytes.start < bytes.end && bytes.start < piece.bytes.end;
        pieces.iter().filter(|piece| !piece.is_text).filter(is_there)
    }
}

/// Whether a line contains a line of a secret; very short ones are left out, which stand everywhere.
fn shows(line: &str, known: &[Reveal]) -> bool {
    // The texts are looked for, so that what contains one is not shown.
    let mut secrets = known.iter().flat_map(|reveal| reveal.secret.expose().lines()).map(str::trim);
    secrets.any(|secret| secret.len() > 3 && line.contains(secret))
}
