//! Violations of a schema, as findings.

mod choose;
mod spot;
mod translate;

pub(crate) use spot::Spot;

use jsonschema::ValidationError;
use jsonschema::paths::{Location, LocationSegment};
use kiln_model::{Diagnostic, Diagnostics, Node, PathStep, Span, Value};
use serde_json::Value as Json;

use crate::instance::{has_invalid, to_json};
use crate::root::Root;
use crate::schema::Schema;

impl Schema {
    /// Reports every violation, in the order of the file, with the place of the value or
    /// key. At most one finding for a value; nothing about a value that is invalid already.
    ///
    /// Gives the places that [`invalidate`](crate::invalidate) takes out of what follows:
    /// those of wrong values and of missing keys.
    pub fn check(&self, document: &Node, sink: &mut Diagnostics) -> Vec<Vec<PathStep>> {
        self.check_hiding(document, &|_| false, sink)
    }

    /// As [`check`](Schema::check), for a document with values that may not be quoted although
    /// the schema does not say so: `is_hidden` says of a place that it holds one.
    pub fn check_hiding(
        &self,
        document: &Node,
        is_hidden: &dyn Fn(Span) -> bool,
        sink: &mut Diagnostics,
    ) -> Vec<Vec<PathStep>> {
        let instance = match &document.value {
            // An empty file lacks what is required, and nothing else is wrong with it.
            Value::Null => Json::Object(serde_json::Map::new()),
            _ => to_json(document),
        };
        let mut check =
            Check { root: &self.root, document, instance: &instance, is_hidden, found: Vec::new() };
        self.violations(&instance, |error| check.translate(error));
        check.finish(sink)
    }
}

/// What one validation found so far.
struct Check<'a> {
    root: &'a Root,
    document: &'a Node,
    instance: &'a Json,
    is_hidden: &'a dyn Fn(Span) -> bool,
    found: Vec<Found>,
}

/// One finding and what it is about.
struct Found {
    /// Of findings with the same place the one with the lowest rank is kept; `None` keeps
    /// it in any case.
    rank: Option<u8>,
    place: Vec<PathStep>,
    /// Whether what stands at the place is wrong or missing.
    invalid: bool,
    /// `None` if another finding says it.
    diagnostic: Option<Diagnostic>,
}

impl Check<'_> {
    fn finish(mut self, sink: &mut Diagnostics) -> Vec<Vec<PathStep>> {
        self.found.sort_by_key(|found| (found.diagnostic.as_ref().map(Diagnostic::span), found.rank));
        let mut said: Vec<Vec<PathStep>> = Vec::new();
        let mut invalid = Vec::new();
        for found in self.found {
            if found.rank.is_some() {
                if said.contains(&found.place) {
                    continue;
                }
                said.push(found.place.clone());
            }
            if found.invalid {
                invalid.push(found.place);
            }
            found.diagnostic.into_iter().for_each(|it| sink.push(it));
        }
        invalid
    }

    /// Whether nothing on the way to `steps` was reported as invalid before.
    fn is_readable(&self, steps: &[PathStep]) -> bool {
        let on_the_way = (0..=steps.len()).map(|length| self.document.walk(&steps[..length]));
        on_the_way.flatten().all(|node| !matches!(node.value, Value::Invalid))
    }

    /// Whether something in the value at `steps` was reported as invalid before.
    fn is_doubtful(&self, steps: &[PathStep]) -> bool {
        self.document.walk(steps).is_some_and(has_invalid)
    }
}

/// Where in the document an error is.
fn steps(location: &Location) -> Vec<PathStep> {
    let step = |segment: LocationSegment<'_>| match segment {
        LocationSegment::Property(key) => PathStep::Key(key.into_owned()),
        LocationSegment::Index(index) => PathStep::Index(index),
    };
    location.segments().map(step).collect()
}

/// The schema whose keyword an error is about.
fn rule<'a>(schema: &'a Json, error: &ValidationError<'_>) -> &'a Json {
    let pointer = error.schema_path().as_str();
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    schema.pointer(parent).unwrap_or(&Json::Null)
}
