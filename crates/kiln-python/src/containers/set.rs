//! `set` and its methods.

use std::any::Any;
use std::sync::Arc;

use super::{Dict, Key, Table};
use crate::fault::Result;
use crate::iter::Entries;
use crate::{
    Args, Comparison, Fault, FaultKind, Method, Object, Operator, Py, PyIter, bound, meter, nesting, repr,
    required,
};

/// A set that may change. A clone is the same set. It is gone through in the order of insertion;
/// Python promises no order.
#[derive(Clone, Default)]
pub struct Set(Dict);

const METHODS: &[(&str, Method)] = &[
    ("add", add),
    ("clear", clear),
    ("copy", copy),
    ("difference", difference_of),
    ("discard", discard),
    ("intersection", intersection),
    ("isdisjoint", is_disjoint),
    ("issubset", is_subset),
    ("issuperset", is_superset),
    ("remove", remove),
    ("symmetric_difference", symmetric_difference),
    ("union", union),
    ("update", update),
];

impl Set {
    /// A new set.
    ///
    /// # Errors
    /// `TypeError` if an item is not hashable.
    pub fn new(items: impl IntoIterator<Item = Py>) -> Result<Set> {
        let set = Set::default();
        items.into_iter().try_for_each(|item| set.insert(item))?;
        Ok(set)
    }

    /// Adds an item.
    ///
    /// # Errors
    /// `TypeError` if the item is not hashable.
    pub fn insert(&self, item: Py) -> Result<()> {
        self.0.insert(item, Py::None)
    }

    /// Its items as they are now.
    pub fn items(&self) -> Vec<Py> {
        self.0.lock().keys().map(|key| key.value().clone()).collect()
    }

    fn remove(&self, item: Py) -> Result<bool> {
        let key = Key::new(item)?;
        meter::charge(self.0.lock().len() / 16 + 1)?;
        Ok(self.0.lock().shift_remove(&key).is_some())
    }
}

impl Object for Set {
    fn type_name(&self) -> &str {
        "set"
    }

    fn repr(&self) -> Result<String> {
        let items = self.items();
        if items.is_empty() {
            return Ok("set()".to_owned());
        }
        let Some(_shown) = nesting::show(self.0.address()) else {
            return Ok("set(...)".to_owned());
        };
        let mut out = String::new();
        repr::write_items(&items, ["{", "}"], &mut out)?;
        Ok(out)
    }

    fn truth(&self) -> Result<bool> {
        Ok(!self.0.lock().is_empty())
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        let found = METHODS.iter().find(|(it, _)| *it == name);
        Ok(found.map(|(name, method)| bound(Py::Object(self), name, *method)))
    }

    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        Some(Ok(Box::new(Entries::new(self.0.clone(), |key, _| key.clone()))))
    }

    fn len(&self) -> Option<Result<usize>> {
        Some(Ok(self.0.lock().len()))
    }

    fn contains(&self, item: &Py) -> Option<Result<bool>> {
        Some(self.0.get(item).map(|found| found.is_some()))
    }

    fn is_hashable(&self) -> bool {
        false
    }

    fn operate(&self, operator: Operator, other: &Py, reflected: bool) -> Option<Result<Py>> {
        (operator == Operator::Sub && !reflected && other.downcast::<Set>().is_some())
            .then(|| difference(&Py::object(self.clone()), other))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The items of `left` that are not in `right`.
pub(super) fn difference(left: &Py, right: &Py) -> Result<Py> {
    let (mut kept, right) = (keys(left)?, keys(right)?);
    kept.retain(|key, _| !right.contains_key(key));
    Ok(made(kept))
}

/// The items of anything as keys.
fn keys(items: &Py) -> Result<Table> {
    items.iter()?.map(|item| Ok((Key::new(item?)?, Py::None))).collect()
}

fn made(keys: Table) -> Py {
    Py::object(Set(Dict::new(keys)))
}

fn of(receiver: &Py) -> Result<&Set> {
    receiver.downcast().ok_or_else(|| Fault::type_error("this is a method of sets"))
}

fn one(args: Args, function: &str) -> Result<Py> {
    let [item] = args.bind_positional(function)?;
    required(item, function, "item")
}

fn add(receiver: &Py, args: Args) -> Result<Py> {
    meter::charge(1)?;
    of(receiver)?.insert(one(args, "add")?)?;
    Ok(Py::None)
}

fn clear(receiver: &Py, args: Args) -> Result<Py> {
    args.none("clear")?;
    let entries = std::mem::take(&mut *of(receiver)?.0.lock());
    drop(Dict::new(entries));
    Ok(Py::None)
}

fn copy(receiver: &Py, args: Args) -> Result<Py> {
    args.none("copy")?;
    keys(receiver).map(made)
}

fn discard(receiver: &Py, args: Args) -> Result<Py> {
    of(receiver)?.remove(one(args, "discard")?)?;
    Ok(Py::None)
}

fn remove(receiver: &Py, args: Args) -> Result<Py> {
    if of(receiver)?.remove(one(args, "remove")?)? {
        return Ok(Py::None);
    }
    Err(Fault::new(FaultKind::KeyError, "`remove` did not find the item in the set"))
}

fn update(receiver: &Py, args: Args) -> Result<Py> {
    for other in others(args, "update")? {
        for item in other.iter()? {
            of(receiver)?.insert(item?)?;
        }
    }
    Ok(Py::None)
}

fn union(receiver: &Py, args: Args) -> Result<Py> {
    let mut all = keys(receiver)?;
    for other in others(args, "union")? {
        all.extend(keys(&other)?);
    }
    Ok(made(all))
}

fn intersection(receiver: &Py, args: Args) -> Result<Py> {
    let mut kept = keys(receiver)?;
    for other in others(args, "intersection")? {
        let other = keys(&other)?;
        kept.retain(|key, _| other.contains_key(key));
    }
    Ok(made(kept))
}

fn difference_of(receiver: &Py, args: Args) -> Result<Py> {
    let mut kept = keys(receiver)?;
    for other in others(args, "difference")? {
        let other = keys(&other)?;
        kept.retain(|key, _| !other.contains_key(key));
    }
    Ok(made(kept))
}

fn symmetric_difference(receiver: &Py, args: Args) -> Result<Py> {
    let (own, other) = (keys(receiver)?, keys(&one(args, "symmetric_difference")?)?);
    let only = |these: &Table, those: &Table| -> Vec<(Key, Py)> {
        these.keys().filter(|key| !those.contains_key(*key)).map(|key| (key.clone(), Py::None)).collect()
    };
    Ok(made(only(&own, &other).into_iter().chain(only(&other, &own)).collect()))
}

fn is_disjoint(receiver: &Py, args: Args) -> Result<Py> {
    let other = keys(&one(args, "isdisjoint")?)?;
    Ok(Py::Bool(!keys(receiver)?.keys().any(|key| other.contains_key(key))))
}

fn is_subset(receiver: &Py, args: Args) -> Result<Py> {
    let other = made(keys(&one(args, "issubset")?)?);
    receiver.compare(Comparison::Le, &other).map(Py::Bool)
}

fn is_superset(receiver: &Py, args: Args) -> Result<Py> {
    let other = made(keys(&one(args, "issuperset")?)?);
    receiver.compare(Comparison::Ge, &other).map(Py::Bool)
}

fn others(args: Args, function: &str) -> Result<Vec<Py>> {
    let Args { positional, keyword } = args;
    Args { positional: Vec::new(), keyword }.none(function)?;
    Ok(positional)
}
