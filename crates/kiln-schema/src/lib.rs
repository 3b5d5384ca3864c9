//! Says where a located tree violates a JSON Schema, and applies the schema's defaults.
//!
//! No other crate names a JSON Schema library. Its sentences are never shown: each kind
//! of violation becomes a finding in our words that points at the value, and that never
//! quotes a value whose schema says `writeOnly`.
//!
//! Beside the keywords of draft-07 a schema may say `x-expected`: what the value should
//! be, as it follows the word "expected": `"an IPv4 network such as `10.0.0.0/24`"`; and
//! `x-unused`: that nothing reads the key yet.
//!
//! The order of use: [`Schema::check`] reports what is wrong, [`invalidate`] takes the
//! wrong values out of what follows, [`Schema::complete`] fills in defaults, and
//! [`Schema::mark_secrets`] turns secret text into secrets.

mod check;
mod complete;
mod empty;
mod findings;
mod formats;
mod instance;
mod invalid;
mod mask;
mod root;
mod schema;
mod secret_keys;
mod secrets;
mod unused;
mod walk;

mod place;

pub use invalid::invalidate;
pub use mask::mask_unparsed;
pub use schema::{Property, Schema, SchemaError};
pub use secret_keys::SecretKeys;
