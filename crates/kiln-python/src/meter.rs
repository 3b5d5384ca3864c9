//! The bounds of a run: how many steps it may take, how large its values may grow.
//!
//! The meter belongs to the thread that renders, because it is charged from the depths of every
//! operator and method; passing it along would put it into every signature of Python's. Without
//! a meter nothing is bounded.

use std::cell::Cell;

use crate::fault::Result;
use crate::{Fault, FaultKind};

thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(u64::MAX) };
    static BYTES: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// Bounds on what this thread does, until it is dropped.
pub struct Meter {
    outer: (u64, u64),
}

impl Meter {
    /// Bounds this thread to `steps` steps and `bytes` bytes of printed text from now on.
    pub fn start(steps: u64, bytes: u64) -> Meter {
        Meter { outer: (STEPS.replace(steps), BYTES.replace(bytes)) }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        STEPS.set(self.outer.0);
        BYTES.set(self.outer.1);
    }
}

/// Takes `steps` steps: one for each item that is made or gone through, one for each 16 bytes
/// of text.
///
/// # Errors
/// [`FaultKind::Exhausted`] if there are not that many left.
pub fn charge(steps: usize) -> Result<()> {
    let left = STEPS.get();
    if left == u64::MAX {
        return Ok(());
    }
    let rest = left.checked_sub(steps as u64);
    STEPS.set(rest.unwrap_or(0));
    rest.map(drop).ok_or_else(|| exhausted(steps))
}

/// Takes the steps that making a text of `bytes` bytes costs. To be called before it is made.
///
/// # Errors
/// As [`charge`].
pub fn charge_text(bytes: usize) -> Result<()> {
    charge(bytes / 16 + 1)
}

/// Counts `bytes` bytes of printed text.
///
/// # Errors
/// [`FaultKind::Exhausted`] if that is more than may be printed.
pub fn print(bytes: usize) -> Result<()> {
    let left = BYTES.get();
    if left == u64::MAX {
        return Ok(());
    }
    let rest = left.checked_sub(bytes as u64);
    BYTES.set(rest.unwrap_or(0));
    rest.map(drop).ok_or_else(|| {
        Fault::new(FaultKind::Exhausted, "this prints more text than is allowed")
            .coded("too-much-text")
            .help("print less")
    })
}

/// Steps that no loop takes one by one: what needs them makes one large value.
const LARGE: usize = 100_000;

fn exhausted(steps: usize) -> Fault {
    let (message, help) = match steps {
        LARGE.. => ("this makes a value that is too large", "make a smaller one"),
        _ => ("this takes too many steps to come to an end", "go through less"),
    };
    Fault::new(FaultKind::Exhausted, message).coded("too-much-work").help(help)
}
