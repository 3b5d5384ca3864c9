//! Going through a value.

use crate::Py;
use crate::fault::Result;

/// What Python's `iter` gives: each step an item, the end, or what was raised.
pub type PyIter = Box<dyn Iterator<Item = Result<Py>> + Send + Sync>;
