//! Work for several threads.

use std::sync::OnceLock;

use kiln_pack::Spread;

/// The threads that work is spread over. What it gives is the same for any number of them.
#[derive(Clone, Copy)]
pub struct Threads<'a> {
    count: usize,
    spread: Spread<'a>,
}

impl<'a> Threads<'a> {
    /// As many threads as `count`, which `spread` spreads work over.
    pub fn new(count: usize, spread: Spread<'a>) -> Threads<'a> {
        Threads { count: count.max(1), spread }
    }

    /// The thread that is running, alone.
    pub fn one() -> Threads<'static> {
        Threads { count: 1, spread: &|count, work| (0..count).for_each(work) }
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.count
    }

    /// What the work gives for each number below a count, in order.
    pub(crate) fn map<T: Send + Sync>(self, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let done: Vec<OnceLock<T>> = (0..count).map(|_| OnceLock::new()).collect();
        (self.spread)(count, &|number| {
            done[number].get_or_init(|| work(number));
        });
        let taken = |(number, it): (usize, OnceLock<T>)| it.into_inner().unwrap_or_else(|| work(number));
        done.into_iter().enumerate().map(taken).collect()
    }
}
