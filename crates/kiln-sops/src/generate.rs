//! New age keys.

use zeroize::Zeroizing;

use crate::time;

/// The text of a new key file with an X25519 identity made at `now` seconds since
/// 1970-01-01 UTC; `None` if the system gives no random bytes.
pub fn generate(now: u64) -> Option<Zeroizing<String>> {
    kiln_age::generate(&time::from_unix(now))
}

/// As [`generate`], with a post-quantum identity.
pub fn generate_post_quantum(now: u64) -> Option<Zeroizing<String>> {
    kiln_age::generate_post_quantum(&time::from_unix(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_names_the_time_it_was_made_at() {
        let text = generate(1_790_000_000).unwrap();
        // date --utc --date @1790000000
        assert!(text.starts_with("# created: 2026-09-21T14:13:20Z\n"));
    }
}
