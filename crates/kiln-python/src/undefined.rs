//! Jinja2's undefined values: named, and in four modes.

use std::sync::Arc;

use crate::{Fault, FaultKind, missing};

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
        /// Keys or attributes of the value that look much like it.
        like: Vec<Arc<str>>,
    },
    /// Something else.
    Hint {
        /// What, in Jinja2's words.
        text: Arc<str>,
        /// How to mend it.
        help: Arc<str>,
    },
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
            Origin::Name(name) => fault(format!("`{name}` is not defined")).about_variable(&**name),
            Origin::Member { of, name, like, .. } => {
                missing::member(of, name.as_deref()).coded("undefined").among(like.iter().map(|it| &**it))
            }
            Origin::Hint { text, help } => fault(sentence(text)).help(&**help),
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
            (UndefinedMode::Debug, Origin::Hint { text, .. }) => {
                format!("{{{{ undefined value printed: {text} }}}}")
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

/// A reason of Jinja2's as kiln's messages are written.
fn sentence(hint: &str) -> String {
    let mut letters = hint.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    (first + letters.as_str()).replace('\'', "`")
}
