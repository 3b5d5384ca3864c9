//! Proofs that the holder of a private key made something.

use age_core::primitives::hkdf;
use hmac::{Hmac, Mac as _};
use sha2_of_age::Sha256;
use zeroize::Zeroizing;

/// HMAC-SHA256 over `message`, under a key that HKDF derives from `secret` and `info`.
pub(crate) fn prove(secret: &[u8], info: &[u8], message: &[u8]) -> [u8; 32] {
    mac(secret, info, message).finalize().into_bytes().into()
}

/// Whether `tag` is that proof; takes as long for a wrong tag as for a right one.
pub(crate) fn is_proof(secret: &[u8], info: &[u8], message: &[u8], tag: &[u8]) -> bool {
    mac(secret, info, message).verify_slice(tag).is_ok()
}

fn mac(secret: &[u8], info: &[u8], message: &[u8]) -> Hmac<Sha256> {
    let key = Zeroizing::new(hkdf(&[], info, secret));
    let mac = Hmac::<Sha256>::new_from_slice(&*key).expect("HMAC takes keys of any length");
    mac.chain_update(message)
}
