//! Parses Jinja2 templates into a tree in which every node knows its place.
//!
//! The grammar is that of Jinja2 3.1.6, with any delimiters, white space control, line
//! statements and the extensions `do`, `loopcontrols`, `i18n` and `debug`. This crate knows
//! no values and runs nothing; the tree serves the renderer as well as tools that only look.

mod ast;

mod options;

mod error;

pub use ast::*;
pub use error::ParseError;
pub use options::{Extensions, Options, Pair};
