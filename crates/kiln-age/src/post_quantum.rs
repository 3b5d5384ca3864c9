//! Recipients and identities that a quantum computer cannot break: `age1pq1…`.
//!
//! Source: the type `mlkem768x25519` of [age 1.3](https://c2sp.org/age).

mod kem;

use std::collections::HashSet;

use age::{DecryptError, EncryptError};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::{hpke_open, hpke_seal};
use age_core::secrecy::ExposeSecret as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hpke::rand_core::OsRng;
use hpke::{Deserializable as _, Kem as _, Serializable as _};
use zeroize::{Zeroize, Zeroizing};

use crate::text;
pub(crate) use kem::contributes;
use kem::{EncappedKey, PUBLIC, PrivateKey, PublicKey, SEED, XWing};

/// What the text of a recipient begins with, before the `1` that ends it.
const PUBLIC_PREFIX: &str = "age1pq";
const PRIVATE_PREFIX: &str = "AGE-SECRET-KEY-PQ-";
const TAG: &str = "mlkem768x25519";
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
/// The length of a file's key with the tag that proves it.
const BODY: usize = FILE_KEY_BYTES + 16;

/// A public key.
#[derive(Clone)]
pub(crate) struct Recipient(PublicKey);

impl Recipient {
    pub(crate) fn parse(recipient: &str) -> Option<Recipient> {
        let bytes = text::decode::<PUBLIC>(recipient, PUBLIC_PREFIX)?;
        PublicKey::from_bytes(&*bytes).ok().map(Recipient)
    }
}

impl age::Recipient for Recipient {
    fn wrap_file_key(&self, key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        // The key goes into the stanza that hides it.
        let (encapped, body) = hpke_seal::<XWing, _>(&self.0, INFO, key.expose_secret(), &mut OsRng);
        let args = vec![STANDARD_NO_PAD.encode(encapped.to_bytes())];
        let labels = HashSet::from(["postquantum".to_owned()]);
        Ok((vec![Stanza { tag: TAG.to_owned(), args, body }], labels))
    }
}

/// A private key.
pub(crate) struct Identity {
    key: PrivateKey,
    recipient: String,
}

impl Identity {
    pub(crate) fn new(seed: Zeroizing<[u8; SEED]>) -> Identity {
        let key = PrivateKey::new(seed);
        let recipient = text::encode(PUBLIC_PREFIX, &XWing::sk_to_pk(&key).to_bytes());
        Identity { key, recipient }
    }

    pub(crate) fn parse(identity: &str) -> Option<Identity> {
        text::decode::<SEED>(identity, PRIVATE_PREFIX).map(Identity::new)
    }

    /// The public half.
    pub(crate) fn recipient(&self) -> &str {
        &self.recipient
    }

    /// The private half as a key file has it.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        text::encode_private(PRIVATE_PREFIX, &self.secret()[..])
    }

    /// The bytes that make this key.
    pub(crate) fn secret(&self) -> Zeroizing<[u8; SEED]> {
        let mut seed = Zeroizing::new([0; SEED]);
        self.key.write_exact(&mut *seed);
        seed
    }
}

impl age::Identity for Identity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if stanza.tag != TAG {
            return None;
        }
        let encapped = match stanza.args.as_slice() {
            [only] => STANDARD_NO_PAD.decode(only).ok().and_then(|it| EncappedKey::from_bytes(&it).ok()),
            _ => None,
        };
        // A body of any other length could be made to open with several keys.
        let Some(encapped) = encapped.filter(|_| stanza.body.len() == BODY) else {
            return Some(Err(DecryptError::InvalidHeader));
        };
        // The stanza does not say whose it is; one that does not open is somebody else's.
        let mut opened = hpke_open::<XWing>(&encapped, &self.key, INFO, &stanza.body).ok()?;
        let key = FileKey::init_with_mut(|key| key.copy_from_slice(&opened));
        opened.zeroize();
        Some(Ok(key))
    }
}
