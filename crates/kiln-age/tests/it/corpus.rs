//! What the real age wrapped is opened.

use kiln_age::{Identities, NoDialog, Recipient};

use crate::common::{self, PASSPHRASE, SECRET, Typist, keys, ssh};

macro_rules! wrapped {
    ($name:literal) => {
        include_str!(concat!("../corpus/", $name, ".age"))
    };
}

#[track_caller]
fn opens(identities: &Identities, armored: &str) {
    assert_eq!(identities.failures(), []);
    let secret = identities.unwrap(armored, "", &Typist::new(PASSPHRASE)).expect("it opens");
    assert_eq!(secret.as_slice(), SECRET);
}

#[test]
fn native_keys_open_what_age_wrapped_for_them() {
    opens(&keys(common::X25519), wrapped!("x25519"));
    opens(&keys(common::POST_QUANTUM), wrapped!("post-quantum"));
}

#[test]
fn ssh_keys_open_what_age_wrapped_for_them() {
    opens(&ssh(common::ED25519), wrapped!("ed25519"));
    opens(&ssh(common::RSA), wrapped!("rsa"));
    opens(&ssh(common::ED25519_LOCKED), wrapped!("ed25519-locked"));
    opens(&ssh(common::RSA_LOCKED), wrapped!("rsa-locked"));
}

#[test]
fn an_rsa_key_is_the_same_in_every_format() {
    let formats = [common::RSA, include_str!("../corpus/rsa-pkcs1"), include_str!("../corpus/rsa-pkcs8")];
    for format in formats {
        opens(&ssh(format), wrapped!("rsa"));
        assert!(common::RSA_PUBLIC.starts_with(&ssh(format).recipients()[0]));
        opens(&ssh(&format.replace('\n', "\r\n")), wrapped!("rsa"));
    }
}

#[test]
fn a_key_file_with_a_passphrase_opens_what_its_keys_open() {
    opens(&keys(common::LOCKED), wrapped!("x25519"));
    opens(&keys(common::LOCKED), wrapped!("post-quantum"));
}

#[test]
fn public_halves_are_those_that_age_names() {
    assert_eq!(keys(common::X25519).recipients(), [common::public_half(common::X25519)]);
    assert_eq!(keys(common::POST_QUANTUM).recipients(), [common::public_half(common::POST_QUANTUM)]);
    for (private, public) in
        [(common::ED25519, common::ED25519_PUBLIC), (common::ED25519_LOCKED, common::ED25519_LOCKED_PUBLIC)]
    {
        let (key, _comment) = public.rsplit_once(" throw-away").unwrap();
        assert_eq!(ssh(private).recipients(), [key]);
    }
}

#[test]
fn blank_lines_before_the_armor_and_windows_line_ends_change_nothing() {
    let armored = wrapped!("x25519");
    opens(&keys(common::X25519), &format!("\n  \n{armored}\n\n"));
    opens(&keys(common::X25519), &armored.replace('\n', "\r\n"));
}

#[test]
fn recipients_of_every_kind_are_read_as_age_reads_them() {
    for text in [
        common::public_half(common::X25519),
        common::public_half(common::POST_QUANTUM),
        common::ED25519_PUBLIC,
        common::RSA_PUBLIC,
    ] {
        let recipient = Recipient::parse(text).unwrap();
        assert_eq!(recipient.as_str(), text.trim());
        assert!(recipient.wrap(SECRET, &NoDialog).is_ok());
    }
}
