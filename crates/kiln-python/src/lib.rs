//! Python's values as Jinja2 templates see them.
//!
//! A template's meaning is in large part Python's: what `str` of a float is, which keys are
//! equal, what `%` does to text, what a method of a list is called and raises. This crate is
//! that part: the value type [`Py`], its operators, its methods, its text. It knows no
//! templates; what Jinja2 adds to Python (filters, tests, scopes) is elsewhere.
//!
//! Whatever takes time or memory charges the [`meter`], so that no value can exhaust the
//! process; whatever Python would raise is a [`Fault`].

mod value;

mod fault;

mod args;

mod object;

mod iter;

mod undefined;

mod ops;

mod attrs;

mod bound;

mod containers;

mod numbers;

mod text;

mod sorting;

pub mod dates;

pub mod json;

pub mod meter;

pub mod pprint;

pub use args::{Args, required};
pub use bound::{Method, bound};
pub use containers::{Generator, Range};
pub use fault::{Fault, FaultKind, Result};
pub use iter::PyIter;
pub use object::Object;
pub use ops::{Comparison, Operator};
pub use text::escape;
pub use undefined::{Origin, Undefined, UndefinedMode};
pub use value::{Dict, Key, List, Py, Watched};
