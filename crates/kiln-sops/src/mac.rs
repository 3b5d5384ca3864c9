//! The hash over the plain values of a file, in document order.

use sha2::{Digest, Sha256, Sha512};

use crate::document::Scalar;

/// Collects plain values; what comes out is encrypted as `sops.mac`.
pub(crate) struct Mac {
    hash: Sha512,
    only_encrypted: bool,
}

impl Mac {
    /// With `only_encrypted` the values that stay in clear do not count.
    pub(crate) fn new(only_encrypted: bool) -> Mac {
        let mut hash = Sha512::new();
        if only_encrypted {
            // Keeps the two kinds of hash apart.
            hash.update(Sha256::digest(b"sops"));
        }
        Mac { hash, only_encrypted }
    }

    /// Takes one plain value in.
    pub(crate) fn add(&mut self, scalar: &Scalar, selected: bool) {
        if (selected || !self.only_encrypted)
            && let Some(plain) = scalar.plain()
        {
            self.hash.update(&*plain);
        }
    }

    /// The hash as upper-case hex.
    pub(crate) fn finish(self) -> String {
        self.hash.finalize().iter().map(|byte| format!("{byte:02X}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: `printf 'aTrue1.5' | sha512sum`, and the same behind the 32 raw
    // bytes of `printf sops | sha256sum`.
    #[test]
    fn values_are_hashed_without_separators_and_nulls() {
        let mut mac = Mac::new(false);
        for scalar in [Scalar::text("a"), Scalar::Null, Scalar::Bool(true), Scalar::Float(1.5)] {
            mac.add(&scalar, false);
        }
        assert!(mac.finish().starts_with(PLAIN));
    }

    #[test]
    fn the_other_kind_starts_differently_and_skips_clear_values() {
        let mut mac = Mac::new(true);
        mac.add(&Scalar::text("clear"), false);
        mac.add(&Scalar::text("aTrue1.5"), true);
        assert!(mac.finish().starts_with(ONLY_ENCRYPTED));
    }

    const PLAIN: &str = "0C3C89222E3A6745815F811B48F37F05";
    const ONLY_ENCRYPTED: &str = "AAF7F6BF09E895F0439943A79B75F22C";
}
