//! Dotenv files: comments, and lines of `KEY=value` that are taken as they are.
//!
//! There is no quoting. A line break inside a value is written `\n`; blanks and carriage
//! returns belong to keys and values.

use zeroize::Zeroizing;

use super::problem::{Problem, ProblemKind};
use super::{Format, WriteError, plain_scalar};
use crate::document::{Comment, Document, Entry, MapItem, Node, Scalar};

/// The document of a file.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Vec<Problem>> {
    let mut document = Document::default();
    let mut problems = Vec::new();
    let mut start = 0;
    for (index, line) in bytes.split(|it| *it == b'\n').enumerate() {
        match item(line, start) {
            Ok(found) => document.items.extend(found),
            Err(kind) => {
                let at = start..start + line.len();
                problems.push(Problem { kind, path: String::new(), line: index + 1, at });
            }
        }
        start += line.len() + 1;
    }
    if problems.is_empty() { Ok(document) } else { Err(problems) }
}

/// What a line says, which begins at `start`; nothing if it is empty.
fn item(line: &[u8], start: usize) -> Result<Option<MapItem>, ProblemKind> {
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| ProblemKind::NotUtf8);
    if line.is_empty() {
        return Ok(None);
    }
    if let Some(comment) = line.strip_prefix(b"#") {
        return Ok(Some(MapItem::Comment(Comment::new(text(comment)?, false))));
    }
    let Some(equals) = line.iter().position(|it| *it == b'=') else {
        return Err(ProblemKind::Malformed {
            format: Format::Dotenv,
            message: "a line without `=`",
            help: "write `KEY=value`, or `#` before a comment",
        });
    };
    let key = text(&line[..equals])?.to_owned();
    let value = Node::Scalar(Scalar::bytes(&unescaped(&line[equals + 1..])));
    Ok(Some(MapItem::Entry(Entry { key, value, at: start..start + line.len() })))
}

/// The file of a document.
pub(super) fn write(document: &Document) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    let mut lines = Vec::with_capacity(document.items.len());
    for item in &document.items {
        lines.push(match item {
            MapItem::Comment(comment) => {
                if comment.text.contains('\n') {
                    return Err(WriteError::Unreadable(Format::Dotenv, "#".to_owned()));
                }
                Zeroizing::new([b"#", comment.text.as_bytes(), b"\n"].concat())
            }
            MapItem::Entry(entry) => line(entry)?,
        });
    }
    let length = lines.iter().map(|line| line.len()).sum();
    let mut out = Zeroizing::new(Vec::with_capacity(length));
    lines.iter().for_each(|line| out.extend_from_slice(line));
    Ok(out)
}

fn line(entry: &Entry) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    let Node::Scalar(scalar) = &entry.value else { return Err(WriteError::Nested(entry.key.clone())) };
    if entry.key.contains(['=', '\n']) || entry.key.starts_with('#') {
        return Err(WriteError::Unreadable(Format::Dotenv, entry.key.clone()));
    }
    let value = escaped(&plain_scalar(scalar));
    Ok(Zeroizing::new([entry.key.as_bytes(), b"=", value.as_slice(), b"\n"].concat()))
}

/// A value with `\n` for every line break.
fn escaped(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(value.len() * 2));
    for byte in value {
        match byte {
            b'\n' => out.extend_from_slice(b"\\n"),
            _ => out.push(*byte),
        }
    }
    out
}

/// A value with a line break for every `\n`.
fn unescaped(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(value.len()));
    let mut rest = value;
    while let Some((byte, after)) = rest.split_first() {
        match after.strip_prefix(b"n") {
            Some(after) if *byte == b'\\' => {
                out.push(b'\n');
                rest = after;
            }
            _ => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(text: &[u8]) -> Vec<u8> {
        write(&read(text).unwrap()).unwrap().to_vec()
    }

    fn value(text: &str) -> String {
        let document = read(text.as_bytes()).unwrap();
        document.entries().next().and_then(|entry| entry.value.as_text()).unwrap().to_owned()
    }

    #[test]
    fn keys_and_values_are_taken_as_they_are() {
        assert_eq!(value("a= b = 'c' # d \r"), " b = 'c' # d \r");
        assert_eq!(read(b"foo = bar").unwrap().entries().next().unwrap().key, "foo ");
        assert_eq!(read(b"=x").unwrap().entries().next().unwrap().key, "");
        assert_eq!(again(b"\n\na=\n\n#\n# c\n a=1\na=2"), b"a=\n#\n# c\n a=1\na=2\n");
    }

    #[test]
    fn a_backslash_and_n_are_a_line_break() {
        assert_eq!(value(r"a=x\ny"), "x\ny");
        assert_eq!(value(r"a=x\\n\t\"), "x\\\n\\t\\");
        assert_eq!(again(b"a=x\\ny\n"), b"a=x\\ny\n");
    }

    #[test]
    fn values_need_not_be_utf_8() {
        assert_eq!(again(b"a=\xff\xfe\n"), b"a=\xff\xfe\n");
        assert!(matches!(
            read(b"\n\xff=a\n").unwrap_err()[0],
            Problem { kind: ProblemKind::NotUtf8, line: 2, .. }
        ));
    }

    #[test]
    fn every_line_without_a_value_is_a_problem() {
        let problems = read(b"a=1\nhunter2\nb=2\n\r\n").unwrap_err();
        let places: Vec<_> = problems.iter().map(|it| (it.line, it.at.clone())).collect();
        assert_eq!(places, [(2, 4..11), (4, 16..17)]);
    }

    #[test]
    fn what_would_become_another_line_is_not_written() {
        for key in ["a=b", "a\nb", "#a"] {
            let mut document = Document::default();
            document.push(key, Node::text("x"));
            assert!(matches!(write(&document), Err(WriteError::Unreadable(Format::Dotenv, _))), "{key:?}");
        }
        let mut nested = Document::default();
        nested.push("a", Node::Map(Document::default()));
        assert_eq!(write(&nested).unwrap_err(), WriteError::Nested("a".to_owned()));
    }
}
