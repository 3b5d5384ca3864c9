//! SOPS files, in memory: what `kiln sops` does, for programs that embed kiln.
//!
//! A [`Plain`] document is read and [`seal`]ed; a [`Sealed`] file is read and opened with
//! [`Identities`], and what was [`Opened`] can be changed and sealed again.

pub use kiln_age::{Dialog, Identities, Kind, NoDialog, Recipient, RecipientError, UnwrapError, WrapError};
pub use kiln_sops::{
    BadMetadata, BadPath, BadSelection, EditError, FileKey, Format, GroupFailure, KeyFailure, KeyPath,
    KeyReason, MacCheck, NoVariable, OpenError, Opened, Plain, Policy, ReadError, Rule, SealError, Sealed,
    SealedError, Stores, Terms, VERSION, Without, WriteError, generate, generate_post_quantum, seal,
    timestamp,
};
