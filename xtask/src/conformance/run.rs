//! Renders cases, each guarded, on all processors.

use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once};

use super::{Case, Expected, engine};

/// What kiln made of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Got {
    /// A text.
    Text(String),
    /// An error, in kiln's words.
    Error(String),
    /// A panic, which is never right.
    Panic(String),
}

impl fmt::Display for Got {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Got::Text(text) => write!(f, "{text:?}"),
            Got::Error(error) => write!(f, "error: {error}"),
            Got::Panic(message) => write!(f, "PANIC: {message}"),
        }
    }
}

/// Whether kiln made of a case what is expected.
pub(crate) fn passes(case: &Case, got: &Got) -> bool {
    match (&case.expected, got) {
        (Some(Expected::Out { out }), Got::Text(text)) => out == text,
        (Some(Expected::Error { .. }), Got::Error(_)) => true,
        _ => false,
    }
}

/// Renders every case; the answers are in the order of the cases.
pub(crate) fn render_all(cases: &[Case]) -> Vec<Got> {
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<Option<Got>>> = Mutex::new(vec![None; cases.len()]);
    let work = || {
        while let Some((index, case)) = claim(&next, cases) {
            let got = guarded(case);
            answers.lock().expect("a panic is caught before the lock")[index] = Some(got);
        }
    };
    std::thread::scope(|scope| {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        (0..processors).for_each(|_| drop(scope.spawn(work)));
    });
    let answers = answers.into_inner().expect("a panic is caught before the lock");
    answers.into_iter().map(|got| got.expect("every case was claimed, and its thread has ended")).collect()
}

fn claim<'a>(next: &AtomicUsize, cases: &'a [Case]) -> Option<(usize, &'a Case)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    cases.get(index).map(|case| (index, case))
}

thread_local! {
    /// The last panic of this thread.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Renders a case, and notices a panic, be it caught by the engine or not.
fn guarded(case: &Case) -> Got {
    notice_panics();
    PANIC.set(None);
    let outcome = catch_unwind(AssertUnwindSafe(|| engine::render(case)));
    match (PANIC.take(), outcome) {
        (Some(panic), _) => Got::Panic(panic),
        (None, Ok(Ok(text))) => Got::Text(text),
        (None, Ok(Err(error))) => Got::Error(error),
        (None, Err(_)) => Got::Panic("without a message".to_owned()),
    }
}

fn notice_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANIC.set(Some(panic.to_string()));
            usual(panic);
        }));
    });
}
