//! JSON text to a document.

use kiln_yaml::events::MAX_DEPTH;
use zeroize::Zeroizing;

use super::super::Format;
use super::super::problem::{Problem, ProblemKind};
use super::string;
use crate::document::{Document, Entry, List, ListItem, Map, MapItem, Node, Scalar};

pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0, depth: 0 }
    }

    pub(super) fn document(mut self) -> Result<Document, Problem> {
        if self.text.starts_with('\u{feff}') {
            return Err(self.wrong("a byte order mark, which JSON does not have", "remove it"));
        }
        self.skip_blanks();
        let document = match self.next() {
            Some(b'{') => self.object()?,
            Some(_) => return Err(self.problem(ProblemKind::NotAMapping)),
            None => return Err(self.wrong("there is no document", "write `{}`")),
        };
        self.skip_blanks();
        match self.next() {
            None => Ok(document),
            Some(_) => Err(self.wrong("text behind the end of the document", "remove it")),
        }
    }

    fn value(&mut self) -> Result<Node, Problem> {
        self.skip_blanks();
        Ok(match self.next() {
            Some(b'{') => Node::Map(self.object()?),
            Some(b'[') => Node::List(self.array()?),
            Some(b'"') => Node::Scalar(Scalar::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => Node::Scalar(self.number()?),
            Some(_) => Node::Scalar(self.word()?),
            None => return Err(self.cut_off()),
        })
    }

    fn object(&mut self) -> Result<Map, Problem> {
        self.enter()?;
        let mut map = Map::default();
        let mut more = !self.takes(b'}');
        while more {
            map.items.push(MapItem::Entry(self.member()?));
            more = self.goes_on(b'}')?;
        }
        self.depth -= 1;
        Ok(map)
    }

    fn member(&mut self) -> Result<Entry, Problem> {
        self.skip_blanks();
        let start = self.at;
        match self.next() {
            Some(b'"') => {}
            Some(_) => return Err(self.wrong("expected a key", "write the key in `\"`")),
            None => return Err(self.cut_off()),
        }
        let key = self.string()?.to_string();
        if !self.takes(b':') {
            return Err(self.wrong("expected `:` behind a key", "write `\"key\": value`"));
        }
        let value = self.value().map_err(|problem| problem.below(&key))?;
        Ok(Entry { key, value, at: start..self.at })
    }

    fn array(&mut self) -> Result<List, Problem> {
        self.enter()?;
        let mut list = List::default();
        let mut more = !self.takes(b']');
        while more {
            let item = self.value().map_err(|problem| problem.below(&format!("[{}]", list.items.len())))?;
            list.items.push(ListItem::Node(item));
            more = self.goes_on(b']')?;
        }
        self.depth -= 1;
        Ok(list)
    }

    /// Steps over the bracket that opens a collection.
    fn enter(&mut self) -> Result<(), Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.problem(ProblemKind::TooDeep));
        }
        self.at += 1;
        Ok(())
    }

    /// Whether another element follows the one that was just read.
    fn goes_on(&mut self, close: u8) -> Result<bool, Problem> {
        if self.takes(close) {
            return Ok(false);
        }
        if self.takes(b',') {
            return Ok(true);
        }
        Err(match self.next() {
            None => self.cut_off(),
            Some(_) => self.wrong("expected `,` or the end of the collection", "separate elements with `,`"),
        })
    }

    fn string(&mut self) -> Result<Zeroizing<String>, Problem> {
        let (text, length) = string::read(&self.text[self.at..]).map_err(|wrong| {
            let at = self.at + wrong.at;
            let kind =
                ProblemKind::Malformed { format: Format::Json, message: wrong.message, help: wrong.help };
            Problem::new(kind, self.text.as_bytes(), at..at + wrong.length)
        })?;
        self.at += length;
        Ok(text)
    }

    /// An integer if it is one and fits, else a float.
    fn number(&mut self) -> Result<Scalar, Problem> {
        let rest = &self.text[self.at..];
        let Some(length) = number_length(rest.as_bytes()) else {
            return Err(self.wrong("this is not a number as JSON writes it", "correct it, or put it in `\"`"));
        };
        let digits = &rest[..length];
        let scalar = match digits.parse() {
            Ok(integer) => Scalar::Int(integer),
            Err(_) => match digits.parse() {
                Ok(float) if f64::is_finite(float) => Scalar::Float(float),
                _ => return Err(self.problem(ProblemKind::NumberTooLarge)),
            },
        };
        self.at += length;
        Ok(scalar)
    }

    fn word(&mut self) -> Result<Scalar, Problem> {
        let words = [("true", Scalar::Bool(true)), ("false", Scalar::Bool(false)), ("null", Scalar::Null)];
        let rest = &self.text[self.at..];
        match words.into_iter().find(|(word, _)| rest.starts_with(word)) {
            Some((word, scalar)) => {
                self.at += word.len();
                Ok(scalar)
            }
            None => {
                let help = "write text in `\"`, a number, `true`, `false`, `null`, a list or an object";
                Err(self.wrong("this is not a JSON value", help))
            }
        }
    }

    /// Steps over blanks and `byte`, if it comes next.
    fn takes(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        let found = self.next() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|it| matches!(it, b' ' | b'\t' | b'\n' | b'\r')).count();
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn cut_off(&self) -> Problem {
        self.wrong("the document is cut off", "restore its end")
    }

    /// A problem with the character that comes next.
    fn wrong(&self, message: &'static str, help: &'static str) -> Problem {
        self.problem(ProblemKind::Malformed { format: Format::Json, message, help })
    }

    fn problem(&self, kind: ProblemKind) -> Problem {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        Problem::new(kind, self.text.as_bytes(), self.at..self.at + length)
    }
}

/// How long the number is that begins here; nothing if it is not one, or runs into a word.
fn number_length(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| bytes[from..].iter().take_while(|it| it.is_ascii_digit()).count();
    let at = |index: usize| bytes.get(index).copied();
    let mut end = usize::from(at(0) == Some(b'-'));
    match digits(end) {
        0 => return None,
        1 => end += 1,
        _ if at(end) == Some(b'0') => return None,
        count => end += count,
    }
    if at(end) == Some(b'.') {
        end += 1 + Some(digits(end + 1)).filter(|count| *count > 0)?;
    }
    if matches!(at(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(at(end + 1), Some(b'+' | b'-')));
        end += 1 + sign + Some(digits(end + 1 + sign)).filter(|count| *count > 0)?;
    }
    at(end).is_none_or(|next| !next.is_ascii_alphanumeric() && next != b'.').then_some(end)
}
