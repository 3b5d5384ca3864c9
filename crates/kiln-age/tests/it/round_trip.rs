//! Wrapped and unwrapped, a secret is the same; damaged in between, it does not come back.

use std::sync::LazyLock;

use kiln_age::{Identities, Kind, MAX_SECRET, NoDialog, Recipient, UnwrapError};
use proptest::prelude::*;

use crate::common::{self, keys, public_half, ssh};

const KINDS: [Kind; 4] = [Kind::X25519, Kind::PostQuantum, Kind::SshEd25519, Kind::SshRsa];

/// All keys of the corpus that need no passphrase.
static RING: LazyLock<Identities> = LazyLock::new(|| {
    let mut ring = keys(&format!("{}\n{}", common::X25519, common::POST_QUANTUM));
    for key in [common::ED25519, common::RSA] {
        ring.add_ssh("id", &kiln_model::Secret::new("test", key));
    }
    ring
});

fn recipient(kind: Kind) -> Recipient {
    let text = match kind {
        Kind::X25519 => public_half(common::X25519),
        Kind::PostQuantum => public_half(common::POST_QUANTUM),
        Kind::SshEd25519 => common::ED25519_PUBLIC,
        _ => common::RSA_PUBLIC,
    };
    Recipient::parse(text).expect("it is in the corpus")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_secret_comes_back_whole(
        kind in prop::sample::select(&KINDS[..]),
        secret in prop::collection::vec(any::<u8>(), 0..=MAX_SECRET),
    ) {
        let recipient = recipient(kind);
        let armored = recipient.wrap(&secret, &NoDialog).unwrap();
        prop_assert!(armored.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"));
        prop_assert!(armored.ends_with("-----END AGE ENCRYPTED FILE-----\n") && !armored.contains('\r'));
        prop_assert_eq!(&*RING.unwrap(&armored, recipient.as_str(), &NoDialog).unwrap(), &secret);
        prop_assert_eq!(&*RING.unwrap(&armored, "", &NoDialog).unwrap(), &secret);
    }

    #[test]
    fn a_changed_byte_of_the_armor_is_noticed(
        kind in prop::sample::select(&KINDS[..]),
        place in any::<prop::sample::Index>(),
        change in 1_u8..128,
    ) {
        let secret = [5; 32];
        let armored = recipient(kind).wrap(&secret, &NoDialog).unwrap();
        let mut bytes = armored.clone().into_bytes();
        // The line end behind the armor is no part of it.
        let place = place.index(bytes.len() - 1);
        bytes[place] ^= change;
        if let Ok(changed) = String::from_utf8(bytes) {
            match RING.unwrap(&changed, "", &NoDialog) {
                Err(_) => {}
                // One kind of line end may stand for another, and blanks around it.
                Ok(found) => {
                    prop_assert!(changed.trim_ascii() == armored.trim_ascii() || changed.contains('\r'));
                    prop_assert_eq!(&*found, &secret);
                }
            }
        }
    }

    #[test]
    fn a_stranger_opens_nothing(kind in prop::sample::select(&KINDS[..])) {
        let armored = recipient(kind).wrap(&[5; 32], &NoDialog).unwrap();
        let mut strangers = keys(&kiln_age::generate("now").unwrap());
        strangers.add_keys("pq", &kiln_model::Secret::new(
            "test",
            kiln_age::generate_post_quantum("now").unwrap().as_str(),
        ));
        let error = strangers.unwrap(&armored, recipient(kind).as_str(), &NoDialog).unwrap_err();
        prop_assert_eq!(error, UnwrapError::NoMatch(Vec::new()));
    }
}

#[test]
fn every_changed_bit_of_a_wrapped_key_is_noticed() {
    let armored = recipient(Kind::X25519).wrap(&[5; 32], &NoDialog).unwrap();
    // The line end behind the armor is no part of it.
    for at in 0..armored.len() - 1 {
        for bit in 0..7 {
            let mut bytes = armored.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let changed = String::from_utf8(bytes).unwrap();
            assert!(RING.unwrap(&changed, "", &NoDialog).is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn the_same_secret_is_never_wrapped_to_the_same_text() {
    for kind in KINDS {
        let wrap = || recipient(kind).wrap(&[1; 32], &NoDialog).unwrap();
        assert_ne!(wrap(), wrap());
    }
}

#[test]
fn a_locked_ssh_key_shares_no_state_with_an_open_one() {
    let armored = recipient(Kind::SshEd25519).wrap(&[1; 32], &NoDialog).unwrap();
    assert!(ssh(common::ED25519).unwrap(&armored, "", &NoDialog).is_ok());
    assert!(ssh(common::ED25519_LOCKED).unwrap(&armored, "", &NoDialog).is_err());
}
