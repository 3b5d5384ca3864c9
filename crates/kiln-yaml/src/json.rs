//! JSON text to located trees.

mod number;
mod string;

use kiln_model::{Diagnostic, Diagnostics, Entry, Map, Node, Reported, SourceId, Span, Value};

use crate::compose::check_length;
use crate::conflict::conflict;
use crate::events::MAX_DEPTH;
use crate::findings;

/// Reads a JSON text (RFC 8259), strictly: no comments, no trailing commas.
///
/// Spans and messages are as for YAML.
///
/// # Errors
/// If the text is not JSON, is larger than 32 MiB or nests too deep. A key given twice is reported and the tree
/// given nevertheless, with the first of its values.
pub fn compose(source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<Node, Reported> {
    check_length(source, text, sink)?;
    let mut reader = Reader { source, text, at: 0, sink };
    match reader.document() {
        Ok(node) => Ok(node),
        Err(finding) => Err(reader.sink.error(conflict(source, text).unwrap_or(*finding))),
    }
}

/// What reading a part of the text gives; the finding ends the reading.
type Read<T> = Result<T, Box<Diagnostic>>;

struct Reader<'a> {
    source: SourceId,
    text: &'a str,
    at: usize,
    sink: &'a mut Diagnostics,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Read<Node> {
        self.take("\u{feff}");
        let node = self.value(0)?;
        self.skip_blanks();
        self.refuse_comment()?;
        if self.at < self.text.len() {
            return Err(self.wrong("text after the end of the document", "remove it"));
        }
        Ok(node)
    }

    fn value(&mut self, depth: usize) -> Read<Node> {
        self.skip_blanks();
        self.refuse_comment()?;
        let start = self.at;
        let value = match self.rest().bytes().next() {
            Some(b'{') => self.object(depth + 1)?,
            Some(b'[') => self.array(depth + 1)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ if self.take("true") => Value::Bool(true),
            _ if self.take("false") => Value::Bool(false),
            _ if self.take("null") => Value::Null,
            Some(b'\'') => return Err(self.wrong("text in single quotes", "write `\"` around text")),
            None => return Err(self.wrong("the text ends where a value is expected", "write the value")),
            Some(_) => {
                let help = "write text in `\"`, a number, `true`, `false`, `null`, a list or an object";
                return Err(self.wrong("this is not a JSON value", help));
            }
        };
        Ok(Node::at(value, self.span(start)))
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        self.enter(depth)?;
        let mut items = Vec::new();
        if self.next_is("]") {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            let end = self.at;
            if self.next_is("]") {
                return Ok(Value::List(items));
            }
            let missing = ("expected `,` or `]` in a list", "separate the items with `,`");
            self.comma(end, missing, ("]", "a `,` behind the last item"))?;
        }
    }

    fn object(&mut self, depth: usize) -> Read<Value> {
        self.enter(depth)?;
        let mut map = Map::new();
        if self.next_is("}") {
            return Ok(Value::Map(map));
        }
        loop {
            self.member(&mut map, depth)?;
            let end = self.at;
            if self.next_is("}") {
                return Ok(Value::Map(map));
            }
            let missing = ("expected `,` or `}` in an object", "separate the keys with `,`");
            self.comma(end, missing, ("}", "a `,` behind the last key"))?;
        }
    }

    /// Steps over the comma that has to follow what ends at `end`, and which nothing but `close`
    /// may follow.
    fn comma(
        &mut self,
        end: usize,
        (missing, help): (&'static str, &'static str),
        (close, needless): (&str, &'static str),
    ) -> Read<()> {
        let comma = self.at;
        if !self.take(",") {
            self.refuse_comment()?;
            // It belongs behind the value, even if what follows is on another line.
            self.at = end;
            return Err(self.wrong(missing, help));
        }
        self.skip_blanks();
        if self.rest().starts_with(close) {
            self.at = comma;
            return Err(self.wrong(needless, "remove it"));
        }
        Ok(())
    }

    fn refuse_comment(&self) -> Read<()> {
        if self.rest().starts_with(['/', '#']) {
            return Err(self.wrong("a comment, which JSON does not have", "remove it"));
        }
        Ok(())
    }

    fn member(&mut self, map: &mut Map, depth: usize) -> Read<()> {
        self.skip_blanks();
        let start = self.at;
        self.refuse_comment()?;
        match self.rest().bytes().next() {
            Some(b'"') => {}
            None => return Err(self.wrong("the text ends where a key is expected", "write what is missing")),
            Some(b'\'') => return Err(self.wrong("a key in single quotes", "write `\"` around the key")),
            Some(_) => return Err(self.wrong("expected a key", "write the key in `\"`")),
        }
        let name = self.string()?;
        let key = self.span(start);
        if !self.next_is(":") {
            return Err(self.wrong("expected `:` after a key", "write `\"key\": value`"));
        }
        let node = self.value(depth)?;
        match map.entry(&name) {
            Some(first) => self.sink.push(findings::duplicate_key(&name, key, first.key)),
            None => {
                map.insert(name, Entry { key, node });
            }
        }
        Ok(())
    }

    /// Steps over the bracket that opens a collection.
    fn enter(&mut self, depth: usize) -> Read<()> {
        if depth > MAX_DEPTH {
            return Err(Box::new(findings::too_deep(Span::new(self.source, self.at, self.at + 1))));
        }
        self.at += 1;
        Ok(())
    }

    /// Steps over blanks and `token`, if it comes next.
    fn next_is(&mut self, token: &str) -> bool {
        self.skip_blanks();
        self.take(token)
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.source, start, self.at)
    }

    /// A finding about the character that comes next.
    fn wrong(&self, message: &'static str, help: &'static str) -> Box<Diagnostic> {
        let length = self.rest().chars().next().filter(|it| *it != '\n').map_or(0, char::len_utf8);
        let span = Span::new(self.source, self.at, self.at + length);
        Box::new(Diagnostic::error("load.json-syntax", message).label(span, "").help(help))
    }
}

#[cfg(test)]
mod tests;
