//! Sorting by an order that may fail, and that need not be one.

use crate::fault::Result;

/// The items sorted by `before`, equal ones in their old order. Whatever `before` says, the
/// items come out, each once: Rust's own sort may panic where an order contradicts itself, and
/// Python's values can make it do so.
///
/// # Errors
/// What `before` raises.
pub(crate) fn sorted<T>(items: Vec<T>, mut before: impl FnMut(&T, &T) -> Result<bool>) -> Result<Vec<T>> {
    let mut runs: Vec<Vec<T>> = items.into_iter().map(|item| vec![item]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(left) = pairs.next() {
            merged.push(match pairs.next() {
                Some(right) => merge(left, right, &mut before)?,
                None => left,
            });
        }
        runs = merged;
    }
    Ok(runs.pop().unwrap_or_default())
}

fn merge<T>(left: Vec<T>, right: Vec<T>, before: &mut impl FnMut(&T, &T) -> Result<bool>) -> Result<Vec<T>> {
    let mut out = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let taken = if before(second, first)? { right.next() } else { left.next() };
        out.extend(taken);
    }
    out.extend(left);
    out.extend(right);
    Ok(out)
}
