//! Methods of `list`.

use super::{List, count, position, sort};
use crate::fault::Result;
use crate::subscript::resolve;
use crate::{Args, Comparison, Fault, FaultKind, Method, Py, meter, required};

pub(super) const METHODS: &[(&str, Method)] = &[
    ("append", append),
    ("clear", clear),
    ("copy", copy),
    ("count", count_item),
    ("extend", extend),
    ("index", index),
    ("insert", insert),
    ("pop", pop),
    ("remove", remove),
    ("reverse", reverse),
    ("sort", sort_list),
];

fn list(receiver: &Py) -> Result<&List> {
    match receiver {
        Py::List(list) => Ok(list),
        _ => Err(Fault::type_error("this is a method of lists")),
    }
}

fn one(args: Args, function: &str, name: &str) -> Result<Py> {
    let [value] = args.bind_positional(function)?;
    required(value, function, name)
}

fn append(receiver: &Py, args: Args) -> Result<Py> {
    let item = one(args, "append", "object")?;
    meter::charge(1)?;
    list(receiver)?.lock().push(item);
    Ok(Py::None)
}

fn clear(receiver: &Py, args: Args) -> Result<Py> {
    args.none("clear")?;
    let items = std::mem::take(&mut *list(receiver)?.lock());
    drop(items);
    Ok(Py::None)
}

fn copy(receiver: &Py, args: Args) -> Result<Py> {
    args.none("copy")?;
    receiver.collect().map(Py::list)
}

fn count_item(receiver: &Py, args: Args) -> Result<Py> {
    count(receiver, &one(args, "count", "value")?)
}

fn extend(receiver: &Py, args: Args) -> Result<Py> {
    let more = one(args, "extend", "iterable")?;
    let list = list(receiver)?;
    if matches!(more, Py::List(_) | Py::Tuple(_)) {
        let more = more.collect()?;
        list.lock().extend(more);
        return Ok(Py::None);
    }
    for item in more.iter()? {
        let item = item?;
        list.lock().push(item);
    }
    Ok(Py::None)
}

fn index(receiver: &Py, args: Args) -> Result<Py> {
    let [item, start, stop] = args.bind_positional("index")?;
    let item = required(item, "index", "value")?;
    let place = position(receiver, &item, start, stop)?.map(Py::from);
    place.ok_or_else(|| Fault::value_error("`index` did not find the value in the list"))
}

fn insert(receiver: &Py, args: Args) -> Result<Py> {
    let [index, item] = args.bind_positional("insert")?;
    let (index, item) = (required(index, "insert", "index")?, required(item, "insert", "object")?);
    let index = index.to_index("insert", "index")?;
    let mut items = list(receiver)?.lock();
    meter::charge(items.len() / 16 + 1)?;
    let place = if index < 0 {
        items.len().saturating_sub(usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX))
    } else {
        items.len().min(usize::try_from(index).unwrap_or(usize::MAX))
    };
    items.insert(place, item);
    Ok(Py::None)
}

fn pop(receiver: &Py, args: Args) -> Result<Py> {
    let [index] = args.bind_positional("pop")?;
    let index = index.map_or(Ok(-1), |index| index.to_index("pop", "index"))?;
    let mut items = list(receiver)?.lock();
    meter::charge(items.len() / 16 + 1)?;
    if items.is_empty() {
        return Err(Fault::new(FaultKind::IndexError, "`pop` from an empty list"));
    }
    let place = resolve(index, items.len())
        .ok_or_else(|| Fault::new(FaultKind::IndexError, "the index of `pop` is out of range"))?;
    Ok(items.remove(place))
}

fn remove(receiver: &Py, args: Args) -> Result<Py> {
    let item = one(args, "remove", "value")?;
    let Some(place) = position(receiver, &item, None, None)? else {
        return Err(Fault::value_error("`remove` did not find the value in the list"));
    };
    let mut items = list(receiver)?.lock();
    // Comparing may have changed the list.
    let removed = if place < items.len() { Some(items.remove(place)) } else { None };
    drop(items);
    drop(removed);
    Ok(Py::None)
}

fn reverse(receiver: &Py, args: Args) -> Result<Py> {
    args.none("reverse")?;
    let mut items = list(receiver)?.lock();
    meter::charge(items.len())?;
    items.reverse();
    Ok(Py::None)
}

fn sort_list(receiver: &Py, mut args: Args) -> Result<Py> {
    let key = args.take("key").filter(|key| !matches!(key, Py::None));
    let reverse = args.take("reverse").map_or(Ok(0), |reverse| reverse.to_index("sort", "reverse"))? != 0;
    args.none("sort")?;
    let list = list(receiver)?;
    // As in Python, the list is empty while its items are compared.
    let items = std::mem::take(&mut *list.lock());
    let (items, result) = sorted(items, key.as_ref(), reverse);
    let meanwhile = std::mem::replace(&mut *list.lock(), items);
    result?;
    if meanwhile.is_empty() {
        return Ok(Py::None);
    }
    Err(Fault::value_error("a list was changed while it was sorted"))
}

fn sorted(items: Vec<Py>, key: Option<&Py>, reverse: bool) -> (Vec<Py>, Result<()>) {
    let Some(key) = key else {
        let mut items = items;
        let result = sort(&mut items, reverse, |left, right| left.compare(Comparison::Lt, right));
        return (items, result);
    };
    let keys: Result<Vec<Py>> = items.iter().map(|item| key.call(Args::positional([item.clone()]))).collect();
    let keys = match keys {
        Ok(keys) => keys,
        Err(fault) => return (items, Err(fault)),
    };
    let mut keyed: Vec<(Py, Py)> = keys.into_iter().zip(items).collect();
    let result = sort(&mut keyed, reverse, |(left, _), (right, _)| left.compare(Comparison::Lt, right));
    (keyed.into_iter().map(|(_, item)| item).collect(), result)
}
