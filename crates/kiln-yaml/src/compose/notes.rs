//! Takes note of scalars that are something else to other readers.

use kiln_model::Span;

use crate::readings::{Ambiguous, Reader, Reading, may_differ, reading};
use crate::resolve::Scalars;

/// What has been noted, and where the composer is.
pub(super) struct Notes {
    /// The one that is followed, and those it is compared with.
    readers: (Reader, &'static [Reader]),
    path: Vec<String>,
    in_key: bool,
    found: Vec<Ambiguous>,
}

impl Notes {
    pub(super) fn new(scalars: Scalars) -> Notes {
        let readers: (Reader, &'static [Reader]) = match scalars {
            Scalars::Core => (Reader::Yaml12, &[Reader::Yaml11]),
            Scalars::Kubernetes => (Reader::Kubectl, &[Reader::Kustomize, Reader::Yaml11]),
        };
        Notes { readers, path: Vec::new(), in_key: false, found: Vec::new() }
    }

    /// Notes that what is below a key, or an item of a list, begins.
    pub(super) fn enter(&mut self, step: &str) {
        self.path.push(step.to_owned());
    }

    pub(super) fn leave(&mut self) {
        self.path.pop();
    }

    pub(super) fn begin_key(&mut self) {
        self.in_key = true;
    }

    pub(super) fn end_key(&mut self) {
        self.in_key = false;
    }

    /// Looks at a scalar without quotes and tag.
    pub(super) fn note(&mut self, text: &str, span: Span) {
        if !may_differ(text) {
            return;
        }
        let (own, others) = self.readers;
        let read = reading(own, text);
        // What is refused is reported anyway.
        if read != Reading::Refused && others.iter().any(|other| reading(*other, text) != read) {
            let (path, is_key) = (self.path(), self.in_key);
            self.found.push(Ambiguous { span, text: text.to_owned(), path, is_key });
        }
    }

    /// What was found since the last time.
    pub(super) fn take(&mut self) -> Vec<Ambiguous> {
        std::mem::take(&mut self.found)
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            if step != "[]" && !path.is_empty() {
                path.push('.');
            }
            path.push_str(step);
        }
        path
    }
}
