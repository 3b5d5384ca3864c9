//! What is wrong with a template, for people.

use super::tag::{elsewhere, missing_extension, owners, usable};
use super::{MAX_HEIGHT, MAX_NESTING, Parser};
use crate::lexer::{Kind, Op};
use crate::{Expr, ExprKind, Ident, ParseError, Span};

/// Words of a template, each in backticks.
fn alternatives(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
}

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

    fn here(&self, message: impl Into<String>) -> ParseError {
        ParseError::new(self.current.span, message)
    }

    /// Something else than `expected` stands here.
    pub(super) fn unexpected(&self, expected: &str) -> ParseError {
        let Kind::Eof = self.current.kind else {
            return self.here(format!("expected {expected}, found {}", self.found()));
        };
        let error = self.here(format!("expected {expected}, but the template ends"));
        match self.lexer.open_tag() {
            Some((tag, end)) => {
                let bracket = self.lexer.open_bracket().and_then(|(open, _)| Some((open, open.closed_by()?)));
                let help = match bracket {
                    Some((open, close)) => format!("close `{open}` with `{close}`, then the tag with {end}"),
                    None => format!("close the tag with {end}"),
                };
                error.help(help).related(tag, "the tag is opened here")
            }
            None => error,
        }
    }

    /// The tag should end here.
    pub(super) fn unended_tag(&self) -> ParseError {
        let end = self.lexer.open_tag().map_or_else(String::new, |(_, end)| end);
        let error = self.unexpected(&format!("an operator or {end}"));
        match self.current.kind {
            Kind::Op(Op::Assign) => error.help("`==` compares; `set` assigns"),
            Kind::Name("if") if self.open.last().is_some_and(|open| open.ends == ["endif"]) => {
                error.help("write `elif`")
            }
            Kind::Name(_) | Kind::Str(_) | Kind::Int(_) | Kind::BigInt(_) | Kind::Float(_) => {
                error.help("`~` joins values to text")
            }
            _ => error,
        }
    }

    pub(super) fn no_filter(&self) -> ParseError {
        let error = self.unexpected("the name of a filter");
        if self.at(Op::Pipe) { error.help("write `or`") } else { error }
    }

    pub(super) fn too_deep(&self) -> ParseError {
        self.here(format!("this is nested more than {MAX_NESTING} levels deep"))
            .help("give a part of it a name with `set` or `macro`")
    }

    pub(super) fn too_tall(&self, span: Span) -> ParseError {
        ParseError::new(span, format!("this expression chains more than {MAX_HEIGHT} operations"))
            .help("give a part of it a name with `set`; `~` joins any number of values")
    }
}

/// What is wrong with tags.
impl Parser<'_, '_> {
    /// A tag that begins no statement and may not stand here.
    pub(super) fn unknown_tag(&self, name: &str) -> ParseError {
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
    fn misplaced_tag(&self, name: &str) -> ParseError {
        let owners = alternatives(owners(name));
        let Some(open) = self.open.last() else {
            return self
                .here(format!("`{name}` without {owners}"))
                .help("remove it, or open what it belongs to");
        };
        let closing = format!("`{}` closes `{}`", open.closed_by(), open.name);
        let error = match self.open.iter().rev().find(|outer| outer.ends.contains(&name)) {
            Some(outer) => self.here(format!("`{name}` of `{}` within `{}`", outer.name, open.name)),
            None => self.here(format!("`{name}` without {owners}")),
        };
        error.help(closing).related(open.span, format!("`{}` is opened here", open.name))
    }

    /// The template ends within a statement.
    pub(super) fn unclosed(&self) -> ParseError {
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

    pub(super) fn outside_loop(&self, name: &str) -> ParseError {
        ParseError::new(self.tag(), format!("`{name}` outside of a loop"))
            .help("a macro, call or block begins anew: no loop around it can be left")
    }

    pub(super) fn extends_below_top(&self) -> ParseError {
        ParseError::new(self.tag(), "`extends` within another statement")
            .help("it stands at the top level of a template, or within `if` there")
    }
}

/// What is wrong with expressions.
impl Parser<'_, '_> {
    pub(super) fn chained_tests(&self) -> ParseError {
        self.here("a test after a test").help("join the tests with `and`")
    }

    /// `a[1:2, 3]`, whose slice begins at `start`: Python refuses what Jinja2 makes of it.
    pub(super) fn slice_among_items(&self, start: u32) -> ParseError {
        ParseError::new(Span { start, end: self.end }, "a slice among several items")
            .help("a slice stands alone in its brackets")
    }

    /// An argument is followed by something else than a comma.
    pub(super) fn unclosed_call(&self, open: Span) -> ParseError {
        let error = self.unexpected("`,` or `)`");
        if error.related.is_some() { error } else { error.related(open, "the arguments begin here") }
    }

    pub(super) fn misplaced_argument(&self, span: Span, rule: &str) -> ParseError {
        ParseError::new(span, "an argument in the wrong place").help(rule)
    }

    pub(super) fn given_twice(&self, name: &Ident, first: Span) -> ParseError {
        ParseError::new(name.span, format!("`{}` is given twice", name.name))
            .related(first, "given here first")
    }
}

/// What is wrong with names and targets.
impl Parser<'_, '_> {
    pub(super) fn not_assignable(&self, target: &Expr) -> ParseError {
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

    pub(super) fn loop_is_taken(&self, span: Span) -> ParseError {
        ParseError::new(span, "`loop` cannot be assigned to within a loop").help("choose another name")
    }

    pub(super) fn constant_as_name(&self, name: &Ident) -> ParseError {
        ParseError::new(name.span, format!("`{}` is a constant", name.name)).help("choose another name")
    }

    pub(super) fn needs_default(&self, name: &Ident) -> ParseError {
        ParseError::new(name.span, format!("the parameter `{}` has no default", name.name))
            .help("parameters without a default come first")
    }

    pub(super) fn not_a_call(&self, span: Span) -> ParseError {
        ParseError::new(span, "`call` without a call")
            .help("write the name of a macro and its arguments in parentheses")
    }

    pub(super) fn caller_given(&self, span: Span) -> ParseError {
        ParseError::new(span, "`caller` is given twice").help("`call` gives this argument itself")
    }

    pub(super) fn block_twice(&self, name: &str, span: Span, first: Span) -> ParseError {
        ParseError::new(span, format!("the block `{name}` is defined twice"))
            .help("`self.name()` prints a block again")
            .related(first, "defined here first")
    }

    pub(super) fn hyphen_in_block_name(&self, name: Span) -> ParseError {
        let span = Span { start: name.start, end: self.current.span.end };
        ParseError::new(span, "a hyphen in the name of a block").help("write an underscore")
    }

    pub(super) fn required_block_with(&self, span: Span) -> ParseError {
        ParseError::new(span, "a required block that holds something")
            .help("it may hold white space and comments; what it prints comes from a child")
    }

    pub(super) fn private_import(&self, name: &Ident) -> ParseError {
        ParseError::new(name.span, format!("`{}` cannot be imported", name.name))
            .help("names that begin with an underscore stay in their template")
    }
}

/// What is wrong with messages to translate.
impl Parser<'_, '_> {
    pub(super) fn unknown_counter(&self, name: &str, span: Span) -> ParseError {
        ParseError::new(span, format!("`trans` has no variable `{name}`"))
            .help(format!("write `trans {name}=…`"))
            .related(self.tag(), "opened here")
    }

    pub(super) fn nothing_counts(&self, span: Span) -> ParseError {
        ParseError::new(span, "`pluralize` without a variable that counts")
            .help("write `trans count=…`")
            .related(self.tag(), "opened here")
    }

    pub(super) fn expression_in_message(&self) -> ParseError {
        self.unexpected("the end of the tag")
            .help("messages print names alone; write `trans name=…` for other values")
    }

    pub(super) fn statement_in_message(&self) -> ParseError {
        let message = match self.current.kind {
            Kind::Name("pluralize") => "a second `pluralize`",
            _ => "a statement within a message",
        };
        self.here(message).help("close the message with `endtrans` first").related(self.tag(), "opened here")
    }
}
