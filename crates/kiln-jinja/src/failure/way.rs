//! The way that a fault took through templates.

use std::ops::Range;
use std::sync::Arc;

use kiln_python::Fault;

use super::{Around, At, Place, blame, bytes};
use crate::lower::program::{FUNCTION_MARK, Function};
use crate::runtime::bridge::Raised;
use crate::shared::{BadTemplate, Shared, UNNAMED};

/// An expression that stands alone: its text, and what it was lowered to.
#[derive(Clone, Copy)]
pub(crate) struct Evaluated<'a> {
    pub(crate) text: &'a str,
    pub(crate) function: &'a Function,
}

/// The way that a fault took.
pub(super) struct Way<'a> {
    shared: &'a Shared,
    /// The fault as it was raised.
    pub(super) innermost: &'a Fault,
    /// What it ended in, if that is a template that does not compile.
    pub(super) bad_template: Option<&'a BadTemplate>,
    /// The places that it went through, outermost first.
    steps: Vec<Step>,
}

/// A place on the way.
struct Step {
    /// The name of the template; none for an expression.
    template: Option<Box<str>>,
    /// The template or expression in which it is.
    text: Arc<str>,
    is_expression: bool,
    span: kiln_syntax::Span,
}

impl Step {
    /// A place in the same text.
    fn place_of(&self, span: kiln_syntax::Span) -> Place {
        match &self.template {
            Some(template) => place_in(template, bytes(span)),
            None => Place::Expression(bytes(span)),
        }
    }
}

/// A word in the text of a step.
pub(super) struct Word {
    step: usize,
    span: kiln_syntax::Span,
}

impl<'a> Way<'a> {
    /// The way of a fault.
    pub(super) fn of(fault: &'a Fault, around: &Around<'a>) -> Way<'a> {
        let mut way = Way { shared: around.shared, innermost: fault, bad_template: None, steps: Vec::new() };
        while let Some(cause) = way.innermost.cause() {
            way.bad_template = cause.downcast_ref::<BadTemplate>();
            let Some(error) = cause.downcast_ref::<minijinja::Error>() else { break };
            way.steps.extend(step(error, around));
            match std::error::Error::source(error).and_then(|source| source.downcast_ref::<Raised>()) {
                Some(raised) => way.innermost = &raised.0,
                None => break,
            }
        }
        way
    }

    /// Whether a text on the way says this word.
    pub(super) fn says(&self, word: &str) -> bool {
        self.steps.iter().any(|step| step.text.contains(word))
    }

    /// The innermost text on the way, and whether it is an expression.
    pub(super) fn text(&self) -> Option<(&str, bool)> {
        self.steps.last().map(|step| (&*step.text, step.is_expression))
    }

    /// Where the word that a fault is about stands: where it was raised, else in one of the
    /// places that called, else somewhere in the innermost template.
    pub(super) fn word(&self, fault: &Fault) -> Option<Word> {
        let options = &self.shared.settings.syntax;
        let found = |at: usize, within: kiln_syntax::Span| {
            let step = &self.steps[at];
            let span = blame::find(&step.text, step.is_expression, options, within, fault)?;
            Some(Word { step: at, span })
        };
        let last = self.steps.len().checked_sub(1)?;
        let calls = (0..=last).rev().find_map(|at| found(at, self.steps[at].span));
        calls.or_else(|| found(last, kiln_syntax::Span { start: 0, end: u32::MAX }))
    }

    /// The innermost place, narrowed down to the word that the fault is about.
    pub(super) fn place(&self, word: Option<&Word>) -> Place {
        let Some(step) = self.steps.last() else { return Place::Unknown };
        let word = word.filter(|word| self.is_where_it_was_raised(word));
        step.place_of(word.map_or(step.span, |word| word.span))
    }

    /// Where the word stands, if it came from there to where it was raised.
    pub(super) fn origin(&self, word: Option<&Word>) -> Option<At> {
        let word = word.filter(|word| !self.is_where_it_was_raised(word))?;
        match self.steps[word.step].place_of(word.span) {
            Place::Template(at) => Some(at),
            _ => None,
        }
    }

    fn is_where_it_was_raised(&self, word: &Word) -> bool {
        let Some(step) = self.steps.last() else { return false };
        word.step + 1 == self.steps.len()
            && step.span.start <= word.span.start
            && word.span.end <= step.span.end
    }

    /// The places that called, innermost first; that of a template that does not compile is not
    /// among the steps.
    pub(super) fn calls(&self) -> Vec<At> {
        let inner = usize::from(self.bad_template.is_none());
        let templates =
            self.steps.iter().rev().skip(inner).filter_map(|step| match step.place_of(step.span) {
                Place::Template(at) => Some(at),
                _ => None,
            });
        templates.collect()
    }
}

/// Where one of the engine's errors comes from, if that is known.
fn step(error: &minijinja::Error, around: &Around<'_>) -> Option<Step> {
    let range = error.range()?;
    let Some((template, number)) = error.name().and_then(|name| name.rsplit_once(FUNCTION_MARK)) else {
        let Evaluated { text, function } = around.expression?;
        let span = function.map.find(&range)?;
        return Some(Step { template: None, text: text.into(), is_expression: true, span });
    };
    let unit = around.shared.unit(template).ok().flatten()?;
    let span = unit.functions.get(number.parse::<usize>().ok()?)?.map.find(&range)?;
    let text = around.shared.text(template)?;
    Some(Step { template: Some(template.into()), text, is_expression: false, span })
}

/// A place in a template, or in a text that has no name.
pub(super) fn place_in(template: &str, bytes: Range<usize>) -> Place {
    if template.starts_with(UNNAMED) {
        return Place::Expression(bytes);
    }
    Place::Template(At { template: template.to_owned(), bytes, source: None })
}
