//! Decides the set of outputs and renders them.
//!
//! The set is decided first, from data alone: [`compile`] reads the templates,
//! [`outputs`] says which paths there will be and from which template with which names.
//! Only then [`render`] is called for each output; templates can ask which outputs there
//! are, and cannot change it. So what a list of resources names exists, and what exists
//! is named.
//!
//! It knows no threads, encrypts nothing and writes nothing.

mod graph;

mod lineage;

mod outputs;

mod path;

mod render;

mod reveal;

mod trace;

mod value;

mod findings;

pub use lineage::{Condition, Lineage, Lineages, Part, Reading};
pub use outputs::{Output, folders, outputs, refuse_inputs};
pub use render::{compile, render};
pub use trace::trace;
