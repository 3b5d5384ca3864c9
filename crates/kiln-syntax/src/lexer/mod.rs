//! Splits a template into tokens, as Jinja2's lexer does: text and tags, and within tags
//! names, literals and operators.

mod complaint;
mod number;
mod rules;
mod space;
mod string;
mod token;

use rules::{Close, Mark, Rules, Tag, TagKind};
pub(crate) use space::is_space;
pub(crate) use token::{Kind, Op, Token};

use unicode_xid::UnicodeXID;

use crate::error::Error;
use crate::source::Source;
use crate::{Options, ParseError, Span};

/// Gives the tokens of a template one by one.
pub(crate) struct Lexer<'s, 'o> {
    source: &'s Source<'s>,
    text: &'s str,
    options: &'o Options,
    rules: Rules<'o>,
    position: usize,
    mode: Mode,
    /// A tag that was found after text that was given first.
    tag: Option<Tag>,
    /// The delimiter of the tag that was opened last, and how the tag goes on.
    opened: Option<(Span, Mode)>,
    /// The brackets that are open in this tag, and where: an end delimiter counts only
    /// outside of them.
    brackets: Vec<(Op, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Text,
    Block,
    Variable,
    LineStatement,
}

impl<'s, 'o> Lexer<'s, 'o> {
    /// A lexer at the start of a template. Fails if the options cannot be followed.
    pub(crate) fn new(source: &'s Source<'s>, options: &'o Options) -> Result<Lexer<'s, 'o>, Error> {
        Ok(Lexer {
            source,
            text: source.text(),
            options,
            rules: Rules::new(options)?,
            position: 0,
            mode: Mode::Text,
            tag: None,
            opened: None,
            brackets: Vec::new(),
        })
    }

    /// A lexer of a text that is an expression, without delimiters.
    pub(crate) fn of_expression(
        source: &'s Source<'s>,
        options: &'o Options,
    ) -> Result<Lexer<'s, 'o>, Error> {
        Ok(Lexer { mode: Mode::Variable, ..Lexer::new(source, options)? })
    }

    /// The options it follows.
    pub(crate) fn options(&self) -> &'o Options {
        self.options
    }

    /// The delimiter that opened the last tag, and in words what closes it.
    pub(crate) fn last_tag(&self) -> Option<(Span, String)> {
        let (opened, mode) = self.opened?;
        let end = match mode {
            Mode::Variable => format!("`{}`", self.options.variable.end),
            Mode::LineStatement => "the end of the line".to_owned(),
            Mode::Block | Mode::Text => format!("`{}`", self.options.block.end),
        };
        Some((opened, end))
    }

    /// The innermost bracket that is open.
    pub(crate) fn open_bracket(&self) -> Option<Op> {
        self.brackets.last().map(|&(op, _)| op)
    }

    /// What the template has at a place.
    pub(crate) fn written(&self, span: Span) -> &'s str {
        self.source.written(span)
    }

    /// Whether a line ends between two places.
    pub(crate) fn on_another_line(&self, one: Span, other: Span) -> bool {
        self.source.has_line_break(one.end, other.start)
    }

    /// The next token; at the end of the text, [`Kind::Eof`] for ever.
    pub(crate) fn next(&mut self) -> Result<Token<'s>, Error> {
        match self.mode {
            Mode::Text => self.text_token(),
            _ => self.tag_token(),
        }
    }

    fn token(&self, kind: Kind<'s>, start: usize, end: usize) -> Token<'s> {
        Token { kind, span: self.source.span(start, end) }
    }

    fn fail(&self, start: usize, end: usize, message: impl Into<String>) -> Error {
        ParseError::new(self.source.span(start, end), message)
    }

    fn text_token(&mut self) -> Result<Token<'s>, Error> {
        loop {
            if let Some(tag) = self.tag.take() {
                match self.enter(tag)? {
                    Some(token) => return Ok(token),
                    None => continue,
                }
            }
            let start = self.position;
            let Some(tag) = self.rules.find(self.text, start) else {
                self.position = self.text.len();
                let kind = if start == self.position { Kind::Eof } else { Kind::Data(&self.text[start..]) };
                return Ok(self.token(kind, start, self.position));
            };
            let end = self.end_of_text(start, tag.start, tag.mark, tag.kind != TagKind::Variable);
            self.position = tag.next;
            self.tag = Some(tag);
            if end > start {
                return Ok(self.token(Kind::Data(&self.text[start..end]), start, end));
            }
        }
    }

    /// Where the text from `start` to `end` ends if a tag with `mark` follows it.
    fn end_of_text(&self, start: usize, end: usize, mark: Mark, lstrip: bool) -> usize {
        let text = &self.text[start..end];
        match mark {
            Mark::Minus => start + text.trim_end_matches(is_space).len(),
            Mark::None if self.options.lstrip_blocks && lstrip => {
                let line = text.rfind('\n').map_or(0, |line_break| line_break + 1);
                let starts_line = line > 0 || start == 0 || self.text.as_bytes()[start - 1] == b'\n';
                let blank = starts_line && text[line..].chars().all(is_space);
                if blank { start + line } else { end }
            }
            _ => end,
        }
    }

    /// Goes into a tag; gives its first token, or nothing for a comment.
    fn enter(&mut self, tag: Tag) -> Result<Option<Token<'s>>, Error> {
        let (mode, kind) = match tag.kind {
            TagKind::Block => (Mode::Block, Kind::BlockBegin),
            TagKind::LineStatement => (Mode::LineStatement, Kind::BlockBegin),
            TagKind::Variable => (Mode::Variable, Kind::VariableBegin),
            TagKind::Comment => return self.skip_comment(tag).map(|()| None),
            TagKind::LineComment => {
                let rest = &self.text[tag.next..];
                self.position =
                    memchr::memchr(b'\n', rest.as_bytes()).map_or(self.text.len(), |at| tag.next + at);
                return Ok(None);
            }
            TagKind::Raw => return self.raw(tag),
        };
        self.mode = mode;
        self.opened = Some((self.source.span(tag.delimiter, tag.end), mode));
        Ok(Some(self.token(kind, tag.delimiter, tag.end)))
    }

    /// A comment that begins where the template ends is no error to Jinja2.
    fn skip_comment(&mut self, tag: Tag) -> Result<(), Error> {
        match self.rules.comment_end(self.text, tag.next) {
            Some(close) => self.position = close.next,
            None if tag.next == self.text.len() => {}
            None => {
                let end = &self.options.comment.end;
                let unclosed = self.fail(tag.delimiter, tag.end, "this comment is never closed");
                return Err(unclosed.help(format!("close it with `{end}`")));
            }
        }
        Ok(())
    }

    /// A raw block that begins where the template ends is no error to Jinja2 either.
    fn raw(&mut self, tag: Tag) -> Result<Option<Token<'s>>, Error> {
        let start = tag.next;
        let Some((end, mark, close)) = self.rules.raw_end(self.text, start) else {
            if start == self.text.len() {
                return Ok(None);
            }
            let block = &self.options.block;
            let unclosed = self.fail(tag.delimiter, tag.end, "this raw block is never closed");
            return Err(unclosed.help(format!("close it with `{} endraw {}`", block.start, block.end)));
        };
        self.position = close.next;
        let end = self.end_of_text(start, end, mark, true);
        Ok((end > start).then(|| self.token(Kind::Data(&self.text[start..end]), start, end)))
    }

    fn tag_token(&mut self) -> Result<Token<'s>, Error> {
        loop {
            let at = self.position;
            if let Some(close) = self.close(at) {
                let kind = if self.mode == Mode::Variable { Kind::VariableEnd } else { Kind::BlockEnd };
                self.mode = Mode::Text;
                self.position = close.next;
                return Ok(self.token(kind, at, close.end));
            }
            let Some(&byte) = self.text.as_bytes().get(at) else {
                return Ok(self.token(Kind::Eof, at, at));
            };
            match byte {
                b' ' | b'\t' | b'\n' => self.position = space::skip(self.text, at),
                b'0'..=b'9' => return self.number(at),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => return self.name(at),
                b'\'' | b'"' => return self.string(at, byte),
                _ => match space::skip(self.text, at) {
                    end if end > at => self.position = end,
                    _ => return self.operator(at),
                },
            }
        }
    }

    /// The end of the tag, if it is at `at`.
    fn close(&self, at: usize) -> Option<Close> {
        if !self.brackets.is_empty() {
            return None;
        }
        match self.mode {
            Mode::Variable => self.rules.variable_end(self.text, at),
            Mode::LineStatement => self.rules.line_end(self.text, at),
            _ => self.rules.block_end(self.text, at),
        }
    }

    fn name(&mut self, at: usize) -> Result<Token<'s>, Error> {
        let end = space::skip_while(self.text, at, is_name);
        self.position = end;
        let name = &self.text[at..end];
        if name.starts_with(|first| first == '_' || UnicodeXID::is_xid_start(first)) {
            return Ok(self.token(Kind::Name(name), at, end));
        }
        Err(self
            .fail(at, end, format!("`{name}` cannot be a name"))
            .help("a name begins with a letter or an underscore"))
    }

    fn string(&mut self, at: usize, quote: u8) -> Result<Token<'s>, Error> {
        let Some(literal) = string::end(self.text, at + 1, quote) else {
            return Err(self.unclosed_string(at, char::from(quote)));
        };
        let end = literal + 1;
        self.position = end;
        match string::decode(&self.text[at + 1..literal], &self.options.newline_sequence) {
            Ok(value) => Ok(self.token(Kind::Str(value), at, end)),
            Err(escape) => {
                let (from, to) = (at + 1 + escape.start, at + 1 + escape.end);
                Err(self.fail(from, to, escape.message).help(escape.help))
            }
        }
    }

    fn number(&mut self, at: usize) -> Result<Token<'s>, Error> {
        let after_dot = at.checked_sub(1).is_some_and(|before| self.text.as_bytes()[before] == b'.');
        match number::read(&self.text[at..], after_dot) {
            Ok((kind, len)) => {
                self.position = at + len;
                Ok(self.token(kind, at, self.position))
            }
            Err((message, len)) => Err(self.fail(at, at + len, message)),
        }
    }

    fn operator(&mut self, at: usize) -> Result<Token<'s>, Error> {
        let Some(op) = Op::at(&self.text.as_bytes()[at..]) else {
            return self.other(at);
        };
        let end = at + op.text().len();
        if op.closed_by().is_some() {
            self.brackets.push((op, at));
        } else if op.closes() {
            match self.brackets.pop() {
                Some((open, _)) if open.closed_by() == Some(op) => {}
                Some((open, place)) => return Err(self.wrong_bracket(op, at, open, place)),
                None => return Err(self.stray_bracket(op, at)),
            }
        }
        self.position = end;
        Ok(self.token(Kind::Op(op), at, end))
    }

    /// A name that does not begin with a letter of ASCII, or a character that means nothing.
    fn other(&mut self, at: usize) -> Result<Token<'s>, Error> {
        let character = self.text[at..].chars().next().unwrap_or_default();
        if is_name(character) {
            return self.name(at);
        }
        Err(self.meaningless(at, character))
    }
}

/// Whether a name may go on with the character. Digits of other scripts and the like are
/// taken along, so that an error tells the whole word.
fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || character == '_'
        || (!character.is_ascii() && UnicodeXID::is_xid_continue(character))
}
