//! The word in a template that a fault is about.
//!
//! A program points at the operation that failed. That may be long, and hold many names: the
//! template is parsed once more to find the one that is meant.

use kiln_python::Fault;
use kiln_syntax::{Options, Span};

use crate::lower::walk::{self, Visitor};

/// Where in `at` the word of the fault stands; none if that cannot be told.
pub(super) fn find(
    text: &str,
    is_expression: bool,
    options: &Options,
    at: Span,
    fault: &Fault,
) -> Option<Span> {
    let mut search = Search { word: fault.word()?, at, loads: Vec::new(), mentions: Vec::new() };
    look_through(text, is_expression, options, &mut search)?;
    if fault.is_about_variable() {
        return search.loads.first().copied();
    }
    match search.mentions[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// Visits a template or an expression.
pub(super) fn look_through(
    text: &str,
    is_expression: bool,
    options: &Options,
    visitor: &mut impl Visitor,
) -> Option<()> {
    if is_expression {
        walk::expr(&kiln_syntax::parse_expression(text, options).ok()?, visitor);
    } else {
        walk::stmts(&kiln_syntax::parse(text, options).ok()?.body, visitor);
    }
    Some(())
}

struct Search<'a> {
    word: &'a str,
    at: Span,
    /// Where it is the name of a variable.
    loads: Vec<Span>,
    /// Where it is something else: an attribute, a filter, a string.
    mentions: Vec<Span>,
}

impl Search<'_> {
    fn is_inside(&self, span: Span) -> bool {
        self.at.start <= span.start && span.end <= self.at.end
    }
}

impl Visitor for Search<'_> {
    fn load(&mut self, name: &str, span: Span) {
        if name == self.word && self.is_inside(span) {
            self.loads.push(span);
        }
    }

    fn mention(&mut self, text: &str, span: Span) {
        // Filters take paths such as `labels.zone`.
        let says = text == self.word || text.split('.').any(|part| part == self.word);
        if says && self.is_inside(span) {
            self.mentions.push(span);
        }
    }
}
