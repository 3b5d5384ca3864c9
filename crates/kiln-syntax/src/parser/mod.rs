//! Builds the tree from the tokens.

mod arguments;
mod complaint;
mod holding;
mod operator;
mod postfix;
mod primary;
mod statement;
mod tag;
mod target;
mod template;
mod trans;

use std::collections::HashMap;

use crate::error::Error;
use crate::lexer::{Kind, Lexer, Op, Token};
use crate::{Expr, Span, Stmt};
use tag::OpenTag;

/// How deep statements may be nested.
const MAX_STATEMENTS: usize = 100;

/// How deep expressions may be nested: a hundred brackets.
const MAX_DEPTH: u32 = 400;

/// What a level of an expression counts for against [`MAX_DEPTH`], after the stack it takes.
#[derive(Clone, Copy)]
enum Depth {
    /// Brackets, signs, negations and the like.
    Bracket = 4,
    /// An operand that binds more strongly than what is around it.
    Operand = 1,
}

/// How many operations may stand above one another in an expression. Brackets are bounded by
/// [`MAX_DEPTH`]; this bounds chains such as `a + b + c`, which grow the tree without them.
/// Jinja2 itself compiles fewer than 200.
const MAX_HEIGHT: u32 = 500;

type Result<T> = std::result::Result<T, Error>;

/// Builds the tree from the tokens.
pub(crate) struct Parser<'s, 'o> {
    lexer: Lexer<'s, 'o>,
    current: Token<'s>,
    /// The token after the current one, if it was looked at.
    peeked: Option<Token<'s>>,
    /// The place of the token before the current one.
    last: Span,
    /// What that token was, as far as complaints care.
    last_kind: LastKind,
    /// How deep in an expression the present place is.
    depth: u32,
    /// The height of the expression that was built last.
    height: u32,
    /// The statements around the present place.
    open: Vec<OpenTag<'s>>,
    /// What the statements around the present place allow.
    scope: Scope,
    /// Every block and the place of its name.
    blocks: HashMap<&'s str, Span>,
}

/// What a token was, as far as complaints about the next one care.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LastKind {
    Number,
    /// A string with a line break in it, whose end may be another quote than was meant.
    StringOfLines,
    Other,
}

/// What the statements around a place allow.
#[derive(Clone, Copy)]
struct Scope {
    /// Whether `extends` may stand here.
    top_level: bool,
    /// Whether `break` and `continue` have a loop to leave.
    in_loop: bool,
    /// Whether `loop` is taken, also by a loop around the macro or block that this is in.
    loop_taken: bool,
}

impl<'s, 'o> Parser<'s, 'o> {
    pub(crate) fn new(mut lexer: Lexer<'s, 'o>) -> Result<Parser<'s, 'o>> {
        let current = lexer.next()?;
        Ok(Parser {
            lexer,
            current,
            peeked: None,
            last: Span::default(),
            last_kind: LastKind::Other,
            depth: 0,
            height: 0,
            open: Vec::new(),
            scope: Scope { top_level: true, in_loop: false, loop_taken: false },
            blocks: HashMap::new(),
        })
    }

    /// A whole template.
    pub(crate) fn template(&mut self) -> Result<Vec<Stmt>> {
        let mut body = Vec::new();
        self.statements(&[], &mut body)?;
        Ok(body)
    }

    /// A whole text that is an expression.
    pub(crate) fn whole_expression(&mut self) -> Result<Expr> {
        let expression = self.expression()?;
        match self.current.kind {
            Kind::Eof => Ok(expression),
            _ => Err(self.unexpected("the end of the expression")),
        }
    }

    /// Goes to the next token; gives the one that was current.
    fn advance(&mut self) -> Result<Token<'s>> {
        let next = match self.peeked.take() {
            Some(token) => token,
            None => self.lexer.next()?,
        };
        self.last = self.current.span;
        self.last_kind = match &self.current.kind {
            Kind::Int(_) | Kind::BigInt(_) | Kind::Float(_) => LastKind::Number,
            Kind::Str(text) if text.contains('\n') => LastKind::StringOfLines,
            _ => LastKind::Other,
        };
        Ok(std::mem::replace(&mut self.current, next))
    }

    /// The token after the current one.
    fn peek(&mut self) -> Result<&Kind<'s>> {
        let token = match self.peeked.take() {
            Some(token) => token,
            None => self.lexer.next()?,
        };
        Ok(&self.peeked.insert(token).kind)
    }

    fn at(&self, op: Op) -> bool {
        self.current.kind == Kind::Op(op)
    }

    fn at_word(&self, word: &str) -> bool {
        self.current.kind == Kind::Name(word)
    }

    fn skip(&mut self, op: Op) -> Result<bool> {
        let found = self.at(op);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn skip_word(&mut self, word: &str) -> Result<bool> {
        let found = self.at_word(word);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, op: Op) -> Result<Token<'s>> {
        match self.at(op) {
            true => self.advance(),
            false => Err(self.unexpected(&format!("`{op}`"))),
        }
    }

    /// A name of any kind, and its place; `what` says what it is the name of.
    fn expect_name(&mut self, what: &str) -> Result<(&'s str, Span)> {
        match self.current.kind {
            Kind::Name(name) => Ok((name, self.advance()?.span)),
            _ => Err(self.unexpected(what)),
        }
    }

    /// From `start` to the end of what was read last.
    fn since(&self, start: u32) -> Span {
        Span { start, end: self.last.end }
    }

    /// The expression that `parse` finds one level deeper than here.
    fn nested(&mut self, level: Depth, parse: impl FnOnce(&mut Self) -> Result<Expr>) -> Result<Expr> {
        self.depth += level as u32;
        if self.depth > MAX_DEPTH {
            return Err(self.too_deep("expression"));
        }
        let parsed = parse(self);
        self.depth -= level as u32;
        parsed
    }

    /// Notes that the expression built last stands on others, the tallest of height `below`.
    fn stands_on(&mut self, below: u32, span: Span) -> Result<()> {
        self.height = below + 1;
        if self.height > MAX_HEIGHT {
            return Err(self.too_tall(span));
        }
        Ok(())
    }
}
