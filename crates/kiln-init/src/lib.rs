//! Makes what a new project needs.
//!
//! [`fresh`] looks at a folder and gives the files that it lacks to be a project: data
//! files to fill in, generated from the JSON Schemas of the pack ([`outline`]), key files,
//! the pack's versions, and what keeps secrets out of git. They are in memory; writing
//! them is somebody else's work.
//!
//! It never gives a file that is there already, and no new key where an old one must be
//! somewhere else. Which files there are follows from the pack; age keys are made by
//! whoever calls, because another crate confines age.

mod project;

mod outline;

mod prose;

mod key_file;

mod keys;

mod texts;

mod findings;

pub use key_file::key_file;
pub use outline::{Outline, outline};
pub use project::{Fresh, Plan, PlannedData, PlannedKey, fresh, schema_file, schema_path};
