//! Reads data files into the values that Python reads from them.
//!
//! The same text means different things to different readers. A project whose templates were
//! written against Python's readers needs theirs: `yes` is a boolean, `1:30` is ninety,
//! `2024-05-01` is a date, and the second of two equal keys wins. What is accepted here, what
//! is refused, and what comes out is held against the real ones, see `tests/corpus`.
//!
//! Bytes go in and values come out; nothing else is looked at. No input makes it panic, and
//! how deep data may nest and how far merge keys may multiply it is bounded.
//!
//! ```
//! let documents = kiln_pydata::yaml(b"on: 1:30\n").expect("it is YAML");
//! assert_eq!(documents[0].repr().expect("it is shallow"), "{True: 90}");
//! ```

mod decode;

mod error;

mod json;

mod toml;

mod yaml;

pub use error::{Bound, DataError, Hint};
pub use json::json;
pub use toml::toml;
pub use yaml::{Content, Document, Item, Single, yaml, yaml_document, yaml_documents, yaml_scalar};

/// How deep data may nest: as deep as values may that are printed or compared.
pub const MAX_DEPTH: usize = 200;
