//! INI text to a document.

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::super::Format;
use super::super::problem::{Problem, ProblemKind};
use super::DEFAULT;
use crate::document::{Comment, Document, Entry, Map, MapItem, Node, Scalar};

/// Reads line by line; a value may take further lines in.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the line began that is being read.
    line: usize,
    /// The comments that nothing has taken yet.
    comment: Zeroizing<Vec<u8>>,
}

/// A section that is being read.
struct Section {
    name: String,
    start: usize,
    map: Map,
    keys: HashSet<String>,
}

impl Section {
    fn new(name: String, start: usize) -> Section {
        Section { name, start, map: Map::default(), keys: HashSet::new() }
    }

    fn close(self, end: usize, document: &mut Document) {
        let value = Node::Map(self.map);
        document.items.push(MapItem::Entry(Entry { key: self.name, value, at: self.start..end }));
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0, line: 0, comment: Zeroizing::default() }
    }

    pub(super) fn document(mut self) -> Result<Document, Problem> {
        let mut document = Document::default();
        let mut section = Section::new(DEFAULT.to_owned(), 0);
        if self.bytes.starts_with("\u{feff}".as_bytes()) {
            self.at = '\u{feff}'.len_utf8();
        }
        while let Some(line) = self.next_line() {
            match trim_start(line) {
                [] => {}
                line @ [b'#' | b';', ..] => self.comment.extend_from_slice(line),
                line @ [b'[', ..] => {
                    let next = self.header(line)?;
                    std::mem::replace(&mut section, next).close(self.line, &mut document);
                }
                line => self.key(line, &mut section)?,
            }
        }
        section.close(self.at, &mut document);
        Ok(document)
    }

    /// A section begins.
    fn header(&mut self, line: &[u8]) -> Result<Section, Problem> {
        let Some(end) = line.iter().rposition(|it| *it == b']') else {
            return Err(self.wrong("the name of a section is never closed", "write the missing `]`"));
        };
        let name = self.text(&line[1..end])?.to_owned();
        if name.is_empty() {
            return Err(self.wrong("a section without a name", "write the name between the brackets"));
        }
        self.comment.extend_from_slice(behind(&line[end + 1..]));
        let mut section = Section::new(name, self.line);
        section.map.items.extend(self.take_comment()?);
        Ok(section)
    }

    /// A key and its value.
    fn key(&mut self, line: &[u8], section: &mut Section) -> Result<(), Problem> {
        let start = self.line;
        let (name, rest) = self.name(line)?;
        let key = self.text(name)?.to_owned();
        if key == "-" {
            return Err(self.wrong("a key of which nothing but its number is kept", "give the key a name"));
        }
        let value = self.value(rest)?;
        if !section.keys.insert(key.clone()) {
            let problem = Problem::new(ProblemKind::DuplicateKey, self.bytes, start..self.at);
            return Err(problem.below(&key).below(&section.name));
        }
        let comment = self.take_comment()?;
        let value = Node::Scalar(Scalar::bytes(&value));
        section.map.items.push(MapItem::Entry(Entry { key, value, at: start..self.at }));
        section.map.items.extend(comment);
        Ok(())
    }

    /// The name of a key, which may be in quotes, and what stands behind its `=` or `:`.
    pub(super) fn name<'l>(&self, line: &'l [u8]) -> Result<(&'l [u8], &'l [u8]), Problem> {
        let quote: &[u8] = match line {
            [b'"', b'"', b'"', _, _, _, _, ..] => b"\"\"\"",
            [b'"', ..] => b"\"",
            [b'`', ..] => b"`",
            _ => b"",
        };
        let delimiter = |from: usize| {
            let rest = line.get(from..).unwrap_or_default();
            rest.iter().position(|it| matches!(it, b'=' | b':')).map(|at| from + at)
        };
        let (start, end, delimiter) = if quote.is_empty() {
            (0, delimiter(0), delimiter(0))
        } else {
            let end = find(&line[quote.len()..], quote).map(|at| at + quote.len());
            (quote.len(), end, end.and_then(|end| delimiter(end + quote.len())))
        };
        let (Some(end), Some(delimiter)) = (end, delimiter) else {
            return Err(self.wrong("a line that is no `key = value`", "write `=` between key and value"));
        };
        match trim(&line[start..end]) {
            [] => Err(self.wrong("a value without a key", "write the key before `=`")),
            name => Ok((name, &line[delimiter + 1..])),
        }
    }

    /// The value that begins behind `=`, on this line and as many as belong to it.
    pub(super) fn value(&mut self, rest: &[u8]) -> Result<Zeroizing<Vec<u8>>, Problem> {
        let rest = trim_start(rest);
        let quote: &[u8] = match rest {
            [b'"', b'"', b'"', _, ..] => b"\"\"\"",
            [b'`', ..] => b"`",
            _ => return Ok(self.unquoted(trim(rest))),
        };
        let inside = &rest[quote.len()..];
        match rfind(inside, quote) {
            Some(end) => Ok(Zeroizing::new(inside[..end].to_vec())),
            None => self.several_lines(inside, quote),
        }
    }

    /// A value that ends with its quote on a later line.
    fn several_lines(&mut self, first: &[u8], quote: &[u8]) -> Result<Zeroizing<Vec<u8>>, Problem> {
        let mut value = Zeroizing::new(first.to_vec());
        let start = self.line;
        while let Some(line) = self.next_line() {
            let end = rfind(line, quote);
            match end {
                Some(end) if !trim(&line[end + quote.len()..]).ends_with(b"\\") => {
                    value.extend_from_slice(&line[..end]);
                    self.comment.extend_from_slice(trim(behind(&line[end..])));
                    return Ok(value);
                }
                _ => value.extend_from_slice(line),
            }
        }
        self.line = start;
        Err(self.wrong("a value whose quote is never closed", "close it with the same quote"))
    }

    fn unquoted(&mut self, value: &[u8]) -> Zeroizing<Vec<u8>> {
        if let Some(first) = value.strip_suffix(b"\\") {
            return self.continued(first);
        }
        let end = value.iter().position(|it| matches!(it, b'#' | b';')).unwrap_or(value.len());
        self.comment.extend_from_slice(&value[end..]);
        let value = trim(&value[..end]);
        Zeroizing::new(match value {
            [open @ (b'"' | b'\''), inside @ .., close] if open == close && !inside.contains(open) => {
                inside.to_vec()
            }
            _ => value.to_vec(),
        })
    }

    /// A value whose line ends with a backslash, up to a line that does not.
    fn continued(&mut self, first: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut value = Zeroizing::new(first.to_vec());
        while let Some(line) = self.next_line().map(trim).filter(|line| !line.is_empty()) {
            match line.strip_suffix(b"\\") {
                Some(part) => value.extend_from_slice(part),
                None => {
                    value.extend_from_slice(line);
                    break;
                }
            }
        }
        value
    }

    /// The next line with its line break.
    pub(super) fn next_line(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.iter().position(|it| *it == b'\n').map_or(rest.len(), |at| at + 1);
        self.line = self.at;
        self.at += length;
        Some(&rest[..length])
    }

    /// The comments of what was just read, without the sign of the first.
    fn take_comment(&mut self) -> Result<Option<MapItem>, Problem> {
        let comment = std::mem::take(&mut self.comment);
        let text = match trim(&comment) {
            [] => return Ok(None),
            [b';', rest @ ..] => trim_start_of(rest, b"; "),
            [b'#', rest @ ..] => trim_start_of(rest, b"# "),
            other => other,
        };
        Ok(Some(MapItem::Comment(Comment::new(self.text(text)?, false))))
    }

    /// Whether everything was read and no comment found.
    pub(super) fn is_done(&self) -> bool {
        self.at == self.bytes.len() && self.comment.is_empty()
    }

    fn text<'l>(&self, bytes: &'l [u8]) -> Result<&'l str, Problem> {
        std::str::from_utf8(bytes).map_err(|_| self.problem(ProblemKind::NotUtf8))
    }

    fn wrong(&self, message: &'static str, help: &'static str) -> Problem {
        self.problem(ProblemKind::Malformed { format: Format::Ini, message, help })
    }

    /// A problem with the line that is being read.
    fn problem(&self, kind: ProblemKind) -> Problem {
        Problem::new(kind, self.bytes, self.line..self.at)
    }
}

/// The comment behind something.
fn behind(bytes: &[u8]) -> &[u8] {
    bytes.iter().position(|it| matches!(it, b'#' | b';')).map_or(&[], |at| &bytes[at..])
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|it| it == part)
}

fn rfind(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).rposition(|it| it == part)
}

pub(super) fn trim(bytes: &[u8]) -> &[u8] {
    trim_end(trim_start(bytes))
}

/// Without Unicode's white space at the beginning.
fn trim_start(bytes: &[u8]) -> &[u8] {
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    &bytes[valid.len() - valid.trim_start().len()..]
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let last = bytes.utf8_chunks().last().filter(|chunk| chunk.invalid().is_empty());
    let valid = last.map_or("", |chunk| chunk.valid());
    &bytes[..bytes.len() - (valid.len() - valid.trim_end().len())]
}

fn trim_start_of<'l>(bytes: &'l [u8], signs: &[u8]) -> &'l [u8] {
    let count = bytes.iter().take_while(|it| signs.contains(it)).count();
    &bytes[count..]
}
