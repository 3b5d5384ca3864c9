//! Sorting.

use crate::fault::Result;
use crate::meter;

/// From this length on, halves are sorted on their own and merged.
const LONG: usize = 64;

/// Sorts as Python's `list.sort`: stable, by `less` alone, which may fail and need not be
/// consistent. If it fails, the items stay as they are.
///
/// # Errors
/// What `less` raises.
pub fn sort<T>(
    items: &mut Vec<T>,
    reverse: bool,
    mut less: impl FnMut(&T, &T) -> Result<bool>,
) -> Result<()> {
    // Reversing before and after keeps the order of equal items.
    if reverse {
        items.reverse();
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    let mut compare = |left: usize, right: usize| {
        meter::charge(1)?;
        match (items.get(left), items.get(right)) {
            (Some(left), Some(right)) => less(left, right),
            _ => Ok(false),
        }
    };
    let result = sort_places(&mut order, &mut compare);
    if result.is_ok() {
        let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
        items.extend(order.into_iter().filter_map(|place| taken.get_mut(place)?.take()));
    }
    if reverse {
        items.reverse();
    }
    result
}

type Less<'a> = dyn FnMut(usize, usize) -> Result<bool> + 'a;

fn sort_places(places: &mut [usize], less: &mut Less<'_>) -> Result<()> {
    if places.len() < LONG {
        let sorted = first_run(places, less)?;
        return insert_rest(places, sorted, less);
    }
    let (left, right) = places.split_at_mut(places.len() / 2);
    sort_places(left, less)?;
    sort_places(right, less)?;
    let merged = merge(left, right, less)?;
    places.copy_from_slice(&merged);
    Ok(())
}

/// How many places from the start are in order; strictly falling ones are turned around.
///
/// Where `less` is not consistent, as with `nan`, the outcome depends on the steps taken. Short
/// lists take CPython's.
fn first_run(places: &mut [usize], less: &mut Less<'_>) -> Result<usize> {
    let [first, second, ..] = *places else { return Ok(places.len()) };
    let falling = less(second, first)?;
    let mut length = 2;
    for pair in places.windows(2).skip(1) {
        let [before, after] = *pair else { break };
        if less(after, before)? != falling {
            break;
        }
        length += 1;
    }
    if falling && let Some(run) = places.get_mut(..length) {
        run.reverse();
    }
    Ok(length)
}

fn insert_rest(places: &mut [usize], sorted: usize, less: &mut Less<'_>) -> Result<()> {
    for next in sorted..places.len() {
        let (before, rest) = places.split_at(next);
        let Some(&pivot) = rest.first() else { break };
        let (mut low, mut high) = (0, before.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match before.get(middle) {
                Some(&it) if !less(pivot, it)? => low = middle + 1,
                _ => high = middle,
            }
        }
        if let Some(moved) = places.get_mut(low..=next) {
            moved.rotate_right(1);
        }
    }
    Ok(())
}

fn merge(left: &[usize], right: &[usize], less: &mut Less<'_>) -> Result<Vec<usize>> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left, right);
    while let ([first_left, rest_left @ ..], [first_right, rest_right @ ..]) = (left, right) {
        if less(*first_right, *first_left)? {
            merged.push(*first_right);
            right = rest_right;
        } else {
            merged.push(*first_left);
            left = rest_left;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use super::sort;
    use crate::{Fault, FaultKind};

    /// Numbers with their places, sorted by the numbers alone.
    fn sorted(numbers: &[u32], reverse: bool) -> Vec<(u32, usize)> {
        let mut items: Vec<(u32, usize)> = numbers.iter().copied().zip(0..).collect();
        sort(&mut items, reverse, |left, right| Ok(left.0 < right.0)).expect("numbers compare");
        items
    }

    #[test]
    fn equal_items_keep_their_order() {
        assert_eq!(sorted(&[2, 1, 2, 1], false), [(1, 1), (1, 3), (2, 0), (2, 2)]);
        assert_eq!(sorted(&[2, 1, 2, 1], true), [(2, 0), (2, 2), (1, 1), (1, 3)]);
    }

    #[test]
    fn long_lists_are_sorted_as_short_ones_are() {
        let numbers: Vec<u32> = (0..1000u32).map(|number| number.wrapping_mul(2_654_435_761) % 97).collect();
        for reverse in [false, true] {
            let mut expected: Vec<(u32, usize)> = numbers.iter().copied().zip(0..).collect();
            expected.sort_by(|left, right| if reverse { right.0.cmp(&left.0) } else { left.0.cmp(&right.0) });
            assert_eq!(sorted(&numbers, reverse), expected);
        }
    }

    #[test]
    fn a_comparison_that_fails_leaves_the_items_as_they_were() {
        let mut items = vec![3, 1, 2];
        let fail = |_: &i32, _: &i32| Err(Fault::type_error("these do not compare"));
        let fault = sort(&mut items, true, fail).expect_err("it fails");
        assert_eq!((fault.kind(), items), (FaultKind::TypeError, vec![3, 1, 2]));
    }

    #[test]
    fn an_order_that_contradicts_itself_loses_nothing() {
        let mut items: Vec<usize> = (0..300).collect();
        sort(&mut items, false, |left, right| Ok((left * 7 + right * 3) % 2 == 0)).expect("it ends");
        items.sort_unstable();
        assert_eq!(items, (0..300).collect::<Vec<_>>());
    }
}
