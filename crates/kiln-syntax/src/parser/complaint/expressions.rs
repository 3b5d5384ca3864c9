//! What is wrong within an expression.

use crate::error::Error;
use crate::parser::Parser;
use crate::{Ident, ParseError, Span};

impl Parser<'_, '_> {
    pub(in crate::parser) fn chained_tests(&self) -> Error {
        self.here("a test after a test").help("join the tests with `and`")
    }

    /// `a[1:2, 3]`, whose slice begins at `start`: Python refuses what Jinja2 makes of it.
    pub(in crate::parser) fn slice_among_items(&self, start: u32) -> Error {
        ParseError::new(Span { start, end: self.last.end }, "a slice among several items")
            .help("a slice stands alone in its brackets")
    }

    pub(in crate::parser) fn misplaced_argument(&self, span: Span, rule: &str) -> Error {
        ParseError::new(span, "an argument in the wrong place").help(rule)
    }

    pub(in crate::parser) fn given_twice(&self, name: &Ident, first: Span) -> Error {
        ParseError::new(name.span, format!("`{}` is given twice", name.name))
            .help("remove one of the two")
            .related(first, "given here first")
    }
}
