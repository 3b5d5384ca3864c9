//! One value under AES-256-GCM, in SOPS's text form.

use aes_gcm::aead::array::ArraySize;
use aes_gcm::aead::consts::{U12, U16, U32};
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::aes::Aes256;
use aes_gcm::{AeadInOut, AesGcm, KeyInit, Nonce, Tag};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::ciphertexts::Ciphertexts;
use crate::document::{Comment, Scalar};
use crate::{number, time};

/// The type that the text form of a comment names.
pub(crate) const COMMENT: &str = "comment";

/// The key of one file. It cannot be printed, and is wiped on drop.
#[derive(Clone)]
pub(crate) struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// A key that nobody had before.
    pub(crate) fn fresh() -> Result<DataKey, NoRandomness> {
        let mut key = Zeroizing::new([0; 32]);
        fill(key.as_mut_slice())?;
        Ok(DataKey(key))
    }

    /// The key of these bytes, if they are 32.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<DataKey> {
        <[u8; 32]>::try_from(bytes).ok().map(|key| DataKey(Zeroizing::new(key)))
    }

    /// The key itself, to wrap it or to compute with it.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Encrypts and decrypts the values of one file.
pub(crate) struct Cipher {
    key: DataKey,
    /// SOPS writes nonces of 32 bytes.
    aead: AesGcm<Aes256, U32>,
}

/// Why a value was not encrypted: the system gave no random bytes.
#[derive(Debug)]
pub(crate) struct NoRandomness;

/// Why a value was not decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is not in SOPS's text form.
    NotEncrypted,
    /// It was not encrypted with this key for this place.
    Forged,
    /// What came out is not of the type the text form names.
    WrongType,
}

/// What an encrypted value turned out to be.
pub(crate) enum Opened {
    Scalar(Scalar),
    Comment(Zeroizing<String>),
}

/// Fills a buffer with random bytes.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(bytes).map_err(|_| NoRandomness)
}

/// Whether a text looks like an encrypted comment.
pub(crate) fn is_sealed_comment(text: &str) -> bool {
    Sealed::split(text).is_some_and(|sealed| sealed.kind == COMMENT)
}

/// Whether a text looks like an encrypted value.
pub(crate) fn is_sealed(text: &str) -> bool {
    Sealed::split(text).is_some()
}

/// What the authentication of a value covers besides its bytes: the keys that lead to it.
pub(crate) fn place(path: &[String]) -> String {
    format!("{}:", path.join(":"))
}

impl Cipher {
    pub(crate) fn new(key: DataKey) -> Cipher {
        let aead = AesGcm::new(key.expose().into());
        Cipher { key, aead }
    }

    /// The text form of a scalar; `None` for one that SOPS leaves as it is.
    ///
    /// A ciphertext of `old` says the same and is taken if there is one.
    pub(crate) fn seal(
        &self,
        scalar: &Scalar,
        place: &str,
        old: &mut Ciphertexts,
    ) -> Result<Option<String>, NoRandomness> {
        let (Some(kind), Some(plain)) = (kind(scalar), scalar.plain()) else { return Ok(None) };
        let known = old.take(place, kind, &plain);
        known.map_or_else(|| self.seal_bytes(&plain, kind, place), Ok).map(Some)
    }

    /// The text form of a comment; `None` for an empty one.
    pub(crate) fn seal_comment(
        &self,
        comment: &Comment,
        place: &str,
        old: &mut Ciphertexts,
    ) -> Result<Option<String>, NoRandomness> {
        if comment.text.is_empty() {
            return Ok(None);
        }
        let known = old.take(place, COMMENT, comment.text.as_bytes());
        known.map_or_else(|| self.seal_bytes(comment.text.as_bytes(), COMMENT, place), Ok).map(Some)
    }

    fn seal_bytes(&self, plain: &[u8], kind: &str, place: &str) -> Result<String, NoRandomness> {
        let mut nonce = [0; 32];
        fill(&mut nonce)?;
        let mut bytes = Zeroizing::new(plain.to_vec());
        let tag = self
            .aead
            .encrypt_inout_detached(&nonce.into(), place.as_bytes(), InOutBuf::from(bytes.as_mut_slice()))
            .expect("a value that fits in memory is within the limits of AES-GCM");
        Ok(format!(
            "ENC[AES256_GCM,data:{},iv:{},tag:{},type:{kind}]",
            STANDARD.encode(&*bytes),
            STANDARD.encode(nonce),
            STANDARD.encode(tag)
        ))
    }

    /// Decrypts a value and gives it its type back.
    pub(crate) fn open(&self, text: &str, place: &str) -> Result<Opened, Refusal> {
        let sealed = Sealed::split(text).ok_or(Refusal::NotEncrypted)?;
        let decode = |part: &str| STANDARD.decode(part).map_err(|_| Refusal::Forged);
        let mut bytes = Zeroizing::new(decode(sealed.data)?);
        let nonce = decode(sealed.nonce)?;
        let tag: [u8; 16] = decode(sealed.tag)?.try_into().map_err(|_| Refusal::Forged)?;
        match nonce.len() {
            32 => open_with(&self.aead, &nonce, place, &mut bytes, tag),
            16 => open_with(
                &AesGcm::<Aes256, U16>::new(self.key.expose().into()),
                &nonce,
                place,
                &mut bytes,
                tag,
            ),
            12 => open_with(
                &AesGcm::<Aes256, U12>::new(self.key.expose().into()),
                &nonce,
                place,
                &mut bytes,
                tag,
            ),
            _ => Err(Refusal::Forged),
        }?;
        typed(sealed.kind, &bytes).ok_or(Refusal::WrongType)
    }
}

/// The type that the text form of a scalar names; `None` for what SOPS leaves as it is.
pub(crate) fn kind(scalar: &Scalar) -> Option<&'static str> {
    match scalar {
        Scalar::Null => None,
        Scalar::Text(text) if text.is_empty() => None,
        Scalar::Bool(_) => Some("bool"),
        Scalar::Int(_) => Some("int"),
        Scalar::Float(_) => Some("float"),
        Scalar::Time(_) => Some("time"),
        Scalar::Text(_) | Scalar::Bytes(_) => Some("str"),
    }
}

/// Whether a text is in the text form to its last character, as SOPS itself writes it.
pub(crate) fn is_canonical(text: &str) -> bool {
    Sealed::split(text).is_some_and(|it| {
        let Sealed { data, nonce, tag, kind } = it;
        text == format!("ENC[AES256_GCM,data:{data},iv:{nonce},tag:{tag},type:{kind}]")
    })
}

fn open_with<N: ArraySize>(
    aead: &AesGcm<Aes256, N>,
    nonce: &[u8],
    place: &str,
    bytes: &mut [u8],
    tag: [u8; 16],
) -> Result<(), Refusal> {
    let nonce = Nonce::<N>::try_from(nonce).map_err(|_| Refusal::Forged)?;
    aead.decrypt_inout_detached(&nonce, place.as_bytes(), InOutBuf::from(bytes), &Tag::from(tag))
        .map_err(|_| Refusal::Forged)
}

fn typed(kind: &str, plain: &[u8]) -> Option<Opened> {
    if let "str" | "bytes" = kind {
        return Some(Opened::Scalar(Scalar::bytes(plain)));
    }
    let plain = std::str::from_utf8(plain).ok()?;
    Some(Opened::Scalar(match kind {
        "int" => Scalar::Int(plain.parse().ok()?),
        "float" => Scalar::Float(number::parse_fixed(plain)?),
        "bool" => Scalar::Bool(match plain {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => true,
            "0" | "f" | "F" | "FALSE" | "false" | "False" => false,
            _ => return None,
        }),
        "time" => Scalar::Time(time::parse_yaml(plain)?),
        COMMENT => return Some(Opened::Comment(Zeroizing::new(plain.to_owned()))),
        _ => return None,
    }))
}

/// The parts of `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`.
struct Sealed<'a> {
    data: &'a str,
    nonce: &'a str,
    tag: &'a str,
    kind: &'a str,
}

impl Sealed<'_> {
    fn split(text: &str) -> Option<Sealed<'_>> {
        let rest = text.strip_prefix("ENC[AES256_GCM,data:")?;
        let (data, rest) = rest.split_once(",iv:")?;
        let (nonce, rest) = rest.split_once(",tag:")?;
        let (tag, rest) = rest.split_once(",type:")?;
        let (kind, _) = rest.split_once(']')?;
        Some(Sealed { data, nonce, tag, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cipher() -> Cipher {
        Cipher::new(DataKey(Zeroizing::new([7; 32])))
    }

    fn seal(scalar: &Scalar) -> String {
        cipher().seal(scalar, "a:b:", &mut Ciphertexts::default()).unwrap().unwrap()
    }

    #[test]
    fn every_type_comes_back_as_it_was() {
        let scalars = [
            Scalar::text("grüße\n"),
            Scalar::bytes(b"\xff\0"),
            Scalar::Int(-5),
            Scalar::Float(1e21),
            Scalar::Bool(true),
            Scalar::Time("2024-01-01T00:00:00Z".to_owned()),
        ];
        for scalar in scalars {
            let Ok(Opened::Scalar(back)) = cipher().open(&seal(&scalar), "a:b:") else {
                panic!("not opened")
            };
            assert!(back == scalar);
        }
    }

    #[test]
    fn a_value_is_bound_to_its_place_and_key() {
        let text = seal(&Scalar::text("x"));
        assert!(matches!(cipher().open(&text, "a:c:"), Err(Refusal::Forged)));
        let other = Cipher::new(DataKey(Zeroizing::new([8; 32])));
        assert!(matches!(other.open(&text, "a:b:"), Err(Refusal::Forged)));
    }

    #[test]
    fn what_is_not_in_the_text_form_is_told_apart() {
        assert!(matches!(cipher().open("hello", "a:"), Err(Refusal::NotEncrypted)));
        let flipped = seal(&Scalar::text("x")).replace("type:str", "type:int");
        assert!(matches!(cipher().open(&flipped, "a:b:"), Err(Refusal::WrongType)));
    }

    #[test]
    fn null_and_empty_text_stay_as_they_are() {
        let mut none = Ciphertexts::default();
        assert!(cipher().seal(&Scalar::Null, "a:", &mut none).unwrap().is_none());
        assert!(cipher().seal(&Scalar::text(""), "a:", &mut none).unwrap().is_none());
        assert!(cipher().seal_comment(&Comment::new("", false), "a:", &mut none).unwrap().is_none());
    }

    #[test]
    fn two_seals_of_one_value_differ() {
        assert_ne!(seal(&Scalar::Int(1)), seal(&Scalar::Int(1)));
    }
}
