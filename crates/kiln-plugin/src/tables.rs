//! What both sides know by a number.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Weak};

use kiln_python::{Dict, Fault, List, Py, WeakDict, WeakList};

use crate::remote::{About, Remote};
use crate::wire::Wire;

/// Numbers below this one mean something else. Ours are odd, those of the other side even.
const FIRST: u64 = 17;

/// What both sides know by a number.
pub(crate) struct Tables {
    next: u64,
    shared: BTreeMap<u64, Shared>,
    numbers: HashMap<usize, u64>,
    handles: BTreeMap<u64, Known>,
    foreign: BTreeMap<u64, Py>,
    faults: Vec<Fault>,
    /// What the other side may refer to until it hears that it is gone.
    kept: Vec<Py>,
}

/// A list or mapping that is on both sides.
struct Shared {
    container: Container,
    address: usize,
    /// Its items as the other side knows them; of a mapping keys and values in turn.
    snapshot: Vec<Py>,
}

enum Container {
    List(WeakList),
    Dict(WeakDict),
}

/// An object of the other side.
struct Known {
    about: Arc<About>,
    object: Weak<Remote>,
}

impl Default for Tables {
    fn default() -> Tables {
        Tables {
            next: FIRST,
            shared: BTreeMap::new(),
            numbers: HashMap::new(),
            handles: BTreeMap::new(),
            foreign: BTreeMap::new(),
            faults: Vec::new(),
            kept: Vec::new(),
        }
    }
}

impl Container {
    fn get(&self) -> Option<Py> {
        match self {
            Container::List(list) => list.upgrade().map(Py::List),
            Container::Dict(dict) => dict.upgrade().map(Py::Dict),
        }
    }
}

/// The items of a list or mapping, the latter's keys and values in turn.
pub(crate) fn flat(container: &Py) -> Vec<Py> {
    match container {
        Py::List(list) => list.items(),
        Py::Dict(dict) => dict.entries().into_iter().flat_map(|(key, value)| [key, value]).collect(),
        _ => Vec::new(),
    }
}

/// Whether a list or mapping has these items, and the very same.
fn is_as(container: &Py, snapshot: &[Py]) -> bool {
    match container {
        Py::List(list) => {
            let items = list.lock();
            items.len() == snapshot.len() && items.iter().zip(snapshot).all(|(item, was)| item.is(was))
        }
        Py::Dict(dict) => {
            let entries = dict.lock();
            let is_same = |((key, value), was): ((&kiln_python::Key, &Py), &[Py])| {
                key.value().is(&was[0]) && value.is(&was[1])
            };
            entries.len() * 2 == snapshot.len() && entries.iter().zip(snapshot.chunks_exact(2)).all(is_same)
        }
        _ => false,
    }
}

impl Tables {
    fn fresh(&mut self) -> u64 {
        self.next += 2;
        self.next
    }

    /// The number of a list or mapping, and whether the other side does not know it yet.
    pub(crate) fn number(&mut self, container: &Py) -> (u64, bool) {
        let address = match container {
            Py::List(list) => list.address(),
            Py::Dict(dict) => dict.address(),
            _ => 0,
        };
        if let Some(number) = self.numbers.get(&address) {
            return (*number, false);
        }
        let number = self.fresh();
        self.keep(number, container);
        (number, true)
    }

    /// Gives a list or mapping a number. The other side has its items as they are now.
    pub(crate) fn keep(&mut self, number: u64, container: &Py) {
        let (address, weak) = match container {
            Py::List(list) => (list.address(), Container::List(list.downgrade())),
            Py::Dict(dict) => (dict.address(), Container::Dict(dict.downgrade())),
            _ => return,
        };
        let shared = Shared { container: weak, address, snapshot: flat(container) };
        self.numbers.insert(address, number);
        self.shared.insert(number, shared);
    }

    /// The list or mapping of a number.
    pub(crate) fn container(&self, number: u64) -> Option<Py> {
        self.shared.get(&number).and_then(|shared| shared.container.get())
    }

    /// Keeps lists and mappings for the other side; gives what was kept before.
    pub(crate) fn keep_alive(&mut self, kept: Vec<Py>) -> Vec<Py> {
        std::mem::replace(&mut self.kept, kept)
    }

    /// Keeps one more.
    pub(crate) fn keep_also(&mut self, container: Py) {
        self.kept.push(container);
    }

    /// The lists and mappings that somebody has, by their numbers.
    pub(crate) fn alive(&self) -> Vec<(u64, Py)> {
        let alive = |(number, shared): (&u64, &Shared)| Some((*number, shared.container.get()?));
        self.shared.iter().filter_map(alive).collect()
    }

    /// Forgets the lists and mappings that nobody has any more; gives their numbers.
    pub(crate) fn sweep(&mut self) -> Vec<u64> {
        let mut gone = Vec::new();
        // A list in a list that goes may only be held by what is remembered of that.
        loop {
            let dead: Vec<u64> = self
                .shared
                .iter()
                .filter_map(|(number, shared)| shared.container.get().is_none().then_some(*number))
                .collect();
            if dead.is_empty() {
                return gone;
            }
            dead.iter().for_each(|number| self.forget(*number));
            gone.extend(dead);
        }
    }

    /// Forgets a list or mapping that the other side does not know after all.
    pub(crate) fn forget(&mut self, number: u64) {
        if let Some(shared) = self.shared.remove(&number) {
            self.numbers.remove(&shared.address);
        }
    }

    /// Whether a list or mapping has other items than the other side knows.
    pub(crate) fn is_changed(&self, number: u64, container: &Py) -> bool {
        self.shared.get(&number).is_some_and(|shared| !is_as(container, &shared.snapshot))
    }

    /// Notes that the other side has the items of a list or mapping.
    pub(crate) fn told(&mut self, number: u64, items: Vec<Py>) {
        if let Some(shared) = self.shared.get_mut(&number) {
            shared.snapshot = items;
        }
    }

    /// Notes what an object of the other side is.
    pub(crate) fn describe(&mut self, number: u64, about: About) {
        self.handles.insert(number, Known { about: Arc::new(about), object: Weak::new() });
    }

    /// The object of the other side with a number, made anew if nobody has it.
    pub(crate) fn handle(
        &mut self,
        number: u64,
        make: impl FnOnce(Arc<About>) -> Remote,
    ) -> Option<Arc<Remote>> {
        let known = self.handles.get_mut(&number)?;
        if let Some(object) = known.object.upgrade() {
            return Some(object);
        }
        let object = Arc::new(make(Arc::clone(&known.about)));
        known.object = Arc::downgrade(&object);
        Some(object)
    }

    /// Forgets those of these objects that nobody has; gives their numbers.
    pub(crate) fn let_go(&mut self, numbers: Vec<u64>) -> Vec<u64> {
        let is_gone = |known: &Known| known.object.strong_count() == 0;
        let gone = numbers.into_iter().filter(|number| self.handles.get(number).is_some_and(is_gone));
        let mut gone: Vec<u64> = gone.collect();
        gone.sort_unstable();
        gone.dedup();
        for number in &gone {
            self.handles.remove(number);
        }
        gone
    }

    /// Keeps an object of this side for the other; gives its number.
    pub(crate) fn lend(&mut self, object: Py) -> u64 {
        let number = self.fresh();
        self.foreign.insert(number, object);
        number
    }

    /// An object that the other side was lent.
    pub(crate) fn lent(&self, number: u64) -> Option<Py> {
        self.foreign.get(&number).cloned()
    }

    /// Takes what the other side gives back.
    pub(crate) fn given_back(&mut self, numbers: &[Wire]) -> Vec<Py> {
        numbers.iter().filter_map(|number| self.foreign.remove(&number.id())).collect()
    }

    /// Remembers what goes to the other side as an exception; gives its number.
    pub(crate) fn remember(&mut self, fault: Fault) -> usize {
        self.faults.push(fault);
        self.faults.len() - 1
    }

    /// What went to the other side as an exception.
    pub(crate) fn recall(&self, number: &Wire) -> Option<Fault> {
        self.faults.get(usize::try_from(number.int()).ok()?).cloned()
    }
}

/// A new, empty list or mapping.
pub(crate) fn empty(is_mapping: bool) -> Py {
    if is_mapping { Py::Dict(Dict::default()) } else { Py::List(List::default()) }
}
