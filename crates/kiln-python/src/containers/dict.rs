//! `dict` and its methods.

use super::views::{Kind, view};
use super::{Dict, Key, Table};
use crate::fault::Result;
use crate::{Args, Fault, FaultKind, Method, Py, meter, required};

pub(super) const METHODS: &[(&str, Method)] = &[
    ("clear", clear),
    ("copy", copy),
    ("fromkeys", from_keys),
    ("get", get),
    ("items", items),
    ("keys", keys),
    ("pop", pop),
    ("popitem", pop_item),
    ("setdefault", set_default),
    ("update", update),
    ("values", values),
];

/// `dict(…)`: of a mapping or pairs, and of arguments by name.
///
/// # Errors
/// `TypeError` or `ValueError` if it is not made of pairs.
pub fn dict(args: Args) -> Result<Py> {
    let made = Py::Dict(Dict::default());
    update_from(of(&made)?, args, "dict")?;
    Ok(made)
}

fn of(receiver: &Py) -> Result<&Dict> {
    match receiver {
        Py::Dict(dict) => Ok(dict),
        _ => Err(Fault::type_error("this is a method of dicts")),
    }
}

fn clear(receiver: &Py, args: Args) -> Result<Py> {
    args.none("clear")?;
    let entries = std::mem::take(&mut *of(receiver)?.lock());
    drop(Dict::new(entries));
    Ok(Py::None)
}

fn copy(receiver: &Py, args: Args) -> Result<Py> {
    args.none("copy")?;
    let entries = of(receiver)?.lock();
    meter::charge(entries.len())?;
    Ok(Py::Dict(Dict::new(entries.clone())))
}

fn from_keys(_receiver: &Py, args: Args) -> Result<Py> {
    let [keys, value] = args.bind_positional("fromkeys")?;
    let value = value.unwrap_or(Py::None);
    let mut entries = Table::default();
    for key in required(keys, "fromkeys", "iterable")?.iter()? {
        entries.insert(Key::new(key?)?, value.clone());
    }
    Ok(Py::Dict(Dict::new(entries)))
}

fn get(receiver: &Py, args: Args) -> Result<Py> {
    let [key, default] = args.bind_positional("get")?;
    let found = of(receiver)?.get(&required(key, "get", "key")?)?;
    Ok(found.or(default).unwrap_or(Py::None))
}

fn set_default(receiver: &Py, args: Args) -> Result<Py> {
    let [key, default] = args.bind_positional("setdefault")?;
    let key = Key::new(required(key, "setdefault", "key")?)?;
    meter::charge(1)?;
    Ok(of(receiver)?.lock().entry(key).or_insert_with(|| default.unwrap_or(Py::None)).clone())
}

fn pop(receiver: &Py, args: Args) -> Result<Py> {
    let [key, default] = args.bind_positional("pop")?;
    let key = required(key, "pop", "key")?;
    let dict = of(receiver)?;
    let length = dict.lock().len();
    meter::charge(length / 16 + 1)?;
    // Python does not even hash the key if the dict is empty.
    let popped = if length == 0 { None } else { dict.lock().shift_remove(&Key::new(key)?) };
    popped
        .or(default)
        .ok_or_else(|| Fault::new(FaultKind::KeyError, "`pop` did not find the key in the dict"))
}

fn pop_item(receiver: &Py, args: Args) -> Result<Py> {
    args.none("popitem")?;
    let popped = of(receiver)?.lock().pop();
    let (key, value) =
        popped.ok_or_else(|| Fault::new(FaultKind::KeyError, "`popitem` from an empty dict"))?;
    Ok(Py::tuple([key.into_value(), value]))
}

fn keys(receiver: &Py, args: Args) -> Result<Py> {
    args.none("keys")?;
    Ok(view(of(receiver)?, Kind::Keys))
}

fn values(receiver: &Py, args: Args) -> Result<Py> {
    args.none("values")?;
    Ok(view(of(receiver)?, Kind::Values))
}

fn items(receiver: &Py, args: Args) -> Result<Py> {
    args.none("items")?;
    Ok(view(of(receiver)?, Kind::Items))
}

fn update(receiver: &Py, args: Args) -> Result<Py> {
    update_from(of(receiver)?, args, "update")?;
    Ok(Py::None)
}

fn update_from(dict: &Dict, args: Args, function: &str) -> Result<()> {
    let Args { positional, keyword } = args;
    let [other] = Args::positional(positional).bind_positional(function)?;
    match other {
        None => {}
        Some(Py::Dict(other)) => {
            let entries = other.lock().clone();
            meter::charge(entries.len())?;
            dict.lock().extend(entries);
        }
        Some(other) if other.attr("keys")?.is_some() => update_from_mapping(dict, &other)?,
        Some(other) => update_from_pairs(dict, &other)?,
    }
    for (name, value) in keyword {
        dict.insert(Py::Str(name), value)?;
    }
    Ok(())
}

fn update_from_mapping(dict: &Dict, other: &Py) -> Result<()> {
    for key in other.call_method("keys", Args::default())?.iter()? {
        let key = key?;
        let value = other
            .item(&key)?
            .ok_or_else(|| Fault::new(FaultKind::KeyError, "a mapping does not hold its own key"))?;
        dict.insert(key, value)?;
    }
    Ok(())
}

fn update_from_pairs(dict: &Dict, other: &Py) -> Result<()> {
    for pair in other.iter()? {
        let pair = pair?.collect()?;
        let length = pair.len();
        let Ok([key, value]) = <[Py; 2]>::try_from(pair) else {
            return Err(Fault::value_error(format!("a dict is made of pairs, not of {length} items")));
        };
        dict.insert(key, value)?;
    }
    Ok(())
}
