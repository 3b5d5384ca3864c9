//! Filters that put items in order.

use kiln_python::{Args, Comparison, Fault, Py, Result, meter, sort as sort_by};

use super::path::{Case, Paths};
use crate::ambient::{Here, filter_argument_error};
use crate::filters::text::convert::is_set;
use crate::parameters::backwards;

/// `sort(reverse=false, case_sensitive=false, attribute=none)`.
pub(super) fn sort(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [reverse, case_sensitive, attribute] =
        args.bind("sort", ["reverse", "case_sensitive", "attribute"])?;
    let case = Case::sensitive(is_set(case_sensitive.as_ref())?);
    let paths = Paths::new(attribute.as_ref())?;
    let items = value.collect()?;
    let reverse = backwards(reverse)?;
    let mut keyed = keyed(items, |item| paths.keys(here, item, case))?;
    sort_by(&mut keyed, reverse, |first, second| precedes(&first.0, &second.0))?;
    Ok(without_keys(keyed))
}

/// `dictsort(case_sensitive=false, by='key', reverse=false)`.
pub(super) fn dictsort(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [case_sensitive, by, reverse] = args.bind("dictsort", ["case_sensitive", "by", "reverse"])?;
    let part = match by {
        None => 0,
        Some(by) if by.equals(&Py::str("key"))? => 0,
        Some(by) if by.equals(&Py::str("value"))? => 1,
        Some(_) => return Err(filter_argument_error("`dictsort` sorts by `key` or by `value`")),
    };
    if value.attr("items")?.is_none() {
        let found = value.type_name();
        return Err(Fault::type_error(format!("`dictsort` sorts a mapping, not a value of type `{found}`")));
    }
    let items = value.call_method("items", Args::default())?.collect()?;
    let reverse = backwards(reverse)?;
    let mut keyed = keyed(items, |item| {
        let key = item.item(&Py::Int(part))?.unwrap_or(Py::None);
        // Asked for each item, so that without items nobody minds what was given.
        Case::sensitive(is_set(case_sensitive.as_ref())?).key(key)
    })?;
    sort_by(&mut keyed, reverse, |first, second| first.0.compare(Comparison::Lt, &second.0))?;
    Ok(without_keys(keyed))
}

/// The items, each with what it is sorted by.
pub(super) fn keyed<K>(items: Vec<Py>, mut key: impl FnMut(&Py) -> Result<K>) -> Result<Vec<(K, Py)>> {
    meter::charge(items.len())?;
    items.into_iter().map(|item| Ok((key(&item)?, item))).collect()
}

fn without_keys<K>(keyed: Vec<(K, Py)>) -> Py {
    Py::list(keyed.into_iter().map(|(_, item)| item).collect())
}

/// Whether one list of keys is less than another: the first pair that differs decides. Equal
/// ones are not ordered, so that undefined values can be sorted as long as all are.
fn precedes(first: &[Py], second: &[Py]) -> Result<bool> {
    for (first, second) in first.iter().zip(second) {
        if !first.is_or_equals(second)? {
            return first.compare(Comparison::Lt, second);
        }
    }
    Ok(false)
}
