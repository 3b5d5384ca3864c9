//! age recipients and identities: wraps small secrets for public keys, and unwraps them.
//!
//! A wrapped secret is an armored age file for one recipient, as SOPS keeps the data key of a
//! document. Recipients are X25519 keys, their post-quantum successors, SSH keys, and what
//! plugins of age stand behind; identities are their private halves, also with a passphrase.
//! No file is opened and no variable read here: the caller hands over what it found, and
//! says where. (age itself looks for the programs of plugins, and starts them.)
//!
//! ```
//! use kiln_age::{Identities, NoDialog, Recipient};
//! use kiln_model::Secret;
//!
//! let key_file = kiln_age::generate("2026-01-01T00:00:00Z").expect("the system has random bytes");
//! let mut identities = Identities::new();
//! identities.add_keys("age.key", &Secret::new("age.key", key_file.as_str()));
//!
//! let recipient = Recipient::parse(&identities.recipients()[0]).expect("it is a public key");
//! let armored = recipient.wrap(&[7; 32], &NoDialog).expect("it can be wrapped");
//! let secret = identities.unwrap(&armored, recipient.as_str(), &NoDialog).expect("it is ours");
//! assert_eq!(*secret, [7; 32]);
//! ```

mod armor;
mod attest;
mod dialog;
mod error;
mod generate;
mod identities;
mod identity;
mod key_file;
mod plugin;
mod post_quantum;
mod recipient;
mod ssh;
mod text;

pub use dialog::{Dialog, NoDialog};
pub use error::{Failure, KeyError, PluginError, RecipientError, UnwrapError, WrapError};
pub use generate::{generate, generate_post_quantum};
pub use identities::Identities;
pub use identity::Identity;
pub use recipient::{Kind, Recipient};

/// The longest secret that is wrapped: many times a data key.
pub const MAX_SECRET: usize = 1024;
