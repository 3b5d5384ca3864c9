//! A document to INI text.
//!
//! Keys and values are spelled as go-ini does it. Where that would be read back as
//! something else, a spelling is taken that is not.

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::super::{Format, WriteError, plain_scalar};
use super::DEFAULT;
use super::reader::{Reader, trim};
use crate::document::{Document, Entry, MapItem, Node};

type Bytes = Zeroizing<Vec<u8>>;

/// The file of a document.
pub(super) fn write(document: &Document) -> Result<Bytes, WriteError> {
    let sections = document.entries().map(section).collect::<Result<Vec<_>, _>>()?;
    let mut out = Zeroizing::new(Vec::with_capacity(4096));
    for (index, section) in sections.iter().enumerate() {
        let is_headless = index == 0 && section.name.eq_ignore_ascii_case(DEFAULT);
        section.write(is_headless, &mut out);
        if index + 1 < sections.len() && !(is_headless && section.keys.is_empty()) {
            out.push(b'\n');
        }
    }
    Ok(out)
}

struct Section<'a> {
    name: &'a str,
    comment: Option<&'a str>,
    keys: Vec<Key<'a>>,
}

struct Key<'a> {
    name: Bytes,
    value: Bytes,
    comment: Option<&'a str>,
}

/// A section with the spellings of what is in it.
fn section(entry: &Entry) -> Result<Section<'_>, WriteError> {
    let Node::Map(map) = &entry.value else { return Err(WriteError::NotASection(entry.key.clone())) };
    if entry.key.is_empty() || entry.key.contains('\n') {
        return Err(WriteError::Unreadable(Format::Ini, entry.key.clone()));
    }
    let mut section = Section { name: &entry.key, comment: None, keys: Vec::new() };
    let mut seen = HashSet::new();
    for (index, item) in map.items.iter().enumerate() {
        match item {
            MapItem::Comment(comment) if index == 0 => section.comment = Some(&comment.text),
            MapItem::Comment(comment) => {
                if let Some(key) = section.keys.last_mut() {
                    key.comment = Some(&comment.text);
                }
            }
            MapItem::Entry(inner) => {
                let path = || format!("{}.{}", entry.key, inner.key);
                let Node::Scalar(scalar) = &inner.value else { return Err(WriteError::NotASection(path())) };
                let (true, Some(name), Some(value)) =
                    (seen.insert(&inner.key), spelled_key(&inner.key), spelled_value(&plain_scalar(scalar)))
                else {
                    return Err(WriteError::Unreadable(Format::Ini, path()));
                };
                section.keys.push(Key { name, value, comment: None });
            }
        }
    }
    Ok(section)
}

impl Section<'_> {
    fn write(&self, is_headless: bool, out: &mut Vec<u8>) {
        self.comment.iter().for_each(|comment| write_comment(comment, |line| line, out));
        if !is_headless {
            out.extend_from_slice(&[b"[", self.name.as_bytes(), b"]\n"].concat());
        }
        let width = self.keys.iter().map(|key| key.name.len()).max().unwrap_or_default();
        for key in &self.keys {
            key.comment.iter().for_each(|comment| write_comment(comment, str::trim, out));
            out.extend_from_slice(&key.name);
            out.resize(out.len() + width - key.name.len(), b' ');
            out.extend_from_slice(b" = ");
            out.extend_from_slice(&key.value);
            out.push(b'\n');
        }
    }
}

/// A comment, each line with a sign; go-ini trims lines that have one already.
fn write_comment(comment: &str, bare: fn(&str) -> &str, out: &mut Vec<u8>) {
    if comment.is_empty() {
        return;
    }
    for line in comment.split('\n') {
        let (sign, text) = match line.strip_prefix(['#', ';']) {
            Some(rest) => (&line[..1], rest.trim()),
            None => (";", bare(line)),
        };
        out.extend_from_slice(format!("{sign} {text}\n").as_bytes());
    }
}

/// A key in the first spelling that is read back as it.
fn spelled_key(key: &str) -> Option<Bytes> {
    let quotes: [&[u8]; 4] = if key.contains(['"', '=', ':']) {
        [b"`", b"\"", b"\"\"\"", b""]
    } else if key.contains('`') {
        [b"\"\"\"", b"\"", b"", b"`"]
    } else {
        [b"", b"`", b"\"", b"\"\"\""]
    };
    let is_read_back = |spelling: &[u8]| {
        let line = [spelling, b" = "].concat();
        let is_line =
            !matches!(spelling.first(), None | Some(b'#' | b';' | b'[')) && !spelling.contains(&b'\n');
        is_line && key != "-" && Reader::new(&line).name(&line).is_ok_and(|(name, _)| name == key.as_bytes())
    };
    spelling(key.as_bytes(), quotes, is_read_back)
}

/// A value in the first spelling that is read back as it.
fn spelled_value(value: &[u8]) -> Option<Bytes> {
    let contains = |signs: &[u8]| value.iter().any(|it| signs.contains(it));
    let first: &[u8] = if contains(b"\n`") {
        b"\"\"\""
    } else if contains(b"#;") {
        b"`"
    } else if trim(value).len() < value.len() {
        b"\""
    } else {
        b""
    };
    let is_read_back = |spelling: &[u8]| {
        let text = Zeroizing::new([spelling, b"\n"].concat());
        let mut reader = Reader::new(&text);
        let back = reader.next_line().and_then(|line| reader.value(line).ok());
        back.is_some_and(|back| *back == value) && reader.is_done()
    };
    spelling(value, [first, b"\"", b"'", b"`"], is_read_back)
        .or_else(|| spelling(value, [b"\"\"\""; 4], is_read_back))
}

fn spelling(text: &[u8], quotes: [&[u8]; 4], is_read_back: impl Fn(&[u8]) -> bool) -> Option<Bytes> {
    let mut spellings = quotes.into_iter().map(|quote| Zeroizing::new([quote, text, quote].concat()));
    spellings.find(|spelling| is_read_back(spelling))
}
