//! Filters that give a generator: nothing happens, and nothing is wrong, until someone goes
//! through it.

use std::collections::HashSet;
use std::sync::Arc;

use kiln_python::{Args, Fault, Generator, Key, Py, PyIter, Result};

use super::path::{Case, Path};
use crate::ambient::Here;
use crate::filters::text::convert::is_set;

mod choose;
mod map;
mod rows;

#[cfg(test)]
mod tests;

pub(super) use choose::{reject, rejectattr, select, selectattr};
pub(super) use map::map;
pub(super) use rows::{batch, slice};

/// A generator that finds out what its items are when it is asked for the first.
fn lazy(start: impl FnOnce() -> Result<PyIter> + Send + Sync + 'static) -> Py {
    Generator::new(Box::new(Lazy { start: Some(start), items: nothing() }))
}

struct Lazy<F> {
    start: Option<F>,
    items: PyIter,
}

impl<F: FnOnce() -> Result<PyIter>> Iterator for Lazy<F> {
    type Item = Result<Py>;

    fn next(&mut self) -> Option<Result<Py>> {
        if let Some(start) = self.start.take() {
            match start() {
                Ok(items) => self.items = items,
                Err(fault) => return Some(Err(fault)),
            }
        }
        self.items.next()
    }
}

/// What a generator that has no items goes through.
fn nothing() -> PyIter {
    Box::new(std::iter::empty())
}

/// `items`.
pub(super) fn items(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [] = args.bind("items", [])?;
    Ok(lazy(move || match value {
        Py::Undefined(_) => Ok(nothing()),
        Py::Dict(_) => value.call_method("items", Args::default())?.iter(),
        Py::Object(ref object) if object.is_mapping() => value.call_method("items", Args::default())?.iter(),
        _ => Err(Fault::type_error("`items` takes a mapping")),
    }))
}

/// `unique(case_sensitive=false, attribute=none)`.
pub(super) fn unique(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [case_sensitive, attribute] = args.bind("unique", ["case_sensitive", "attribute"])?;
    let here = Arc::clone(here);
    Ok(lazy(move || {
        let path = Path::new(attribute.as_ref())?;
        let case = Case::sensitive(is_set(case_sensitive.as_ref())?);
        #[expect(
            clippy::mutable_key_type,
            reason = "what makes a key of a value holds nothing that changes its hash"
        )]
        let mut seen = HashSet::new();
        let mut is_new = move |item: &Py| Ok(seen.insert(Key::new(case.key(path.follow(&here, item)?)?)?));
        Ok(kept(value.iter()?, move |item| is_new(item)))
    }))
}

/// The items for which `keep` holds.
fn kept(items: PyIter, mut keep: impl FnMut(&Py) -> Result<bool> + Send + Sync + 'static) -> PyIter {
    Box::new(items.filter_map(move |item| {
        let item = match item {
            Ok(item) => item,
            fault => return Some(fault),
        };
        match keep(&item) {
            Ok(true) => Some(Ok(item)),
            Ok(false) => None,
            Err(fault) => Some(Err(fault)),
        }
    }))
}

/// Filters that hand on any arguments cannot be given their own value by name.
fn no_keyword(args: &Args, function: &str) -> Result<()> {
    match args.keyword.iter().find(|(name, _)| matches!(&**name, "value" | "context")) {
        Some((name, _)) => {
            let fault = Fault::type_error(format!("`{function}` got its parameter `{name}` twice"));
            Err(fault.about(&**name).help("remove one of them"))
        }
        None => Ok(()),
    }
}
