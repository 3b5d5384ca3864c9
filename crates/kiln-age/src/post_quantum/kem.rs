//! MLKEM768-X25519, also called X-Wing, as a key encapsulation of HPKE.
//!
//! Source: [draft-connolly-cfrg-xwing-kem], which HPKE numbers 0x647a.
//!
//! [draft-connolly-cfrg-xwing-kem]: https://datatracker.ietf.org/doc/draft-connolly-cfrg-xwing-kem/

use hpke::generic_array::GenericArray;
use hpke::generic_array::typenum::{Sum, U32, U96, U192, U1024};
use hpke::kem::SharedSecret;
use hpke::rand_core::{CryptoRng, RngCore};
use hpke::{Deserializable, HpkeError, Serializable};
use ml_kem::kem::{Decapsulate, Encapsulate};
use ml_kem::{B32, Encoded, EncodedSizeUser, KemCore, MlKem768};
use sha3::digest::{Digest, ExtendableOutput, Update, XofReader};
use sha3::{Sha3_256, Shake256};
use x25519_dalek::{PublicKey as Point, StaticSecret as Scalar};
use zeroize::{Zeroize, Zeroizing};

type DecapsulationKey = <MlKem768 as KemCore>::DecapsulationKey;
type EncapsulationKey = <MlKem768 as KemCore>::EncapsulationKey;

const LATTICE_KEY: usize = 1184;
const LATTICE_CIPHERTEXT: usize = 1088;
const POINT: usize = 32;

/// The length of a public key.
pub(crate) const PUBLIC: usize = LATTICE_KEY + POINT;
/// The length of a private key, from which everything else follows.
pub(crate) const SEED: usize = 32;
/// The length of what is sent to the holder of a private key.
pub(crate) const ENCAPPED: usize = LATTICE_CIPHERTEXT + POINT;

const LABEL: &[u8] = br"\.//^\";

/// The key encapsulation itself.
pub(crate) struct XWing;

/// A public key: that of ML-KEM-768, then that of X25519.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey(Box<[u8; PUBLIC]>);

/// A seed. The trait of HPKE wants it to be cloned and compared; it does not leave this folder.
#[derive(Clone)]
pub(crate) struct PrivateKey(Zeroizing<[u8; SEED]>);

/// A ciphertext of ML-KEM-768, then an ephemeral public key of X25519.
#[derive(Clone)]
pub(crate) struct EncappedKey(Box<[u8; ENCAPPED]>);

impl PublicKey {
    fn lattice(&self) -> EncapsulationKey {
        let bytes: [u8; LATTICE_KEY] = self.0[..LATTICE_KEY].try_into().expect("as long as the range");
        EncapsulationKey::from_bytes(&Encoded::<EncapsulationKey>::from(bytes))
    }

    fn point(&self) -> Point {
        point(&self.0[LATTICE_KEY..])
    }
}

impl PrivateKey {
    pub(crate) fn new(seed: Zeroizing<[u8; SEED]>) -> PrivateKey {
        PrivateKey(seed)
    }

    fn expand(&self) -> (DecapsulationKey, EncapsulationKey, Scalar) {
        let mut stream = Shake256::default().chain(*self.0).finalize_xof();
        let mut next = || {
            let mut bytes = Zeroizing::new([0; 32]);
            stream.read(&mut *bytes);
            bytes
        };
        let (mut d, mut z) = (B32::from(*next()), B32::from(*next()));
        let (private, public) = MlKem768::generate_deterministic(&d, &z);
        d.zeroize();
        z.zeroize();
        (private, public, Scalar::from(*next()))
    }
}

impl PartialEq for PrivateKey {
    fn eq(&self, other: &PrivateKey) -> bool {
        let differing = self.0.iter().zip(other.0.iter()).fold(0, |all, (one, two)| all | (one ^ two));
        differing == 0
    }
}

impl Eq for PrivateKey {}

impl Serializable for PublicKey {
    type OutputSize = Sum<U1024, U192>;

    fn write_exact(&self, buffer: &mut [u8]) {
        buffer.copy_from_slice(&*self.0);
    }
}

impl Deserializable for PublicKey {
    /// Refuses numbers of ML-KEM that are not reduced, and points of X25519 with which
    /// anything agrees on nothing.
    fn from_bytes(encoded: &[u8]) -> Result<PublicKey, HpkeError> {
        let key = PublicKey(Box::new(exact(encoded)?));
        let is_canonical = key.lattice().as_bytes()[..] == encoded[..LATTICE_KEY];
        if is_canonical && contributes(&key.point()) { Ok(key) } else { Err(HpkeError::ValidationError) }
    }
}

impl Serializable for PrivateKey {
    type OutputSize = U32;

    fn write_exact(&self, buffer: &mut [u8]) {
        buffer.copy_from_slice(&*self.0);
    }
}

impl Deserializable for PrivateKey {
    fn from_bytes(encoded: &[u8]) -> Result<PrivateKey, HpkeError> {
        Ok(PrivateKey(Zeroizing::new(exact(encoded)?)))
    }
}

impl Serializable for EncappedKey {
    type OutputSize = Sum<U1024, U96>;

    fn write_exact(&self, buffer: &mut [u8]) {
        buffer.copy_from_slice(&*self.0);
    }
}

impl Deserializable for EncappedKey {
    fn from_bytes(encoded: &[u8]) -> Result<EncappedKey, HpkeError> {
        Ok(EncappedKey(Box::new(exact(encoded)?)))
    }
}

impl hpke::Kem for XWing {
    type PublicKey = PublicKey;
    type PrivateKey = PrivateKey;
    type EncappedKey = EncappedKey;
    type NSecret = U32;

    const KEM_ID: u16 = 0x647a;

    fn sk_to_pk(private: &PrivateKey) -> PublicKey {
        let (_, lattice, scalar) = private.expand();
        let mut bytes = Box::new([0; PUBLIC]);
        bytes[..LATTICE_KEY].copy_from_slice(&lattice.as_bytes());
        bytes[LATTICE_KEY..].copy_from_slice(Point::from(&scalar).as_bytes());
        PublicKey(bytes)
    }

    /// The draft hashes what it is given to a seed.
    fn derive_keypair(material: &[u8]) -> (PrivateKey, PublicKey) {
        let mut seed = Zeroizing::new([0; SEED]);
        Shake256::default().chain(material).finalize_xof().read(&mut *seed);
        let private = PrivateKey(seed);
        let public = XWing::sk_to_pk(&private);
        (private, public)
    }

    fn encap<R: CryptoRng + RngCore>(
        public: &PublicKey,
        sender: Option<(&PrivateKey, &PublicKey)>,
        random: &mut R,
    ) -> Result<(SharedSecret<XWing>, EncappedKey), HpkeError> {
        if sender.is_some() {
            return Err(HpkeError::EncapError);
        }
        let (ciphertext, mut of_lattice) =
            public.lattice().encapsulate(random).map_err(|()| HpkeError::EncapError)?;
        let mut scalar = Zeroizing::new([0; POINT]);
        random.fill_bytes(&mut *scalar);
        let scalar = Scalar::from(*scalar);
        let ephemeral = Point::from(&scalar);
        let of_point = scalar.diffie_hellman(&public.point());
        let secret =
            combine(&of_lattice, of_point.as_bytes(), ephemeral.as_bytes(), public.point().as_bytes());
        of_lattice.zeroize();
        let mut encapped = Box::new([0; ENCAPPED]);
        encapped[..LATTICE_CIPHERTEXT].copy_from_slice(&ciphertext);
        encapped[LATTICE_CIPHERTEXT..].copy_from_slice(ephemeral.as_bytes());
        Ok((secret, EncappedKey(encapped)))
    }

    fn decap(
        private: &PrivateKey,
        sender: Option<&PublicKey>,
        encapped: &EncappedKey,
    ) -> Result<SharedSecret<XWing>, HpkeError> {
        if sender.is_some() {
            return Err(HpkeError::DecapError);
        }
        let (lattice, _, scalar) = private.expand();
        let (ciphertext, ephemeral) = encapped.0.split_at(LATTICE_CIPHERTEXT);
        let ciphertext: [u8; LATTICE_CIPHERTEXT] = ciphertext.try_into().expect("as long as the range");
        let mut of_lattice = lattice.decapsulate(&ciphertext.into()).map_err(|()| HpkeError::DecapError)?;
        let of_point = scalar.diffie_hellman(&point(ephemeral));
        if !of_point.was_contributory() {
            return Err(HpkeError::DecapError);
        }
        let own = Point::from(&scalar);
        let secret = combine(&of_lattice, of_point.as_bytes(), ephemeral, own.as_bytes());
        of_lattice.zeroize();
        Ok(secret)
    }
}

/// Whether a secret can be agreed on with this point: it is not one of the few that make
/// every secret zero.
pub(crate) fn contributes(point: &Point) -> bool {
    Scalar::from([1; POINT]).diffie_hellman(point).was_contributory()
}

fn combine(of_lattice: &[u8], of_point: &[u8], ephemeral: &[u8], public: &[u8]) -> SharedSecret<XWing> {
    let mut hash = Sha3_256::new();
    [of_lattice, of_point, ephemeral, public, LABEL].iter().for_each(|part| Digest::update(&mut hash, part));
    let mut secret = SharedSecret(GenericArray::default());
    hash.finalize_into(&mut secret.0);
    secret
}

fn point(bytes: &[u8]) -> Point {
    let bytes: [u8; POINT] = bytes.try_into().expect("the rest of a key is as long as a point");
    Point::from(bytes)
}

fn exact<const N: usize>(bytes: &[u8]) -> Result<[u8; N], HpkeError> {
    bytes.try_into().map_err(|_| HpkeError::IncorrectInputLength(N, bytes.len()))
}

#[cfg(test)]
mod tests {
    use hpke::Kem as _;
    use hpke::rand_core::{Error, impls};

    use super::*;

    /// Gives bytes that were written down.
    struct Written(Vec<u8>);

    impl RngCore for Written {
        fn next_u32(&mut self) -> u32 {
            impls::next_u32_via_fill(self)
        }

        fn next_u64(&mut self) -> u64 {
            impls::next_u64_via_fill(self)
        }

        fn fill_bytes(&mut self, buffer: &mut [u8]) {
            buffer.copy_from_slice(&self.0.drain(..buffer.len()).collect::<Vec<u8>>());
        }

        fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
            self.fill_bytes(buffer);
            Ok(())
        }
    }

    impl CryptoRng for Written {}

    fn hex(text: &str) -> Vec<u8> {
        let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        (0..text.len()).step_by(2).map(digits).collect()
    }

    #[test]
    fn the_first_test_vector_of_the_draft_holds() {
        let seed = hex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
        let random = hex(concat!(
            "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2",
            "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2"
        ));
        let expected = hex("d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384");
        let private = PrivateKey::from_bytes(&seed).unwrap();
        let public = XWing::sk_to_pk(&private);
        assert_eq!(public.0[..8], hex("e2236b35a8c24b39"));
        let (sent, encapped) = XWing::encap(&public, None, &mut Written(random)).unwrap();
        assert_eq!(sent.0[..], expected);
        assert_eq!(XWing::decap(&private, None, &encapped).unwrap().0[..], expected);
    }

    #[test]
    fn a_public_key_with_numbers_that_are_not_reduced_is_refused() {
        let (_, public) = XWing::derive_keypair(&[1; 32]);
        let mut bytes = public.0.to_vec();
        assert!(PublicKey::from_bytes(&bytes).is_ok());
        // The first number has twelve bits and must be less than 3329.
        bytes[0] = 0xff;
        bytes[1] |= 0x0f;
        assert!(matches!(PublicKey::from_bytes(&bytes), Err(HpkeError::ValidationError)));
    }

    #[test]
    fn a_public_key_without_a_useful_point_is_refused() {
        let (_, public) = XWing::derive_keypair(&[1; 32]);
        let mut bytes = public.0.to_vec();
        bytes[LATTICE_KEY..].fill(0);
        assert!(matches!(PublicKey::from_bytes(&bytes), Err(HpkeError::ValidationError)));
        assert!(PublicKey::from_bytes(&bytes[1..]).is_err(), "another length");
    }

    #[test]
    fn a_ciphertext_without_a_useful_point_opens_nothing() {
        let (private, _) = XWing::derive_keypair(&[1; 32]);
        let encapped = EncappedKey::from_bytes(&[0; ENCAPPED]).unwrap();
        assert!(matches!(XWing::decap(&private, None, &encapped), Err(HpkeError::DecapError)));
    }
}
