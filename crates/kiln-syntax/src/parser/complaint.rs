//! What is wrong with a template, for people.

use super::tag::{belongs_to, missing_extension, usable};
use super::{MAX_HEIGHT, MAX_NESTING, Parser};
use crate::lexer::{Kind, Op};
use crate::{Expr, ExprKind, Ident, ParseError, Span};

impl Parser<'_, '_> {
    fn here(&self, message: impl Into<String>) -> ParseError {
        ParseError::new(self.current.span, message)
    }

    /// What the present token is, in words.
    fn found(&self) -> String {
        let pair = |end: &str| format!("`{end}`");
        match &self.current.kind {
            Kind::Name(name) => format!("`{name}`"),
            Kind::Op(op) => format!("`{op}`"),
            Kind::Str(_) => "a string".to_owned(),
            Kind::Int(_) | Kind::BigInt(_) | Kind::Float(_) => "a number".to_owned(),
            Kind::Data(_) => "text".to_owned(),
            Kind::BlockBegin | Kind::VariableBegin => "a tag".to_owned(),
            Kind::BlockEnd => pair(&self.lexer.options().block.end),
            Kind::VariableEnd => pair(&self.lexer.options().variable.end),
            Kind::Eof => "the end of the template".to_owned(),
        }
    }

    /// Something else than `expected` stands here.
    pub(super) fn unexpected(&self, expected: &str) -> ParseError {
        if self.current.kind == Kind::Eof {
            return self.ends_in_tag();
        }
        self.here(format!("expected {expected}, found {}", self.found()))
    }

    fn ends_in_tag(&self) -> ParseError {
        let error = self.here("the template ends within a tag");
        match self.lexer.open_tag() {
            Some((opened, end)) => {
                let bracket = self.lexer.open_bracket().and_then(|(op, _)| op.closed_by());
                let end = bracket.map_or(end, |bracket| bracket.text());
                error.help(format!("close it with `{end}`")).related(opened, "the tag that is open")
            }
            None => error,
        }
    }

    /// The tag should end here.
    pub(super) fn unended_tag(&self) -> ParseError {
        let end = self.lexer.open_tag().map_or("", |(_, end)| end);
        let error = self.unexpected(&format!("`{end}`"));
        if self.current.kind == Kind::Op(Op::Assign) {
            return error.help("`==` compares; `set` assigns");
        }
        error
    }

    pub(super) fn too_deep(&self) -> ParseError {
        self.here(format!("this is nested deeper than {MAX_NESTING} levels"))
            .help("move a part into a macro or a variable")
    }

    pub(super) fn too_tall(&self, span: Span) -> ParseError {
        ParseError::new(span, format!("this expression chains more than {MAX_HEIGHT} operations"))
            .help("give a part of it a name with `set`")
    }

    pub(super) fn unknown_tag(&self, name: &str, start: u32) -> ParseError {
        let _ = start;
        let extensions = self.lexer.options().extensions;
        if let Some(extension) = missing_extension(name, extensions) {
            return self
                .here(format!("the statement `{name}` needs an extension"))
                .help(format!("add `{extension}` to the extensions in use"));
        }
        if let Some(owner) = belongs_to(name) {
            let error = self.here(format!("`{name}` belongs to no `{owner}`"));
            return match self.open.last() {
                Some(open) => error
                    .help(format!("`{}` is open; `{}` closes it", open.name, open.ends.join("` or `")))
                    .related(open.span, "what is open"),
                None => error.help("nothing is open here"),
            };
        }
        let ends = self.open.last().map_or(&[][..], |open| open.ends);
        let known = usable(extensions).chain(ends.iter().copied());
        let error = self.here(format!("there is no statement `{name}`"));
        match kiln_model::nearest(name, known) {
            Some(nearest) => error.help(format!("did you mean `{nearest}`?")),
            None => error,
        }
    }

    pub(super) fn unclosed(&self) -> ParseError {
        let Some(open) = self.open.last() else {
            return self.here("the template ends too early");
        };
        self.here(format!("`{}` is never closed", open.name))
            .help(format!("close it with `{}`", open.ends.last().copied().unwrap_or_default()))
            .related(open.span, "opened here")
    }

    pub(super) fn chained_tests(&self) -> ParseError {
        self.here("a test cannot follow a test").help("join them with `and`")
    }

    pub(super) fn slice_among_items(&self, start: u32) -> ParseError {
        ParseError::new(Span { start, end: self.end }, "a slice cannot stand among other items")
    }

    pub(super) fn unclosed_call(&self, open: Span) -> ParseError {
        let error = self.unexpected("`,` or `)`");
        if error.related.is_some() { error } else { error.related(open, "the call begins here") }
    }

    pub(super) fn misplaced_argument(&self, span: Span, rule: &str) -> ParseError {
        ParseError::new(span, "this argument stands in the wrong place").help(rule)
    }

    pub(super) fn given_twice(&self, name: &Ident, first: &Ident) -> ParseError {
        ParseError::new(name.span, format!("`{}` is given twice", name.name))
            .related(first.span, "given here first")
    }

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
    }

    pub(super) fn loop_is_taken(&self, span: Span) -> ParseError {
        ParseError::new(span, "`loop` cannot be assigned to within a loop").help("choose another name")
    }

    pub(super) fn constant_as_name(&self, name: &Ident) -> ParseError {
        ParseError::new(name.span, format!("`{}` is a constant and cannot be a name", name.name))
    }

    pub(super) fn outside_loop(&self, name: &str) -> ParseError {
        let span = self.open.last().map_or(self.current.span, |open| open.span);
        ParseError::new(span, format!("`{name}` stands outside a loop"))
    }

    pub(super) fn needs_default(&self, name: &Ident) -> ParseError {
        ParseError::new(name.span, format!("the parameter `{}` needs a default", name.name))
            .help("every parameter after one with a default has one too")
    }

    pub(super) fn not_a_call(&self, span: Span) -> ParseError {
        ParseError::new(span, "`call` takes a call").help("write `call name(…)`")
    }

    pub(super) fn caller_given(&self, span: Span) -> ParseError {
        ParseError::new(span, "`call` gives the argument `caller` itself")
    }

    pub(super) fn block_twice(&self, name: &str, span: Span, first: Span) -> ParseError {
        ParseError::new(span, format!("the block `{name}` is defined twice"))
            .related(first, "defined here first")
    }

    pub(super) fn hyphen_in_block_name(&self, name: Span) -> ParseError {
        ParseError::new(
            Span { start: name.start, end: self.current.span.end },
            "the name of a block holds no hyphen",
        )
        .help("write an underscore")
    }

    pub(super) fn required_block_with(&self, span: Span) -> ParseError {
        ParseError::new(span, "a required block holds nothing but white space and comments")
    }

    pub(super) fn extends_below_top(&self) -> ParseError {
        let span = self.open.last().map_or(self.current.span, |open| open.span);
        ParseError::new(span, "`extends` stands at the top level of a template only")
    }

    pub(super) fn private_import(&self, name: &Ident) -> ParseError {
        ParseError::new(name.span, "names that begin with an underscore cannot be imported")
    }

    pub(super) fn variable_twice(&self, name: &Ident, first: Span) -> ParseError {
        ParseError::new(name.span, format!("the variable `{}` is given twice", name.name))
            .related(first, "given here first")
    }

    pub(super) fn unknown_counter(&self, name: &str, span: Span) -> ParseError {
        ParseError::new(span, format!("`trans` has no variable `{name}`"))
    }

    pub(super) fn nothing_counts(&self, span: Span) -> ParseError {
        ParseError::new(span, "`pluralize` needs a variable that counts")
    }

    pub(super) fn expression_in_message(&self) -> ParseError {
        self.unexpected("the end of the tag")
            .help("a message takes names only; give an expression a name in `trans`")
    }

    pub(super) fn statement_in_message(&self) -> ParseError {
        self.here("a message holds no statements")
    }
}
