//! Why a text is not a template.

use crate::Span;

/// Why a text is not a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The offending text.
    pub span: Span,
    /// What is wrong, lower-case, without a full stop; words of the template in backticks.
    pub message: String,
    /// What was expected, or how to mend it.
    pub help: Option<String>,
    /// Another place that belongs to it, such as the tag that was opened, and what it is.
    pub related: Option<(Span, String)>,
}

/// An error on its way up: boxed, so that the many results of the parser stay small.
pub(crate) type Error = Box<ParseError>;

impl ParseError {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Error {
        Box::new(ParseError { span, message: message.into(), help: None, related: None })
    }

    pub(crate) fn help(mut self: Box<Self>, help: impl Into<String>) -> Error {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn related(mut self: Box<Self>, span: Span, what: impl Into<String>) -> Error {
        self.related = Some((span, what.into()));
        self
    }
}
