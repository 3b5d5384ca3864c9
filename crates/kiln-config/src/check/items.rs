//! The items of the lists that rules are about.

use std::collections::BTreeMap;

use kiln_jinja::{Local, Programs, Session};
use kiln_model::{Diagnostics, Map, Node, PathStep, Sources, split_path};
use kiln_pack::Pack;

/// The expression that gives a list, and the name that its items go by.
type Key = (String, String);

/// The items of every list that a rule is about, looked up once.
pub(super) struct Lists {
    known: BTreeMap<Key, Vec<Item>>,
}

/// One item of a list.
pub(super) struct Item {
    /// The name that it goes by.
    pub(super) name: String,
    /// Its path, if the list stands in the data.
    pub(super) path: Option<Vec<PathStep>>,
    /// The item; one of a computed list has no place.
    pub(super) node: Node,
}

/// An item, and how expressions see it.
pub(super) type Seen<'a> = (&'a Item, Local<'a>);

impl Lists {
    /// The lists of a pack's rules. One that cannot be computed is reported for the first rule that
    /// is about it, and is empty.
    pub(super) fn new(
        data: &Map,
        pack: &Pack,
        programs: &Programs<'_>,
        session: &Session<'_>,
        sources: &Sources,
        sink: &mut Diagnostics,
    ) -> Lists {
        let mut known = BTreeMap::new();
        for (each, name) in pack.checks.values().filter_map(|rule| rule.each.as_ref()) {
            known.entry((each.text.clone(), name.clone())).or_insert_with(|| {
                let found = written(data, &each.text)
                    .map_or_else(|| session.list(&programs.program(&each.text)).map(computed), Ok);
                let found = found.unwrap_or_else(|failure| {
                    failure.report("check", each.span, sources, sink);
                    Vec::new()
                });
                found.into_iter().map(|(path, node)| Item { name: name.clone(), path, node }).collect()
            });
        }
        Lists { known }
    }

    /// The items of each list as the expressions of a session see them.
    pub(super) fn seen<'a>(&'a self, session: &Session<'_>) -> BTreeMap<&'a Key, Vec<Seen<'a>>> {
        let seen = |(key, items): (&'a Key, &'a Vec<Item>)| {
            let locals = session.items(&key.0, &key.1, items.iter().map(|item| &item.node.value));
            (key, items.iter().zip(locals).collect())
        };
        self.known.iter().map(seen).collect()
    }
}

type Found = (Option<Vec<PathStep>>, Node);

/// The items of a list of the data, with their paths.
fn written(data: &Map, path: &str) -> Option<Vec<Found>> {
    let steps = split_path(path)?;
    let (PathStep::Key(first), rest) = steps.split_first()? else { return None };
    let items = data.get(first)?.walk(rest)?.as_list()?;
    let path = |index| steps.iter().cloned().chain([PathStep::Index(index)]).collect();
    Some(items.iter().enumerate().map(|(index, item)| (Some(path(index)), item.clone())).collect())
}

fn computed(items: Vec<Node>) -> Vec<Found> {
    items.into_iter().map(|item| (None, item)).collect()
}
