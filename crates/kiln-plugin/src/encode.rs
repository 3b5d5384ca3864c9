//! Values on their way to Python.

use std::sync::Arc;

use kiln_python::{Args, Fault, Object, Origin, Py, Result, Set, Undefined};

use crate::host::Inner;
use crate::remote::Remote;
use crate::tables::{Tables, flat};
use crate::wire::Wire;

/// How deep tuples may lie in each other.
const DEEPEST: usize = 200;

/// Writes the values of one message.
pub(crate) struct Encoder<'a> {
    host: &'a Arc<Inner>,
    tables: &'a mut Tables,
    queue: Vec<(u64, Py)>,
}

impl<'a> Encoder<'a> {
    /// An encoder of the values of one message.
    pub(crate) fn new(host: &'a Arc<Inner>, tables: &'a mut Tables) -> Encoder<'a> {
        Encoder { host, tables, queue: Vec::new() }
    }

    /// A value.
    ///
    /// # Errors
    /// If it is too deep.
    pub(crate) fn value(&mut self, value: &Py) -> Result<Wire> {
        self.at(value, 0)
    }

    fn at(&mut self, value: &Py, depth: usize) -> Result<Wire> {
        if depth > DEEPEST {
            return Err(Fault::new(
                kiln_python::FaultKind::RecursionError,
                "tuples lie too deep in each other",
            ));
        }
        Ok(match value {
            Py::None => Wire::None,
            Py::Bool(truth) => Wire::Bool(*truth),
            Py::Int(number) => Wire::Int(*number),
            Py::Big(number) => tagged(15, [Wire::text(&number.to_str_radix(16))]),
            Py::Float(number) => Wire::Float(*number),
            Py::Str(text) => Wire::Text(Arc::clone(text)),
            Py::Watched(watched) => Wire::text(watched.text()),
            Py::Markup(text) => tagged(4, [Wire::Text(Arc::clone(text))]),
            Py::Bytes(bytes) => Wire::Bytes(Arc::clone(bytes)),
            Py::Tuple(items) => self.tuple(0, items, depth)?,
            Py::List(_) | Py::Dict(_) => {
                let (number, is_new) = self.tables.number(value);
                if is_new {
                    self.queue.push((number, value.clone()));
                }
                tagged(1, [id(number)])
            }
            Py::Undefined(undefined) => encode_undefined(undefined),
            Py::Object(object) => self.object(value, object, depth)?,
        })
    }

    fn tuple(&mut self, tag: i64, items: &[Py], depth: usize) -> Result<Wire> {
        let mut wires = vec![Wire::Int(tag)];
        for item in items {
            wires.push(self.at(item, depth + 1)?);
        }
        Ok(Wire::Items(wires))
    }

    fn object(&mut self, value: &Py, object: &Arc<dyn Object>, depth: usize) -> Result<Wire> {
        if let Some(remote) = value.downcast::<Remote>()
            && remote.is_of(self.host)
        {
            return Ok(tagged(2, [id(remote.number())]));
        }
        if let Some(set) = value.downcast::<Set>() {
            return self.tuple(13, &set.items(), depth);
        }
        match (object.module(), object.type_name()) {
            ("builtins", "range") => {
                let of = |name| value.attr(name).map(|found| found.unwrap_or(Py::None));
                let parts = [of("start")?, of("stop")?, of("step")?];
                self.tuple(6, &parts, depth)
            }
            ("builtins", kind @ ("dict_keys" | "dict_values" | "dict_items")) => {
                let items = self.tuple(0, &value.collect()?, depth)?;
                Ok(tagged(17, [Wire::text(kind), items]))
            }
            ("datetime", name) => match date(value, name)? {
                Some(wire) => Ok(wire),
                None => Ok(self.lend(value, object)),
            },
            ("jinja2.environment", "Environment") => Ok(tagged(12, [])),
            ("os", "_Environ") => Ok(tagged(16, [])),
            _ => Ok(self.lend(value, object)),
        }
    }

    fn lend(&mut self, value: &Py, object: &Arc<dyn Object>) -> Wire {
        let kind = match object.type_name() {
            "generator" => 2,
            _ => i64::from(object.is_callable()),
        };
        let number = self.tables.lend(value.clone());
        let (name, module) = (Wire::text(object.type_name()), Wire::text(object.module()));
        tagged(3, [id(number), name, module, Wire::Int(kind)])
    }

    /// The lists and mappings that came with the message. If it could not be written, they are
    /// forgotten.
    pub(crate) fn finish(self, is_written: bool) -> Vec<Py> {
        let mut containers = Vec::with_capacity(self.queue.len());
        for (number, container) in self.queue {
            if !is_written {
                self.tables.forget(number);
            }
            containers.push(container);
        }
        containers
    }

    /// What comes with the message: the items of the lists and mappings that are new to the other
    /// side, and of those among `shared` that changed.
    ///
    /// # Errors
    /// If one is too deep.
    pub(crate) fn heap(&mut self, shared: &[(u64, Py)]) -> Result<Wire> {
        for (number, container) in shared {
            if self.tables.is_changed(*number, container) {
                self.queue.push((*number, container.clone()));
            }
        }
        let mut heap = Vec::new();
        let mut next = 0;
        while let Some((number, container)) = self.queue.get(next).cloned() {
            next += 1;
            let items = flat(&container);
            let mut wires = Vec::with_capacity(items.len());
            for item in &items {
                wires.push(self.value(item)?);
            }
            self.tables.told(number, items);
            let is_mapping = Wire::Int(i64::from(matches!(container, Py::Dict(_))));
            heap.push(Wire::Items(vec![id(number), is_mapping, Wire::Items(wires)]));
        }
        Ok(Wire::Items(heap))
    }
}

/// A value that is more than its text, number or items: what it is comes first.
fn tagged<const N: usize>(tag: i64, rest: [Wire; N]) -> Wire {
    let mut items = Vec::with_capacity(N + 1);
    items.push(Wire::Int(tag));
    items.extend(rest);
    Wire::Items(items)
}

/// The number of something.
pub(crate) fn id(number: u64) -> Wire {
    // Numbers are counted up from a small one, and never get that far.
    Wire::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn encode_undefined(undefined: &Undefined) -> Wire {
    let mode = Wire::text(undefined.type_name());
    match &undefined.origin {
        Origin::Name(name) => tagged(5, [mode, Wire::Int(0), Wire::Text(Arc::clone(name))]),
        Origin::Member { of, key, name, .. } => {
            let name = name.as_ref().map_or(Wire::None, |name| Wire::Text(Arc::clone(name)));
            let (of, key) = (Wire::Text(Arc::clone(of)), Wire::Text(Arc::clone(key)));
            tagged(5, [mode, Wire::Int(1), of, key, name])
        }
        Origin::Hint { text, .. } => tagged(5, [mode, Wire::Int(2), Wire::Text(Arc::clone(text))]),
    }
}

/// A value of a type of `datetime`.
fn date(value: &Py, name: &str) -> Result<Option<Wire>> {
    let text = |tag| {
        let text = value.call_method("isoformat", Args::default())?.to_str()?;
        Ok(Some(tagged(tag, [Wire::Text(text)])))
    };
    let part = |of: &Py, name| -> Result<Wire> {
        Ok(Wire::Int(of.attr(name)?.and_then(|part| part.as_index()).unwrap_or(0)))
    };
    let span = |tag, of: &Py| {
        let parts = [part(of, "days")?, part(of, "seconds")?, part(of, "microseconds")?];
        Ok(Some(tagged(tag, parts)))
    };
    match name {
        "date" => text(7),
        "datetime" => text(8),
        "time" => text(9),
        "timedelta" => span(10, value),
        "timezone" => {
            let offset = value.call_method("utcoffset", Args::positional([Py::None]))?;
            let (Wire::Int(days), Wire::Int(seconds)) = (part(&offset, "days")?, part(&offset, "seconds")?)
            else {
                return Ok(None);
            };
            Ok(Some(tagged(11, [Wire::Int(days * 86400 + seconds)])))
        }
        _ => Ok(None),
    }
}
