//! Looks for a text in the values of a document.

use std::convert::Infallible;

use zeroize::Zeroizing;

use super::Plain;
use crate::document::{MapItem, Node, Scalar};
use crate::select::Selection;
use crate::walk::{Leaf, walk};

/// Where a text was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The document of the stream, counted from 0.
    pub document: usize,
    /// The keys that lead to the value; a list adds none.
    pub path: Vec<String>,
}

impl Plain {
    /// Replaces a text wherever a value contains it, and says where that was.
    ///
    /// An empty text is found nowhere.
    pub fn replace_text(&mut self, old: &str, new: &str) -> Vec<Found> {
        let mut found = Vec::new();
        if old.is_empty() {
            return found;
        }
        for (document, tree) in self.documents.iter_mut().enumerate() {
            let tree = std::slice::from_mut(tree);
            let Ok(()) = walk(tree, &Selection::Everything, &mut |leaf, place, _| {
                if let Leaf::Scalar(Scalar::Text(text)) = leaf
                    && text.contains(old)
                {
                    *text = Zeroizing::new(text.replace(old, new));
                    found.push(Found { document, path: place.path.clone() });
                }
                Ok::<(), Infallible>(())
            });
        }
        found
    }

    /// The text at these keys of one document of the stream.
    pub fn text_at(&self, document: usize, keys: &[&str]) -> Option<&str> {
        let (last, above) = keys.split_last()?;
        let mut map = self.documents.get(document)?;
        for key in above {
            let below = map.items.iter().find_map(|item| match item {
                MapItem::Entry(entry) if entry.key == *key => Some(&entry.value),
                _ => None,
            });
            let Some(Node::Map(inner)) = below else { return None };
            map = inner;
        }
        map.get(last)?.value.as_text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Stores};

    #[test]
    fn a_text_is_replaced_in_every_value_and_in_no_key() {
        let mut plain = Plain::read(b"a: [x old y, 5]\n---\nold:\n  k: old\n", Format::Yaml).unwrap();
        let found = plain.replace_text("old", "new");
        assert_eq!(
            found,
            [
                Found { document: 0, path: vec!["a".to_owned()] },
                Found { document: 1, path: vec!["old".to_owned(), "k".to_owned()] },
            ]
        );
        let stores = Stores { yaml_indent: 2, ..Stores::default() };
        assert_eq!(
            plain.write(Format::Yaml, &stores).unwrap().as_slice(),
            b"a:\n  - x new y\n  - 5\n---\nold:\n  k: new\n"
        );
    }

    #[test]
    fn a_text_is_found_by_its_keys() {
        let plain = Plain::read(b"a:\n  b: c\n  n: 5\n", Format::Yaml).unwrap();
        assert_eq!(plain.text_at(0, &["a", "b"]), Some("c"));
        assert_eq!(plain.text_at(0, &["a", "n"]), None);
        assert_eq!(plain.text_at(1, &["a", "b"]), None);
        assert_eq!(plain.text_at(0, &[]), None);
    }
}
