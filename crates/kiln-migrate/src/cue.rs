//! CUE's text, as far as schemas of settings go.

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cue {
    /// `string`, `net.IPv4`, `#Node`.
    Name(String),
    Text(String),
    Number(String),
    /// `=~"…"`
    Match(String),
    /// `!=…`
    Not(Box<Cue>),
    /// `>=`, `>`, `<=`, `<` and a number.
    Bound(String, String),
    /// `[...T]`
    List(Box<Cue>),
    Struct(Vec<Field>),
    And(Vec<Cue>),
    /// With whether each is the default.
    Or(Vec<(bool, Cue)>),
}

/// A field of a struct, or a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) optional: bool,
    /// None if the value has another shape than those above.
    pub(crate) value: Option<Cue>,
    /// The line it begins in, from 1.
    pub(crate) line: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String),
    Number(String),
    Sign(&'static str),
    /// The end of a line, which separates fields.
    Line,
}

/// The fields and definitions of a file.
pub(crate) fn parse(text: &str) -> Vec<Field> {
    let tokens = tokens(text);
    let mut parser = Parser { tokens: &tokens, at: 0 };
    parser.fields(None)
}

const SIGNS: &[&str] = &[
    "...", "=~", "!~", "!=", ">=", "<=", "==", ">", "<", "&", "|", "*", "?", "!", ":", "{", "}", "[", "]",
    "(", ")", ",", "+", "-", "/", "=", ".",
];

fn tokens(text: &str) -> Vec<(Token, usize)> {
    let (mut out, mut rest, mut line) = (Vec::new(), text, 1);
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        if first == '\n' {
            out.push((Token::Line, line));
            line += 1;
        } else if rest.starts_with("//") {
            length = rest.find('\n').unwrap_or(rest.len());
        } else if first == '"' {
            let end = string_end(rest);
            let inner = rest.get(1..end).unwrap_or_default();
            out.push((Token::Text(unescaped(inner)), line));
            length = (end + 1).min(rest.len());
        } else if first.is_alphabetic() || first == '_' || first == '#' {
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | '.' | '$');
            length = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
            out.push((Token::Name(rest[..length].to_owned()), line));
        } else if first.is_ascii_digit() {
            let is_number = |c: char| c.is_ascii_digit() || matches!(c, '_' | '.');
            length = rest.find(|c: char| !is_number(c)).unwrap_or(rest.len());
            out.push((Token::Number(rest[..length].replace('_', "")), line));
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            out.push((Token::Sign(sign), line));
            length = sign.len();
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// Where the quote stands that ends the text which begins here.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at,
            '\n' => return at,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.extend(match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some('t')) => Some('\t'),
            ('\\', next) => next,
            _ => Some(c),
        });
    }
    out
}

struct Parser<'a> {
    tokens: &'a [(Token, usize)],
    at: usize,
}

impl Parser<'_> {
    fn here(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(1, |(_, line)| *line)
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.here(), Some(Token::Sign(it)) if *it == sign);
        self.at += usize::from(found);
        found
    }

    fn skip_lines(&mut self) {
        while matches!(self.here(), Some(Token::Line | Token::Sign(","))) {
            self.at += 1;
        }
    }

    /// Fields up to a closing brace, or to the end.
    fn fields(&mut self, close: Option<&str>) -> Vec<Field> {
        let mut fields = Vec::new();
        loop {
            self.skip_lines();
            if self.here().is_none() || close.is_some_and(|close| self.take(close)) {
                return fields;
            }
            let start = self.at;
            match self.field() {
                Some(field) => fields.push(field),
                None => self.skip_line(),
            }
            // A bracket that closes nothing.
            self.at += usize::from(self.at == start);
        }
    }

    /// `name: value` or `name?: value`; none if something else stands here.
    fn field(&mut self) -> Option<Field> {
        let (start, line) = (self.at, self.line());
        let name = match self.here()? {
            Token::Name(name) | Token::Text(name) => name.clone(),
            _ => return None,
        };
        self.at += 1;
        let optional = self.take("?");
        self.take("!");
        if !self.take(":") {
            self.at = start;
            return None;
        }
        let value_start = self.at;
        let value = self.or();
        let ends = matches!(self.here(), None | Some(Token::Line | Token::Sign("," | "}")));
        if value.is_some() && ends {
            return Some(Field { name, optional, value, line });
        }
        self.at = value_start;
        self.skip_line();
        Some(Field { name, optional, value: None, line })
    }

    /// Moves to the end of the line, and over what stands in brackets there. A brace that closes
    /// something around stays.
    fn skip_line(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.here() {
            match token {
                Token::Line if depth == 0 => return,
                Token::Sign("{" | "[" | "(") => depth += 1,
                Token::Sign("}" | "]" | ")") if depth == 0 => return,
                Token::Sign("}" | "]" | ")") => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    fn or(&mut self) -> Option<Cue> {
        let mut options = Vec::new();
        loop {
            let default = self.take("*");
            options.push((default, self.and()?));
            if !self.take("|") {
                break;
            }
            self.skip_lines();
        }
        match options.as_slice() {
            [(false, only)] => Some(only.clone()),
            _ => Some(Cue::Or(options)),
        }
    }

    fn and(&mut self) -> Option<Cue> {
        let mut parts = vec![self.atom()?];
        while self.take("&") {
            self.skip_lines();
            parts.push(self.atom()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Cue::And(parts)) }
    }

    fn atom(&mut self) -> Option<Cue> {
        let token = self.here()?.clone();
        self.at += 1;
        match token {
            Token::Text(text) => Some(Cue::Text(text)),
            Token::Number(number) => Some(Cue::Number(number)),
            Token::Name(name) => Some(Cue::Name(name)),
            Token::Sign("=~") => match self.here()?.clone() {
                Token::Text(pattern) => {
                    self.at += 1;
                    Some(Cue::Match(pattern))
                }
                _ => None,
            },
            Token::Sign("!=") => Some(Cue::Not(Box::new(self.atom()?))),
            Token::Sign(sign @ (">=" | ">" | "<=" | "<")) => match self.atom()? {
                Cue::Number(number) => Some(Cue::Bound(sign.to_owned(), number)),
                _ => None,
            },
            Token::Sign("-") => match self.atom()? {
                Cue::Number(number) => Some(Cue::Number(format!("-{number}"))),
                _ => None,
            },
            Token::Sign("(") => {
                let inner = self.or()?;
                self.take(")").then_some(inner)
            }
            Token::Sign("[") if self.take("...") => {
                let item = self.or()?;
                self.take("]").then(|| Cue::List(Box::new(item)))
            }
            Token::Sign("{") => Some(Cue::Struct(self.fields(Some("}")))),
            _ => None,
        }
    }
}
