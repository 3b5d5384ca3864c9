//! A document to JSON text.

use zeroize::Zeroizing;

use super::super::WriteError;
use super::string;
use crate::document::{Document, ListItem, Map, Node, Scalar};
use crate::number;

/// The file of a document; `indent` spaces per level, or a tab.
pub(super) fn write(document: &Document, indent: Option<usize>) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    let mut writer = Writer::new(indent);
    writer.map(document)?;
    writer.out.push(b'\n');
    Ok(writer.out)
}

/// The text of one value by itself, without a line break at its end.
pub(super) fn write_value(node: &Node, indent: Option<usize>) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    let mut writer = Writer::new(indent);
    writer.node(node)?;
    Ok(writer.out)
}

struct Writer<'a> {
    out: Zeroizing<Vec<u8>>,
    unit: String,
    depth: usize,
    /// The keys that lead here.
    path: Vec<&'a str>,
}

impl<'a> Writer<'a> {
    fn new(indent: Option<usize>) -> Writer<'a> {
        let unit = indent.map_or("\t".to_owned(), |columns| " ".repeat(columns));
        Writer { out: Zeroizing::new(Vec::with_capacity(4096)), unit, depth: 0, path: Vec::new() }
    }

    fn node(&mut self, node: &'a Node) -> Result<(), WriteError> {
        match node {
            Node::Map(map) => self.map(map),
            Node::List(list) => {
                let items = list.items.iter().filter_map(|item| match item {
                    ListItem::Node(node) => Some(node),
                    ListItem::Comment(_) => None,
                });
                self.collection(b"[]", items, Writer::node)
            }
            Node::Scalar(scalar) => self.scalar(scalar),
        }
    }

    fn map(&mut self, map: &'a Map) -> Result<(), WriteError> {
        self.collection(b"{}", map.entries(), |writer, entry| {
            string::write(&entry.key, &mut writer.out);
            writer.out.extend_from_slice(b": ");
            writer.path.push(&entry.key);
            writer.node(&entry.value)?;
            writer.path.pop();
            Ok(())
        })
    }

    fn collection<T>(
        &mut self,
        brackets: &[u8; 2],
        items: impl Iterator<Item = T>,
        mut write: impl FnMut(&mut Writer<'a>, T) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.out.push(brackets[0]);
        self.depth += 1;
        let mut is_empty = true;
        for item in items {
            if !is_empty {
                self.out.push(b',');
            }
            self.line_break();
            write(self, item)?;
            is_empty = false;
        }
        self.depth -= 1;
        if !is_empty {
            self.line_break();
        }
        self.out.push(brackets[1]);
        Ok(())
    }

    fn line_break(&mut self) {
        self.out.push(b'\n');
        for _ in 0..self.depth {
            self.out.extend_from_slice(self.unit.as_bytes());
        }
    }

    fn scalar(&mut self, scalar: &Scalar) -> Result<(), WriteError> {
        let path = || self.path.join(".");
        match scalar {
            Scalar::Null => self.out.extend_from_slice(b"null"),
            Scalar::Bool(it) => self.out.extend_from_slice(it.to_string().as_bytes()),
            Scalar::Int(it) => self.out.extend_from_slice(it.to_string().as_bytes()),
            Scalar::Float(it) => {
                let text = number::json(*it).ok_or_else(|| WriteError::NotANumber(path()))?;
                self.out.extend_from_slice(text.as_bytes());
            }
            Scalar::Time(it) => string::write(it, &mut self.out),
            Scalar::Text(it) => string::write(it, &mut self.out),
            Scalar::Bytes(_) => return Err(WriteError::NotText(path())),
        }
        Ok(())
    }
}
