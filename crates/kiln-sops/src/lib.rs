//! Encrypts and decrypts SOPS documents with age keys, in memory.
//!
//! What comes out is a file that `sops` itself could have written, in its format and to
//! the byte in its style; what `sops` wrote is read and verified. Nothing is written
//! anywhere, keys and plain texts are wiped, and a rule that would leave a secret in clear
//! is an error. A file that already says the same keeps its bytes, so that a second run
//! changes nothing.
//!
//! ```
//! use kiln_age::{Identities, NoDialog, Recipient};
//! use kiln_model::Secret;
//! use kiln_sops::{Format, MacCheck, Plain, Sealed, Stores, Terms, seal};
//!
//! // A throw-away key.
//! let mut identities = Identities::new();
//! identities.add_keys("age.key", &Secret::new("age.key", include_str!("../tests/corpus/test-key.txt")));
//! let recipient = Recipient::parse(&identities.recipients()[0]).expect("it is a public key");
//!
//! let plain = Plain::read(b"token: hunter2\n", Format::Yaml).expect("it is YAML");
//! let terms = Terms::new(vec![vec![recipient]]);
//! let sealed = seal(plain, &terms, 1_795_176_000, &NoDialog).expect("it can be encrypted");
//! let bytes = sealed.write(Format::Yaml, &Stores::default()).expect("YAML holds it");
//! assert!(!String::from_utf8_lossy(&bytes).contains("hunter2"));
//!
//! let sealed = Sealed::read(&bytes, Format::Yaml).expect("it is a SOPS file");
//! let opened = sealed.open(&identities, MacCheck::Verify, &NoDialog).expect("it is ours");
//! let plain = opened.plain().write(Format::Yaml, &Stores::default()).expect("YAML holds it");
//! assert_eq!(*plain, b"token: hunter2\n");
//! ```
//!
//! What the format itself leaves open is open here too: the MAC covers values and their
//! order, but neither keys that stay in clear nor comments nor the types of values; with
//! `mac_only_encrypted` it covers encrypted values alone. The buffers of the YAML parser
//! and of age are not ours to wipe.

mod changes;
mod cipher;
mod ciphertexts;
mod document;
mod emit;
mod encrypt;
mod entrust;
mod findings;
mod format;
mod generate;
mod hoist;
mod inspect;
mod keys;
mod leak;
mod mac;
mod merge;
mod metadata;
mod number;
mod open;
mod opened;
mod pattern;
mod plain;
mod policy;
mod proof;
mod read;
mod resolve;
mod seal;
mod sealed;
mod select;
mod shamir;
mod tag;
mod terms;
mod time;
mod walk;

pub use changes::{FileValue, ValueChange};
pub use encrypt::{Encrypted, Keys, Outcome, Without, encrypt};
pub use entrust::Entrusted;
pub use format::{Format, Stores, WriteError};
pub use generate::{generate, generate_post_quantum};
pub use inspect::{ClearValue, Difference};
pub use keys::{GroupFailure, KeyFailure, KeyReason};
pub use leak::Scanner;
pub use merge::{MergeError, Merged, MergedFile, Merging};
pub use metadata::BadMetadata;
pub use open::{MacCheck, OpenError};
pub use opened::Opened;
pub use plain::{BadPath, EditError, Found, KeyPath, NoVariable, Plain, Variable};
pub use policy::{Policy, Rule, recipients_in};
pub use seal::{SealError, seal};
pub use sealed::{FileKey, ReadError, Sealed, SealedError};
pub use terms::{BadSelection, Terms};
pub use time::from_unix as timestamp;

/// The release of SOPS whose format and style is written, as files name it.
pub const VERSION: &str = "3.13.3";
