//! `dict_keys`, `dict_values` and `dict_items`: they show a mapping as it is now.

use std::any::Any;
use std::sync::Arc;

use super::Dict;
use super::set::{Set, difference};
use crate::fault::Result;
use crate::iter::Entries;
use crate::{Args, Comparison, Fault, Object, Operator, Py, PyIter, bound, nesting, repr, required};

/// What a view shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Keys,
    Values,
    Items,
}

impl Kind {
    fn show(self) -> fn(&Py, &Py) -> Py {
        match self {
            Kind::Keys => |key, _| key.clone(),
            Kind::Values => |_, value| value.clone(),
            Kind::Items => |key, value| Py::tuple([key.clone(), value.clone()]),
        }
    }
}

struct View {
    dict: Dict,
    kind: Kind,
}

/// A view of a mapping.
pub(super) fn view(dict: &Dict, kind: Kind) -> Py {
    Py::object(View { dict: dict.clone(), kind })
}

impl Object for View {
    fn type_name(&self) -> &str {
        match self.kind {
            Kind::Keys => "dict_keys",
            Kind::Values => "dict_values",
            Kind::Items => "dict_items",
        }
    }

    fn repr(&self) -> Result<String> {
        let Some(_shown) = nesting::show(std::ptr::from_ref(self).addr()) else {
            return Ok("...".to_owned());
        };
        let show = self.kind.show();
        let items: Vec<Py> = self.dict.entries().iter().map(|(key, value)| show(key, value)).collect();
        let mut out = self.type_name().to_owned();
        repr::write_items(&items, ["([", "])"], &mut out)?;
        Ok(out)
    }

    fn truth(&self) -> Result<bool> {
        Ok(!self.dict.lock().is_empty())
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok((name == "isdisjoint" && self.kind != Kind::Values)
            .then(|| bound(Py::Object(self), "isdisjoint", is_disjoint)))
    }

    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        Some(Ok(Box::new(Entries::new(self.dict.clone(), self.kind.show()))))
    }

    fn len(&self) -> Option<Result<usize>> {
        Some(Ok(self.dict.lock().len()))
    }

    fn contains(&self, item: &Py) -> Option<Result<bool>> {
        match self.kind {
            Kind::Keys => Some(self.dict.get(item).map(|found| found.is_some())),
            Kind::Values => None,
            Kind::Items => Some(self.has_pair(item)),
        }
    }

    fn is_hashable(&self) -> bool {
        self.kind == Kind::Values
    }

    fn operate(&self, operator: Operator, other: &Py, reflected: bool) -> Option<Result<Py>> {
        if operator != Operator::Sub || self.kind == Kind::Values {
            return None;
        }
        let own = view(&self.dict, self.kind);
        Some(if reflected { difference(other, &own) } else { difference(&own, other) })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl View {
    fn has_pair(&self, item: &Py) -> Result<bool> {
        let Py::Tuple(pair) = item else { return Ok(false) };
        let [key, value] = &pair[..] else { return Ok(false) };
        match self.dict.get(key)? {
            Some(found) => found.is_or_equals(value),
            None => Ok(false),
        }
    }
}

fn is_disjoint(receiver: &Py, args: Args) -> Result<Py> {
    let [other] = args.bind_positional("isdisjoint")?;
    for item in required(other, "isdisjoint", "other")?.iter()? {
        if receiver.contains(&item?)? {
            return Ok(Py::Bool(false));
        }
    }
    Ok(Py::Bool(true))
}

/// Compares views of keys and of items, and sets, as sets; none if either is none of them.
pub(crate) fn compare_views(comparison: Comparison, left: &Py, right: &Py) -> Option<Result<bool>> {
    if !is_set_like(left) || !is_set_like(right) {
        return None;
    }
    Some(compare_sets(comparison, left, right))
}

fn is_set_like(value: &Py) -> bool {
    value.downcast::<View>().is_some_and(|view| view.kind != Kind::Values)
        || value.downcast::<Set>().is_some()
}

fn compare_sets(comparison: Comparison, left: &Py, right: &Py) -> Result<bool> {
    let (left_length, right_length) = (left.len()?, right.len()?);
    let within = |inner: &Py, outer: &Py| -> Result<bool> {
        for item in inner.iter()? {
            if !outer.contains(&item?)? {
                return Ok(false);
            }
        }
        Ok(true)
    };
    match comparison {
        Comparison::Eq => Ok(left_length == right_length && within(left, right)?),
        Comparison::Ne => Ok(left_length != right_length || !within(left, right)?),
        Comparison::Lt => Ok(left_length < right_length && within(left, right)?),
        Comparison::Le => Ok(left_length <= right_length && within(left, right)?),
        Comparison::Gt => Ok(left_length > right_length && within(right, left)?),
        Comparison::Ge => Ok(left_length >= right_length && within(right, left)?),
        Comparison::In | Comparison::NotIn => {
            Err(Fault::type_error("`in` does not compare sets with each other"))
        }
    }
}
