//! The branches of an `if`: each is visited as if there were no other, then all are taken together.
//!
//! A branch knows all names from before it, and few are new in it. So a scope keeps account of
//! what changes, takes it back at the end of the branch, and nothing is copied.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::symbols::{Load, Symbol, Symbols};

/// A change of a scope, with what was there before.
#[derive(Debug)]
pub(super) enum Change {
    Ref(Rc<str>, Option<Symbol>),
    Load(Symbol, Option<Load>),
    Stored(Rc<str>),
}

/// What a branch changed: new values, and whether there was one before.
#[derive(Default)]
pub(super) struct Branch {
    refs: BTreeMap<Rc<str>, (Symbol, bool)>,
    loads: BTreeMap<Symbol, (Load, bool)>,
    stores: BTreeSet<Rc<str>>,
}

impl Symbols {
    pub(super) fn set_ref(&mut self, name: Rc<str>, symbol: Symbol) {
        let before = self.refs.insert(Rc::clone(&name), symbol);
        self.note(|| Change::Ref(name, before));
    }

    pub(super) fn set_load(&mut self, symbol: Symbol, load: Load) {
        let before = self.loads.insert(symbol.clone(), load);
        self.note(|| Change::Load(symbol, before));
    }

    pub(super) fn set_stored(&mut self, name: Rc<str>) {
        if self.stores.insert(Rc::clone(&name)) {
            self.note(|| Change::Stored(name));
        }
    }

    fn note(&mut self, change: impl FnOnce() -> Change) {
        if self.branches > 0 {
            self.changes.push(change());
        }
    }

    /// What `visit` changes; the scope stays as it is.
    pub(super) fn branch(&mut self, visit: impl FnOnce(&mut Symbols)) -> Branch {
        let start = self.changes.len();
        self.branches += 1;
        visit(self);
        self.branches -= 1;
        let mut branch = Branch::default();
        for change in self.changes.split_off(start).into_iter().rev() {
            self.take_back(change, &mut branch);
        }
        branch
    }

    /// Takes a change back. The last one of several is met first, the first one knows what was
    /// there before all of them.
    fn take_back(&mut self, change: Change, branch: &mut Branch) {
        match change {
            Change::Ref(name, before) => {
                let was_there = before.is_some();
                if let Some(now) = replaced(&mut self.refs, &name, before) {
                    branch.refs.entry(name).or_insert((now, was_there)).1 = was_there;
                }
            }
            Change::Load(symbol, before) => {
                let was_there = before.is_some();
                if let Some(now) = replaced(&mut self.loads, &symbol, before) {
                    branch.loads.entry(symbol).or_insert((now, was_there)).1 = was_there;
                }
            }
            Change::Stored(name) => {
                self.stores.remove(&name);
                branch.stores.insert(name);
            }
        }
    }

    /// Takes the branches of an `if` together: what any of them stores is a variable that, if
    /// its branch is not taken, keeps what the name meant before.
    ///
    /// As in Jinja2, a later branch prevails, also where it left alone what was there before.
    pub(super) fn join(&mut self, branches: Vec<Branch>) {
        let last = branches.len().saturating_sub(1);
        let mut stored = BTreeSet::new();
        for (at, branch) in branches.into_iter().enumerate() {
            let prevails = |was_there: bool| at == last || !was_there;
            for (name, (symbol, was_there)) in branch.refs {
                if prevails(was_there) {
                    self.set_ref(name, symbol);
                }
            }
            for (symbol, (load, was_there)) in branch.loads {
                if prevails(was_there) {
                    self.set_load(symbol, load);
                }
            }
            stored.extend(branch.stores);
        }
        for name in stored {
            self.set_stored(Rc::clone(&name));
            let Some(target) = self.find(&name).cloned() else { continue };
            let outer = self.parent.as_ref().and_then(|parent| parent.find(&name)).cloned();
            self.set_load(target, outer.map_or(Load::Resolve, Load::Alias));
        }
    }
}

/// Puts back what was there before; gives what was there now.
fn replaced<K: Ord + Clone, V>(map: &mut BTreeMap<K, V>, key: &K, before: Option<V>) -> Option<V> {
    match before {
        Some(before) => map.insert(key.clone(), before),
        None => map.remove(key),
    }
}
