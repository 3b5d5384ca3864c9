//! One thread at a time speaks with the process; while it waits for an answer, it may be asked
//! something and speak again.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

/// Whose turn it is.
#[derive(Default)]
pub(crate) struct Turns {
    holder: Mutex<Option<(ThreadId, usize)>>,
    free: Condvar,
}

/// A turn, until it is dropped.
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    /// How many turns of the same thread this one is within.
    pub(crate) depth: usize,
}

impl Turns {
    /// Waits for a turn.
    pub(crate) fn take(&self) -> Turn<'_> {
        let me = thread::current().id();
        let mut holder = self.lock();
        loop {
            match &mut *holder {
                None => {
                    *holder = Some((me, 0));
                    return Turn { turns: self, depth: 0 };
                }
                Some((thread, depth)) if *thread == me => {
                    *depth += 1;
                    return Turn { turns: self, depth: *depth };
                }
                Some(_) => holder = self.free.wait(holder).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<(ThreadId, usize)>> {
        self.holder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut holder = self.turns.lock();
        *holder = holder.take().and_then(|(thread, depth)| Some((thread, depth.checked_sub(1)?)));
        if holder.is_none() {
            self.turns.free.notify_one();
        }
    }
}
