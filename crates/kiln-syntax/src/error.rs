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

impl ParseError {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> ParseError {
        ParseError { span, message: message.into(), help: None, related: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> ParseError {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn related(mut self, span: Span, what: impl Into<String>) -> ParseError {
        self.related = Some((span, what.into()));
        self
    }
}
