//! Failures in kiln's own words: the one place where the engine's errors are taken apart.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt;
use std::ops::Range;

use kiln_model::{Diagnostic, Diagnostics, SourceId, Sources, Span, nearest};
use minijinja::{Error, ErrorKind};

/// The failure to use a value whose error has been reported.
const PASSED_OVER: &str = "passed-over";

/// Where a failure is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a template that was added with a source.
    Template(Span),
    /// At these bytes of the expression or text that was evaluated.
    Expression(Range<usize>),
    /// Nobody knows.
    Unknown,
}

/// Why a template or expression could not be compiled or run.
#[derive(Clone, Debug)]
pub struct Failure {
    name: String,
    message: String,
    help: Option<String>,
    place: Place,
    notes: Vec<String>,
}

impl Failure {
    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Reports the failure with the code `stage.NAME`. `whole` is the place of the
    /// expression, for a failure that is not in a template.
    ///
    /// A failure because a value is wrong that has been reported is passed over.
    pub fn report(&self, stage: &str, whole: Span, sources: &Sources, sink: &mut Diagnostics) {
        if self.name != PASSED_OVER {
            sink.error(self.diagnostic(stage, whole, sources.slice(whole)));
        }
    }

    /// The finding, with the code `stage.NAME`. `whole` is the place of the expression,
    /// for a failure that is not in a template; `text` is what the source says there.
    pub fn diagnostic(&self, stage: &str, whole: Span, text: &str) -> Diagnostic {
        let span = match &self.place {
            Place::Template(span) => *span,
            Place::Expression(range) => inside(whole, text, range),
            Place::Unknown => whole,
        };
        let mut diagnostic =
            Diagnostic::error(format!("{stage}.{}", self.name), &self.message).label(span, "");
        diagnostic.help.clone_from(&self.help);
        diagnostic.notes.clone_from(&self.notes);
        diagnostic
    }

    pub(crate) fn delimiters() -> Failure {
        Failure::new("bad-delimiters", "the delimiters cannot be told apart")
            .help("give blocks, variables and comments start delimiters that differ")
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

    /// Takes an error apart. `sources` maps template names; `names` are the names in scope.
    /// Where a secret was used, a failure is `discreet`: values may be made of it.
    pub(crate) fn from_engine(
        error: &Error,
        sources: &BTreeMap<String, SourceId>,
        names: &[&str],
        discreet: bool,
    ) -> Failure {
        let chain = chain(error);
        let innermost = chain.last().copied().unwrap_or(error);
        let (mut failure, within) = describe(innermost, names, discreet);
        failure.place = narrow(place(innermost, sources), within);
        for outer in chain.iter().rev().skip(1) {
            if let (Some(name), Some(line)) = (outer.name(), outer.line())
                && sources.contains_key(name)
            {
                failure.notes.push(format!("reached from line {line} of `{name}`"));
            }
        }
        failure
    }

    fn new(name: &str, message: impl Into<String>) -> Failure {
        Failure {
            name: name.to_owned(),
            message: message.into(),
            help: None,
            place: Place::Unknown,
            notes: Vec::new(),
        }
    }

    fn help(mut self, text: impl Into<String>) -> Failure {
        self.help = Some(text.into());
        self
    }
}

/// The error and the engine errors it was caused by, outermost first.
fn chain(error: &Error) -> Vec<&Error> {
    let mut chain = vec![error];
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(inner) = cause.downcast_ref::<Error>() {
            chain.push(inner);
        }
        source = cause.source();
    }
    chain
}

fn place(error: &Error, sources: &BTreeMap<String, SourceId>) -> Place {
    match (error.name().and_then(|name| sources.get(name)), error.range(), error.line()) {
        (Some(source), Some(range), _) => Place::Template(Span::new(*source, range.start, range.end)),
        (Some(source), None, Some(line)) => Place::Template(line_span(*source, error, line)),
        (None, Some(range), _) => Place::Expression(range),
        _ => Place::Unknown,
    }
}

/// The whole line, where the engine knows no more.
fn line_span(source: SourceId, error: &Error, line: usize) -> Span {
    let text = error.template_source().unwrap_or("");
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text[start..].find('\n').unwrap_or(text.len() - start);
    Span::new(source, start, start + length)
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

/// The failure, and the bytes of the offending text that it is about if not all.
fn describe(error: &Error, names: &[&str], discreet: bool) -> (Failure, Option<Range<usize>>) {
    let text = offending_text(error);
    if error.kind() == ErrorKind::UndefinedError {
        return undefined(text, names);
    }
    (describe_operation(error, text, discreet), None)
}

fn describe_operation(error: &Error, text: &str, discreet: bool) -> Failure {
    if let Some(complaint) = error.source().and_then(|source| source.downcast_ref::<Complaint>()) {
        let message = complaint.plain.as_ref().filter(|_| discreet).unwrap_or(&complaint.message);
        return Failure::new(complaint.name, message).help(&complaint.help);
    }
    let unknown = |kind: &str, text: &str| {
        Failure::new(&format!("unknown-{kind}"), format!("there is no such {kind}{}", shown(text)))
    };
    match error.kind() {
        ErrorKind::SyntaxError => syntax(error),
        ErrorKind::UnknownFilter => unknown("filter", text),
        ErrorKind::UnknownTest => unknown("test", text),
        ErrorKind::UnknownFunction => unknown("function", text),
        ErrorKind::UnknownMethod => unknown("method", text),
        ErrorKind::TemplateNotFound => {
            Failure::new("template-not-found", format!("there is no such template{}", shown(text)))
                .help("templates are named by their path below `templates/`, macros by `macros/…`")
        }
        ErrorKind::TooManyArguments | ErrorKind::MissingArgument => {
            Failure::new("wrong-arguments", format!("this call has the wrong arguments{}", shown(text)))
        }
        ErrorKind::OutOfFuel => Failure::new("too-much-work", "this takes too many steps to come to an end")
            .help("loop over less"),
        ErrorKind::CannotUnpack => {
            Failure::new("cannot-unpack", "the value does not have that many parts to unpack")
        }
        _ => Failure::new("bad-operation", format!("this cannot be done with these values{}", shown(text)))
            .help("check the types of the values; text is joined with `~`"),
    }
}

/// What the template says where it failed; source text, never a value.
fn offending_text(error: &Error) -> &str {
    let text = error.template_source().zip(error.range()).and_then(|(source, range)| source.get(range));
    text.unwrap_or("")
}

fn shown(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.contains('\n') || text.len() > 60 {
        String::new()
    } else {
        format!(": `{text}`")
    }
}

fn undefined(text: &str, names: &[&str]) -> (Failure, Option<Range<usize>>) {
    let strangers: Vec<Range<usize>> =
        free_names(text).into_iter().filter(|range| !names.contains(&&text[range.clone()])).collect();
    if let [range] = strangers.as_slice() {
        let name = &text[range.clone()];
        let failure = Failure::new("undefined", format!("`{name}` is not defined"));
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "names are the keys of the data files, the derived keys, `versions` and `secrets`".into(),
        };
        // With an attribute behind it, it may be that attribute that is missing.
        let whole = text.trim() == name || !text[range.end..].starts_with(['.', '[']);
        if whole {
            return (failure.help(help), Some(range.clone()));
        }
    }
    let failure = Failure::new("undefined", format!("something here is not defined{}", shown(text)))
        .help("a mapping has no such key, or a name is not set");
    (failure, None)
}

/// The names that an expression takes from its scope, by a look at its text: words that
/// are not in quotes, not attributes, not filters, tests or functions, not keywords.
fn free_names(text: &str) -> Vec<Range<usize>> {
    const KEYWORDS: [&str; 13] =
        ["and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"];
    let mut found = Vec::new();
    let (mut at, mut quote, mut before) = (0, None, "");
    while let Some(char) = text[at..].chars().next() {
        let word =
            text[at..].find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(text.len() - at);
        if quote.is_some() || matches!(char, '\'' | '"') {
            quote = if quote == Some(char) { None } else { quote.or(Some(char)) };
            at += char.len_utf8();
        } else if word > 0 {
            let (name, called) = (&text[at..at + word], text[at + word..].starts_with('('));
            let skipped = called || char.is_numeric() || KEYWORDS.contains(&name);
            if !skipped && !matches!(before, "." | "|" | "is") {
                found.push(at..at + word);
            }
            before = name;
            at += word;
        } else {
            if !char.is_whitespace() {
                before = &text[at..at + char.len_utf8()];
            }
            at += char.len_utf8();
        }
    }
    found
}

fn narrow(place: Place, within: Option<Range<usize>>) -> Place {
    let Some(within) = within else { return place };
    match place {
        Place::Template(span) => {
            let start = span.start as usize;
            Place::Template(Span::new(span.source, start + within.start, start + within.end))
        }
        Place::Expression(range) => Place::Expression(range.start + within.start..range.start + within.end),
        Place::Unknown => Place::Unknown,
    }
}

/// Of the engine's message only what it expected is kept: that names tokens, never values.
fn syntax(error: &Error) -> Failure {
    let detail = error.detail().unwrap_or("");
    let message = if detail.contains("end of input") {
        "the template ends in the middle of a block or expression".to_owned()
    } else {
        format!("this is not template syntax{}", shown(offending_text(error)))
    };
    let failure = Failure::new("template-syntax", message);
    match detail.split_once(", expected ").map(|(_, expected)| expected) {
        Some(expected) if !expected.is_empty() => failure.help(format!("expected {expected}")),
        _ => failure,
    }
}

/// A failure that one of kiln's own functions raises; it travels through the engine as the
/// source of an error.
#[derive(Debug)]
struct Complaint {
    name: &'static str,
    message: String,
    plain: Option<String>,
    help: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Complaint {}

/// An engine error that carries our own words through the engine. They contain no value.
pub(crate) fn complain(name: &'static str, message: &str, help: &str) -> Error {
    complaint(Complaint { name, message: message.to_owned(), plain: None, help: help.to_owned() })
}

/// As [`complain`], with values in `message` and none in `plain`, which is said instead where
/// a secret was used.
pub(crate) fn complain_of(name: &'static str, message: &str, plain: &str, help: &str) -> Error {
    let plain = Some(plain.to_owned());
    complaint(Complaint { name, message: message.to_owned(), plain, help: help.to_owned() })
}

fn complaint(complaint: Complaint) -> Error {
    Error::new(ErrorKind::InvalidOperation, complaint.name).with_source(complaint)
}
