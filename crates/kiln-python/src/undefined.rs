//! Jinja2's undefined values: named, and in four modes.

use std::sync::Arc;

use crate::{Fault, FaultKind};

/// What may be done with an undefined value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UndefinedMode {
    /// Printed as nothing, gone through as empty, false; anything else is an error.
    #[default]
    Default,
    /// As the default, and its attributes and items are itself.
    Chainable,
    /// As the default, but printed as what it is.
    Debug,
    /// Whatever is done with it is an error.
    Strict,
}

/// An undefined value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undefined {
    /// What may be done with it.
    pub mode: UndefinedMode,
    /// What it is instead of a name.
    pub origin: Origin,
}

/// Why a value is undefined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// There is no variable of this name.
    Name(Arc<str>),
    /// A value of type `of` (as `object_type_repr` says it: `None`, `dict object`) has no
    /// attribute or element. `key` is its `repr`; `name` is the key, if that is text.
    Member {
        /// The type of the value.
        of: Arc<str>,
        /// The key, as Python's `repr` shows it.
        key: Arc<str>,
        /// The key, if it is text.
        name: Option<Arc<str>>,
    },
    /// Something else, in words.
    Hint(Arc<str>),
}

impl Undefined {
    /// The undefined value of a variable.
    pub fn name(mode: UndefinedMode, name: impl Into<Arc<str>>) -> Undefined {
        Undefined { mode, origin: Origin::Name(name.into()) }
    }

    /// What using it raises.
    pub fn fault(&self) -> Fault {
        let fault = |message: String| Fault::new(FaultKind::UndefinedError, message).coded("undefined");
        match &self.origin {
            Origin::Name(name) => fault(format!("`{name}` is not defined")).about(&**name),
            Origin::Member { of, name: Some(name), .. } => {
                fault(format!("a value of type `{of}` has no attribute `{name}`"))
            }
            Origin::Member { of, .. } => fault(format!("a value of type `{of}` has no such element")),
            Origin::Hint(hint) => fault(hint.to_string()),
        }
    }

    /// Its `str`.
    ///
    /// # Errors
    /// In the strict mode.
    pub fn str(&self) -> Result<String, Fault> {
        let text = match (self.mode, &self.origin) {
            (UndefinedMode::Strict, _) => return Err(self.fault()),
            (UndefinedMode::Debug, Origin::Name(name)) => format!("{{{{ {name} }}}}"),
            (UndefinedMode::Debug, Origin::Member { of, key, .. }) => {
                format!("{{{{ no such element: {of}[{key}] }}}}")
            }
            (UndefinedMode::Debug, Origin::Hint(hint)) => {
                format!("{{{{ undefined value printed: {hint} }}}}")
            }
            _ => String::new(),
        };
        Ok(text)
    }

    /// The name of its Python type.
    pub fn type_name(&self) -> &'static str {
        match self.mode {
            UndefinedMode::Default => "Undefined",
            UndefinedMode::Chainable => "ChainableUndefined",
            UndefinedMode::Debug => "DebugUndefined",
            UndefinedMode::Strict => "StrictUndefined",
        }
    }
}
