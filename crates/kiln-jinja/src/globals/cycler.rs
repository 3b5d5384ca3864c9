//! `cycler`: its items one after the other, and over again.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kiln_python::{Args, Fault, FaultKind, Object, Py, Result, Tuple, bound};

/// `cycler(*items)`.
pub(super) fn cycler(args: Args) -> Result<Py> {
    if let Some((name, _)) = args.keyword.first() {
        return Err(kiln_python::no_parameter("cycler", name, []));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn call(cycler: &Py, method: &str) -> String {
        cycler.call_method(method, Args::default()).and_then(|it| it.repr()).expect("it can be called")
    }

    #[test]
    fn items_come_one_after_the_other_and_over_again() {
        let items = Args::positional([Py::Int(1), Py::Int(2)]);
        let cycler = cycler(items).expect("it has items");
        let seen: Vec<_> = (0..5).map(|_| call(&cycler, "next")).collect();
        assert_eq!(seen, ["1", "2", "1", "2", "1"]);
    }

    #[test]
    fn a_reset_begins_anew_and_the_current_item_stays_until_the_next() {
        let cycler = cycler(Args::positional([Py::Int(1), Py::Int(2)])).expect("it has items");
        let current = || cycler.attr("current").and_then(|it| it.expect("it has one").repr());
        assert_eq!(call(&cycler, "next"), "1");
        assert_eq!(current().expect("it is a number"), "2");
        assert_eq!(call(&cycler, "reset"), "None");
        assert_eq!(current().expect("it is a number"), "1");
    }
}
