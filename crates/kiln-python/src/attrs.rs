//! Attributes of the built-in types: which methods and properties each has.

use std::sync::Arc;

use crate::class::class_of;
use crate::fault::Result;
use crate::{Method, Origin, Py, Undefined, UndefinedMode, bound, containers, dunder, text};

/// The method of a built-in type.
pub(crate) fn method(receiver: &Py, name: &str) -> Option<(&'static str, Method)> {
    match receiver {
        Py::Str(_) | Py::Markup(_) | Py::Watched(_) | Py::Bytes(_) => text::method(receiver, name),
        Py::Bool(_) | Py::Int(_) | Py::Big(_) | Py::Float(_) => text::number_method(receiver, name),
        _ => containers::method(receiver, name),
    }
    .or_else(|| dunder::method(receiver, name))
}

impl Py {
    /// `getattr(self, name)`, methods included; none where Python raises `AttributeError`.
    ///
    /// # Errors
    /// For an undefined value that allows it not.
    pub fn attr(&self, name: &str) -> Result<Option<Py>> {
        if let Some((name, method)) = method(self, name) {
            return Ok(Some(bound(self.clone(), name, method)));
        }
        if name == "__class__" {
            return Ok(Some(class_of(self)));
        }
        match self {
            Py::Bool(_) | Py::Int(_) | Py::Big(_) => Ok(integer_property(self, name)),
            Py::Float(_) => Ok(float_property(self, name)),
            Py::Undefined(undefined) => undefined_attribute(undefined, name),
            Py::Object(object) => Arc::clone(object).attr(name),
            _ => Ok(None),
        }
    }
}

fn integer_property(number: &Py, name: &str) -> Option<Py> {
    match (name, number) {
        ("real" | "numerator", Py::Bool(truth)) => Some(Py::Int(i64::from(*truth))),
        ("real" | "numerator", _) => Some(number.clone()),
        ("imag", _) => Some(Py::Int(0)),
        ("denominator", _) => Some(Py::Int(1)),
        _ => None,
    }
}

fn float_property(number: &Py, name: &str) -> Option<Py> {
    match name {
        "real" => Some(number.clone()),
        "imag" => Some(Py::Float(0.0)),
        _ => None,
    }
}

/// Names with two underscores on both sides are asked for by Python itself, to learn what a
/// value can do; the others are a mistake.
fn undefined_attribute(undefined: &Arc<Undefined>, name: &str) -> Result<Option<Py>> {
    let chainable = undefined.mode == UndefinedMode::Chainable;
    if name == "__html__" && chainable {
        return Ok(Some(bound(Py::Undefined(Arc::clone(undefined)), "__html__", |receiver, args| {
            args.none("__html__")?;
            receiver.to_str().map(Py::Str)
        })));
    }
    match (name, &undefined.origin) {
        ("_undefined_name", Origin::Name(name)) => return Ok(Some(Py::Str(Arc::clone(name)))),
        ("_undefined_hint", Origin::Hint { text, .. }) => return Ok(Some(Py::Str(Arc::clone(text)))),
        ("_undefined_hint", _) => return Ok(Some(Py::None)),
        _ => {}
    }
    if name.starts_with("__") && name.ends_with("__") {
        return Ok(None);
    }
    if chainable { Ok(Some(Py::Undefined(Arc::clone(undefined)))) } else { Err(undefined.fault()) }
}
