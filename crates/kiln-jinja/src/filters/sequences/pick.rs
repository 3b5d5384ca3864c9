//! Filters that pick one item.

use kiln_python::{Args, Comparison, Fault, Py, Result};

use super::path::{Case, Path};
use super::reversed::reversed;
use crate::ambient::Here;
use crate::filters::text::convert::is_set;

/// How to mend that nothing can be picked.
const EMPTY: &str = "test whether there is any item before, or write `default(…)`";

/// `first`.
pub(super) fn first(here: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("first")?;
    match value.iter()?.next() {
        Some(item) => item,
        None => Ok(here.undefined("No first item, sequence was empty.", EMPTY)),
    }
}

/// `last`, of what can be gone through backwards.
pub(super) fn last(here: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("last")?;
    let Some(mut items) = reversed(&value)? else {
        return Err(Fault::type_error(format!(
            "a value of type `{}` cannot be gone through backwards",
            value.type_name()
        ))
        .help("make it a list first: `| list | last`"));
    };
    match items.next() {
        Some(item) => item,
        None => Ok(here.undefined("No last item, sequence was empty.", EMPTY)),
    }
}

/// `random`.
pub(super) fn random(here: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("random")?;
    let length = value.len()?;
    if length == 0 {
        return Ok(here.undefined("No random item, sequence was empty.", EMPTY));
    }
    let position = i64::try_from(here.random_below(length)).unwrap_or(0);
    value.item(&Py::Int(position))?.ok_or_else(|| {
        Fault::type_error(format!("a value of type `{}` has no numbered items", value.type_name()))
    })
}

/// `min(case_sensitive=false, attribute=none)`.
pub(super) fn min(here: &Here, value: Py, args: Args) -> Result<Py> {
    extreme(here, value, args, "min", Comparison::Lt)
}

/// `max(case_sensitive=false, attribute=none)`.
pub(super) fn max(here: &Here, value: Py, args: Args) -> Result<Py> {
    extreme(here, value, args, "max", Comparison::Gt)
}

/// The first item that is beyond all others.
fn extreme(here: &Here, value: Py, args: Args, function: &str, beyond: Comparison) -> Result<Py> {
    let [case_sensitive, attribute] = args.bind(function, ["case_sensitive", "attribute"])?;
    let mut items = value.iter()?;
    let Some(first) = items.next().transpose()? else {
        return Ok(here.undefined("No aggregated item, sequence was empty.", EMPTY));
    };
    let case = Case::sensitive(is_set(case_sensitive.as_ref())?);
    let path = Path::new(attribute.as_ref())?;
    let key = |item: &Py| case.key(path.follow(here, item)?);
    let mut best = (key(&first)?, first);
    for item in items {
        let item = item?;
        let key = key(&item)?;
        if key.compare(beyond, &best.0)? {
            best = (key, item);
        }
    }
    Ok(best.1)
}
