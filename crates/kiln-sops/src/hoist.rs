//! Moves comments to where SOPS can keep them encrypted.
//!
//! SOPS turns an encrypted comment in a list into an item of the list, and loses track of
//! one that ends a block behind a deeper block. Both go above the key they stand under.

use std::collections::VecDeque;
use std::convert::Infallible;

use crate::document::{Comment, Document, List, ListItem, Map, MapItem, Node};
use crate::select::{Place, Selection};
use crate::walk::{Leaf, walk};

/// Moves the comments that would be encrypted out of lists and from behind blocks.
///
/// Gives the paths of lists that lost comments, since above their key the comments would
/// stand in clear.
pub(crate) fn hoist(documents: &mut [Document], selection: &Selection) -> Vec<String> {
    let mut hoister = Hoister {
        selection,
        selected: selected_comments(documents, selection),
        place: Place::default(),
        dropped: Vec::new(),
    };
    documents.iter_mut().for_each(|document| hoister.map(document, true));
    hoister.dropped
}

/// For each comment in document order whether it is encrypted.
fn selected_comments(documents: &mut [Document], selection: &Selection) -> VecDeque<bool> {
    let mut flags = VecDeque::new();
    let Ok(()) = walk(documents, selection, &mut |leaf, _, selected| {
        if let Leaf::Comment(_) = leaf {
            flags.push_back(selected);
        }
        Ok::<(), Infallible>(())
    });
    flags
}

struct Hoister<'a> {
    selection: &'a Selection,
    selected: VecDeque<bool>,
    place: Place,
    dropped: Vec<String>,
}

impl Hoister<'_> {
    fn map(&mut self, map: &mut Map, is_top: bool) {
        let mut items = Vec::with_capacity(map.items.len());
        let mut encrypted_at_end = false;
        let mut last_entry = None;
        for mut item in map.items.drain(..) {
            if let MapItem::Entry(entry) = &mut item {
                self.place.path.push(entry.key.clone());
                let lifted = self.node(&mut entry.value);
                let path = self.place.path.join(".");
                self.place.path.pop();
                self.put_above(lifted, path, &mut items);
                let is_block = !matches!(entry.value, Node::Scalar(_)) && !entry.value.is_empty();
                last_entry = is_block.then_some(items.len());
                encrypted_at_end = false;
            } else {
                encrypted_at_end |= self.selected.pop_front().unwrap_or_default();
            }
            items.push(item);
        }
        if let (false, true, Some(entry)) = (is_top, encrypted_at_end, last_entry) {
            let behind = items.len() - entry - 1;
            items[entry..].rotate_right(behind);
        }
        map.items = items;
    }

    /// The comments that must leave the node.
    fn node(&mut self, node: &mut Node) -> Vec<Comment> {
        match node {
            Node::Scalar(_) => Vec::new(),
            Node::Map(map) => {
                self.map(map, false);
                Vec::new()
            }
            Node::List(list) => self.list(list),
        }
    }

    fn list(&mut self, list: &mut List) -> Vec<Comment> {
        let mut lifted = Vec::new();
        let mut items = Vec::with_capacity(list.items.len());
        for item in list.items.drain(..) {
            match item {
                ListItem::Comment(comment) => {
                    if self.selected.pop_front().unwrap_or_default() {
                        lifted.push(Comment { inline: false, ..comment });
                    } else {
                        items.push(ListItem::Comment(comment));
                    }
                }
                ListItem::Node(mut node) => {
                    lifted.extend(self.node(&mut node));
                    // What has moved to the top of an item stands above its dash.
                    lifted.extend(node.take_leading_comments());
                    items.push(ListItem::Node(node));
                }
            }
        }
        list.items = items;
        lifted
    }

    fn put_above(&mut self, lifted: Vec<Comment>, path: String, items: &mut Vec<MapItem>) {
        if lifted.is_empty() {
            return;
        }
        // A comment that moves would become an active one; rules over comments see that.
        let by_comment = matches!(
            self.selection,
            Selection::EncryptedCommentRegex(_) | Selection::UnencryptedCommentRegex(_)
        );
        if by_comment || !self.selection.selects(&self.place, true) {
            self.dropped.push(path);
        } else {
            items.extend(lifted.into_iter().map(MapItem::Comment));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::emit::{emit, tests::document};
    use crate::read::read;

    fn hoisted(text: &str) -> String {
        let mut documents = read(text).unwrap();
        hoist(&mut documents, &Selection::default());
        emit(&documents, 2).to_string()
    }

    #[test]
    fn comments_leave_a_list_at_any_depth() {
        assert_eq!(hoisted("a:\n  - - x # 1\n    # 2\n  # 3\n"), "# 1\n# 2\n# 3\na:\n  - - x\n");
        assert_eq!(hoisted("a:\n  - b:\n      - x # 1\n"), "# 1\na:\n  - b:\n      - x\n");
        assert_eq!(
            hoisted("a:\n  - b: x\n    c:\n      - x # 1\n"),
            "a:\n  - b: x\n    # 1\n    c:\n      - x\n"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

        #[test]
        fn what_was_moved_is_read_back_there_and_stays(document in document()) {
            let mut documents = vec![document];
            let comments = |documents: &mut [Document]| selected_comments(documents, &Selection::default()).len();
            let before = comments(&mut documents);
            prop_assert!(hoist(&mut documents, &Selection::default()).is_empty());
            prop_assert_eq!(comments(&mut documents), before);
            let text = emit(&documents, 4);
            let mut back = read(&text).map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
            let same = documents.iter().eq(back.iter());
            prop_assert!(same, "{}", *text);
            hoist(&mut back, &Selection::default());
            prop_assert!(back == documents, "moved again: {}", *text);
        }
    }
}
