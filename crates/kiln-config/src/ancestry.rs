//! What computed values were computed from.

use std::collections::{BTreeMap, BTreeSet};

use kiln_jinja::{Engine, Scope};
use kiln_model::{Diagnostics, Map, Node, Origin, Sources, Value};
use kiln_pack::{Derive, Expr, Pack};

use crate::derive::derive;
use crate::threads::Threads;

/// For each entry of `derive/*.yaml` that computed something, by its id, the names that it looked
/// up; the item of a list is the list.
///
/// `data` is what [`derive`] gave. The entries are evaluated once more; one that looks at its own
/// key may have seen another value there, so all names that it says are among those.
pub fn ancestry(data: &Map, pack: &Pack, engine: &Engine) -> BTreeMap<String, BTreeSet<String>> {
    let scope = Scope::new(data);
    let mut all = BTreeMap::new();
    for (id, derive) in &pack.derive {
        let names = match &derive.each {
            None => is_computed(data.get(&derive.key)).then(|| names(derive, &scope, engine)),
            Some((list, name)) => names_of_items(derive, data.get(list), name, &scope, engine),
        };
        all.extend(names.map(|names| (id.clone(), names)));
    }
    all
}

/// What [`derive`] gives if the entry `id` computes nothing that is right: whatever depends on it
/// is invalid, too.
///
/// `data` is what [`derive`] gave.
pub fn derive_without(data: &Map, id: &str, pack: &mut Pack, engine: &Engine, sources: &Sources) -> Map {
    let given = given(data, pack);
    let Some(entry) = pack.derive.get_mut(id) else { return data.clone() };
    // No expression gives no value.
    let nothing = Expr { text: String::new(), ..entry.value.clone() };
    let (value, when) =
        (std::mem::replace(&mut entry.value, nothing), std::mem::replace(&mut entry.when, Expr::always()));
    let without = derive(given, pack, &engine.programs(), sources, Threads::one(), &mut Diagnostics::new());
    if let Some(entry) = pack.derive.get_mut(id) {
        (entry.value, entry.when) = (value, when);
    }
    without
}

/// What [`derive`] gives if the key file `id` is wrong. `data` is what it gave.
pub fn derive_without_key(data: &Map, id: &str, pack: &Pack, engine: &Engine, sources: &Sources) -> Map {
    let mut given = given(data, pack);
    if let Some(node) = given.get_mut("secrets").and_then(Node::as_map_mut).and_then(|map| map.get_mut(id)) {
        node.value = Value::Invalid;
    }
    derive(given, pack, &engine.programs(), sources, Threads::one(), &mut Diagnostics::new())
}

/// The data as it was before anything was computed.
fn given(data: &Map, pack: &Pack) -> Map {
    let mut given = data.clone();
    for derive in pack.derive.values() {
        match &derive.each {
            None => take_out(&mut given, derive),
            Some((list, _)) => {
                if let Some(Value::List(items)) = given.get_mut(list).map(|node| &mut node.value) {
                    items.iter_mut().filter_map(Node::as_map_mut).for_each(|item| take_out(item, derive));
                }
            }
        }
    }
    given
}

fn take_out(map: &mut Map, derive: &Derive) {
    if !is_computed(map.get(&derive.key)) {
        return;
    }
    if derive.only_absent {
        map.insert_node(derive.key.as_str(), Node::absent());
    } else {
        map.remove(&derive.key);
    }
}

fn is_computed(node: Option<&Node>) -> bool {
    node.is_some_and(|node| matches!(node.origin, Origin::Derived { .. }))
}

fn names(derive: &Derive, scope: &Scope, engine: &Engine) -> BTreeSet<String> {
    let mut names = observed(&derive.when, scope, engine);
    if engine.holds(&derive.when.text, scope).unwrap_or(true) {
        names.extend(observed(&derive.value, scope, engine));
    }
    let said = engine.names_in(&derive.value.text);
    if derive.each.is_none() && said.contains(&derive.key) {
        names.extend(said);
    }
    names.remove(&derive.key);
    names
}

/// `None` if no item got its value from here.
fn names_of_items(
    derive: &Derive,
    list: Option<&Node>,
    name: &str,
    scope: &Scope,
    engine: &Engine,
) -> Option<BTreeSet<String>> {
    let items = list.and_then(Node::as_list).unwrap_or(&[]);
    let mut all = BTreeSet::new();
    let mut is_any = false;
    for item in items.iter().filter(|item| is_computed(item.get(&derive.key))) {
        is_any = true;
        all.extend(names(derive, &scope.with(name, &item.value), engine));
    }
    if all.remove(name) {
        all.extend(derive.each.iter().map(|(list, _)| list.clone()));
    }
    is_any.then_some(all)
}

fn observed(expr: &Expr, scope: &Scope, engine: &Engine) -> BTreeSet<String> {
    if expr.is_always() {
        return BTreeSet::new();
    }
    engine.observe(&expr.text, scope).1.names.iter().map(ToString::to_string).collect()
}
