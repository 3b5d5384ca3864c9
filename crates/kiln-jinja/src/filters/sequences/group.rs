//! `groupby`, and the pairs it gives.

use std::any::Any;
use std::sync::Arc;

use kiln_python::{Args, Comparison, Object, Py, Result, Tuple, required, sort};

use super::order::keyed;
use super::path::{Case, Path};
use crate::ambient::Here;
use crate::filters::text::convert::{given, is_set};

/// `groupby(attribute, default=none, case_sensitive=false)`.
pub(super) fn groupby(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [attribute, default, case_sensitive] =
        args.bind("groupby", ["attribute", "default", "case_sensitive"])?;
    let path = Path::new(Some(&required(attribute, "groupby", "attribute")?))?;
    let default = given(default);
    let case = Case::sensitive(is_set(case_sensitive.as_ref())?);
    let look = |item: &Py| path.follow_or(here, item, default.as_ref());

    let mut items = keyed(value.collect()?, |item| case.key(look(item)?))?;
    sort(&mut items, false, |first, second| first.0.compare(Comparison::Lt, &second.0))?;
    let mut groups: Vec<(Py, Vec<Py>)> = Vec::new();
    for (key, item) in items {
        match groups.last_mut() {
            Some((current, group)) if current.is_or_equals(&key)? => group.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let pairs = groups.into_iter().map(|(key, group)| {
        let grouper = match (case, group.first()) {
            // Not the key that was compared, but as it is written.
            (Case::Ignored, Some(first)) => look(first)?,
            _ => key,
        };
        Ok(Py::object(Group([grouper, Py::list(group)].into())))
    });
    pairs.collect::<Result<_>>().map(Py::list)
}

/// A tuple whose two items are also called `grouper` and `list`.
struct Group(Tuple);

impl Object for Group {
    fn type_name(&self) -> &str {
        "_GroupTuple"
    }

    fn module(&self) -> &str {
        "jinja2.filters"
    }

    fn repr(&self) -> Result<String> {
        Py::Tuple(self.0.clone()).repr()
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(match name {
            "grouper" => self.0.first().cloned(),
            "list" => self.0.last().cloned(),
            _ => None,
        })
    }

    fn as_tuple(&self) -> Option<&Tuple> {
        Some(&self.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
