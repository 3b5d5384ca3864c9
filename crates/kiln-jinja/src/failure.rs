//! Failures in kiln's own words: the one place where faults find their place in the source.

use std::ops::Range;

use kiln_model::{Diagnostic, Diagnostics, SourceId, Sources, Span, nearest};
use kiln_python::{Fault, FaultKind};
use kiln_syntax::ParseError;

use crate::lower::Problem;
use crate::lower::program::{FUNCTION_MARK, Function};
use crate::runtime::bridge::Raised;
use crate::shared::{BadTemplate, Shared, UNNAMED};

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
    fn new(template: &str, bytes: Range<usize>) -> At {
        At { template: template.to_owned(), bytes, source: None }
    }

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
    /// What belongs to it, in the same text.
    related: Option<(Range<usize>, String)>,
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
        if let (Some((bytes, text)), Place::Template(at)) = (&self.0.related, &self.0.place)
            && let Some(span) = (At { bytes: bytes.clone(), ..at.clone() }).span()
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
        diagnostic.help.clone_from(&self.0.help);
        diagnostic
    }

    /// The failure, with the sources of the templates that it names.
    #[must_use]
    pub fn located(mut self, source: &dyn Fn(&str) -> Option<SourceId>) -> Failure {
        if let Place::Template(at) = &mut self.0.place {
            at.source = source(&at.template);
        }
        for at in &mut self.0.calls {
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

    pub(crate) fn not_a_boolean(found: &str) -> Failure {
        Failure::new("not-a-boolean", format!("a condition must give a boolean, and this gives {found}"))
            .help("compare the value, as in `… is not none` or `… == 'x'`")
    }

    pub(crate) fn not_a_list(found: &str) -> Failure {
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

    /// What running a template raised. `names` are those in scope. Where a secret was used, a
    /// failure is `discreet`: values may be made of it.
    pub(crate) fn of(fault: &Fault, shared: &Shared, names: &[String], discreet: bool) -> Failure {
        Failure::found(fault, None, shared, names, discreet)
    }

    /// What evaluating an expression raised.
    pub(crate) fn of_expression(
        fault: &Fault,
        expression: &Function,
        shared: &Shared,
        names: &[String],
        discreet: bool,
    ) -> Failure {
        Failure::found(fault, Some(expression), shared, names, discreet)
    }

    fn found(
        fault: &Fault,
        expression: Option<&Function>,
        shared: &Shared,
        names: &[String],
        discreet: bool,
    ) -> Failure {
        let mut way = Vec::new();
        let mut innermost = fault;
        while let Some(cause) = innermost.cause() {
            if let Some(bad) = cause.downcast_ref::<BadTemplate>() {
                return Failure::of_bad_template(bad, calls(way));
            }
            let Some(error) = cause.downcast_ref::<minijinja::Error>() else { break };
            let raised = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Raised>());
            // The innermost place is that of the name, if the failure is about one.
            let name = raised.filter(|raised| raised.0.cause().is_none()).and_then(|raised| raised.0.name());
            way.push(place(error, name, expression, shared));
            match raised {
                Some(raised) => innermost = &raised.0,
                None => break,
            }
        }
        let mut failure = describe(innermost, shared, names, discreet);
        failure.0.place = way.pop().unwrap_or(Place::Unknown);
        failure.0.calls = calls(way);
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
        failure.0.related = problem.related.as_ref().map(|(span, text)| (bytes(*span), text.clone()));
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

/// The places that called, innermost first.
fn calls(way: Vec<Place>) -> Vec<At> {
    let template = |place| match place {
        Place::Template(at) => Some(at),
        _ => None,
    };
    way.into_iter().rev().filter_map(template).collect()
}

/// A place in a template, or in a text that has no name.
fn place_in(template: &str, bytes: Range<usize>) -> Place {
    if template.starts_with(UNNAMED) {
        Place::Expression(bytes)
    } else {
        Place::Template(At::new(template, bytes))
    }
}

/// Where one of the engine's errors comes from.
fn place(
    error: &minijinja::Error,
    name: Option<&str>,
    expression: Option<&Function>,
    shared: &Shared,
) -> Place {
    let Some(range) = error.range() else { return Place::Unknown };
    let function = error.name().and_then(|name| name.rsplit_once(FUNCTION_MARK));
    if let Some((template, number)) = function {
        let unit = shared.unit(template).ok().flatten();
        let number: Option<usize> = number.parse().ok();
        let function = unit.as_ref().zip(number).and_then(|(unit, number)| unit.functions.get(number));
        let span = function.and_then(|function| find(function, &range, name));
        return span.map_or(Place::Unknown, |span| place_in(template, bytes(span)));
    }
    let span = expression.and_then(|function| find(function, &range, name));
    span.map_or(Place::Unknown, |span| Place::Expression(bytes(span)))
}

/// Where a piece of a program comes from: the name in it that the failure is about, if any.
fn find(function: &Function, range: &Range<usize>, name: Option<&str>) -> Option<kiln_syntax::Span> {
    let of_name = name.and_then(|name| function.map.find_name(range, &function.source, name));
    of_name.or_else(|| function.map.find(range))
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

fn describe(fault: &Fault, shared: &Shared, names: &[String], discreet: bool) -> Failure {
    let code = fault.code().unwrap_or(match fault.kind() {
        FaultKind::UndefinedError => "undefined",
        FaultKind::TemplateNotFound => "template-not-found",
        FaultKind::Exhausted => "too-much-work",
        FaultKind::PassedOver => PASSED_OVER,
        FaultKind::RecursionError => "too-deep",
        _ => "bad-operation",
    });
    let message = if discreet { fault.discreet_message() } else { fault.message() };
    let mut failure = Failure::new(code, message);
    failure.0.help = fault.help_text().map(str::to_owned).or_else(|| help(fault, code, shared, names));
    failure
}

fn help(fault: &Fault, code: &str, shared: &Shared, names: &[String]) -> Option<String> {
    let did_you_mean = |near: &str| format!("did you mean `{near}`?");
    match code {
        "undefined" => {
            let Some(name) = fault.name() else {
                return Some("a mapping has no such key, or a name is not set".to_owned());
            };
            let globals = shared.globals();
            let known = names.iter().map(String::as_str).chain(globals.keys().map(|name| &**name));
            Some(nearest(name, known).map_or_else(
                || "names are the keys of the data, and what the template sets before".to_owned(),
                did_you_mean,
            ))
        }
        "template-not-found" => {
            let templates = shared.template_names();
            let near = nearest(fault.name()?, templates.iter().map(|name| &**name));
            Some(near.map_or_else(
                || "templates are named by their path below the folder of templates".to_owned(),
                did_you_mean,
            ))
        }
        "bad-operation" => Some("check the types of the values; text is joined with `~`".to_owned()),
        _ => None,
    }
}
