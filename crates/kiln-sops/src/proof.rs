//! The proof that a holder of the identity chose a file's data key.
//!
//! age wraps anonymously: whoever can write to the repository can make a valid file under a
//! data key that they know. Had kiln used that key again for new values, they could read
//! them. So kiln writes into the files it makes a code over data key and path that only
//! the identity can compute, and uses a data key again only where that code is right. The
//! field is one that `sops` does not know: it ignores it, and drops it when it writes.
//! `docs/adr/0005-no-churn.md` has the reasons.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kiln_age::Identities;
use zeroize::Zeroizing;

use crate::cipher::DataKey;

/// The field of the `sops` block.
pub(crate) const FIELD: &str = "kiln_data_key_proof";

/// Keeps this use of an identity apart from any other.
const INFO: &[u8] = b"kiln SOPS data key proof v1";

/// The proof for a file at `path`; `None` if no identity holds a secret of its own.
pub(crate) fn make(key: &DataKey, path: &str, identities: &Identities) -> Option<String> {
    identities.attest(INFO, &message(key, path)).map(|code| STANDARD.encode(code))
}

/// Whether a proof is one for this data key at this path.
pub(crate) fn holds(proof: &str, key: &DataKey, path: &str, identities: &Identities) -> bool {
    STANDARD.decode(proof).is_ok_and(|code| identities.verify(INFO, &message(key, path), &code))
}

fn message(key: &DataKey, path: &str) -> Zeroizing<Vec<u8>> {
    let mut message = Zeroizing::new(Vec::with_capacity(key.expose().len() + path.len()));
    message.extend_from_slice(key.expose());
    message.extend_from_slice(path.as_bytes());
    message
}
