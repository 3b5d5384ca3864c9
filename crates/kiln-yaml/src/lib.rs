//! Turns YAML, JSON and TOML text into located trees, and trees into YAML.
//!
//! No other crate names a YAML or TOML library. Three things keep their texts apart from
//! ours: errors are taken apart by kind and said in our words, none of which repeats what
//! stands in the text; numbers, booleans and dates are told from text by our own tables
//! ([`Resolution`]); and every value and key gets its exact place in bytes. What other readers
//! would take for something else ([`Ambiguous`]) is told on request.
//!
//! ```
//! use kiln_model::{Diagnostics, Sources};
//! use kiln_yaml::{Resolution, compose};
//!
//! let text = "nodes:\n  - address: 10.0.0.2\n";
//! let mut sources = Sources::new();
//! let id = sources.add("nodes.yaml", text);
//! let tree = compose(id, text, Resolution::Core, &mut Diagnostics::new()).expect("it is YAML");
//! let address = tree.walk(&kiln_model::split_path("nodes[0].address").unwrap()).unwrap();
//! assert_eq!(sources.slice(address.span()), "10.0.0.2");
//! ```

pub mod events;
pub mod json;
pub mod toml;

mod compose;
mod conflict;
mod emit;
mod findings;
mod pyyaml;
mod readings;
mod resolve;
mod slips;
mod stored;
mod syntax;
mod text;

pub use compose::{Composed, compose, compose_all, compose_all_noting, compose_noting};
pub use emit::{quote, to_yaml};
pub use pyyaml::mistake;
pub use readings::{Ambiguous, Reader, Reading, reading};
pub use resolve::Resolution;
pub use stored::{from_stored, to_stored};
pub use text::{Language, comments, rewrite};
