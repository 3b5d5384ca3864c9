//! Operators and conditions.

use super::{Depth, MAX_HEIGHT, Parser, Result};
use crate::lexer::{Kind, Op};
use crate::{BinaryOp, CompareOp, Cond, Expr, ExprKind, Span, UnaryOp};

/// How strongly an operator binds, the weakest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Compare,
    Sum,
    Concat,
    Product,
    Power,
    Unary,
}

/// An operator between two operands.
#[derive(Clone, Copy)]
enum Infix {
    Or,
    And,
    Compare(CompareOp),
    Concat,
    Binary(BinaryOp, Level),
}

impl Infix {
    fn level(self) -> Level {
        match self {
            Infix::Or => Level::Or,
            Infix::And => Level::And,
            Infix::Compare(_) => Level::Compare,
            Infix::Concat => Level::Concat,
            Infix::Binary(_, level) => level,
        }
    }
}

impl Parser<'_, '_> {
    /// An expression, conditions included, without a tuple that has no parentheses.
    pub(super) fn expression(&mut self) -> Result<Expr> {
        self.nested(Depth::Bracket, |parser| {
            let start = parser.current.span.start;
            let value = parser.operators(Level::Or)?;
            if parser.at_word("if") { parser.conditions(value, start) } else { Ok(value) }
        })
    }

    /// An expression that is no condition: `for … in` and `if` take it, so that the word `if`
    /// is theirs.
    pub(super) fn unconditional(&mut self) -> Result<Expr> {
        self.nested(Depth::Bracket, |parser| parser.operators(Level::Or))
    }

    /// `value` with the conditions that follow it.
    fn conditions(&mut self, mut value: Expr, start: u32) -> Result<Expr> {
        while self.skip_word("if")? {
            let mut below = self.height;
            let test = self.operators(Level::Or)?;
            below = below.max(self.height);
            let otherwise = match self.skip_word("else")? {
                true => Some(self.expression()?),
                false => None,
            };
            below = below.max(self.height);
            let span = self.since(start);
            self.stands_on(below, span)?;
            let kind = ExprKind::Cond(Box::new(Cond { test, then: value, otherwise }));
            value = Expr { kind, span };
        }
        Ok(value)
    }

    /// Operands and the operators between them that bind at least as strongly as `weakest`.
    fn operators(&mut self, weakest: Level) -> Result<Expr> {
        let mut left = match weakest <= Level::Not && self.at_word("not") {
            true => self.negation()?,
            false => self.signed(true)?,
        };
        while let Some(infix) = self.infix(weakest)? {
            left = self.joined(left, infix)?;
        }
        Ok(left)
    }

    /// An operand on the right of an operator.
    fn operand(&mut self, weakest: Level) -> Result<Expr> {
        self.nested(Depth::Operand, |parser| parser.operators(weakest))
    }

    fn negation(&mut self) -> Result<Expr> {
        let start = self.advance()?.span.start;
        let operand = self.nested(Depth::Bracket, |parser| parser.operators(Level::Not))?;
        self.unary_on(UnaryOp::Not, operand, start)
    }

    /// `left`, the operator, and what stands on its right.
    fn joined(&mut self, left: Expr, infix: Infix) -> Result<Expr> {
        match infix {
            Infix::Compare(op) => self.comparison(left, op),
            Infix::Concat => self.concatenation(left),
            Infix::Or => self.pair(left, Level::And, ExprKind::Or),
            Infix::And => self.pair(left, Level::Not, ExprKind::And),
            Infix::Binary(op, level) => {
                self.pair(left, tighter(level), |left, right| ExprKind::Binary(op, left, right))
            }
        }
    }

    /// The operator that the present token is, if it binds at least as strongly as `weakest`;
    /// it is read, except for the last word of it.
    fn infix(&mut self, weakest: Level) -> Result<Option<Infix>> {
        let infix = match self.current.kind {
            Kind::Op(op) => operator(op),
            Kind::Name("or") => Some(Infix::Or),
            Kind::Name("and") => Some(Infix::And),
            Kind::Name("in") => Some(Infix::Compare(CompareOp::In)),
            Kind::Name("not") if weakest <= Level::Compare => return self.not_in(),
            _ => None,
        };
        Ok(infix.filter(|infix| infix.level() >= weakest))
    }

    /// The operator `not in`, if the present token begins it.
    fn not_in(&mut self) -> Result<Option<Infix>> {
        if *self.peek()? != Kind::Name("in") {
            return Ok(None);
        }
        self.advance()?;
        Ok(Some(Infix::Compare(CompareOp::NotIn)))
    }

    /// `left`, the present operator, and an operand of operators from `level`.
    fn pair(
        &mut self,
        left: Expr,
        level: Level,
        kind: impl FnOnce(Box<Expr>, Box<Expr>) -> ExprKind,
    ) -> Result<Expr> {
        let below = self.height;
        self.advance()?;
        let right = self.operand(level)?;
        let span = Span { start: left.span.start, end: right.span.end };
        self.stands_on(below.max(self.height), span)?;
        Ok(Expr { kind: kind(Box::new(left), Box::new(right)), span })
    }

    fn comparison(&mut self, left: Expr, first: CompareOp) -> Result<Expr> {
        let mut below = self.height;
        let mut compared = Vec::new();
        let mut next = Some(Infix::Compare(first));
        while let Some(Infix::Compare(op)) = next {
            self.advance()?;
            compared.push((op, self.operand(Level::Sum)?));
            below = below.max(self.height);
            next = self.infix(Level::Compare)?;
        }
        let span = self.since(left.span.start);
        // Whoever goes through a chain goes as deep as through so many pairs.
        let pairs = u32::try_from(compared.len() - 1).map_or(MAX_HEIGHT, |pairs| pairs.min(MAX_HEIGHT));
        self.stands_on(below.max(pairs), span)?;
        Ok(Expr { kind: ExprKind::Compare(Box::new(left), compared), span })
    }

    fn concatenation(&mut self, first: Expr) -> Result<Expr> {
        let mut below = self.height;
        let start = first.span.start;
        let mut parts = vec![first];
        while self.skip(Op::Tilde)? {
            parts.push(self.operand(Level::Product)?);
            below = below.max(self.height);
        }
        let span = self.since(start);
        self.stands_on(below, span)?;
        Ok(Expr { kind: ExprKind::Concat(parts), span })
    }

    /// A value, perhaps with signs, and what follows it; `filtered` says whether filters and
    /// tests may. They apply to the value with its signs, attributes and calls do not.
    fn signed(&mut self, filtered: bool) -> Result<Expr> {
        let value = match self.current.kind {
            Kind::Op(Op::Sub) => self.sign(UnaryOp::Neg)?,
            Kind::Op(Op::Add) => self.sign(UnaryOp::Pos)?,
            _ => {
                let value = self.primary(false)?;
                self.postfix(value)?
            }
        };
        if filtered { self.filtered(value) } else { Ok(value) }
    }

    fn sign(&mut self, sign: UnaryOp) -> Result<Expr> {
        let start = self.advance()?.span.start;
        let operand = self.nested(Depth::Bracket, |parser| parser.signed(false))?;
        self.unary_on(sign, operand, start)
    }

    pub(super) fn unary_on(&mut self, op: UnaryOp, operand: Expr, start: u32) -> Result<Expr> {
        let span = Span { start, end: operand.span.end };
        self.stands_on(self.height, span)?;
        Ok(Expr { kind: ExprKind::Unary(op, Box::new(operand)), span })
    }
}

fn operator(op: Op) -> Option<Infix> {
    Some(match op {
        Op::Add => Infix::Binary(BinaryOp::Add, Level::Sum),
        Op::Sub => Infix::Binary(BinaryOp::Sub, Level::Sum),
        Op::Mul => Infix::Binary(BinaryOp::Mul, Level::Product),
        Op::Div => Infix::Binary(BinaryOp::Div, Level::Product),
        Op::FloorDiv => Infix::Binary(BinaryOp::FloorDiv, Level::Product),
        Op::Mod => Infix::Binary(BinaryOp::Mod, Level::Product),
        Op::Pow => Infix::Binary(BinaryOp::Pow, Level::Power),
        Op::Tilde => Infix::Concat,
        Op::Eq => Infix::Compare(CompareOp::Eq),
        Op::Ne => Infix::Compare(CompareOp::Ne),
        Op::Lt => Infix::Compare(CompareOp::Lt),
        Op::Le => Infix::Compare(CompareOp::Le),
        Op::Gt => Infix::Compare(CompareOp::Gt),
        Op::Ge => Infix::Compare(CompareOp::Ge),
        _ => return None,
    })
}

/// The level of the operands on the right of an operator of `level`.
fn tighter(level: Level) -> Level {
    match level {
        Level::Sum => Level::Concat,
        Level::Product => Level::Power,
        _ => Level::Unary,
    }
}
