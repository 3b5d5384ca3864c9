//! How deep an operation may go into values within values.

use std::cell::{Cell, RefCell};

use crate::fault::Result;
use crate::{Fault, FaultKind};

/// More levels than any real value has, few enough for a thread's stack.
const DEEPEST: usize = 200;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static SHOWN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// One level down, until it is dropped.
pub(crate) struct Level(());

/// Goes one level down.
///
/// # Errors
/// `RecursionError` if that is too deep.
pub(crate) fn down() -> Result<Level> {
    check(DEPTH.get())?;
    DEPTH.set(DEPTH.get() + 1);
    Ok(Level(()))
}

/// Whether a value may lie `depth` levels deep.
///
/// # Errors
/// `RecursionError` if not.
pub(crate) fn check(depth: usize) -> Result<()> {
    if depth < DEEPEST {
        return Ok(());
    }
    Err(Fault::new(FaultKind::RecursionError, "values are nested too deeply here"))
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// A container whose `repr` is under way, until it is dropped.
pub(crate) struct Shown(());

/// Begins the `repr` of the container at `address`; none if it is under way already, because
/// the container contains itself.
pub(crate) fn show(address: usize) -> Option<Shown> {
    SHOWN.with_borrow_mut(|shown| {
        if shown.contains(&address) {
            return None;
        }
        shown.push(address);
        Some(Shown(()))
    })
}

impl Drop for Shown {
    fn drop(&mut self) {
        SHOWN.with_borrow_mut(|shown| shown.pop());
    }
}
