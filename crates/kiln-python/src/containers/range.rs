//! `range`.

use crate::Py;
use crate::fault::Result;

/// A range of integers.
pub struct Range {
    /// The first.
    pub start: i64,
    /// Where it ends, itself not included.
    pub stop: i64,
    /// From one to the next; not zero.
    pub step: i64,
}

impl Range {
    /// A range, as Python's `range(start, stop, step)`.
    ///
    /// # Errors
    /// `ValueError` for a step of zero.
    pub fn new(start: i64, stop: i64, step: i64) -> Result<Py> {
        let _ = Range { start, stop, step };
        todo!()
    }
}
