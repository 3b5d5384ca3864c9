//! The values that a format takes.

use super::super::format::subscript;
use super::super::subject::{Kind, index, to_bytes, wrong};
use crate::containers::Range;
use crate::fault::Result;
use crate::{Fault, Py};

/// The values that are still to be taken.
pub(super) struct Supply {
    values: Vec<Py>,
    taken: usize,
    /// What keys are looked up in. Values may be left over if there is one.
    mapping: Option<Py>,
    kind: Kind,
}

impl Supply {
    /// The values on the right of `%`: those of a tuple, or a single one.
    pub(super) fn of(values: &Py, kind: Kind) -> Supply {
        let tuple = match values {
            Py::Tuple(items) => Some(items.to_vec()),
            Py::Object(object) => object.as_tuple().map(|items| items.to_vec()),
            _ => None,
        };
        let mapping = (tuple.is_none() && has_items(values, kind)).then(|| values.clone());
        Supply { values: tuple.unwrap_or_else(|| vec![values.clone()]), taken: 0, mapping, kind }
    }

    /// That there is something to look keys up in.
    pub(super) fn needs_mapping(&self) -> Result<&Py> {
        self.mapping.as_ref().ok_or_else(|| Fault::type_error("a format with keys takes a mapping"))
    }

    /// Makes the element `key` the next and only value.
    pub(super) fn choose(&mut self, key: &str) -> Result<()> {
        let key = match self.kind {
            Kind::Bytes => Py::Bytes(to_bytes(key).into()),
            _ => Py::str(key),
        };
        self.values = vec![subscript(self.needs_mapping()?, &key)?];
        self.taken = 0;
        Ok(())
    }

    /// Takes the next value.
    pub(super) fn next(&mut self) -> Result<Py> {
        let value = self.values.get(self.taken).cloned();
        self.taken += 1;
        value.ok_or_else(|| {
            Fault::type_error("there are fewer values than the format takes")
                .help("give one value for each `%`; `%%` is a percent sign")
        })
    }

    /// Takes a width or precision.
    pub(super) fn next_size(&mut self) -> Result<i64> {
        let value = self.next()?;
        // The values of safe text are wrapped, and what wraps a number is none.
        if self.kind == Kind::Markup {
            return Err(wrong(&value, "a `*` in the format of safe text", "an integer on its own"));
        }
        index(&value, "the value for `*`")
    }

    /// That all values are taken.
    pub(super) fn finish(&self) -> Result<()> {
        if self.taken < self.values.len() && self.mapping.is_none() {
            return Err(Fault::type_error("there are more values than the format takes"));
        }
        Ok(())
    }
}

/// Whether keys may be looked up in a value.
fn has_items(value: &Py, kind: Kind) -> bool {
    match value {
        Py::Dict(_) | Py::List(_) | Py::Undefined(_) => true,
        Py::Bytes(_) => kind != Kind::Bytes,
        Py::Object(_) => value.downcast::<Range>().is_some(),
        _ => false,
    }
}
