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

mod protocol;

mod repr;

mod iter;

mod undefined;

mod missing;

mod ops;

mod compare;

mod subscript;

mod attrs;

mod bound;

mod class;

mod dunder;

mod containers;

mod numbers;

mod nesting;

mod text;

pub mod dates;

pub mod json;

pub mod letters;

pub mod meter;

pub mod pprint;

pub use args::{Args, no_parameter, required};
pub use bound::{Method, bound};
pub use compare::Comparison;
pub use containers::{
    Dict, Generator, Key, List, Range, Set, Table, Tuple, WeakDict, WeakList, dict, range, sort,
};
pub use fault::{Fault, FaultKind, Result};
pub use iter::PyIter;
pub use numbers::{float_repr, int_text};
pub use object::Object;
pub use ops::Operator;
pub use text::{escape, float, format_value, int, parse_float, parse_int};
pub use undefined::{Origin, Undefined, UndefinedMode};
pub use value::{Py, Watched};
