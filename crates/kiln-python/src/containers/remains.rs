//! Dropping of nested values.
//!
//! A list in a list in a list, a hundred thousand deep, would be dropped by as many nested
//! calls. So a container that goes hands its items over to its thread, which drops them one
//! after another.

use std::cell::{Cell, RefCell};

use crate::{Py, PyIter};

thread_local! {
    static PENDING: RefCell<Vec<Remains>> = const { RefCell::new(Vec::new()) };
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

enum Remains {
    #[expect(dead_code, reason = "it is here to be dropped")]
    Value(Py),
    #[expect(dead_code, reason = "it is here to be dropped")]
    Iterator(PyIter),
}

/// Drops the items of a container.
pub(super) fn bury(values: impl Iterator<Item = Py>) {
    let mut any = false;
    for value in values {
        if may_nest(&value) {
            hand_over(Remains::Value(value));
            any = true;
        }
    }
    if any {
        clear();
    }
}

/// Drops an iterator, which may go through another one.
pub(super) fn bury_iterator(items: PyIter) {
    hand_over(Remains::Iterator(items));
    clear();
}

fn may_nest(value: &Py) -> bool {
    matches!(value, Py::Tuple(_) | Py::List(_) | Py::Dict(_) | Py::Object(_))
}

/// At the end of a thread there is nobody to hand anything to: it is dropped at once.
fn hand_over(remains: Remains) {
    let mut remains = Some(remains);
    let _ = PENDING.try_with(|pending| pending.borrow_mut().extend(remains.take()));
}

fn clear() {
    if BUSY.try_with(|busy| busy.replace(true)).unwrap_or(true) {
        return;
    }
    while let Ok(Some(next)) = PENDING.try_with(|pending| pending.borrow_mut().pop()) {
        drop(next);
    }
    let _ = BUSY.try_with(|busy| busy.set(false));
}
