//! Where each part of a text comes from.

use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use kiln_model::PathStep;
use kiln_python::{Key, Py};

use crate::failure::At;
use crate::lower::program::{Mark, Unit};
use crate::tracker::Tracker;

/// A part of a text, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The bytes of the text.
    pub bytes: Range<usize>,
    /// The text in a template, byte for byte, or the expression that printed it.
    pub at: At,
    /// Whether it is text of the template.
    pub is_text: bool,
    /// The values that the expression names, by their paths in the scope: `nodes[0].address`.
    pub values: Vec<Vec<PathStep>>,
    /// Where the template or macro was included or called, innermost first.
    pub calls: Vec<At>,
}

/// A part that one function of a template printed.
pub(crate) struct Part {
    bytes: Range<usize>,
    origin: Origin,
}

/// What printed a part.
#[derive(Clone)]
struct Origin {
    unit: Arc<Unit>,
    mark: usize,
    values: Vec<Vec<PathStep>>,
    /// The parts of the text, if it is what another function printed.
    inner: Option<Arc<Vec<Part>>>,
}

/// What is known while a template is rendered.
#[derive(Default)]
pub(crate) struct Trace {
    /// The paths of values that are themselves wherever they are, by their addresses.
    paths: HashMap<usize, Vec<PathStep>>,
    /// As long as these are kept, no other value gets their addresses.
    kept: Vec<Py>,
    /// What is printed next.
    next: Option<Origin>,
    /// What the last function printed.
    last: Option<(String, Arc<Vec<Part>>)>,
}

impl Trace {
    /// Takes in a value that a template was given.
    pub(crate) fn know(&mut self, name: &str, value: &Py) {
        self.know_at(&mut vec![PathStep::Key(name.to_owned())], value);
        self.kept.push(value.clone());
    }

    fn know_at(&mut self, path: &mut Vec<PathStep>, value: &Py) {
        if let Some(address) = address(value) {
            self.paths.entry(address).or_insert_with(|| path.clone());
        }
        let children: Vec<(PathStep, Py)> = match value {
            Py::List(list) => {
                list.items().into_iter().enumerate().map(|(at, item)| (PathStep::Index(at), item)).collect()
            }
            Py::Dict(dict) => {
                let named = |(key, value): (Py, Py)| Some((PathStep::Key(key.as_str()?.to_owned()), value));
                dict.entries().into_iter().filter_map(named).collect()
            }
            _ => return,
        };
        for (step, child) in children {
            path.push(step);
            self.know_at(path, &child);
            path.pop();
        }
    }

    /// Notes what is printed next: what this number of the template's marks stands for, which is
    /// `value`; `roots` are the values of the names in it.
    pub(crate) fn print_next(
        &mut self,
        unit: &Arc<Unit>,
        number: usize,
        value: Option<&str>,
        roots: &[Option<Py>],
    ) {
        let Some(mark) = unit.marks.get(number) else { return };
        let inner = self.last.as_ref().filter(|(text, _)| !text.is_empty() && value == Some(text));
        let inner = inner.map(|(_, parts)| Arc::clone(parts));
        let values = self.values(mark, roots);
        self.next = Some(Origin { unit: Arc::clone(unit), mark: number, values, inner });
    }

    fn values(&self, mark: &Mark, roots: &[Option<Py>]) -> Vec<Vec<PathStep>> {
        let path = |(chain, root): (&crate::lower::program::Chain, &Option<Py>)| {
            let mut value = root.clone();
            let known = |value: &Option<Py>| self.paths.get(&address(value.as_ref()?)?).cloned();
            let given = || chain.is_given.then(|| vec![PathStep::Key(chain.root.clone())]);
            let mut path = known(&value).or_else(given);
            for step in &chain.steps {
                value = value.and_then(|value| child(&value, step));
                path = known(&value).or_else(|| {
                    let mut path = path.clone()?;
                    path.push(step.clone());
                    Some(path)
                });
            }
            path
        };
        let mut values: Vec<Vec<PathStep>> = mark.chains.iter().zip(roots).filter_map(path).collect();
        values.dedup();
        values
    }

    /// Keeps what a function printed.
    pub(crate) fn finish(&mut self, text: &str, parts: Vec<Part>) {
        self.last = Some((text.to_owned(), Arc::new(parts)));
    }

    /// The parts of what the last function printed, from the innermost functions that did.
    pub(crate) fn pieces(&self, text_of: &dyn Fn(&str) -> Option<Arc<str>>) -> Vec<Piece> {
        let mut found = Vec::new();
        if let Some((text, parts)) = &self.last {
            flatten(parts, 0, &[], text, text_of, &mut found);
        }
        found
    }
}

fn flatten(
    parts: &[Part],
    offset: usize,
    calls: &[At],
    text: &str,
    text_of: &dyn Fn(&str) -> Option<Arc<str>>,
    found: &mut Vec<Piece>,
) {
    for part in parts {
        let bytes = part.bytes.start + offset..part.bytes.end + offset;
        let Origin { unit, mark, values, inner } = &part.origin;
        let Some(mark) = unit.marks.get(*mark) else { continue };
        let span = mark.span.start as usize..mark.span.end as usize;
        let at = At { template: unit.name.to_string(), bytes: span.clone(), source: None };
        if let Some(inner) = inner {
            let calls: Vec<At> = std::iter::once(at).chain(calls.iter().cloned()).collect();
            flatten(inner, bytes.start, &calls, text, text_of, found);
            continue;
        }
        // White space around statements may be missing at both ends.
        let exact = mark.is_text.then(|| {
            let source = text_of(&unit.name)?;
            let start = source.get(span.clone())?.find(text.get(bytes.clone())?)? + span.start;
            Some(start..start + bytes.len())
        });
        let exact = exact.flatten();
        let is_text = exact.is_some();
        let at = At { bytes: exact.unwrap_or(span), ..at };
        found.push(Piece { bytes, at, is_text, values: values.clone(), calls: calls.to_vec() });
    }
}

/// What tells a value from every other one, if it is one that lives somewhere.
fn address(value: &Py) -> Option<usize> {
    match value {
        Py::Str(text) => Some(Arc::as_ptr(text).cast::<u8>().addr()),
        Py::Watched(text) => Some(Arc::as_ptr(text).cast::<u8>().addr()),
        Py::List(list) => Some(list.address()),
        Py::Dict(dict) => Some(dict.address()),
        _ => None,
    }
}

fn child(value: &Py, step: &PathStep) -> Option<Py> {
    match (value, step) {
        (Py::List(list), PathStep::Index(at)) => list.get(*at),
        (Py::Dict(dict), PathStep::Key(key)) => {
            dict.lock().get(&Key::new(Py::str(key.as_str())).ok()?).cloned()
        }
        _ => None,
    }
}

/// Takes what a program prints, and notes what printed it.
pub(crate) struct Recorder<'a> {
    tracker: &'a Tracker,
    text: Vec<u8>,
    parts: Vec<Part>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(tracker: &'a Tracker) -> Recorder<'a> {
        Recorder { tracker, text: Vec::new(), parts: Vec::new() }
    }

    /// The text and its parts.
    pub(crate) fn finish(self) -> (String, Vec<Part>) {
        // The engine prints text.
        (String::from_utf8(self.text).unwrap_or_default(), self.parts)
    }
}

impl io::Write for Recorder<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let start = self.text.len();
        self.text.extend_from_slice(bytes);
        let origin = self.tracker.trace().and_then(|trace| trace.next.clone());
        if let Some(origin) = origin.filter(|_| !bytes.is_empty()) {
            self.parts.push(Part { bytes: start..self.text.len(), origin });
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
