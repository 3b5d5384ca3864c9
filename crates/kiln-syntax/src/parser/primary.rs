//! Names, literals and brackets.

use super::{Parser, Result};
use crate::lexer::{Kind, Op};
use crate::{Const, Expr, ExprKind, Ident};

/// What may stand in a tuple.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Items {
    /// Expressions.
    Expressions,
    /// Expressions that are no conditions.
    Unconditional,
    /// What may be assigned to.
    Targets {
        /// Whether attributes of namespaces are among it.
        namespaces: bool,
    },
}

impl Parser<'_, '_> {
    /// A name, a literal, or something in brackets. `namespaces` says whether `a.b` is an
    /// attribute of a namespace that is assigned to.
    pub(super) fn primary(&mut self, namespaces: bool) -> Result<Expr> {
        let kind = match &self.current.kind {
            Kind::Name(_) => return self.name(namespaces),
            Kind::Str(_) => return self.text(),
            Kind::Int(value) => Const::Int(*value),
            Kind::BigInt(digits) => Const::BigInt(digits.clone()),
            Kind::Float(value) => Const::Float(*value),
            Kind::Op(Op::OpenParen) => return self.parentheses(),
            Kind::Op(Op::OpenBracket) => return self.list(),
            Kind::Op(Op::OpenBrace) => return self.dict(),
            _ => return Err(self.unexpected("an expression")),
        };
        self.height = 1;
        let span = self.advance()?.span;
        Ok(Expr { kind: ExprKind::Const(kind), span })
    }

    fn name(&mut self, namespaces: bool) -> Result<Expr> {
        let (name, span) = self.expect_name("a name")?;
        self.height = 1;
        let kind = match constant(name) {
            Some(constant) => ExprKind::Const(constant),
            None if namespaces && self.skip(Op::Dot)? => {
                let (attr, _) = self.expect_name("the name of an attribute")?;
                ExprKind::NamespaceRef { name: name.to_owned(), attr: attr.to_owned() }
            }
            None => ExprKind::Name(name.to_owned()),
        };
        Ok(Expr { kind, span: self.since(span.start) })
    }

    /// One or more adjacent literals.
    fn text(&mut self) -> Result<Expr> {
        let start = self.current.span.start;
        let mut text = String::new();
        while let Kind::Str(part) = &self.current.kind {
            text.push_str(part);
            self.advance()?;
        }
        self.height = 1;
        Ok(Expr { kind: ExprKind::Const(Const::Str(text)), span: self.since(start) })
    }

    fn parentheses(&mut self) -> Result<Expr> {
        let open = self.expect(Op::OpenParen)?.span;
        let mut inner = match self.skip(Op::CloseParen)? {
            true => {
                self.height = 1;
                Expr { kind: ExprKind::Tuple(Vec::new()), span: open }
            }
            false => {
                let inner = self.tuple(Items::Expressions)?;
                if !self.skip(Op::CloseParen)? {
                    return Err(self.unclosed_bracket("`,` or `)`", open));
                }
                inner
            }
        };
        inner.span = self.since(open.start);
        Ok(inner)
    }

    /// One item, or several with commas between them, which make a tuple; a comma after the
    /// only item makes one too.
    pub(super) fn tuple(&mut self, items: Items) -> Result<Expr> {
        let start = self.current.span.start;
        let first = self.tuple_item(items)?;
        if !self.at(Op::Comma) {
            return Ok(first);
        }
        let mut below = self.height;
        let mut all = vec![first];
        while self.skip(Op::Comma)? {
            if matches!(self.current.kind, Kind::VariableEnd | Kind::BlockEnd | Kind::Op(Op::CloseParen)) {
                break;
            }
            all.push(self.tuple_item(items)?);
            below = below.max(self.height);
        }
        let span = self.since(start);
        self.stands_on(below, span)?;
        Ok(Expr { kind: ExprKind::Tuple(all), span })
    }

    fn tuple_item(&mut self, items: Items) -> Result<Expr> {
        match items {
            Items::Expressions => self.expression(),
            Items::Unconditional => self.unconditional(),
            Items::Targets { .. } if !self.begins_value() => Err(self.unexpected("a name to assign to")),
            Items::Targets { namespaces } => self.primary(namespaces),
        }
    }

    fn begins_value(&self) -> bool {
        match &self.current.kind {
            Kind::Name(_) | Kind::Str(_) | Kind::Int(_) | Kind::BigInt(_) | Kind::Float(_) => true,
            Kind::Op(op) => op.closed_by().is_some(),
            _ => false,
        }
    }

    fn list(&mut self) -> Result<Expr> {
        let open = self.expect(Op::OpenBracket)?.span;
        let mut below = 0;
        let mut items = Vec::new();
        while !self.at(Op::CloseBracket) {
            items.push(self.expression()?);
            below = below.max(self.height);
            if !self.skip(Op::Comma)? && !self.at(Op::CloseBracket) {
                return Err(self.unclosed_bracket("`,` or `]`", open));
            }
        }
        self.advance()?;
        let span = self.since(open.start);
        self.stands_on(below, span)?;
        Ok(Expr { kind: ExprKind::List(items), span })
    }

    fn dict(&mut self) -> Result<Expr> {
        let open = self.expect(Op::OpenBrace)?.span;
        let mut below = 0;
        let mut items = Vec::new();
        while !self.at(Op::CloseBrace) {
            let key = self.expression()?;
            below = below.max(self.height);
            if !self.skip(Op::Colon)? {
                return Err(self.no_value_of_key(open));
            }
            items.push((key, self.expression()?));
            below = below.max(self.height);
            if !self.skip(Op::Comma)? && !self.at(Op::CloseBrace) {
                return Err(self.unclosed_bracket("`,` or `}`", open));
            }
        }
        self.advance()?;
        let span = self.since(open.start);
        self.stands_on(below, span)?;
        Ok(Expr { kind: ExprKind::Dict(items), span })
    }
}

/// The constant that a name stands for.
pub(super) fn constant(name: &str) -> Option<Const> {
    Some(match name {
        "true" | "True" => Const::Bool(true),
        "false" | "False" => Const::Bool(false),
        "none" | "None" => Const::None,
        _ => return None,
    })
}

/// A name as the tree has it.
pub(super) fn ident((name, span): (&str, crate::Span)) -> Ident {
    Ident { name: name.to_owned(), span }
}
