//! Keys of mappings.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use indexmap::Equivalent;

use crate::fault::Result;
use crate::numbers::Number;
use crate::{Fault, Py, UndefinedMode, meter, nesting};

/// A value that can be the key of a mapping: hashable, and equal where Python's keys are, so
/// that `1`, `1.0` and `True` are one key.
#[derive(Clone)]
pub struct Key {
    value: Py,
    hash: u64,
}

impl Key {
    /// A key.
    ///
    /// # Errors
    /// `TypeError` if the value is not hashable.
    pub fn new(value: Py) -> Result<Key> {
        let mut hasher = DefaultHasher::new();
        hash(&value, &mut hasher, 0)?;
        Ok(Key { value, hash: hasher.finish() })
    }

    /// The value.
    pub fn value(&self) -> &Py {
        &self.value
    }

    pub(super) fn into_value(self) -> Py {
        self.value
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// A hash that is taken as it is: that of a [`Key`] is worked out when it is made.
#[derive(Default)]
pub struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.hash == other.hash && same(&self.value, &other.value)
    }
}

impl Eq for Key {}

/// Text that looks for a key without becoming one.
pub(super) struct TextKey<'a>(pub(super) &'a str);

impl Hash for TextKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut hasher = DefaultHasher::new();
        hash_text(self.0, &mut hasher);
        state.write_u64(hasher.finish());
    }
}

impl Equivalent<Key> for TextKey<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        key.value.as_str() == Some(self.0)
    }
}

fn hash_text(text: &str, state: &mut DefaultHasher) {
    state.write(text.as_bytes());
}

fn hash(value: &Py, state: &mut DefaultHasher, depth: usize) -> Result<()> {
    if let Some(number) = Number::of(value) {
        number.hash(state);
        return Ok(());
    }
    if let Some(text) = value.as_str() {
        hash_text(text, state);
        return Ok(());
    }
    if let Some(items) = value.as_tuple() {
        nesting::check(depth)?;
        meter::charge(items.len())?;
        state.write_usize(items.len());
        return items.iter().try_for_each(|item| hash(item, state, depth + 1));
    }
    match value {
        Py::Bytes(bytes) => state.write(bytes),
        Py::Undefined(undefined) => match undefined.mode {
            UndefinedMode::Strict => return Err(undefined.fault()),
            _ => state.write_u8(1),
        },
        Py::Object(object) if object.is_hashable() => {
            state.write_u64(object.hash().unwrap_or_else(|| Arc::as_ptr(object).addr() as u64));
        }
        Py::None => state.write_u8(0),
        _ => {
            let fault = Fault::type_error(format!("a value of type `{}` cannot be a key", value.type_name()));
            return Err(fault.help("keys are texts, numbers, booleans, `none` and tuples of these"));
        }
    }
    Ok(())
}

/// Whether two hashable values are the same or equal. That they are hashable bounds their depth;
/// if the meter ends the run, the answer does not matter any more.
fn same(left: &Py, right: &Py) -> bool {
    if left.is(right) {
        return true;
    }
    match (left.as_tuple(), right.as_tuple()) {
        (Some(left), Some(right)) => {
            left.len() == right.len()
                && meter::charge(left.len()).is_ok()
                && left.iter().zip(right.iter()).all(|(left, right)| same(left, right))
        }
        (None, None) => left.equals(right).unwrap_or(false),
        _ => false,
    }
}
