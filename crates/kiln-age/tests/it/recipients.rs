//! What is a recipient, and what is not.

use kiln_age::{Kind, MAX_SECRET, NoDialog, Recipient, RecipientError, WrapError};

use crate::common::{self, public_half};

#[track_caller]
fn refused(text: &str) -> RecipientError {
    Recipient::parse(text).expect_err("it is no recipient")
}

#[test]
fn kinds_are_told_apart() {
    let kind = |text: &str| Recipient::parse(text).map(|recipient| recipient.kind());
    assert_eq!(kind(public_half(common::X25519)), Ok(Kind::X25519));
    assert_eq!(kind(public_half(common::POST_QUANTUM)), Ok(Kind::PostQuantum));
    assert_eq!(kind(common::ED25519_PUBLIC), Ok(Kind::SshEd25519));
    assert_eq!(kind(common::RSA_PUBLIC), Ok(Kind::SshRsa));
    // From the documentation of age-plugin-yubikey.
    let yubikey = "age1yubikey1q2w7u3vpya839jxxuq8g0sedh3d740d4xvn639sqhr95ejj8vu3hyfumptt";
    assert_eq!(kind(yubikey), Ok(Kind::Plugin));
}

#[test]
fn what_begins_like_no_recipient_is_of_unknown_type() {
    for text in ["", "ABCDEF", "AGE1QQ", "age", "ssh-", "ssh-rsa"] {
        let error = refused(text);
        let is_expected = matches!(error, RecipientError::UnknownType | RecipientError::Malformed(_));
        assert!(is_expected, "{text}: {error:?}");
    }
    assert_eq!(refused("FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4"), RecipientError::UnknownType);
}

#[test]
fn a_private_key_is_told_and_not_repeated() {
    for private in [common::private_half(common::X25519), common::ED25519, "age-secret-key-1qq"] {
        let error = refused(private);
        assert_eq!(error, RecipientError::PrivateKey);
        assert!(!error.to_string().contains("qq"));
    }
}

#[test]
fn a_damaged_recipient_is_refused() {
    for (text, kind) in [
        (public_half(common::X25519), Kind::X25519),
        (public_half(common::POST_QUANTUM), Kind::PostQuantum),
        (common::ED25519_PUBLIC, Kind::SshEd25519),
        (common::RSA_PUBLIC, Kind::SshRsa),
    ] {
        assert_eq!(refused(&text[..40]), RecipientError::Malformed(kind));
    }
    let (start, end) = public_half(common::POST_QUANTUM).split_at(1000);
    let other = if end.starts_with('q') { "p" } else { "q" };
    assert_eq!(
        refused(&format!("{start}{other}{}", &end[1..])),
        RecipientError::Malformed(Kind::PostQuantum)
    );
}

#[test]
fn an_x25519_point_that_agrees_with_everybody_is_refused() {
    // The points zero and one, as Bech32; age refuses to wrap for them.
    for text in [
        "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
        "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya",
    ] {
        assert_eq!(refused(text), RecipientError::Malformed(Kind::X25519));
    }
}

#[test]
fn an_rsa_key_of_less_than_2048_bits_is_refused() {
    // ssh-keygen -t rsa -b 1024
    let weak = include_str!("../corpus/rsa-1024.pub");
    assert_eq!(refused(weak), RecipientError::RsaTooSmall);
}

#[test]
fn ssh_keys_of_other_kinds_are_named() {
    let ecdsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY=";
    assert_eq!(refused(ecdsa), RecipientError::UnknownType);
    let dss = "ssh-dss AAAAB3NzaC1kc3M=";
    assert_eq!(refused(dss), RecipientError::UnsupportedSsh("ssh-dss".to_owned()));
}

#[test]
fn a_number_of_zero_bytes_is_refused() {
    // string "ssh-rsa", then mpints of one zero byte each; age itself would panic.
    let zero = "ssh-rsa AAAAB3NzaC1yc2EAAAABAAAAAAEA";
    assert_eq!(refused(zero), RecipientError::Malformed(Kind::SshRsa));
}

#[test]
fn bytes_behind_an_ssh_key_are_refused() {
    let text = common::ED25519_PUBLIC.replacen(" throw", "AAAA throw", 1);
    assert_eq!(refused(&text), RecipientError::Malformed(Kind::SshEd25519));
}

#[test]
fn a_second_line_is_no_part_of_a_recipient() {
    let two = format!("{}{}", common::ED25519_PUBLIC, common::RSA_PUBLIC);
    assert_eq!(refused(&two), RecipientError::Malformed(Kind::SshEd25519));
}

#[test]
fn a_secret_that_is_no_key_is_too_long() {
    let recipient = Recipient::parse(public_half(common::X25519)).unwrap();
    assert!(recipient.wrap(&[0; MAX_SECRET], &NoDialog).is_ok());
    assert_eq!(recipient.wrap(&[0; MAX_SECRET + 1], &NoDialog), Err(WrapError::TooLong));
}

#[test]
fn recipients_are_compared_by_their_text() {
    let text = public_half(common::X25519);
    let recipient = Recipient::parse(&format!(" {text}\n")).unwrap();
    assert_eq!(recipient, Recipient::parse(text).unwrap());
    assert_ne!(recipient, Recipient::parse(common::RSA_PUBLIC).unwrap());
}
