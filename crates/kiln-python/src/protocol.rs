//! What Python asks of every value: its type, its truth, its text, its length, a call.

use std::sync::Arc;

use crate::fault::Result;
use crate::{Args, Fault, FaultKind, Py, PyIter, UndefinedMode, attrs, iter, meter, missing, repr};

impl Py {
    /// The name of its type, as Python says it: `int`, `str`, `NoneType`.
    pub fn type_name(&self) -> &str {
        match self {
            Py::None => "NoneType",
            Py::Bool(_) => "bool",
            Py::Int(_) | Py::Big(_) => "int",
            Py::Float(_) => "float",
            Py::Str(_) | Py::Watched(_) => "str",
            Py::Markup(_) => "Markup",
            Py::Bytes(_) => "bytes",
            Py::Tuple(_) => "tuple",
            Py::List(_) => "list",
            Py::Dict(_) => "dict",
            Py::Undefined(undefined) => undefined.type_name(),
            Py::Object(object) => object.type_name(),
        }
    }

    /// The module of its type: `builtins`, `markupsafe`.
    pub fn module(&self) -> &str {
        match self {
            Py::Markup(_) => "markupsafe",
            Py::Undefined(_) => "jinja2.runtime",
            Py::Object(object) => object.module(),
            _ => "builtins",
        }
    }

    /// Its type as messages say it, Jinja2's `object_type_repr`: `None`, `dict object`,
    /// `datetime.date object`.
    pub fn type_repr(&self) -> String {
        match (self, self.module()) {
            (Py::None, _) => "None".to_owned(),
            (_, "builtins") => format!("{} object", self.type_name()),
            (_, module) => format!("{module}.{} object", self.type_name()),
        }
    }

    /// `bool(self)`.
    ///
    /// # Errors
    /// For a strict undefined value.
    pub fn truth(&self) -> Result<bool> {
        Ok(match self {
            Py::None => false,
            Py::Bool(truth) => *truth,
            Py::Int(number) => *number != 0,
            Py::Big(_) => true,
            Py::Float(number) => *number != 0.0,
            Py::Str(text) | Py::Markup(text) => !text.is_empty(),
            Py::Watched(watched) => !watched.is_empty(),
            Py::Bytes(bytes) => !bytes.is_empty(),
            Py::Tuple(items) => !items.is_empty(),
            Py::List(items) => !items.lock().is_empty(),
            Py::Dict(entries) => !entries.lock().is_empty(),
            Py::Undefined(undefined) if undefined.mode == UndefinedMode::Strict => {
                return Err(undefined.fault());
            }
            Py::Undefined(_) => false,
            Py::Object(object) => match object.as_tuple() {
                Some(items) => !items.is_empty(),
                None => return object.truth(),
            },
        })
    }

    /// `str(self)`. A watched text counts as used.
    ///
    /// # Errors
    /// For a strict undefined value, also inside containers whose `repr` raises.
    pub fn to_str(&self) -> Result<Arc<str>> {
        match self {
            Py::Str(text) | Py::Markup(text) => Ok(Arc::clone(text)),
            Py::Watched(watched) => Ok(watched.text().into()),
            Py::Undefined(undefined) => undefined.str().map(Into::into),
            Py::Object(object) => object.str().map(Into::into),
            _ => self.repr().map(Into::into),
        }
    }

    /// `repr(self)`.
    ///
    /// # Errors
    /// If it is too deep.
    pub fn repr(&self) -> Result<String> {
        let mut out = String::new();
        repr::write(self, &mut out)?;
        Ok(out)
    }

    /// `iter(self)`: live, so that changes of a list while going through it are seen. Each item
    /// is charged.
    ///
    /// # Errors
    /// `TypeError` if it cannot be gone through.
    pub fn iter(&self) -> Result<PyIter> {
        iter::iter(self)
    }

    /// `list(self)`, charged.
    ///
    /// # Errors
    /// As [`Py::iter`], and what going through it raises.
    pub fn collect(&self) -> Result<Vec<Py>> {
        if let Some(items) = self.as_tuple() {
            meter::charge(items.len())?;
            return Ok(items.to_vec());
        }
        match self {
            Py::List(items) => {
                meter::charge(items.lock().len())?;
                Ok(items.items())
            }
            _ => self.iter()?.collect(),
        }
    }

    /// `len(self)`.
    ///
    /// # Errors
    /// `TypeError` if it has none.
    #[expect(clippy::len_without_is_empty, reason = "`len` is Python's, and may raise")]
    pub fn len(&self) -> Result<usize> {
        if let Some(text) = self.as_str() {
            return Ok(if text.is_ascii() { text.len() } else { text.chars().count() });
        }
        if let Some(items) = self.as_tuple() {
            return Ok(items.len());
        }
        match self {
            Py::Bytes(bytes) => Ok(bytes.len()),
            Py::List(items) => Ok(items.lock().len()),
            Py::Dict(entries) => Ok(entries.lock().len()),
            Py::Undefined(undefined) if undefined.mode == UndefinedMode::Strict => Err(undefined.fault()),
            Py::Undefined(_) => Ok(0),
            Py::Object(object) => object.len().unwrap_or_else(|| Err(self.without_length())),
            _ => Err(self.without_length()),
        }
    }

    fn without_length(&self) -> Fault {
        Fault::type_error(format!("a value of type `{}` has no length", self.type_name()))
    }

    /// `self(*args)`.
    ///
    /// # Errors
    /// What the call raises.
    pub fn call(&self, args: Args) -> Result<Py> {
        match self {
            Py::Object(object) => object.call(args),
            Py::Undefined(undefined) => Err(undefined.fault()),
            _ => Err(not_callable(self.type_name())),
        }
    }

    /// Whether `callable(self)`: an undefined value is, though calling it fails.
    pub fn is_callable(&self) -> bool {
        match self {
            Py::Object(object) => object.is_callable(),
            Py::Undefined(_) => true,
            _ => false,
        }
    }

    /// `self.name(args)`, without making the bound method first.
    ///
    /// # Errors
    /// `AttributeError` if there is no such attribute; what the call raises.
    pub fn call_method(&self, name: &str, args: Args) -> Result<Py> {
        if let Some((_, method)) = attrs::method(self, name) {
            return method(self, args);
        }
        match self.attr(name)? {
            Some(attribute) => attribute.call(args),
            None => Err(missing::member(&self.type_repr(), Some(name))
                .among(self.names_like(name).iter().map(|it| &**it))
                .of_kind(FaultKind::AttributeError)),
        }
    }

    /// An `int` that fits into 64 bits, as parameters take it.
    pub(crate) fn to_index(&self, function: &str, name: &str) -> Result<i64> {
        match self {
            Py::Int(number) => Ok(*number),
            Py::Bool(truth) => Ok(i64::from(*truth)),
            Py::Big(_) => Err(Fault::new(
                FaultKind::OverflowError,
                format!("`{name}` of `{function}` is too large an integer"),
            )),
            _ => Err(Fault::type_error(format!(
                "`{name}` of `{function}` must be an integer, not `{}`",
                self.type_name()
            ))),
        }
    }
}

/// That a value of this type is called.
pub(crate) fn not_callable(type_name: &str) -> Fault {
    Fault::type_error(format!("a value of type `{type_name}` cannot be called"))
        .help("remove the parentheses, or name a function or macro in front of them")
}
