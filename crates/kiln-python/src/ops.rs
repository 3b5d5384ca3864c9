//! Operators and the functions of Python that every value answers.

use std::sync::Arc;

use crate::fault::Result;
use crate::{Args, Py, PyIter};

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`.
    Div,
    /// `//`.
    FloorDiv,
    /// `%`.
    Mod,
    /// `**`.
    Pow,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
    /// `in`.
    In,
    /// `not in`.
    NotIn,
}

impl Py {
    /// The name of its type, as Python says it: `int`, `str`, `NoneType`.
    pub fn type_name(&self) -> &str {
        todo!()
    }

    /// Its type as messages say it, Jinja2's `object_type_repr`: `None`, `dict object`,
    /// `datetime.date object`.
    pub fn type_repr(&self) -> String {
        todo!()
    }

    /// `bool(self)`.
    ///
    /// # Errors
    /// For a strict undefined value.
    pub fn truth(&self) -> Result<bool> {
        todo!()
    }

    /// `str(self)`. A watched text counts as used.
    ///
    /// # Errors
    /// For a strict undefined value, also inside containers whose `repr` raises.
    pub fn to_str(&self) -> Result<Arc<str>> {
        todo!()
    }

    /// `repr(self)`.
    ///
    /// # Errors
    /// If it is too deep.
    pub fn repr(&self) -> Result<String> {
        todo!()
    }

    /// `iter(self)`: live, so that changes of a list while going through it are seen.
    ///
    /// # Errors
    /// `TypeError` if it cannot be gone through.
    pub fn iter(&self) -> Result<PyIter> {
        todo!()
    }

    /// `list(self)`, charged.
    ///
    /// # Errors
    /// As [`Py::iter`], and what going through it raises.
    pub fn collect(&self) -> Result<Vec<Py>> {
        todo!()
    }

    /// `len(self)`.
    ///
    /// # Errors
    /// `TypeError` if it has none.
    pub fn len(&self) -> Result<usize> {
        todo!()
    }

    /// `getattr(self, name)`, methods included; none where Python raises `AttributeError`.
    ///
    /// # Errors
    /// For an undefined value that allows it not.
    pub fn attr(&self, name: &str) -> Result<Option<Py>> {
        todo!()
    }

    /// `self[key]`; none where Python raises `LookupError` or `TypeError`.
    ///
    /// # Errors
    /// For an undefined value that allows it not.
    pub fn item(&self, key: &Py) -> Result<Option<Py>> {
        todo!()
    }

    /// `self[start:stop:step]`.
    ///
    /// # Errors
    /// `TypeError` if it cannot be sliced, `ValueError` for a step of zero.
    pub fn slice(&self, start: &Py, stop: &Py, step: &Py) -> Result<Py> {
        todo!()
    }

    /// `self(*args)`.
    ///
    /// # Errors
    /// What the call raises.
    pub fn call(&self, args: Args) -> Result<Py> {
        todo!()
    }

    /// Whether `callable(self)`.
    pub fn is_callable(&self) -> bool {
        todo!()
    }

    /// `self.name(args)`, without making the bound method first.
    ///
    /// # Errors
    /// `AttributeError` if there is no such attribute; what the call raises.
    pub fn call_method(&self, name: &str, args: Args) -> Result<Py> {
        todo!()
    }

    /// `self is other`.
    pub fn is(&self, other: &Py) -> bool {
        todo!()
    }

    /// `self == other`.
    ///
    /// # Errors
    /// For a strict undefined value, and if the values are too deep.
    pub fn equals(&self, other: &Py) -> Result<bool> {
        todo!()
    }

    /// A comparison.
    ///
    /// # Errors
    /// `TypeError` where Python cannot order or search the values.
    pub fn compare(&self, comparison: Comparison, other: &Py) -> Result<bool> {
        todo!()
    }

    /// An arithmetic operator.
    ///
    /// # Errors
    /// What Python raises.
    pub fn operate(&self, operator: Operator, other: &Py) -> Result<Py> {
        todo!()
    }

    /// `-self`.
    ///
    /// # Errors
    /// `TypeError` if it is no number.
    pub fn negate(&self) -> Result<Py> {
        todo!()
    }

    /// `+self`.
    ///
    /// # Errors
    /// `TypeError` if it is no number.
    pub fn plus(&self) -> Result<Py> {
        todo!()
    }
}
