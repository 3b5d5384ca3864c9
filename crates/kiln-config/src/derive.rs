//! Derive: values that follow from others.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use kiln_jinja::{Local, Programs, Scope, Session};
use kiln_model::{Diagnostics, Map, Node, Origin, Sources, Span, Value};
use kiln_pack::{Derive, Pack};

use crate::expressions::{Question, extend_once};
use crate::findings;
use crate::given_secrets::given_secrets;
use crate::threads::Threads;

/// Adds the pack's computed values, `versions` and `given_secrets` to the data.
///
/// A value that cannot be computed is reported and becomes invalid. Those of the items of a long
/// list are computed on all `threads`.
pub fn derive(
    mut data: Map,
    pack: &Pack,
    programs: &Programs<'_>,
    sources: &Sources,
    threads: Threads<'_>,
    sink: &mut Diagnostics,
) -> Map {
    data.insert_node("versions", pack.versions.clone());
    data.insert_node("given_secrets", given_secrets(&data));
    let (ordered, stuck) = order(pack, programs, sink);
    for derive in stuck.iter().map(|id| &pack.derive[id]).filter(|derive| derive.each.is_none()) {
        data.insert_node(derive.key.as_str(), Node::invalid(Origin::Absent));
    }
    let mut session = programs.session(&Scope::new(&data));
    for id in ordered {
        let derive = &pack.derive[&id];
        let step = Step::new(&id, derive, programs, sources);
        match &derive.each {
            None => step.set(&mut data, &mut session, sink),
            Some((list, name)) => step.set_in_items(&mut data, (list, name), &mut session, threads, sink),
        }
    }
    data
}

/// So many items of a list are worth a second thread.
const MANY: usize = 64;

/// One computed value.
struct Step<'a, 'e> {
    id: &'a str,
    derive: &'a Derive,
    when: Question<'a, 'e>,
    value: Question<'a, 'e>,
    /// The names that the value is computed from.
    names: Arc<BTreeSet<String>>,
}

impl<'a, 'e> Step<'a, 'e> {
    fn new(
        id: &'a str,
        derive: &'a Derive,
        programs: &'a Programs<'e>,
        sources: &'a Sources,
    ) -> Step<'a, 'e> {
        let item = derive.each.as_ref().map(|(_, name)| name.as_str());
        let question = |expr| Question::new(expr, item, programs, "derive", sources);
        let (when, value) = (question(&derive.when), question(&derive.value));
        Step { id, derive, when, value, names: programs.names_in(&derive.value.text) }
    }

    /// Sets a key of the data.
    fn set(&self, data: &mut Map, session: &mut Session<'_>, sink: &mut Diagnostics) {
        if self.keeps(data.get(&self.derive.key)) {
            return;
        }
        let value = self.value(session, None, sink);
        session.set(&self.derive.key, &value);
        let from: BTreeSet<Span> = self.names.iter().flat_map(|name| places(data.get(name))).collect();
        let origin = Origin::Derived { rule: Arc::from(self.id), from: from.into_iter().collect() };
        data.insert_node(self.derive.key.as_str(), Node { value, origin });
    }

    /// Sets a key of every item of a list.
    fn set_in_items(
        &self,
        data: &mut Map,
        (list, name): (&str, &str),
        session: &mut Session<'_>,
        threads: Threads<'_>,
        sink: &mut Diagnostics,
    ) {
        let Some(items) = data.get(list).and_then(Node::as_list) else { return };
        let (values, found) = self.values(items, (list, name), session, threads);
        extend_once(sink, found);
        session.set_in_items(list, &self.derive.key, &values);
        let origin = self.origin_in_items(data, name);
        let items = data.get_mut(list).and_then(Node::as_list_mut).into_iter().flatten();
        for (item, value) in items.zip(values) {
            let origin = origin(item);
            if let (Some(map), Some(value)) = (item.as_map_mut(), value) {
                map.insert_node(self.derive.key.as_str(), Node { value, origin });
            }
        }
    }

    /// The value of each item of a list, but of those that have one and keep it.
    fn values(
        &self,
        items: &[Node],
        (list, name): (&str, &str),
        session: &Session<'_>,
        threads: Threads<'_>,
    ) -> (Vec<Option<Value>>, Diagnostics) {
        let values = |session: &Session<'_>, range: Range<usize>| {
            let mut found = Diagnostics::new();
            let locals = session.items(list, name, items.iter().map(|item| &item.value));
            let value = |(item, local): (&Node, &Local<'_>)| {
                let map = item.as_map().filter(|map| !self.keeps(map.get(&self.derive.key)));
                map.map(|_| self.value(session, Some(local), &mut found))
            };
            let values: Vec<_> = items[range.clone()].iter().zip(&locals[range]).map(value).collect();
            (values, found)
        };
        if items.len() < MANY || threads.count() == 1 {
            return values(session, 0..items.len());
        }
        let size = items.len().div_ceil(threads.count());
        // The sessions are to have the items in common.
        session.items(list, name, items.iter().map(|item| &item.value));
        let parts = threads.map(items.len().div_ceil(size), |number| {
            let range = number * size..items.len().min((number + 1) * size);
            if number == 0 { values(session, range) } else { values(&session.another(), range) }
        });
        let (mut all, mut found) = (Vec::with_capacity(items.len()), Diagnostics::new());
        for (values, its) in parts {
            all.extend(values);
            found.append(its);
        }
        (all, found)
    }

    fn keeps(&self, present: Option<&Node>) -> bool {
        self.derive.only_absent && present.is_some_and(|node| !node.is_null())
    }

    fn value(&self, session: &Session<'_>, local: Option<&Local<'_>>, sink: &mut Diagnostics) -> Value {
        match self.when.holds(session, local, sink) {
            Some(true) => self.value.value(session, local, sink),
            Some(false) => Value::Null,
            None => Value::Invalid,
        }
    }

    /// Where the value of an item comes from, which goes by `name`.
    fn origin_in_items(&self, data: &Map, name: &str) -> impl Fn(&Node) -> Origin + use<> {
        let rule: Arc<str> = Arc::from(self.id);
        let others = self.names.iter().filter(|other| *other != name);
        let common: BTreeSet<Span> = others.flat_map(|other| places(data.get(other))).collect();
        let uses_item = self.names.contains(name);
        move |item| {
            let mut from = common.clone();
            from.extend(places(Some(item).filter(|_| uses_item)));
            Origin::Derived { rule: Arc::clone(&rule), from: from.into_iter().collect() }
        }
    }
}

/// The places that a value comes from.
fn places(node: Option<&Node>) -> impl Iterator<Item = Span> {
    let places = match node.map(|node| &node.origin) {
        Some(Origin::At(span)) => std::slice::from_ref(span),
        Some(Origin::Derived { from, .. }) => from,
        Some(Origin::Default | Origin::Absent) | None => &[],
    };
    places.iter().copied()
}

/// The ids in an order in which every value comes after those it needs, and the ids in a
/// cycle, which are reported.
fn order(pack: &Pack, programs: &Programs<'_>, sink: &mut Diagnostics) -> (Vec<String>, Vec<String>) {
    let needs = dependencies(pack, programs);
    let mut done: Vec<String> = Vec::with_capacity(needs.len());
    let mut ready: BTreeSet<&str> = BTreeSet::new();
    let mut left: Vec<&str> = pack.derive.keys().map(String::as_str).collect();
    loop {
        let before = left.len();
        left.retain(|id| {
            let is_ready = needs[*id].iter().all(|need| ready.contains(need));
            if is_ready {
                ready.insert(id);
                done.push((*id).to_owned());
            }
            !is_ready
        });
        if left.len() == before {
            break;
        }
    }
    if let Some(first) = left.first() {
        sink.error(findings::derive_cycle(&left, pack.derive[*first].span));
    }
    (done, left.into_iter().map(str::to_owned).collect())
}

/// For each id the ids it needs. Who reads a list needs every key that its items get; the
/// items themselves are taken in the order in which they are written.
fn dependencies<'a>(pack: &'a Pack, programs: &Programs<'_>) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut setters: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, derive) in &pack.derive {
        let name = derive.each.as_ref().map_or(derive.key.as_str(), |(list, _)| list);
        setters.entry(name).or_default().push(id);
    }
    let mut needs = BTreeMap::new();
    for (id, derive) in &pack.derive {
        let names = [&derive.value, &derive.when].map(|expr| programs.names_in(&expr.text));
        let item = derive.each.as_ref().map(|(_, name)| name);
        let own = names.iter().flat_map(|names| names.iter()).filter(|name| Some(*name) != item);
        let found: BTreeSet<&str> = own
            .filter_map(|name| setters.get(name.as_str()))
            .flatten()
            .copied()
            // A default for a key may look at the key itself.
            .filter(|need| need != id || !derive.only_absent)
            .collect();
        needs.insert(id.as_str(), found);
    }
    needs
}
