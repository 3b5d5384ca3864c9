//! Renders templates and evaluates expressions over kiln's values.
//!
//! This crate confines the template engine: nothing outside it names minijinja, and
//! nothing that comes out of it is one of minijinja's types. It takes a [`Scope`] of
//! [`kiln_model`] values, and gives text or values together with the secrets that were
//! brought into them. Its [`Failure`]s are kiln's own words with a place; the engine's
//! messages, which may contain values, are never passed on.
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

mod scope;

mod tree;

mod tracker;

mod print;

mod convert;

mod alias;

mod failure;

mod functions;

mod ambient;

mod builtin_tests;

mod filters;

mod globals;

mod parameters;

mod translations;

mod debug_text;

#[cfg(test)]
mod calls;

pub use engine::{Engine, Evaluated, Printed, Syntax};
pub use failure::{Failure, Place};
pub use scope::Scope;
