//! What is wrong with what a statement names or takes.

use crate::error::Error;
use crate::lexer::{Kind, Op};
use crate::parser::Parser;
use crate::{Expr, ExprKind, Ident, ParseError, Span};

impl Parser<'_, '_> {
    pub(in crate::parser) fn nothing_assigned(&self) -> Error {
        let error = self.unexpected("`=`");
        match self.at(Op::Sub) {
            true => error.help("a name has no hyphen; write an underscore"),
            false => error.help("`set` assigns to names and to attributes of namespaces"),
        }
    }

    /// A loop says not what it goes through.
    pub(in crate::parser) fn nothing_to_go_through(&self) -> Error {
        let error = self.unexpected("`in`");
        match self.at(Op::Dot) || self.at(Op::OpenBracket) {
            true => error.help("a loop sets names, and no attributes or items of theirs"),
            false => error.help("write `for name in list`"),
        }
    }

    pub(in crate::parser) fn no_name_for_import(&self) -> Error {
        self.unexpected("`as`").help("give it a name: `import … as name`")
    }

    pub(in crate::parser) fn nothing_imported(&self) -> Error {
        self.unexpected("`import`").help("write `from … import name`")
    }

    pub(in crate::parser) fn no_parameters(&self) -> Error {
        self.unexpected("`(`").help("parentheses hold the parameters, or nothing")
    }

    pub(in crate::parser) fn not_assignable(&self, target: &Expr) -> Error {
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

    pub(in crate::parser) fn loop_is_taken(&self, span: Span) -> Error {
        ParseError::new(span, "`loop` cannot be assigned to within a loop").help("choose another name")
    }

    pub(in crate::parser) fn constant_as_name(&self, name: &Ident) -> Error {
        ParseError::new(name.span, format!("`{}` is a constant", name.name)).help("choose another name")
    }

    pub(in crate::parser) fn needs_default(&self, name: &Ident) -> Error {
        ParseError::new(name.span, format!("the parameter `{}` has no default", name.name))
            .help("parameters without a default come first")
    }

    pub(in crate::parser) fn not_a_call(&self, span: Span) -> Error {
        ParseError::new(span, "`call` without a call")
            .help("write the name of a macro and its arguments in parentheses")
    }

    pub(in crate::parser) fn caller_given(&self, span: Span) -> Error {
        ParseError::new(span, "`caller` is given twice").help("`call` gives this argument itself")
    }

    pub(in crate::parser) fn block_twice(&self, name: &str, span: Span, first: Span) -> Error {
        ParseError::new(span, format!("the block `{name}` is defined twice"))
            .help("`self.name()` prints a block again")
            .related(first, "defined here first")
    }

    pub(in crate::parser) fn hyphen_in_block_name(&self, name: Span) -> Error {
        let span = Span { start: name.start, end: self.current.span.end };
        ParseError::new(span, "a hyphen in the name of a block").help("write an underscore")
    }

    /// The name after `endblock` is not that of the block.
    pub(in crate::parser) fn end_of_another_block(&self, name: &str, opened: Span) -> Error {
        self.here(format!("the block that ends here is `{name}`"))
            .help(format!("write `endblock {name}`, or `endblock` alone"))
            .related(opened, "its name")
    }

    pub(in crate::parser) fn required_block_with(&self, span: Span) -> Error {
        ParseError::new(span, "a required block holds nothing but white space and comments")
            .help("remove `required`, or move this into the templates that extend this one")
    }

    pub(in crate::parser) fn private_import(&self, name: &Ident) -> Error {
        ParseError::new(name.span, format!("`{}` cannot be imported", name.name))
            .help("names that begin with an underscore stay in their template")
    }
}

/// What is wrong with messages to translate.
impl Parser<'_, '_> {
    pub(in crate::parser) fn unknown_counter(&self, name: &str, span: Span) -> Error {
        ParseError::new(span, format!("`trans` has no variable `{name}`"))
            .help(format!("write `trans {name}=…`"))
            .related(self.tag(), "opened here")
    }

    pub(in crate::parser) fn nothing_counts(&self, span: Span) -> Error {
        ParseError::new(span, "`pluralize` without a variable that counts")
            .help("write `trans count=…`")
            .related(self.tag(), "opened here")
    }

    pub(in crate::parser) fn expression_in_message(&self) -> Error {
        self.unexpected("the end of the tag")
            .help("messages print names alone; write `trans name=…` for other values")
    }

    pub(in crate::parser) fn statement_in_message(&self) -> Error {
        let message = match self.current.kind {
            Kind::Name("pluralize") => "a second `pluralize`",
            _ => "a statement within a message",
        };
        self.here(message).help("close the message with `endtrans` first").related(self.tag(), "opened here")
    }
}
