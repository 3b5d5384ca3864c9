//! From a place in rendered text to the template that printed it and to the values it printed.

mod place;

use std::collections::BTreeMap;
use std::rc::Rc;

use kiln_jinja::{At, Piece};
use kiln_model::{
    Diagnostic, Diagnostics, Label, Map, Node, Origin, PathStep, Rendered, Reveal, Sources, Span, path_text,
};

use self::place::Place;
use crate::encrypt;
use crate::pipeline::Prepared;

/// How many calls that led to a template are shown.
const MAX_CALLS: usize = 3;

/// How many values are shown that were printed in one place.
const MAX_VALUES: usize = 3;

/// Findings that point into `texts`, the outputs by their paths, made to point where these come
/// from; notes say where in the output that is.
///
/// Without the project and its sources, nothing is known of templates but what the outputs say.
pub(crate) fn follow(
    found: Diagnostics,
    texts: &Sources,
    rendered: &[Rendered],
    prepared: Option<(&Prepared, &Sources)>,
) -> Vec<Diagnostic> {
    if found.iter().len() == 0 {
        return Vec::new();
    }
    let known = prepared.map(|(prepared, _)| encrypt::known_secrets(&prepared.data)).unwrap_or_default();
    let mut follower = Follower { texts, rendered, prepared, known, pieces: BTreeMap::new() };
    found.into_iter().map(|finding| follower.follow(finding)).collect()
}

struct Follower<'a> {
    texts: &'a Sources,
    rendered: &'a [Rendered],
    prepared: Option<(&'a Prepared, &'a Sources)>,
    /// The secrets of the project.
    known: Vec<Reveal>,
    /// The parts of the outputs that findings are about, by path; none where nobody knows.
    pieces: BTreeMap<String, Rc<[Piece]>>,
}

impl Follower<'_> {
    fn follow(&mut self, mut finding: Diagnostic) -> Diagnostic {
        let is_syntax = finding.code.ends_with("yaml-syntax");
        let own_notes = std::mem::take(&mut finding.notes);
        for label in std::mem::take(&mut finding.labels) {
            let path = self.texts.path(label.span.source);
            let Some(output) = self.rendered.iter().find(|output| output.path() == path) else { continue };
            let place = Place::new(self.texts, label.span);
            let subject = if label.text.is_empty() { String::new() } else { format!("{} is ", label.text) };
            finding.notes.push(format!("{subject}{}", place.told(output, &self.known)));
            let text = format!("{subject}rendered from here");
            let pieces = self.pieces_of(path);
            let Some(main) = place.main(&pieces) else {
                finding = finding.label(output.template(), text);
                continue;
            };
            add(&mut finding, span_of(&place.in_template(main)), text);
            for call in main.calls.iter().take(MAX_CALLS) {
                add(&mut finding, span_of(call), "reached from here".to_owned());
            }
            for piece in place.printing(&pieces, is_syntax).into_iter().filter(|_| subject.is_empty()) {
                self.add_values(piece, &mut finding);
            }
        }
        finding.notes.extend(own_notes);
        finding
    }

    /// The parts of an output; none where nobody knows them.
    fn pieces_of(&mut self, path: &str) -> Rc<[Piece]> {
        if let Some(known) = self.pieces.get(path) {
            return Rc::clone(known);
        }
        let traced = self.prepared.and_then(|(prepared, _)| {
            let at = prepared.outputs.binary_search_by(|output| output.path.as_str().cmp(path)).ok()?;
            kiln_render::trace(&prepared.outputs[at], &prepared.engine)
        });
        let pieces: Rc<[Piece]> = traced.unwrap_or_default().into();
        self.pieces.insert(path.to_owned(), Rc::clone(&pieces));
        pieces
    }

    /// Adds an expression and the values that it printed.
    fn add_values(&self, piece: &Piece, finding: &mut Diagnostic) {
        let Some((prepared, sources)) = self.prepared else { return };
        let found = piece.values.iter().filter_map(|path| Some((path, node_at(&prepared.data, path)?)));
        for (path, node) in found.take(MAX_VALUES) {
            let name = path_text(path);
            add(finding, span_of(&piece.at), format!("prints `{name}`"));
            match &node.origin {
                Origin::At(span) => add(finding, first_line(*span, sources), format!("`{name}` is set here")),
                Origin::Derived { from, .. } => {
                    for span in from.iter().take(MAX_VALUES) {
                        add(finding, first_line(*span, sources), format!("`{name}` is computed from this"));
                    }
                }
                Origin::Default => finding.notes.push(format!("`{name}` has its default")),
                Origin::Absent => {}
            }
        }
    }
}

/// Adds a place, once.
fn add(finding: &mut Diagnostic, span: Span, text: String) {
    if !span.is_none() && finding.labels.iter().all(|label| label.span != span) {
        finding.labels.push(Label { span, text });
    }
}

fn span_of(at: &At) -> Span {
    at.source.map_or(Span::NONE, |source| Span::new(source, at.bytes.start, at.bytes.end))
}

/// The value at a path of the document, or the one that it is part of.
fn node_at<'d>(data: &'d Map, path: &[PathStep]) -> Option<&'d Node> {
    let (PathStep::Key(first), rest) = path.split_first()? else { return None };
    let mut node = data.get(first)?;
    for step in rest {
        match node.walk(std::slice::from_ref(step)) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    Some(node)
}

/// The part of a place that stands on its first line.
fn first_line(span: Span, sources: &Sources) -> Span {
    let length = sources.slice(span).split('\n').next().map_or(0, str::len);
    Span::new(span.source, span.start as usize, span.start as usize + length)
}
