//! New keys.

use age::secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use crate::post_quantum;

/// The text of a new key file with an X25519 identity made at `created`, a time as RFC 3339
/// has it; `None` if the system gives no random bytes.
///
/// The file has the three lines that [`age-keygen`] writes.
///
/// [`age-keygen`]: https://github.com/FiloSottile/age/blob/main/cmd/age-keygen/keygen.go
pub fn generate(created: &str) -> Option<Zeroizing<String>> {
    // age itself would panic where there is no randomness.
    getrandom::fill(&mut [0; 1]).ok()?;
    let identity = age::x25519::Identity::generate();
    let private = identity.to_string();
    // The key itself is what the file is for.
    Some(key_file(created, &identity.to_public().to_string(), private.expose_secret()))
}

/// As [`generate`], with a post-quantum identity.
pub fn generate_post_quantum(created: &str) -> Option<Zeroizing<String>> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *seed).ok()?;
    let identity = post_quantum::Identity::new(seed);
    Some(key_file(created, identity.recipient(), &identity.to_text()))
}

fn key_file(created: &str, public: &str, private: &str) -> Zeroizing<String> {
    let lines = ["# created: ", created, "\n# public key: ", public, "\n", private, "\n"];
    let mut text = Zeroizing::new(String::with_capacity(lines.iter().map(|part| part.len()).sum()));
    lines.iter().for_each(|part| text.push_str(part));
    text
}
