//! `cycler`: its items one after the other, and over again.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kiln_python::{Args, Fault, FaultKind, Object, Py, Result, Tuple, bound};

/// `cycler(*items)`.
pub(super) fn cycler(args: Args) -> Result<Py> {
    if let Some((name, _)) = args.keyword.first() {
        return Err(Fault::type_error(format!("`cycler` has no parameter `{name}`")));
    }
    if args.positional.is_empty() {
        return Err(Fault::new(FaultKind::RuntimeError, "`cycler` needs at least one item"));
    }
    Ok(Py::object(Cycler { items: args.positional.into(), position: AtomicUsize::new(0) }))
}

struct Cycler {
    items: Tuple,
    position: AtomicUsize,
}

impl Cycler {
    fn current(&self) -> Py {
        self.items.get(self.position.load(Ordering::Relaxed)).cloned().unwrap_or(Py::None)
    }

    fn next(&self) -> Py {
        let current = self.current();
        let next = self.position.load(Ordering::Relaxed) + 1;
        self.position.store(if next < self.items.len() { next } else { 0 }, Ordering::Relaxed);
        current
    }

    fn reset(&self) -> Py {
        self.position.store(0, Ordering::Relaxed);
        Py::None
    }
}

impl Object for Cycler {
    fn type_name(&self) -> &str {
        "Cycler"
    }

    fn module(&self) -> &str {
        "jinja2.utils"
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(Some(match name {
            "current" => self.current(),
            "items" => Py::Tuple(self.items.clone()),
            "pos" => Py::Int(i64::try_from(self.position.load(Ordering::Relaxed)).unwrap_or(i64::MAX)),
            "next" => {
                bound(Py::Object(self), "next", |cycler, args| method(cycler, "next", args, Cycler::next))
            }
            "reset" => {
                bound(Py::Object(self), "reset", |cycler, args| method(cycler, "reset", args, Cycler::reset))
            }
            _ => return Ok(None),
        }))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn method(receiver: &Py, name: &str, args: Args, body: fn(&Cycler) -> Py) -> Result<Py> {
    args.none(name)?;
    let cycler = receiver.downcast::<Cycler>();
    cycler.map(body).ok_or_else(|| Fault::type_error(format!("`{name}` is a method of a cycler")))
}
