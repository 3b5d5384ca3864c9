//! `{{ … }}`, which YAML takes for a mapping that is the key of another one, and `#{ … }#`, which it
//! takes for a comment.

use kiln_model::{Node, Origin, Span};

use super::Composer;
use crate::events::{Event, EventKind};
use crate::{findings, syntax};

impl Composer<'_> {
    /// Whether the mapping that begins at `start` is rather an expression of a template: the next
    /// one begins right behind its brace.
    pub(super) fn is_template(&self, start: Span) -> bool {
        let next = self.events.as_slice().first();
        let is_brace = |event: &Event| matches!(event.kind, EventKind::MappingStart { flow: true, .. });
        next.is_some_and(|event| is_brace(event) && self.span(event).start == start.start + 1)
    }

    /// The expression of a template that is behind an empty value.
    pub(super) fn template_behind(&self, empty: Span) -> Option<Span> {
        let (start, end) = syntax::template_behind(self.text, empty.start as usize)?;
        Some(Span::new(self.source, start, end))
    }

    /// Consumes such a mapping to its end.
    pub(super) fn template(&mut self, start: Span) -> Node {
        let (mut open, mut end) = (1_usize, start.end);
        while let Some(event) = self.events.next() {
            match event.kind {
                EventKind::MappingStart { .. } | EventKind::SequenceStart { .. } => open += 1,
                EventKind::MappingEnd | EventKind::SequenceEnd => open -= 1,
                _ => {}
            }
            end = self.span(&event).end;
            if open == 0 {
                break;
            }
        }
        let span = Span { end, ..start };
        self.sink.push(findings::template(span));
        Node::invalid(Origin::At(span))
    }
}
