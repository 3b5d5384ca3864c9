//! The encrypted files of a whole tree: what is wrong with them, who can open them, and how
//! git shows and merges them.
//!
//! [`verify`] looks at every file, [`rotate`] gives them to another key, [`textconv`] and
//! [`merge`] are for git. All of it happens in memory.

mod findings;

mod key_file;

mod merge;

mod rotate;

mod rules;

mod textconv;

mod tree;

mod verify;

pub use merge::{Merge, MergeRefused, Sides, merge};
pub use rotate::{Change, ClusterSecret, NewKey, Rotation, RotationRequest, Work, rotate};
pub use textconv::{Shown, textconv};
pub use verify::{Verification, verify};
