//! Loads, validates, derives and checks a project's data.
//!
//! Four stages, in this order: [`load`] reads the data files into located trees,
//! [`validate`] holds them against their schemas and merges them, [`derive`] adds what
//! follows from them and from the key files ([`read_keys`]), [`check`] holds the pack's
//! rules against the result. Each reports everything it finds; a value that is wrong
//! becomes [`kiln_model::Value::Invalid`], and what depends on it is passed over.
//!
//! It renders nothing and writes nothing.

mod settings;

mod templates;

mod ignored;

mod allowance;

mod load;
mod readings;

mod sealed;

mod misplaced;

mod given_away;

mod validate;

mod held;

mod keys;

mod expressions;

mod threads;

mod ancestry;

mod derive;

mod check;

mod mend;

mod findings;

mod given_secrets;

pub use allowance::Allowance;
pub use ancestry::{ancestry, derive_without, derive_without_key};
pub use check::{Part, Rules, Verdict};
pub use derive::derive;
pub use expressions::{engine, holds, prepare};
pub use held::{Held, hold};
pub use ignored::Ignored;
pub use keys::{KeyFiles, MissingKeys, read_keys};
pub use load::{
    Document, candidates, data_files, is_sealed_name, load, read_text, schema_text, sealed_candidates,
};
pub use mend::mend;
pub use sealed::{Opener, Place, Unopened};
pub use settings::{Allow, Clear, Settings};
pub use templates::template_folders;
pub use threads::Threads;
pub use validate::validate;

pub use kiln_schema::SecretKeys;
