//! Renders cases, each guarded, on all processors.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// Renders a case, and catches a panic.
fn guarded(case: &Case) -> Got {
    match catch_unwind(AssertUnwindSafe(|| engine::render(case))) {
        Ok(Ok(text)) => Got::Text(text),
        Ok(Err(error)) => Got::Error(error),
        Err(panic) => Got::Panic(message(&*panic)),
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    text.unwrap_or("of no message").to_owned()
}
