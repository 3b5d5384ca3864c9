//! What the parser reads.

use std::borrow::Cow;
use std::fmt;

use crate::Span;

/// A token and its place.
#[derive(Clone, Debug)]
pub(crate) struct Token<'s> {
    pub(crate) kind: Kind<'s>,
    /// Delimiters with their white space marks, but without the white space that these take.
    pub(crate) span: Span,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind<'s> {
    /// Text between tags, white space control applied; its line breaks are still `\n`.
    Data(&'s str),
    /// The start of a statement, a line statement included.
    BlockBegin,
    BlockEnd,
    VariableBegin,
    VariableEnd,
    Name(&'s str),
    Str(Cow<'s, str>),
    Int(i64),
    /// The decimal digits of an integer that does not fit.
    BigInt(String),
    Float(f64),
    Op(Op),
    Eof,
}

/// Operators and punctuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    Tilde,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    OpenBrace,
    CloseBrace,
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    Assign,
    Dot,
    Colon,
    Pipe,
    Comma,
    Semicolon,
}

impl Op {
    /// The operator that `bytes` begin with, the longest.
    pub(crate) fn at(bytes: &[u8]) -> Option<Op> {
        let double = match bytes {
            [b'/', b'/', ..] => Some(Op::FloorDiv),
            [b'*', b'*', ..] => Some(Op::Pow),
            [b'=', b'=', ..] => Some(Op::Eq),
            [b'!', b'=', ..] => Some(Op::Ne),
            [b'>', b'=', ..] => Some(Op::Ge),
            [b'<', b'=', ..] => Some(Op::Le),
            _ => None,
        };
        double.or_else(|| Op::single(*bytes.first()?))
    }

    fn single(byte: u8) -> Option<Op> {
        Some(match byte {
            b'+' => Op::Add,
            b'-' => Op::Sub,
            b'*' => Op::Mul,
            b'/' => Op::Div,
            b'%' => Op::Mod,
            b'~' => Op::Tilde,
            b'[' => Op::OpenBracket,
            b']' => Op::CloseBracket,
            b'(' => Op::OpenParen,
            b')' => Op::CloseParen,
            b'{' => Op::OpenBrace,
            b'}' => Op::CloseBrace,
            b'>' => Op::Gt,
            b'<' => Op::Lt,
            b'=' => Op::Assign,
            b'.' => Op::Dot,
            b':' => Op::Colon,
            b'|' => Op::Pipe,
            b',' => Op::Comma,
            b';' => Op::Semicolon,
            _ => return None,
        })
    }

    /// How it is written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Op::Add => "+",
            Op::Sub => "-",
            Op::Mul => "*",
            Op::Div => "/",
            Op::FloorDiv => "//",
            Op::Mod => "%",
            Op::Pow => "**",
            Op::Tilde => "~",
            Op::OpenBracket => "[",
            Op::CloseBracket => "]",
            Op::OpenParen => "(",
            Op::CloseParen => ")",
            Op::OpenBrace => "{",
            Op::CloseBrace => "}",
            Op::Eq => "==",
            Op::Ne => "!=",
            Op::Gt => ">",
            Op::Ge => ">=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Assign => "=",
            Op::Dot => ".",
            Op::Colon => ":",
            Op::Pipe => "|",
            Op::Comma => ",",
            Op::Semicolon => ";",
        }
    }

    /// What closes it, if it is a bracket that opens.
    pub(crate) fn closed_by(self) -> Option<Op> {
        match self {
            Op::OpenParen => Some(Op::CloseParen),
            Op::OpenBracket => Some(Op::CloseBracket),
            Op::OpenBrace => Some(Op::CloseBrace),
            _ => None,
        }
    }

    /// Whether it is a bracket that closes.
    pub(crate) fn closes(self) -> bool {
        matches!(self, Op::CloseParen | Op::CloseBracket | Op::CloseBrace)
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
