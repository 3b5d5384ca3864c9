//! Values that come from Python.

use std::sync::Arc;

use kiln_python::{Dict, Fault, Key, Origin, Py, Range, Result, Table, Undefined, UndefinedMode, dates};

use crate::host::Inner;
use crate::remote::{About, Remote};
use crate::tables::empty;
use crate::wire::Wire;

/// Takes over what came with a message: descriptions of objects, and the items of lists and
/// mappings.
///
/// # Errors
/// If there is a value among them that cannot be here.
pub(crate) fn take(host: &Arc<Inner>, abouts: &Wire, heap: &Wire) -> Result<()> {
    for entry in heap.items() {
        let [number, is_mapping, _] = entry.items() else { return Err(garbled()) };
        let mut tables = host.tables();
        if tables.container(number.id()).is_none() {
            let container = empty(is_mapping.int() == 1);
            tables.keep(number.id(), &container);
            tables.keep_also(container);
        }
    }
    for entry in abouts.items() {
        let [number, about] = entry.items() else { return Err(garbled()) };
        let about = describe(host, about)?;
        host.tables().describe(number.id(), about);
    }
    for entry in heap.items() {
        let [number, _, items] = entry.items() else { return Err(garbled()) };
        let container = host.tables().container(number.id()).ok_or_else(garbled)?;
        let items = items.items().iter().map(|item| value(host, item)).collect::<Result<Vec<Py>>>()?;
        fill(&container, &items)?;
        host.tables().told(number.id(), items);
    }
    Ok(())
}

fn fill(container: &Py, items: &[Py]) -> Result<()> {
    match container {
        Py::List(list) => drop(std::mem::replace(&mut *list.lock(), items.to_vec())),
        Py::Dict(dict) => {
            let mut entries = Table::with_capacity_and_hasher(items.len() / 2, Default::default());
            for pair in items.chunks_exact(2) {
                entries.insert(Key::new(pair[0].clone())?, pair[1].clone());
            }
            let before = std::mem::replace(&mut *dict.lock(), entries);
            drop(Dict::new(before));
        }
        _ => {}
    }
    Ok(())
}

/// A value.
///
/// # Errors
/// If it is text that is not Unicode, or a date that there is not.
pub(crate) fn value(host: &Arc<Inner>, wire: &Wire) -> Result<Py> {
    Ok(match wire {
        Wire::None => Py::None,
        Wire::Bool(truth) => Py::Bool(*truth),
        Wire::Int(number) => Py::Int(*number),
        Wire::Float(number) => Py::Float(*number),
        Wire::Text(text) => Py::Str(Arc::clone(text)),
        Wire::BadText => return Err(lone_surrogate()),
        Wire::Bytes(bytes) => Py::Bytes(Arc::clone(bytes)),
        Wire::Items(items) => {
            let (tag, rest) = items.split_first().ok_or_else(garbled)?;
            tagged(host, tag.int(), rest)?
        }
    })
}

fn tagged(host: &Arc<Inner>, tag: i64, rest: &[Wire]) -> Result<Py> {
    let text = |at: usize| match rest.get(at) {
        Some(Wire::BadText) => Err(lone_surrogate()),
        Some(Wire::Text(text)) => Ok(Arc::clone(text)),
        _ => Err(garbled()),
    };
    let number = |at: usize| rest.get(at).map_or(0, Wire::int);
    Ok(match tag {
        0 => Py::tuple(rest.iter().map(|item| value(host, item)).collect::<Result<Vec<Py>>>()?),
        1 => host.tables().container(rest.first().map_or(0, Wire::id)).ok_or_else(garbled)?,
        2 => handle(host, rest)?,
        3 => host.tables().lent(rest.first().map_or(0, Wire::id)).ok_or_else(garbled)?,
        4 => Py::Markup(text(0)?),
        5 => undefined(rest, text)?,
        6 => {
            let part = |at: usize| value(host, rest.get(at).unwrap_or(&Wire::None));
            let big = |at: usize| part(at)?.as_big().ok_or_else(garbled);
            Range::new(big(0)?, big(1)?, big(2)?)?
        }
        7 => dates::parse_iso_date(&text(0)?)?,
        8 => dates::parse_iso_datetime(&text(0)?)?,
        9 => dates::parse_iso_time(&text(0)?)?,
        10 => {
            let seconds = i128::from(number(0)) * 86400 + i128::from(number(1));
            dates::timedelta(seconds * 1_000_000 + i128::from(number(2)))?
        }
        11 => dates::timezone(number(0).saturating_mul(1_000_000))?,
        15 => Py::hexadecimal(&text(0)?).ok_or_else(garbled)?,
        _ => return Err(garbled()),
    })
}

/// Whether the other side says that something is not there.
pub(crate) fn is_absent(wire: &Wire) -> bool {
    matches!(wire.items(), [Wire::Int(14)])
}

fn handle(host: &Arc<Inner>, rest: &[Wire]) -> Result<Py> {
    let number = rest.first().map_or(0, Wire::id);
    let make = |about| Remote::new(Arc::clone(host), number, about);
    let object = host.tables().handle(number, make).ok_or_else(garbled)?;
    Ok(Py::Object(object))
}

fn describe(host: &Arc<Inner>, about: &Wire) -> Result<About> {
    let [name, module, flags, passed, plain, hash] = about.items() else { return Err(garbled()) };
    let plain = value(host, plain)?;
    Ok(About {
        type_name: name.as_text().to_owned(),
        module: module.as_text().to_owned(),
        flags: flags.id(),
        passed_first: (*passed != Wire::None).then(|| passed.as_text().to_owned()),
        tuple: plain.as_tuple().cloned(),
        plain: Some(plain).filter(|plain| !matches!(plain, Py::None | Py::Tuple(_))),
        hash: (*hash != Wire::None).then(|| hash.id()),
    })
}

fn undefined(rest: &[Wire], text: impl Fn(usize) -> Result<Arc<str>>) -> Result<Py> {
    let mode = match &*text(0)? {
        "ChainableUndefined" => UndefinedMode::Chainable,
        "DebugUndefined" => UndefinedMode::Debug,
        "StrictUndefined" => UndefinedMode::Strict,
        _ => UndefinedMode::Default,
    };
    let origin = match rest.get(1).map_or(0, Wire::int) {
        0 => Origin::Name(text(2)?),
        1 => {
            let name = if rest.get(4) == Some(&Wire::None) { None } else { Some(text(4)?) };
            Origin::Member { of: text(2)?, key: text(3)?, name, like: Vec::new() }
        }
        _ => Origin::Hint { text: text(2)?, help: "ask the plugin that made it".into() },
    };
    Ok(Py::Undefined(Arc::new(Undefined { mode, origin })))
}

fn lone_surrogate() -> Fault {
    Fault::value_error("a plugin gave text in which half of a surrogate pair stands alone")
        .coded("plugin-text")
        .help("decode bytes without `surrogateescape`, or replace what cannot be decoded")
}

/// What is no message of ours: a plugin wrote to the socket, or it is our own mistake.
pub(crate) fn garbled() -> Fault {
    Fault::new(kiln_python::FaultKind::Own, "the process that runs the plugins cannot be understood")
        .coded("plugin-garbled")
        .help("a plugin must leave alone the files that it did not open")
}
