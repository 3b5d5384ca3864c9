//! The value type.

use std::fmt;
use std::sync::Arc;

use num_bigint::BigInt;

use crate::fault::Result;
use crate::{Dict, List, Object, Tuple, Undefined};

/// A Python value. A clone of a list or mapping is the same list or mapping, as in Python.
#[derive(Clone)]
pub enum Py {
    /// `None`.
    None,
    /// A `bool`.
    Bool(bool),
    /// An `int` that fits.
    Int(i64),
    /// An `int` that does not fit into [`Py::Int`]. Made by [`Py::big`] alone.
    Big(Arc<BigInt>),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Str(Arc<str>),
    /// A `markupsafe.Markup`: text that is safe in HTML.
    Markup(Arc<str>),
    /// A `str` whose use is watched, such as a secret.
    Watched(Arc<dyn Watched>),
    /// A `bytes`.
    Bytes(Arc<[u8]>),
    /// A `tuple`.
    Tuple(Tuple),
    /// A `list`.
    List(List),
    /// A `dict`.
    Dict(Dict),
    /// Jinja2's undefined.
    Undefined(Arc<Undefined>),
    /// Anything else.
    Object(Arc<dyn Object>),
}

/// Text whose use is watched. Whether it is empty may be asked without being seen.
pub trait Watched: Send + Sync {
    /// The text, which from now on counts as used.
    fn text(&self) -> &str;

    /// Whether there is none.
    fn is_empty(&self) -> bool;

    /// Itself, to be recognised.
    fn as_any(&self) -> &dyn std::any::Any;
}

impl Py {
    /// A `str`.
    pub fn str(text: impl Into<Arc<str>>) -> Py {
        Py::Str(text.into())
    }

    /// An `int` of any size.
    pub fn big(number: BigInt) -> Py {
        match i64::try_from(&number) {
            Ok(small) => Py::Int(small),
            Err(_) => Py::Big(Arc::new(number)),
        }
    }

    /// An `int` from its decimal digits, of any size; none if they are not digits.
    pub fn integer(digits: &str) -> Option<Py> {
        digits.parse().ok().map(Py::big)
    }

    /// An `int` from its digits in base 16, of any size, perhaps behind a minus; none if they
    /// are not digits.
    pub fn hexadecimal(digits: &str) -> Option<Py> {
        num_traits::Num::from_str_radix(digits, 16).ok().map(Py::big)
    }

    /// Itself; the plain text or number it is if its type is derived from one.
    pub fn basis(&self) -> &Py {
        match self {
            Py::Object(object) => object.as_plain().unwrap_or(self),
            _ => self,
        }
    }

    /// Itself; a plain list or mapping of the same items if its type is derived from one.
    ///
    /// # Errors
    /// What asking for the items raises.
    pub fn plain(&self) -> Result<Py> {
        match self {
            Py::Object(object) => object.contents().unwrap_or_else(|| Ok(self.clone())),
            _ => Ok(self.clone()),
        }
    }

    /// A new list.
    pub fn list(items: Vec<Py>) -> Py {
        Py::List(List::new(items))
    }

    /// A tuple.
    pub fn tuple(items: impl Into<Tuple>) -> Py {
        Py::Tuple(items.into())
    }

    /// A value that is defined elsewhere.
    pub fn object(object: impl Object) -> Py {
        Py::Object(Arc::new(object))
    }

    /// The text, if this is a `str`, safe or watched; a watched one counts as used.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Py::Str(text) | Py::Markup(text) => Some(text),
            Py::Watched(watched) => Some(watched.text()),
            Py::Object(object) => match object.as_plain() {
                Some(Py::Str(text) | Py::Markup(text)) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// The tuple, if this is a `tuple` or of a type derived from it.
    pub fn as_tuple(&self) -> Option<&Tuple> {
        match self {
            Py::Tuple(items) => Some(items),
            Py::Object(object) => object.as_tuple(),
            _ => None,
        }
    }

    /// The object, if it is of type `T`.
    pub fn downcast<T: Object>(&self) -> Option<&T> {
        match self {
            Py::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }
}

/// Shows the type alone, so that no value gets into a message by mistake.
impl fmt::Debug for Py {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<value>")
    }
}

/// A count or a place.
impl From<usize> for Py {
    fn from(number: usize) -> Py {
        match i64::try_from(number) {
            Ok(number) => Py::Int(number),
            Err(_) => Py::big(number.into()),
        }
    }
}
