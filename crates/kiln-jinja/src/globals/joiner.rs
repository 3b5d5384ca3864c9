//! `joiner`: nothing when first called, then a separator.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kiln_python::{Args, Object, Py, Result};

/// `joiner(sep=', ')`.
pub(super) fn joiner(args: Args) -> Result<Py> {
    let [separator] = args.bind("joiner", ["sep"])?;
    let separator = separator.unwrap_or_else(|| Py::str(", "));
    Ok(Py::object(Joiner { separator, used: AtomicBool::new(false) }))
}

struct Joiner {
    separator: Py,
    used: AtomicBool,
}

impl Object for Joiner {
    fn type_name(&self) -> &str {
        "Joiner"
    }

    fn module(&self) -> &str {
        "jinja2.utils"
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(match name {
            "sep" => Some(self.separator.clone()),
            "used" => Some(Py::Bool(self.used.load(Ordering::Relaxed))),
            _ => None,
        })
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        args.none("joiner")?;
        let used = self.used.swap(true, Ordering::Relaxed);
        Ok(if used { self.separator.clone() } else { Py::str("") })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_comes_from_the_second_call_on() {
        let joiner = joiner(Args::positional([Py::str("-")])).expect("it takes a separator");
        let call = || joiner.call(Args::default()).and_then(|it| it.repr()).expect("it can be called");
        assert_eq!([call(), call(), call()], ["''", "'-'", "'-'"]);
    }
}
