//! Failures in kiln's own words, with a place in the source.

mod blame;

mod help;

mod way;

use std::ops::Range;

use kiln_model::{Diagnostic, Diagnostics, Node, SourceId, Sources, Span, Value};
use kiln_python::{Fault, FaultKind};
use kiln_syntax::ParseError;

pub(crate) use help::UNKNOWN;
pub(crate) use way::Evaluated;

use crate::lower::Problem;
use crate::shared::{BadTemplate, Shared};
use way::{Way, place_in};

/// The failure to use a value whose error has been reported.
const PASSED_OVER: &str = "passed-over";

/// Bytes of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The name of the template.
    pub template: String,
    /// The bytes.
    pub bytes: Range<usize>,
    /// The source that the template was added with, if any.
    pub source: Option<SourceId>,
}

impl At {
    fn span(&self) -> Option<Span> {
        self.source.map(|source| Span::new(source, self.bytes.start, self.bytes.end))
    }
}

/// Where a failure is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a template.
    Template(At),
    /// At these bytes of the expression or text that was evaluated.
    Expression(Range<usize>),
    /// Nobody knows.
    Unknown,
}

/// What is known where something was raised.
pub(crate) struct Around<'a> {
    pub(crate) shared: &'a Shared,
    /// The expression that was evaluated, if it was no template.
    pub(crate) expression: Option<Evaluated<'a>>,
    /// The names in scope.
    pub(crate) names: &'a [String],
    /// Whether a secret was used, so that values may be made of it.
    pub(crate) discreet: bool,
}

/// Why a template or expression could not be compiled or run.
#[derive(Clone, Debug)]
pub struct Failure(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    name: String,
    message: String,
    help: Option<String>,
    place: Place,
    /// Where it was called from, innermost first.
    calls: Vec<At>,
    /// Where it happened, in words.
    note: Option<String>,
    /// What belongs to it.
    related: Option<(At, String)>,
    /// The other things that are wrong with the same template.
    others: Vec<Failure>,
}

impl Failure {
    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// What is wrong, in words.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it was called from, innermost first: includes, imports, blocks, macros.
    pub fn calls(&self) -> &[At] {
        &self.0.calls
    }

    /// Whether the failure or a call that led to it is in a template.
    pub fn names_template(&self, name: &str) -> bool {
        let is_here = |place: &Place| matches!(place, Place::Template(at) if at.template == name);
        is_here(&self.0.place)
            || self.0.calls.iter().any(|at| at.template == name)
            || self.0.others.iter().any(|other| other.names_template(name))
    }

    /// Reports the failure with the code `stage.NAME`. `whole` is the place of the expression, for
    /// a failure that is not in a template.
    ///
    /// A failure because a value is wrong that has been reported is passed over.
    pub fn report(&self, stage: &str, whole: Span, sources: &Sources, sink: &mut Diagnostics) {
        if self.0.name == PASSED_OVER {
            return;
        }
        sink.error(self.diagnostic(stage, whole, sources.slice(whole)));
        for other in &self.0.others {
            other.report(stage, whole, sources, sink);
        }
    }

    /// The finding, with the code `stage.NAME`. `whole` is the place of the expression, for a
    /// failure that is not in a template; `text` is what the source says there.
    pub fn diagnostic(&self, stage: &str, whole: Span, text: &str) -> Diagnostic {
        let span = match &self.0.place {
            Place::Template(at) => at.span().unwrap_or(whole),
            Place::Expression(range) => inside(whole, text, range),
            Place::Unknown => whole,
        };
        let mut diagnostic =
            Diagnostic::error(format!("{stage}.{}", self.0.name), &self.0.message).label(span, "");
        if let Some((at, text)) = &self.0.related
            && let Some(span) = at.span()
        {
            diagnostic = diagnostic.label(span, text);
        }
        let mut shown = vec![span];
        for span in self.0.calls.iter().filter_map(At::span) {
            // What calls itself is shown once.
            if !shown.contains(&span) {
                shown.push(span);
                diagnostic = diagnostic.label(span, "reached from here");
            }
        }
        diagnostic.notes.extend(self.0.note.clone());
        diagnostic.help.clone_from(&self.0.help);
        diagnostic
    }

    /// Whether it is in a template for which this holds.
    pub(crate) fn is_in(&self, holds: impl FnOnce(&str) -> bool) -> bool {
        matches!(&self.0.place, Place::Template(at) if holds(&at.template))
    }

    /// The failure, with the sources of the templates that it names.
    #[must_use]
    pub fn located(mut self, source: &dyn Fn(&str) -> Option<SourceId>) -> Failure {
        if let Place::Template(at) = &mut self.0.place {
            at.source = source(&at.template);
        }
        for at in self.0.calls.iter_mut().chain(self.0.related.iter_mut().map(|(at, _)| at)) {
            at.source = source(&at.template);
        }
        self.0.others = self.0.others.drain(..).map(|other| other.located(source)).collect();
        self
    }

    pub(crate) fn delimiters() -> Failure {
        Failure::new("bad-delimiters", "the delimiters cannot be told apart")
            .help("give blocks, variables and comments start delimiters that differ")
    }

    /// An expression that gives something that is no value of kiln's.
    pub(crate) fn of_value(fault: &Fault, expression: &str) -> Failure {
        let mut failure = Failure::new(fault.code().unwrap_or("not-data"), fault.message());
        failure.0.help = fault.help_text().map(str::to_owned);
        failure.0.place = Place::Expression(0..expression.len());
        failure
    }

    pub(crate) fn passed_over() -> Failure {
        Failure::new(PASSED_OVER, "a value that is wrong was used")
    }

    /// What a condition gave, if that is a boolean.
    pub(crate) fn boolean(value: Value) -> Result<bool, Failure> {
        match value {
            Value::Bool(holds) => Ok(holds),
            Value::Invalid => Err(Failure::passed_over()),
            other => Err(Failure::not_a_boolean(other.type_name())),
        }
    }

    fn not_a_boolean(found: &str) -> Failure {
        Failure::new("not-a-boolean", format!("a condition must give a boolean, and this gives {found}"))
            .help("compare the value, as in `… is not none` or `… == 'x'`")
    }

    /// What a list gave, if that is one.
    pub(crate) fn list(value: Value) -> Result<Vec<Node>, Failure> {
        match value {
            Value::List(items) => Ok(items),
            Value::Invalid => Err(Failure::passed_over()),
            other => Err(Failure::not_a_list(other.type_name())),
        }
    }

    fn not_a_list(found: &str) -> Failure {
        Failure::new("not-a-list", format!("`each` must give a list, and this gives {found}"))
            .help("name a list, such as a key that holds one")
    }

    pub(crate) fn panic() -> Failure {
        Failure::new("engine-panic", "the template engine gave up on this").help("please report it")
    }

    pub(crate) fn no_template(name: &str) -> Failure {
        Failure::new("template-not-found", format!("there is no such template: `{name}`"))
    }

    /// A problem of an expression.
    pub(crate) fn problem(problem: &Problem) -> Failure {
        Failure::of_problem(problem, Place::Expression(bytes(problem.span)))
    }

    /// What running a template or evaluating an expression raised.
    pub(crate) fn of(fault: &Fault, around: &Around<'_>) -> Failure {
        let way = Way::of(fault, around);
        if let Some(bad) = way.bad_template {
            return Failure::of_bad_template(bad, way.calls());
        }
        let fault = way.innermost;
        let code = fault.code().unwrap_or(match fault.kind() {
            FaultKind::UndefinedError => "undefined",
            FaultKind::TemplateNotFound => "template-not-found",
            FaultKind::Exhausted => "too-much-work",
            FaultKind::PassedOver => PASSED_OVER,
            FaultKind::RecursionError => "too-deep",
            _ => "bad-operation",
        });
        // What no template says came from a value.
        let is_in_template = fault.word().is_none_or(|word| fault.is_about_variable() || way.says(word));
        let elsewhere = fault.word().filter(|_| !is_in_template);
        let expressions = elsewhere.map(|word| around.shared.expressions_with(word)).unwrap_or_default();
        let is_said = is_in_template || !expressions.is_empty();
        let is_open = if fault.word().is_some() { is_said } else { !around.discreet };
        let mut failure =
            Failure::new(code, if is_open { fault.message() } else { fault.discreet_message() });
        failure.0.help =
            help::help(fault, is_said, &way, around).or_else(|| fault.help_text().map(str::to_owned));
        let named = |text: &String| format!("it comes from the expression `{text}`");
        let note = fault.note_text().map(str::to_owned);
        failure.0.note = note.or_else(|| expressions.first().filter(|_| expressions.len() == 1).map(named));
        let word = way.word(fault);
        failure.0.place = way.place(word.as_ref());
        failure.0.related = way.origin(word.as_ref()).map(|at| (at, "it comes from here".to_owned()));
        failure.0.calls = way.calls();
        failure
    }

    fn of_bad_template(bad: &BadTemplate, calls: Vec<At>) -> Failure {
        let of = |problem: &Problem| Failure::of_problem(problem, place_in(&bad.name, bytes(problem.span)));
        let mut failures = bad.problems.iter().map(of);
        let mut first = failures.next().unwrap_or_else(Failure::passed_over);
        first.0.others = failures.collect();
        first.0.calls = calls;
        first
    }

    fn of_problem(problem: &Problem, place: Place) -> Failure {
        let mut failure = Failure::new(problem.name, &problem.message);
        if let (Some((span, text)), Place::Template(at)) = (&problem.related, &place) {
            failure.0.related = Some((At { bytes: bytes(*span), ..at.clone() }, text.clone()));
        }
        failure.0.help.clone_from(&problem.help);
        failure.0.place = place;
        failure
    }

    fn new(name: &str, message: impl Into<String>) -> Failure {
        Failure(Box::new(Inner {
            name: name.to_owned(),
            message: message.into(),
            help: None,
            place: Place::Unknown,
            calls: Vec::new(),
            note: None,
            related: None,
            others: Vec::new(),
        }))
    }

    fn help(mut self, text: impl Into<String>) -> Failure {
        self.0.help = Some(text.into());
        self
    }
}

impl From<ParseError> for Problem {
    fn from(error: ParseError) -> Problem {
        Problem {
            name: "template-syntax",
            span: error.span,
            message: error.message,
            help: error.help,
            related: error.related,
        }
    }
}

fn bytes(span: kiln_syntax::Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn inside(whole: Span, text: &str, range: &Range<usize>) -> Span {
    // A plain scalar is the expression itself; a quoted one starts one byte later.
    let quote = usize::from(text.starts_with(['"', '\'']));
    let (start, end) = (whole.start as usize + quote + range.start, whole.start as usize + quote + range.end);
    if end <= whole.end as usize && !text.contains('\n') {
        Span::new(whole.source, start, end)
    } else {
        whole
    }
}
