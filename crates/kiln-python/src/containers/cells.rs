//! What holds the items of lists, tuples and mappings.
//!
//! A clone of any of them is the same list, tuple or mapping.

use std::hash::BuildHasherDefault;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use indexmap::IndexMap;

use super::Key;
use super::key::{Hashed, TextKey};
use super::remains;
use crate::Py;
use crate::fault::Result;

/// A list that may change.
#[derive(Clone, Default)]
pub struct List(Arc<ListCell>);

#[derive(Default)]
struct ListCell(Mutex<Vec<Py>>);

impl List {
    /// A new list.
    pub fn new(items: Vec<Py>) -> List {
        List(Arc::new(ListCell(Mutex::new(items))))
    }

    /// Its items. Not to be held while another value is looked at: it may be the same list.
    pub fn lock(&self) -> MutexGuard<'_, Vec<Py>> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its items as they are now.
    pub fn items(&self) -> Vec<Py> {
        self.lock().clone()
    }

    /// Its item at `index`, if it is that long now.
    pub fn get(&self, index: usize) -> Option<Py> {
        self.lock().get(index).cloned()
    }

    /// Whether it is the same list.
    pub fn is(&self, other: &List) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// What tells it from every other list that is there.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Itself, without keeping it.
    pub fn downgrade(&self) -> WeakList {
        WeakList(Arc::downgrade(&self.0))
    }
}

/// A list that is not kept by being known. As long as this is there, no other one gets its address.
pub struct WeakList(Weak<ListCell>);

impl WeakList {
    /// The list, if somebody keeps it.
    pub fn upgrade(&self) -> Option<List> {
        self.0.upgrade().map(List)
    }
}

impl Drop for ListCell {
    fn drop(&mut self) {
        let items = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        remains::bury(items.drain(..));
    }
}

/// The entries of a mapping or a set, in the order of insertion.
pub type Table = IndexMap<Key, Py, BuildHasherDefault<Hashed>>;

/// A mapping that may change, in the order of insertion.
#[derive(Clone, Default)]
pub struct Dict(Arc<DictCell>);

#[derive(Default)]
struct DictCell(Mutex<Table>);

impl Dict {
    /// A new mapping.
    pub fn new(entries: Table) -> Dict {
        Dict(Arc::new(DictCell(Mutex::new(entries))))
    }

    /// Its entries. Not to be held while another value is looked at: it may be the same mapping.
    pub fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its entries as they are now.
    pub fn entries(&self) -> Vec<(Py, Py)> {
        self.lock().iter().map(|(key, value)| (key.value().clone(), value.clone())).collect()
    }

    /// The value of a key.
    ///
    /// # Errors
    /// `TypeError` if the key is not hashable.
    pub fn get(&self, key: &Py) -> Result<Option<Py>> {
        if let Some(text) = key.as_str() {
            return Ok(self.get_str(text));
        }
        let key = Key::new(key.clone())?;
        Ok(self.lock().get(&key).cloned())
    }

    /// The value of a key that is text.
    pub fn get_str(&self, key: &str) -> Option<Py> {
        self.lock().get(&TextKey(key)).cloned()
    }

    /// Sets the value of a key.
    ///
    /// # Errors
    /// `TypeError` if the key is not hashable.
    pub fn insert(&self, key: Py, value: Py) -> Result<()> {
        let key = Key::new(key)?;
        let replaced = self.lock().insert(key, value);
        drop(replaced);
        Ok(())
    }

    /// Whether it is the same mapping.
    pub fn is(&self, other: &Dict) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// What tells it from every other mapping that is there.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Itself, without keeping it.
    pub fn downgrade(&self) -> WeakDict {
        WeakDict(Arc::downgrade(&self.0))
    }
}

/// A mapping that is not kept by being known. As long as this is there, no other one gets its address.
pub struct WeakDict(Weak<DictCell>);

impl WeakDict {
    /// The mapping, if somebody keeps it.
    pub fn upgrade(&self) -> Option<Dict> {
        self.0.upgrade().map(Dict)
    }
}

impl Drop for DictCell {
    fn drop(&mut self) {
        let entries = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        remains::bury(entries.drain(..).flat_map(|(key, value)| [key.into_value(), value]));
    }
}

/// A tuple.
#[derive(Clone)]
pub struct Tuple(Arc<[Py]>);

impl Tuple {
    /// Whether it is the same tuple; there is one empty tuple only.
    pub fn is(&self, other: &Tuple) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.is_empty() && other.is_empty()
    }
}

impl Deref for Tuple {
    type Target = [Py];

    fn deref(&self) -> &[Py] {
        &self.0
    }
}

impl From<Vec<Py>> for Tuple {
    fn from(items: Vec<Py>) -> Tuple {
        Tuple(items.into())
    }
}

impl<const N: usize> From<[Py; N]> for Tuple {
    fn from(items: [Py; N]) -> Tuple {
        Tuple(items.into())
    }
}

impl FromIterator<Py> for Tuple {
    fn from_iter<I: IntoIterator<Item = Py>>(items: I) -> Tuple {
        Tuple(items.into_iter().collect())
    }
}

impl Drop for Tuple {
    fn drop(&mut self) {
        if let Some(items) = Arc::get_mut(&mut self.0) {
            remains::bury(items.iter_mut().map(|item| std::mem::replace(item, Py::None)));
        }
    }
}
