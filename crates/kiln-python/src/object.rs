//! Values that are defined elsewhere: loops, macros, namespaces, functions.

use std::any::Any;
use std::cmp::Ordering;
use std::sync::Arc;

use crate::fault::Result;
use crate::{Args, Fault, Operator, Py, PyIter, Tuple};

/// A value that is defined outside this crate. What is not overridden behaves as a plain
/// Python object: true, without attributes, equal to itself alone.
#[expect(clippy::len_without_is_empty, reason = "`len` is Python's, and may be missing or raise")]
pub trait Object: Any + Send + Sync {
    /// The name of its Python type.
    fn type_name(&self) -> &str;

    /// The module of its type, which messages name unless it is `builtins`.
    fn module(&self) -> &str {
        "builtins"
    }

    /// Its `repr`.
    ///
    /// # Errors
    /// Where Python's would raise.
    fn repr(&self) -> Result<String> {
        Ok(format!("<{} object>", self.type_name()))
    }

    /// Its `str`.
    ///
    /// # Errors
    /// Where Python's would raise.
    fn str(&self) -> Result<String> {
        self.repr()
    }

    /// Its `__html__`: its text as it is safe in HTML; none if it has none.
    fn html(&self) -> Option<Result<String>> {
        None
    }

    /// `format(self, spec)`; none if it has none of its own, so that it takes no specification.
    fn format(&self, _spec: &str) -> Option<Result<String>> {
        None
    }

    /// Its `bool`.
    ///
    /// # Errors
    /// Where Python's would raise.
    fn truth(&self) -> Result<bool> {
        Ok(true)
    }

    /// Its attribute `name`.
    ///
    /// # Errors
    /// Where Python's would raise anything but `AttributeError`.
    fn attr(self: Arc<Self>, _name: &str) -> Result<Option<Py>> {
        Ok(None)
    }

    /// The names of its attributes, for those who misspell one.
    fn attr_names(&self) -> Vec<Arc<str>> {
        Vec::new()
    }

    /// Its element `key`; none if Python would raise `KeyError`, `IndexError` or `TypeError`.
    ///
    /// # Errors
    /// Where Python's would raise anything else.
    fn item(&self, _key: &Py) -> Result<Option<Py>> {
        Ok(None)
    }

    /// Sets its attribute `name`.
    ///
    /// # Errors
    /// If it has none that can be set, which is the default.
    fn set_attr(&self, _name: &str, _value: Py) -> Result<()> {
        Err(Fault::new(
            crate::FaultKind::TemplateRuntimeError,
            "an attribute can be set on a namespace alone",
        )
        .help("make one with `set name = namespace(…)`"))
    }

    /// `self[start:stop:step]`; none if it cannot be sliced.
    fn slice(&self, _start: &Py, _stop: &Py, _step: &Py) -> Option<Result<Py>> {
        None
    }

    /// Goes through it; none if it cannot be gone through.
    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        None
    }

    /// How many items it has; none if it has no `len`.
    fn len(&self) -> Option<Result<usize>> {
        None
    }

    /// Whether `in` finds an item; none if going through it decides.
    fn contains(&self, _item: &Py) -> Option<Result<bool>> {
        None
    }

    /// Whether it is a mapping (`collections.abc.Mapping`), so that it has `items`.
    fn is_mapping(&self) -> bool {
        false
    }

    /// Whether it can be called.
    fn is_callable(&self) -> bool {
        false
    }

    /// Calls it.
    ///
    /// # Errors
    /// Where Python's would raise; if it cannot be called, which is the default.
    fn call(&self, _args: Args) -> Result<Py> {
        Err(crate::protocol::not_callable(self.type_name()))
    }

    /// Whether it equals a value that is not the same object; none if it says nothing.
    fn equals(&self, _other: &Py) -> Option<bool> {
        None
    }

    /// How it stands to another value in order; none if Python would raise `TypeError`.
    fn order(&self, _other: &Py) -> Option<Ordering> {
        None
    }

    /// Whether it can be the key of a mapping.
    fn is_hashable(&self) -> bool {
        true
    }

    /// Its hash, which is the same for what it equals; none if it is hashed by identity.
    fn hash(&self) -> Option<u64> {
        None
    }

    /// `self operator other`, or `other operator self` if `reflected`; none if Python would
    /// try the other operand.
    fn operate(&self, _operator: Operator, _other: &Py, _reflected: bool) -> Option<Result<Py>> {
        None
    }

    /// `-self`; none if Python would raise `TypeError`.
    fn negate(&self) -> Option<Result<Py>> {
        None
    }

    /// `+self`; none if Python would raise `TypeError`.
    fn plus(&self) -> Option<Result<Py>> {
        None
    }

    /// `abs(self)`; none if Python would raise `TypeError`.
    fn abs(&self) -> Option<Result<Py>> {
        None
    }

    /// The tuple it is, if its type is derived from `tuple`. Then it has the operators, items
    /// and methods of one; its `repr` and further attributes remain its own.
    fn as_tuple(&self) -> Option<&Tuple> {
        None
    }

    /// The text or number it is, if its type is derived from one. Then it has the operators of
    /// one; its `str`, its `repr` and its attributes remain its own.
    fn as_plain(&self) -> Option<&Py> {
        None
    }

    /// Its items as a plain list or mapping, if its type is derived from one.
    fn contents(&self) -> Option<Result<Py>> {
        None
    }

    /// What a call of it is given in front of its arguments by a template: Jinja2's `context`,
    /// `eval_context` or `environment`.
    fn passed_first(&self) -> Option<&str> {
        None
    }

    /// Itself, to be recognised.
    fn as_any(&self) -> &dyn Any;
}
