//! What follows a value: attributes, items, calls, filters and tests.

use super::{Parser, Result};
use crate::lexer::{Kind, Op};
use crate::{Args, Expr, ExprKind, Ident, Slice, UnaryOp};

impl Parser<'_, '_> {
    /// `value` with the attributes, items and calls that follow it.
    pub(super) fn postfix(&mut self, mut value: Expr) -> Result<Expr> {
        loop {
            value = match self.current.kind {
                Kind::Op(Op::Dot) => self.attribute(value)?,
                Kind::Op(Op::OpenBracket) => self.item(value)?,
                Kind::Op(Op::OpenParen) => self.call(value)?,
                _ => return Ok(value),
            };
        }
    }

    /// `value` with the filters, tests and calls that follow it.
    pub(super) fn filtered(&mut self, mut value: Expr) -> Result<Expr> {
        loop {
            value = match self.current.kind {
                Kind::Op(Op::Pipe) => {
                    self.advance()?;
                    self.filter(value)?
                }
                Kind::Name("is") => self.test(value)?,
                Kind::Op(Op::OpenParen) => self.call(value)?,
                _ => return Ok(value),
            };
        }
    }

    fn attribute(&mut self, value: Expr) -> Result<Expr> {
        let below = self.height;
        let start = value.span.start;
        self.advance()?;
        let kind = match self.current.kind {
            Kind::Name(name) => {
                let name = Ident { name: name.to_owned(), span: self.current.span };
                self.advance()?;
                ExprKind::Attr(Box::new(value), name)
            }
            Kind::Int(_) | Kind::BigInt(_) => ExprKind::Item(Box::new(value), Box::new(self.primary(false)?)),
            _ => return Err(self.no_attribute(&value.kind)),
        };
        let span = self.since(start);
        self.stands_on(below, span)?;
        Ok(Expr { kind, span })
    }

    fn call(&mut self, value: Expr) -> Result<Expr> {
        let below = self.height;
        let start = value.span.start;
        let args = self.arguments()?;
        let span = self.since(start);
        self.stands_on(below.max(self.height), span)?;
        Ok(Expr { kind: ExprKind::Call(Box::new(value), args), span })
    }

    /// `value` with the filter of the present name.
    pub(super) fn filter(&mut self, value: Expr) -> Result<Expr> {
        let below = self.height;
        let start = value.span.start;
        let Kind::Name(_) = self.current.kind else {
            return Err(self.no_filter());
        };
        let name = self.dotted_name("the name of a filter")?;
        let args = self.optional_arguments()?;
        let span = self.since(start);
        self.stands_on(below.max(self.height), span)?;
        Ok(Expr { kind: ExprKind::Filter(Box::new(value), name, args), span })
    }

    fn test(&mut self, value: Expr) -> Result<Expr> {
        let below = self.height;
        let start = value.span.start;
        self.advance()?;
        let negated = self.skip_word("not")?;
        if !matches!(self.current.kind, Kind::Name(_)) {
            return Err(self.no_test());
        }
        let name = self.dotted_name("the name of a test")?;
        let args = match self.bare_argument_follows()? {
            true => {
                let argument = self.primary(false)?;
                Args { positional: vec![self.postfix(argument)?], ..Args::default() }
            }
            false => self.optional_arguments()?,
        };
        let span = self.since(start);
        self.stands_on(below.max(self.height), span)?;
        let test = Expr { kind: ExprKind::Test(Box::new(value), name, args), span };
        if negated { self.unary_on(UnaryOp::Not, test, start) } else { Ok(test) }
    }

    /// Whether an argument without parentheses follows a test.
    fn bare_argument_follows(&self) -> Result<bool> {
        match self.current.kind {
            Kind::Name("is") => Err(self.chained_tests()),
            Kind::Name("else" | "or" | "and") => Ok(false),
            Kind::Name(_) | Kind::Str(_) | Kind::Int(_) | Kind::BigInt(_) | Kind::Float(_) => Ok(true),
            Kind::Op(Op::OpenBracket | Op::OpenBrace) => Ok(true),
            _ => Ok(false),
        }
    }

    fn dotted_name(&mut self, what: &str) -> Result<Ident> {
        let (first, span) = self.expect_name(what)?;
        let mut name = first.to_owned();
        while self.skip(Op::Dot)? {
            name.push('.');
            name.push_str(self.expect_name(what)?.0);
        }
        Ok(Ident { name, span: self.since(span.start) })
    }

    fn item(&mut self, value: Expr) -> Result<Expr> {
        let mut below = self.height;
        let start = value.span.start;
        let open = self.expect(Op::OpenBracket)?.span.start;
        let mut items = Vec::new();
        while !self.at(Op::CloseBracket) {
            if !items.is_empty() {
                self.expect(Op::Comma)?;
            }
            let from = self.current.span.start;
            let subscript = self.subscript()?;
            below = below.max(self.height);
            match subscript {
                Subscript::Item(item) => items.push(item),
                Subscript::Slice(bounds) if items.is_empty() && self.at(Op::CloseBracket) => {
                    self.advance()?;
                    let span = self.since(start);
                    self.stands_on(below, span)?;
                    let Bounds { start, stop, step } = *bounds;
                    let slice = Slice { node: value, start, stop, step };
                    return Ok(Expr { kind: ExprKind::Slice(Box::new(slice)), span });
                }
                Subscript::Slice(_) => return Err(self.slice_among_items(from)),
            }
        }
        self.advance()?;
        let item = match items.pop() {
            Some(item) if items.is_empty() => item,
            last => {
                items.extend(last);
                Expr { kind: ExprKind::Tuple(items), span: self.since(open) }
            }
        };
        let span = self.since(start);
        self.stands_on(below, span)?;
        Ok(Expr { kind: ExprKind::Item(Box::new(value), Box::new(item)), span })
    }

    fn subscript(&mut self) -> Result<Subscript> {
        let mut below = 0;
        let start = self.bound(&mut below)?;
        if !self.at(Op::Colon) {
            return match start {
                Some(item) => Ok(Subscript::Item(item)),
                None => Err(self.unexpected("an expression")),
            };
        }
        self.advance()?;
        let stop = self.bound(&mut below)?;
        let step = match self.skip(Op::Colon)? {
            true => self.bound(&mut below)?,
            false => None,
        };
        self.height = below;
        Ok(Subscript::Slice(Box::new(Bounds { start, stop, step })))
    }

    /// A bound of a slice, if there is one; raises `below` to its height.
    fn bound(&mut self, below: &mut u32) -> Result<Option<Expr>> {
        if self.at(Op::Colon) || self.at(Op::CloseBracket) || self.at(Op::Comma) {
            return Ok(None);
        }
        let bound = self.expression()?;
        *below = (*below).max(self.height);
        Ok(Some(bound))
    }
}

/// What stands between brackets after a value.
enum Subscript {
    Item(Expr),
    Slice(Box<Bounds>),
}

struct Bounds {
    start: Option<Expr>,
    stop: Option<Expr>,
    step: Option<Expr>,
}
