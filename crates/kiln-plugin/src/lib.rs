//! Runs plugins of makejinja in a Python process.
//!
//! A [`Host`] is one process. It speaks with a program of our own, `python/shim.py`, over a
//! socket that nothing else uses, so that plugins may print and read as they like. Data cross as
//! data; lists and mappings are the same ones on both sides, as far as a change by one side is
//! told to the other with the next call. Everything else stays where it was made: what Python
//! made is a [`kiln_python::Object`] here, and what was made here is an object there.
//!
//! It knows makejinja's plugins and nothing of templates: what templates may use is asked of an
//! [`Engine`].

mod wire;

mod child;

mod tables;

mod encode;

mod decode;

mod remote;

mod fault;

mod host;

mod serve;

mod turn;

pub use host::{Host, Interpreter, Limits};
pub use serve::{Engine, Table};
