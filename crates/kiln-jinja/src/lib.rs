//! Renders Jinja2 templates and evaluates expressions, exactly as Jinja2 3.1.6 does.
//!
//! An [`Environment`] is Jinja2's own: any delimiters, any mode of undefined values, templates by
//! name, Python's values. An [`Engine`] is what packs are rendered with: it takes a [`Scope`] of
//! [`kiln_model`] values, and gives text or values together with the secrets that were brought
//! into them.
//!
//! A template goes through three steps: [`kiln_syntax`] parses it, `lower` decides what its names
//! mean and writes programs for the engine (minijinja, which nothing outside this crate names),
//! and `runtime` is what these programs call. [`Failure`]s are kiln's own words with a place in
//! the template; they contain no values.
//!
//! It reads no files and knows no packs: templates are handed to it as text.
//!
//! ```
//! use kiln_jinja::{Engine, Scope, Syntax};
//! use kiln_model::{Map, Node, Origin, Value};
//!
//! let mut map = Map::new();
//! map.insert_node("node_cidr", Node { value: Value::String("10.0.0.0/24".into()), origin: Origin::Default });
//! let engine = Engine::new(&Syntax::default()).unwrap();
//! let gateway = engine.eval("node_cidr | nthhost(1)", &Scope::new(&map)).unwrap();
//! assert!(matches!(gateway.value, Value::String(text) if text == "10.0.0.1"));
//! ```

mod engine;

mod environment;

mod scope;

mod session;

mod programs;

mod tree;

mod tracker;

mod trace;

mod failure;

mod lower;

mod runtime;

mod shared;

mod ambient;

mod filters;

mod builtin_tests;

mod globals;

mod catalogue;

mod parameters;

mod policies;

mod registry;

mod translations;

mod debug_text;

#[cfg(test)]
mod calls;

mod functions;

pub use engine::{Engine, Evaluated, Printed, Syntax, Used};
pub use environment::{Environment, Limits, Settings};
pub use failure::{At, Failure, Place};
pub use kiln_python as python;
pub use kiln_syntax as syntax;
pub use policies::Policies;
pub use programs::{Program, Programs};
pub use registry::Registry;
pub use scope::Scope;
pub use session::{Local, Session};
pub use trace::Piece;
