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
    word: Option<Word>,
    known: Vec<String>,
    note: Option<String>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// What a fault is about.
#[derive(Clone, Debug)]
struct Word {
    text: String,
    is_variable: bool,
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
            word: None,
            known: Vec::new(),
            note: None,
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

    /// What to say instead where the message may not be shown: because its word is none of a
    /// template's, see [`Fault::about`], or, if it has no word and names a value, because
    /// values may be made of secrets.
    #[must_use]
    pub fn or_discreetly(mut self, message: impl Into<String>) -> Fault {
        self.0.discreet = Some(message.into());
        self
    }

    /// Gives it another class.
    #[must_use]
    pub fn of_kind(mut self, kind: FaultKind) -> Fault {
        self.0.kind = kind;
        self
    }

    /// Gives it a diagnostic code of its own, such as `none-printed`.
    #[must_use]
    pub fn coded(mut self, code: &'static str) -> Fault {
        self.0.code = Some(code);
        self
    }

    /// The word of a template that it is about: an attribute, a parameter, the name of a filter.
    /// A word that no template says came from a value.
    #[must_use]
    pub fn about(mut self, word: impl Into<String>) -> Fault {
        self.0.word = Some(Word { text: word.into(), is_variable: false });
        self
    }

    /// Shows its word, if this text says it.
    #[must_use]
    pub fn said_in(mut self, text: &str) -> Fault {
        if self.word().is_some_and(|word| text.contains(word)) {
            self.0.discreet = None;
        }
        self
    }

    /// The name of a variable that it is about.
    #[must_use]
    pub fn about_variable(mut self, name: impl Into<String>) -> Fault {
        self.0.word = Some(Word { text: name.into(), is_variable: true });
        self
    }

    /// Words that there are, one of which may be meant.
    #[must_use]
    pub fn among<T: Into<String>>(mut self, known: impl IntoIterator<Item = T>) -> Fault {
        self.0.known = known.into_iter().map(Into::into).collect();
        self
    }

    /// Says where it happened, in words.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Fault {
        self.0.note = Some(text.into());
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

    /// What is wrong, where the message may not be shown.
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

    /// The word of a template that it is about.
    pub fn word(&self) -> Option<&str> {
        self.0.word.as_ref().map(|word| &*word.text)
    }

    /// Whether its word is the name of a variable.
    pub fn is_about_variable(&self) -> bool {
        self.0.word.as_ref().is_some_and(|word| word.is_variable)
    }

    /// Words that there are, one of which may be meant.
    pub fn known(&self) -> &[String] {
        &self.0.known
    }

    /// Where it happened, in words.
    pub fn note_text(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for Fault {}
