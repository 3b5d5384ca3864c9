//! The nouns that pass between kiln's stages.
//!
//! This crate owns every type that one stage hands to another: source texts and
//! [`Span`]s into them, the located tree ([`Node`]), [`Secret`]s, [`Diagnostic`]s and
//! the sink that collects them, cleartext [`Rendered`] outputs and [`Artifact`]s that
//! may reach a disk, the [`NewFile`]s of a new project, and the [`Files`] trait through which everything is read.
//!
//! It does no input or output, formats nothing for a person, and knows nothing of
//! YAML, templates or encryption.
//!
//! ```
//! use kiln_model::{Sources, Span};
//!
//! let mut sources = Sources::new();
//! let id = sources.add("cluster.yaml", "node_cidr: 10.0.0.0/24\n");
//! let span = Span::new(id, 11, 22);
//! assert_eq!(sources.slice(span), "10.0.0.0/24");
//! assert_eq!(sources.position(span.source, span.start).column, 12);
//! ```

mod source;

mod secret;

mod node;

mod diagnostic;

mod files;

mod output;

mod new_file;

mod suggest;

pub use diagnostic::{Diagnostic, Diagnostics, Fix, Label, Reported, Severity};
pub use files::{FileError, Files, MemoryFiles};
pub use new_file::NewFile;
pub use node::{Entry, Map, Node, Origin, PathStep, Value, path_text, split_path};
pub use output::{Artifact, Mode, Rendered, Reveal};
pub use secret::Secret;
pub use source::{Position, Source, SourceId, Sources, Span};
pub use suggest::{meant, nearest};
