//! What a schema says of the places of a document, worked out once for all items of a list.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use kiln_model::PathStep;
use serde_json::Value as Json;

use crate::root::Root;
use crate::walk;

/// A place that documents of a schema have.
pub(crate) struct Place<'a> {
    root: &'a Root,
    schemas: Vec<&'a Json>,
    /// Whether no value may stand here.
    pub(crate) is_forbidden: bool,
    /// Whether what stands here is secret.
    pub(crate) is_secret: bool,
    /// Whether nothing reads what stands here.
    pub(crate) is_unused: bool,
    /// Whether a rule tells what stands here.
    pub(crate) is_told: bool,
    /// Whether the key of this place is known by a pattern alone.
    pub(crate) is_by_pattern: bool,
    /// Whether the items of a list differ by their number.
    is_tuple: bool,
    below: RefCell<HashMap<PathStep, Rc<Place<'a>>>>,
}

impl<'a> Place<'a> {
    /// The place of the whole document.
    pub(crate) fn whole(root: &'a Root) -> Place<'a> {
        Place::new(root, vec![&root.json], false)
    }

    fn new(root: &'a Root, schemas: Vec<&'a Json>, is_by_pattern: bool) -> Place<'a> {
        let parts: Vec<&Json> = schemas.iter().flat_map(|schema| walk::parts(&root.json, schema)).collect();
        let says = |keyword: &str| parts.iter().any(|part| part.get(keyword) == Some(&Json::Bool(true)));
        Place {
            root,
            is_forbidden: !schemas.is_empty() && schemas.iter().all(|schema| **schema == Json::Bool(false)),
            is_secret: says("writeOnly"),
            is_unused: says("x-unused"),
            is_told: says("x-told"),
            is_by_pattern,
            is_tuple: parts.iter().any(|part| matches!(part.get("items"), Some(Json::Array(_)))),
            schemas,
            below: RefCell::default(),
        }
    }

    /// Whether the schema says nothing of this place.
    pub(crate) fn is_open(&self) -> bool {
        self.schemas.is_empty()
    }

    /// The place one step below.
    pub(crate) fn below(&self, step: &PathStep) -> Rc<Place<'a>> {
        let step = match step {
            PathStep::Index(_) if !self.is_tuple => &PathStep::Index(0),
            step => step,
        };
        if let Some(known) = self.below.borrow().get(step) {
            return Rc::clone(known);
        }
        let schemas = walk::below(self.root, &self.schemas, step);
        let place = Rc::new(Place::new(self.root, schemas, self.knows_by_pattern_alone(step)));
        self.below.borrow_mut().insert(step.clone(), Rc::clone(&place));
        place
    }

    fn knows_by_pattern_alone(&self, step: &PathStep) -> bool {
        let PathStep::Key(key) = step else { return false };
        let is_named = |schema: &&Json| schema.get("properties").is_some_and(|it| it.get(key).is_some());
        let has_pattern = |schema: &&Json| self.root.matching(schema, key).next().is_some();
        !self.schemas.iter().any(is_named) && self.schemas.iter().any(has_pattern)
    }
}
