//! What is wrong with a template, for people: first what is wrong with a token.

mod expressions;
mod statements;
mod tags;

use super::{LastKind, MAX_HEIGHT, Parser};
use crate::error::Error;
use crate::lexer::{Kind, Op};
use crate::{Const, ExprKind, ParseError, Span};

impl Parser<'_, '_> {
    /// What the present token is, in words.
    fn found(&self) -> String {
        let options = self.lexer.options();
        match &self.current.kind {
            Kind::Name(name) => format!("`{name}`"),
            Kind::Op(op) => format!("`{op}`"),
            Kind::Str(_) => "a string".to_owned(),
            Kind::Int(_) | Kind::BigInt(_) | Kind::Float(_) => "a number".to_owned(),
            Kind::Data(_) => "text".to_owned(),
            Kind::BlockBegin | Kind::VariableBegin => "another tag".to_owned(),
            Kind::BlockEnd if self.current.span.start == self.current.span.end => {
                "the end of the line".to_owned()
            }
            Kind::BlockEnd => format!("`{}`", options.block.end),
            Kind::VariableEnd => format!("`{}`", options.variable.end),
            Kind::Eof => "the end of the template".to_owned(),
        }
    }

    pub(super) fn here(&self, message: impl Into<String>) -> Error {
        ParseError::new(self.current.span, message)
    }

    /// Something else than `expected` stands here.
    pub(in crate::parser) fn unexpected(&self, expected: &str) -> Error {
        if self.current.kind == Kind::Eof {
            return self.ends_in_tag(expected);
        }
        let error = self.here(format!("expected {expected}, found {}", self.found()));
        if self.last_kind == LastKind::StringOfLines {
            let help = "close the string on its line, if this quote was meant to open another";
            return error.help(help).related(self.last, "this string goes over several lines");
        }
        if self.last_kind == LastKind::Number && self.last.end == self.current.span.start {
            return self.no_number();
        }
        match self.value_belongs(expected) {
            Some(help) => error.help(help),
            None => error,
        }
    }

    /// A number goes on with what belongs to no number.
    fn no_number(&self) -> Error {
        let span = Span { start: self.last.start, end: self.current.span.end };
        let (written, number) = (self.lexer.written(span), self.lexer.written(self.last));
        if matches!(self.current.kind, Kind::Name(_)) {
            let error = ParseError::new(span, format!("`{written}` is neither a number nor a name"));
            return error.help("a name begins with a letter or an underscore");
        }
        let error = ParseError::new(span, format!("`{written}` is not a number"));
        match number {
            _ if number.bytes().all(|digit| digit == b'0') => {
                error.help("a whole number has no zeros in front; `0o` begins an octal one")
            }
            _ => error.help("put an operator between the two"),
        }
    }

    /// How to mend that a value is missing here.
    fn value_belongs(&self, expected: &str) -> Option<String> {
        if expected != "an expression" {
            return None;
        }
        let options = self.lexer.options();
        let last = self.lexer.written(self.last);
        let is_word = matches!(last, "and" | "or" | "not" | "in" | "is" | "if" | "elif" | "else");
        if self.at(Op::Assign) && last == "==" {
            return Some("`==` compares".to_owned());
        }
        if last.trim_end_matches(['-', '+']) == options.variable.start {
            return Some("write what is printed, or remove the tag".to_owned());
        }
        let is_operator =
            Op::at(last.as_bytes()).is_some_and(|op| op.text() == last && op.closed_by().is_none());
        (is_word || is_operator).then(|| format!("a value belongs after `{last}`"))
    }

    fn ends_in_tag(&self, expected: &str) -> Error {
        let error = self.here(format!("expected {expected}, but the template ends"));
        let Some((tag, end)) = self.lexer.last_tag() else {
            return error;
        };
        let bracket = self.lexer.open_bracket();
        let help = match bracket.and_then(|open| Some((open, open.closed_by()?))) {
            Some((open, close)) => format!("close `{open}` with `{close}`, then the tag with {end}"),
            None => format!("close the tag with {end}"),
        };
        error.help(help).related(tag, "the tag is opened here")
    }

    /// The tag should end here.
    pub(in crate::parser) fn unended_tag(&self, end: &Kind<'_>) -> Error {
        let Some((tag, close)) = self.lexer.last_tag() else {
            return self.unexpected("the end of the tag");
        };
        let error = self.unexpected(&close);
        if error.help.is_some() {
            return error;
        }
        match self.current.kind {
            Kind::Op(Op::Assign) => error.help("`==` compares; `set` assigns"),
            Kind::Op(Op::Semicolon) => error.help("remove it"),
            Kind::Name("ignore") => {
                error.help("`ignore missing` comes before `with context` and `without context`")
            }
            _ if self.open.last().is_some_and(|open| open.name == "set")
                && self.lexer.written(self.last) == ":" =>
            {
                error.help("`set` assigns with `=`")
            }
            Kind::Name("if") if self.open.last().is_some_and(|open| open.ends == ["endif"]) => {
                error.help("write `elif`")
            }
            _ if self.lexer.on_another_line(tag, self.current.span) => {
                error.help(format!("close the tag with {close}")).related(tag, "the tag is opened here")
            }
            _ if *end == Kind::VariableEnd => {
                error.help("put an operator between the two; `~` joins them to text")
            }
            _ => error,
        }
    }

    /// Something else than what `expected` says stands in the bracket that is opened at `open`.
    pub(in crate::parser) fn unclosed_bracket(&self, expected: &str, open: Span) -> Error {
        let error = self.unexpected(expected);
        if error.related.is_some() { error } else { error.related(open, "opened here") }
    }

    /// What stands after the dot after `value` is no attribute.
    pub(in crate::parser) fn no_attribute(&self, value: &ExprKind) -> Error {
        let error = self.unexpected("the name or the number of an attribute");
        match (value, &self.current.kind) {
            (ExprKind::Const(Const::Int(_)), Kind::VariableEnd | Kind::BlockEnd) => {
                error.help("write a zero after the dot")
            }
            (_, Kind::Str(_)) => error.help("an item whose name is a string stands in `[` and `]`"),
            (_, Kind::VariableEnd | Kind::BlockEnd) => {
                error.help("name one after the dot, or remove the dot")
            }
            _ => error,
        }
    }

    pub(in crate::parser) fn no_filter(&self) -> Error {
        let error = self.unexpected("the name of a filter");
        match self.at(Op::Pipe) && self.last.end == self.current.span.start {
            true => error.help("write `or`"),
            false => error.help("name one after the bar, or remove the bar"),
        }
    }

    pub(in crate::parser) fn no_test(&self) -> Error {
        self.unexpected("the name of a test").help("such as `defined` or `none`")
    }

    pub(in crate::parser) fn no_statement(&self) -> Error {
        self.unexpected("the name of a statement").help("name one, such as `if` or `set`, or remove the tag")
    }

    /// A key of the dict that is opened at `open` has no value.
    pub(in crate::parser) fn no_value_of_key(&self, open: Span) -> Error {
        self.unclosed_bracket("`:`", open).help("a key and its value stand on the two sides of a `:`")
    }

    pub(in crate::parser) fn too_deep(&self, what: &str) -> Error {
        self.here(format!("this {what} is nested too deeply"))
            .help("a hundred levels are too many; give a part a name with `set` or `macro`")
    }

    pub(in crate::parser) fn too_tall(&self, span: Span) -> Error {
        ParseError::new(span, format!("this expression chains more than {MAX_HEIGHT} operations"))
            .help("give a part of it a name with `set`; `~` joins any number of values")
    }
}
