//! What is wrong with a template, for people.

use super::tag::{elsewhere, missing_extension, owners, usable};
use super::{LastKind, MAX_HEIGHT, Parser};
use crate::error::Error;
use crate::lexer::{Kind, Op};
use crate::{Const, Expr, ExprKind, Ident, ParseError, Span};

/// What is wrong with tokens.
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

    fn here(&self, message: impl Into<String>) -> Error {
        ParseError::new(self.current.span, message)
    }

    /// Something else than `expected` stands here.
    pub(super) fn unexpected(&self, expected: &str) -> Error {
        if self.current.kind == Kind::Eof {
            return self.ends_in_tag(expected);
        }
        let error = self.here(format!("expected {expected}, found {}", self.found()));
        if self.last_kind == LastKind::StringOfLines {
            let help = "close the string on its line, if this quote was meant to open another";
            return error.help(help).related(self.last, "this string goes over several lines");
        }
        if self.last_kind == LastKind::Number && self.last.end == self.current.span.start {
            return error.help(match self.current.kind {
                Kind::Name(_) => "a name begins with a letter or an underscore",
                _ => "a whole number has no zeros in front; `0o` begins an octal one",
            });
        }
        error
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
    pub(super) fn unended_tag(&self, end: &Kind<'_>) -> Error {
        let Some((tag, close)) = self.lexer.last_tag() else {
            return self.unexpected("the end of the tag");
        };
        let error = self.unexpected(&close);
        if error.help.is_some() {
            return error;
        }
        match self.current.kind {
            Kind::Op(Op::Assign) => error.help("`==` compares; `set` assigns"),
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
    pub(super) fn unclosed_bracket(&self, expected: &str, open: Span) -> Error {
        let error = self.unexpected(expected);
        if error.related.is_some() { error } else { error.related(open, "opened here") }
    }

    /// What stands after the dot after `value` is no attribute.
    pub(super) fn no_attribute(&self, value: &ExprKind) -> Error {
        let error = self.unexpected("the name or the number of an attribute");
        match (value, &self.current.kind) {
            (ExprKind::Const(Const::Int(_)), Kind::VariableEnd | Kind::BlockEnd) => {
                error.help("write a zero after the dot")
            }
            (_, Kind::Str(_)) => error.help("an item whose name is a string stands in `[` and `]`"),
            _ => error,
        }
    }

    pub(super) fn no_filter(&self) -> Error {
        let error = self.unexpected("the name of a filter");
        if self.at(Op::Pipe) { error.help("write `or`") } else { error }
    }

    pub(super) fn too_deep(&self, what: &str) -> Error {
        self.here(format!("this {what} is nested too deeply"))
            .help("a hundred levels are too many; give a part a name with `set` or `macro`")
    }

    pub(super) fn too_tall(&self, span: Span) -> Error {
        ParseError::new(span, format!("this expression chains more than {MAX_HEIGHT} operations"))
            .help("give a part of it a name with `set`; `~` joins any number of values")
    }
}

/// What is wrong with tags.
impl Parser<'_, '_> {
    /// A tag that begins no statement and may not stand here.
    pub(super) fn unknown_tag(&self, name: &str) -> Error {
        let extensions = self.lexer.options().extensions;
        if let Some(extension) = missing_extension(name, extensions) {
            return self
                .here(format!("`{name}` is the tag of an extension that is not in use"))
                .help(format!("the extension `{extension}` brings it"));
        }
        if !owners(name).is_empty() {
            return self.misplaced_tag(name);
        }
        let options = self.lexer.options();
        let error = self.here(format!("there is no statement `{name}`"));
        match (name, self.open.last()) {
            ("raw", _) => self
                .here("`raw` stands alone in its tag")
                .help(format!("write `{} raw {}`", options.block.start, options.block.end)),
            ("comment", _) => error.help(format!(
                "comments stand between `{}` and `{}`",
                options.comment.start, options.comment.end
            )),
            ("end", Some(open)) => error
                .help(format!("`{}` closes `{}`", open.closed_by(), open.name))
                .related(open.span, "opened here"),
            (_, open) => {
                let ends = open.map_or(&[][..], |open| open.ends);
                let known = usable(extensions).chain(ends.iter().copied());
                let nearest = kiln_model::nearest(name, known).map(|nearest| format!("`{nearest}`"));
                match elsewhere(name).map(str::to_owned).or(nearest) {
                    Some(word) => error.help(format!("did you mean {word}?")),
                    None => error,
                }
            }
        }
    }

    /// A tag that ends or divides a statement, outside of that statement.
    fn misplaced_tag(&self, name: &str) -> Error {
        let tags = owners(name);
        let owners = alternatives(tags);
        let Some(open) = self.open.last() else {
            return self
                .here(format!("`{name}` without {owners}"))
                .help("remove it, or open what it belongs to");
        };
        let closing = format!("`{}` closes `{}`", open.closed_by(), open.name);
        let outer = self.open.iter().rev().find(|outer| outer.ends.contains(&name));
        let error = match outer {
            Some(outer) => {
                self.here(format!("`{name}` belongs to `{}`, but `{}` is open", outer.name, open.name))
            }
            None if tags.contains(&open.name) => self.here(format!("`{name}` after `else`")),
            None => self.here(format!("`{name}` without {owners}")),
        };
        error.help(closing).related(open.span, format!("`{}` is opened here", open.name))
    }

    /// The template ends within a statement.
    pub(super) fn unclosed(&self) -> Error {
        let Some(open) = self.open.last() else {
            return self.here("the template ends too early");
        };
        self.here(format!("the template ends within `{}`", open.name))
            .help(format!("close it with `{}`", open.closed_by()))
            .related(open.span, "opened here")
    }

    /// The place of the tag that is being read.
    fn tag(&self) -> Span {
        self.open.last().map_or(self.current.span, |open| open.span)
    }

    pub(super) fn outside_loop(&self, name: &str) -> Error {
        ParseError::new(self.tag(), format!("`{name}` outside of a loop"))
            .help("a macro, call or block begins anew: no loop around it can be left")
    }

    pub(super) fn extends_below_top(&self) -> Error {
        ParseError::new(self.tag(), "`extends` within another statement")
            .help("it stands at the top level of a template, or within `if` there")
    }
}

/// What is wrong with expressions.
impl Parser<'_, '_> {
    pub(super) fn chained_tests(&self) -> Error {
        self.here("a test after a test").help("join the tests with `and`")
    }

    /// `a[1:2, 3]`, whose slice begins at `start`: Python refuses what Jinja2 makes of it.
    pub(super) fn slice_among_items(&self, start: u32) -> Error {
        ParseError::new(Span { start, end: self.last.end }, "a slice among several items")
            .help("a slice stands alone in its brackets")
    }

    pub(super) fn misplaced_argument(&self, span: Span, rule: &str) -> Error {
        ParseError::new(span, "an argument in the wrong place").help(rule)
    }

    pub(super) fn given_twice(&self, name: &Ident, first: Span) -> Error {
        ParseError::new(name.span, format!("`{}` is given twice", name.name))
            .related(first, "given here first")
    }
}

/// What is wrong with names and targets.
impl Parser<'_, '_> {
    pub(super) fn nothing_assigned(&self) -> Error {
        self.unexpected("`=`").help("`set` assigns to names and to attributes of namespaces")
    }

    pub(super) fn no_parameters(&self) -> Error {
        self.unexpected("`(`").help("parentheses hold the parameters, or nothing")
    }

    pub(super) fn not_assignable(&self, target: &Expr) -> Error {
        let what = match &target.kind {
            ExprKind::Const(_) => "a constant",
            ExprKind::Attr(..) => "an attribute",
            ExprKind::Item(..) | ExprKind::Slice(_) => "an item",
            ExprKind::Call(..) => "a call",
            ExprKind::List(_) => "a list",
            ExprKind::Dict(_) => "a dict",
            _ => "an expression",
        };
        ParseError::new(target.span, format!("{what} cannot be assigned to"))
            .help("assign to names, with commas between them")
    }

    pub(super) fn loop_is_taken(&self, span: Span) -> Error {
        ParseError::new(span, "`loop` cannot be assigned to within a loop").help("choose another name")
    }

    pub(super) fn constant_as_name(&self, name: &Ident) -> Error {
        ParseError::new(name.span, format!("`{}` is a constant", name.name)).help("choose another name")
    }

    pub(super) fn needs_default(&self, name: &Ident) -> Error {
        ParseError::new(name.span, format!("the parameter `{}` has no default", name.name))
            .help("parameters without a default come first")
    }

    pub(super) fn not_a_call(&self, span: Span) -> Error {
        ParseError::new(span, "`call` without a call")
            .help("write the name of a macro and its arguments in parentheses")
    }

    pub(super) fn caller_given(&self, span: Span) -> Error {
        ParseError::new(span, "`caller` is given twice").help("`call` gives this argument itself")
    }

    pub(super) fn block_twice(&self, name: &str, span: Span, first: Span) -> Error {
        ParseError::new(span, format!("the block `{name}` is defined twice"))
            .help("`self.name()` prints a block again")
            .related(first, "defined here first")
    }

    pub(super) fn hyphen_in_block_name(&self, name: Span) -> Error {
        let span = Span { start: name.start, end: self.current.span.end };
        ParseError::new(span, "a hyphen in the name of a block").help("write an underscore")
    }

    /// The name after `endblock` is not that of the block.
    pub(super) fn end_of_another_block(&self, name: &str, opened: Span) -> Error {
        self.here("the name of another block")
            .help(format!("the block that ends here is called `{name}`"))
            .related(opened, "its name")
    }

    pub(super) fn required_block_with(&self, span: Span) -> Error {
        ParseError::new(span, "a required block that holds something")
            .help("it may hold white space and comments; what it prints comes from a child")
    }

    pub(super) fn private_import(&self, name: &Ident) -> Error {
        ParseError::new(name.span, format!("`{}` cannot be imported", name.name))
            .help("names that begin with an underscore stay in their template")
    }
}

/// What is wrong with messages to translate.
impl Parser<'_, '_> {
    pub(super) fn unknown_counter(&self, name: &str, span: Span) -> Error {
        ParseError::new(span, format!("`trans` has no variable `{name}`"))
            .help(format!("write `trans {name}=…`"))
            .related(self.tag(), "opened here")
    }

    pub(super) fn nothing_counts(&self, span: Span) -> Error {
        ParseError::new(span, "`pluralize` without a variable that counts")
            .help("write `trans count=…`")
            .related(self.tag(), "opened here")
    }

    pub(super) fn expression_in_message(&self) -> Error {
        self.unexpected("the end of the tag")
            .help("messages print names alone; write `trans name=…` for other values")
    }

    pub(super) fn statement_in_message(&self) -> Error {
        let message = match self.current.kind {
            Kind::Name("pluralize") => "a second `pluralize`",
            _ => "a statement within a message",
        };
        self.here(message).help("close the message with `endtrans` first").related(self.tag(), "opened here")
    }
}

/// Words of a template, each in backticks.
fn alternatives(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
}
