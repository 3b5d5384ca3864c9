//! What can be gone through once.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use super::remains;
use crate::fault::Result;
use crate::{Fault, Object, Py, PyIter, nesting};

/// A generator, or another iterator: it gives its items once, and makes each when it is asked
/// for.
pub struct Generator {
    type_name: &'static str,
    state: Mutex<State>,
}

enum State {
    Waiting(PyIter),
    /// It is making an item.
    Running,
    Ended,
}

impl Generator {
    /// A generator of these items.
    #[expect(clippy::new_ret_no_self, reason = "it is used as a value alone")]
    pub fn new(items: PyIter) -> Py {
        Generator::named("generator", items)
    }

    /// An iterator of these items whose type has another name.
    pub fn named(type_name: &'static str, items: PyIter) -> Py {
        Py::object(Generator { type_name, state: Mutex::new(State::Waiting(items)) })
    }

    fn set(&self, state: State) -> State {
        std::mem::replace(&mut *self.state.lock().unwrap_or_else(PoisonError::into_inner), state)
    }

    /// Its next item. What raises once has ended.
    fn next(&self) -> Option<Result<Py>> {
        let mut items = match self.set(State::Running) {
            State::Waiting(items) => items,
            State::Running => {
                return Some(Err(Fault::value_error("a generator is asked for an item while it makes one")));
            }
            State::Ended => {
                self.set(State::Ended);
                return None;
            }
        };
        // It may go through other generators, each of which takes stack.
        let item = match nesting::down() {
            Ok(_level) => items.next(),
            Err(fault) => Some(Err(fault)),
        };
        if matches!(item, Some(Ok(_))) {
            self.set(State::Waiting(items));
        } else {
            self.set(State::Ended);
            remains::bury_iterator(items);
        }
        item
    }
}

impl Object for Generator {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        Some(Ok(Box::new(std::iter::from_fn(move || self.next()))))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        if let State::Waiting(items) = self.set(State::Ended) {
            remains::bury_iterator(items);
        }
    }
}
