//! Encrypts and decrypts SOPS documents with age keys, in memory.
//!
//! What comes out is a file that `sops` itself could have written, in its format and to
//! the byte in its style; what `sops` wrote is read and verified. Nothing is written
//! anywhere, keys and plain texts are wiped, and a rule that would leave a secret in clear
//! is an error. A file that already says the same keeps its bytes, so that a second run
//! changes nothing.
//!
//! ```
//! use kiln_model::{Diagnostics, Rendered, Secret, Sources, Span};
//! use kiln_sops::{Identity, Policy, decrypt, encrypt};
//!
//! // A throw-away key.
//! let key = include_str!("../tests/corpus/test-key.txt");
//! let identity = Identity::parse(&Secret::new("age.key", key)).expect("it is an age key");
//! let rules = format!("creation_rules:\n  - age: {}\n", identity.recipient());
//!
//! let mut sink = Diagnostics::new();
//! let source = Sources::new().add(".sops.yaml", rules.as_str());
//! let policy = Policy::parse(source, &rules, &mut sink).expect("the rules are valid");
//! let output = Rendered::new("a.sops.yaml", "token: hunter2\n", Span::NONE, Vec::new());
//! let rule = policy.rule_for(output.path()).expect("a rule for every path");
//! let encrypted = encrypt(&output, rule, None, None, 0, &mut sink).expect("it can be encrypted");
//!
//! let bytes = encrypted.artifact.bytes();
//! assert!(!String::from_utf8_lossy(bytes).contains("hunter2"));
//! assert_eq!(*decrypt(bytes, &identity).expect("it can be decrypted"), "token: hunter2\n");
//! ```
//!
//! What the format itself leaves open is open here too: the MAC covers values and their
//! order, but neither keys that stay in clear nor comments nor the types of values; with
//! `mac_only_encrypted` it covers encrypted values alone. The buffers of the YAML parser
//! and of age are not ours to wipe.

mod cipher;
mod decrypt;
mod document;
mod emit;
mod encrypt;
mod findings;
mod format;
mod generate;
mod hoist;
mod leak;
mod mac;
mod metadata;
mod number;
mod pattern;
mod policy;
mod read;
mod recipient;
mod resolve;
mod reuse;
mod select;
mod tag;
mod time;
mod walk;

pub use decrypt::{DecryptError, decrypt, is_encrypted};
pub use encrypt::{Encrypted, encrypt};
pub use format::{Format, Stores, WriteError};
pub use generate::{generate, recipients_in};
pub use leak::Scanner;
pub use policy::{Policy, Rule};
pub use recipient::{Identity, IdentityError};

/// The release of SOPS whose format and style is written, as files name it.
pub const VERSION: &str = "3.13.3";
