//! Visits every leaf of a document, in document order, with its place.

use crate::document::{Comment, Document, List, ListItem, Map, MapItem, Node, Scalar};
use crate::select::{Place, Selection};

/// A leaf that is visited.
pub(crate) enum Leaf<'a> {
    /// The last key of the place; keys are never encrypted.
    Key,
    Scalar(&'a mut Scalar),
    Comment(&'a mut Comment),
}

/// Calls `visit` for every leaf with its place and whether `selection` selects it.
///
/// Comments count as they stand before the visit.
pub(crate) fn walk<E>(
    documents: &mut [Document],
    selection: &Selection,
    visit: &mut impl FnMut(Leaf<'_>, &Place, bool) -> Result<(), E>,
) -> Result<(), E> {
    let mut walker = Walker { selection, visit, place: Place::default() };
    documents.iter_mut().try_for_each(|document| walker.map(document))
}

struct Walker<'a, V> {
    selection: &'a Selection,
    visit: &'a mut V,
    place: Place,
}

impl<E, V: FnMut(Leaf<'_>, &Place, bool) -> Result<(), E>> Walker<'_, V> {
    fn map(&mut self, map: &mut Map) -> Result<(), E> {
        self.place.comments.push(Vec::new());
        for item in &mut map.items {
            match item {
                MapItem::Comment(comment) => self.comment(comment)?,
                MapItem::Entry(entry) => {
                    self.place.path.push(entry.key.clone());
                    (self.visit)(Leaf::Key, &self.place, false)?;
                    self.node(&mut entry.value)?;
                    self.place.path.pop();
                    self.forget_comments();
                }
            }
        }
        self.place.comments.pop();
        Ok(())
    }

    fn list(&mut self, list: &mut List) -> Result<(), E> {
        self.place.comments.push(Vec::new());
        for item in &mut list.items {
            match item {
                ListItem::Comment(comment) => self.comment(comment)?,
                ListItem::Node(node) => {
                    self.node(node)?;
                    self.forget_comments();
                }
            }
        }
        self.place.comments.pop();
        Ok(())
    }

    fn node(&mut self, node: &mut Node) -> Result<(), E> {
        match node {
            Node::Map(map) => self.map(map),
            Node::List(list) => self.list(list),
            Node::Scalar(scalar) => {
                let selected = self.selection.selects(&self.place, false);
                (self.visit)(Leaf::Scalar(scalar), &self.place, selected)
            }
        }
    }

    fn comment(&mut self, comment: &mut Comment) -> Result<(), E> {
        if let Some(above) = self.place.comments.last_mut() {
            above.push(comment.text.clone());
        }
        let selected = self.selection.selects(&self.place, true);
        (self.visit)(Leaf::Comment(comment), &self.place, selected)
    }

    fn forget_comments(&mut self) {
        if let Some(above) = self.place.comments.last_mut() {
            above.clear();
        }
    }
}
