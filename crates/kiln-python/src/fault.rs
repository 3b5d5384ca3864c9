//! What Python would raise.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// The class of an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are Python's and Jinja2's own names")]
pub enum FaultKind {
    TypeError,
    ValueError,
    KeyError,
    IndexError,
    AttributeError,
    ZeroDivisionError,
    OverflowError,
    RuntimeError,
    RecursionError,
    LookupError,
    UnicodeError,
    UndefinedError,
    FilterArgumentError,
    TemplateRuntimeError,
    TemplateNotFound,
    /// A bound of the [`crate::meter`] was reached.
    Exhausted,
    /// The value itself was reported as wrong before; nobody is told again.
    PassedOver,
    /// Something of kiln's own with a code of its own; see [`Fault::code`].
    Own,
}

/// An operation that failed. Its words name types, methods and parameters, and names that the
/// template itself wrote, never a value.
#[derive(Clone, Debug)]
pub struct Fault(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: FaultKind,
    message: String,
    discreet: Option<String>,
    help: Option<String>,
    code: Option<&'static str>,
    name: Option<String>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// What an operation gives.
pub type Result<T, E = Fault> = std::result::Result<T, E>;

impl Fault {
    /// A fault of a class; `message` is lower-case and without a full stop.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Fault {
        Fault(Box::new(Inner {
            kind,
            message: message.into(),
            discreet: None,
            help: None,
            code: None,
            name: None,
            cause: None,
        }))
    }

    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Fault {
        Fault::new(FaultKind::TypeError, message)
    }

    /// A `ValueError`.
    pub fn value_error(message: impl Into<String>) -> Fault {
        Fault::new(FaultKind::ValueError, message)
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Fault {
        self.0.help = Some(text.into());
        self
    }

    /// What to say instead where values may be made of secrets: the message may name values then.
    #[must_use]
    pub fn or_discreetly(mut self, message: impl Into<String>) -> Fault {
        self.0.discreet = Some(message.into());
        self
    }

    /// Gives it a diagnostic code of its own, such as `none-printed`.
    #[must_use]
    pub fn coded(mut self, code: &'static str) -> Fault {
        self.0.code = Some(code);
        self
    }

    /// The undefined name that it is about.
    #[must_use]
    pub fn about(mut self, name: impl Into<String>) -> Fault {
        self.0.name = Some(name.into());
        self
    }

    /// Remembers what it came through: the error of another engine that carries it.
    #[must_use]
    pub fn through(mut self, cause: Arc<dyn Error + Send + Sync>) -> Fault {
        self.0.cause = Some(cause);
        self
    }

    /// What it came through.
    pub fn cause(&self) -> Option<&Arc<dyn Error + Send + Sync>> {
        self.0.cause.as_ref()
    }

    /// Its class.
    pub fn kind(&self) -> FaultKind {
        self.0.kind
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What is wrong, where values may be made of secrets.
    pub fn discreet_message(&self) -> &str {
        self.0.discreet.as_deref().unwrap_or(&self.0.message)
    }

    /// How to mend it.
    pub fn help_text(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// Its diagnostic code, if it has one of its own.
    pub fn code(&self) -> Option<&'static str> {
        self.0.code
    }

    /// The undefined name that it is about.
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for Fault {}
