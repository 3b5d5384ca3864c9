//! What is found in key files, what is asked for, and what is said when nothing opens.

use kiln_age::{Failure, Identities, KeyError, Kind, NoDialog, Recipient, UnwrapError};
use kiln_model::Secret;

use crate::common::{self, PASSPHRASE, SECRET, Typist, keys, private_half, public_half, ssh};

const FOR_X25519: &str = include_str!("../corpus/x25519.age");
const FOR_ED25519_LOCKED: &str = include_str!("../corpus/ed25519-locked.age");

fn failure(text: &str) -> Option<KeyError> {
    let identities = keys(text);
    assert!(identities.is_empty(), "no key of a text that cannot be read");
    identities.failures().first().map(|failure| failure.error.clone())
}

#[test]
fn a_key_file_may_have_comments_blank_lines_and_several_keys() {
    let text = format!("\r\n{}\r\n\r\n  {}\r\n", common::X25519, private_half(common::POST_QUANTUM));
    let recipients = [public_half(common::X25519), public_half(common::POST_QUANTUM)];
    assert_eq!(keys(&text).recipients(), recipients);
    let one_line = format!("{} {}", private_half(common::X25519), private_half(common::POST_QUANTUM));
    assert_eq!(keys(&one_line).recipients(), recipients);
}

#[test]
fn a_text_that_cannot_be_read_gives_no_key_and_says_where() {
    let key = private_half(common::X25519);
    assert_eq!(failure(&format!("{key}\nhunter2\n")), Some(KeyError::UnknownType(2)));
    assert_eq!(failure(&key[..40]), Some(KeyError::Malformed(1, Kind::X25519)));
    assert_eq!(failure("AGE-SECRET-KEY-PQ-1QQ"), Some(KeyError::Malformed(1, Kind::PostQuantum)));
    assert_eq!(failure("# x\nAGE-PLUGIN-YUBIKEY-1QQ"), Some(KeyError::Malformed(2, Kind::Plugin)));
    assert_eq!(failure(&key.to_lowercase()), Some(KeyError::UnknownType(1)));
    assert_eq!(failure(common::ED25519), Some(KeyError::UnknownType(1)));
}

#[test]
fn no_error_holds_a_piece_of_the_key() {
    let key = private_half(common::X25519);
    for text in [&key[..40], &format!("hunter2{key}"), &format!("{key}x")] {
        let error = failure(text).unwrap();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2") && !shown.contains(&key[20..30]), "{shown}");
    }
}

#[test]
fn a_file_without_keys_is_a_missing_place() {
    let identities = keys("# nothing yet\n\n");
    assert_eq!(identities.missing_places(), ["keys.txt"]);
    assert!(identities.is_empty() && identities.failures().is_empty());
}

#[test]
fn bytes_that_are_no_text_are_a_failure() {
    let mut identities = Identities::new();
    identities.add_file("keys.txt", b"\xff\xfe");
    assert_eq!(identities.failures(), [Failure { place: "keys.txt".into(), error: KeyError::NotText }]);
}

#[test]
fn the_key_that_is_meant_is_tried_first_and_nobody_is_asked_in_vain() {
    let mut identities = keys(common::LOCKED);
    identities.add_keys("open.txt", &Secret::new("test", common::X25519));
    let typist = Typist::new(PASSPHRASE);
    for recipient in ["", public_half(common::X25519)] {
        let secret = identities.unwrap(FOR_X25519, recipient, &typist).unwrap();
        assert_eq!(secret.as_slice(), SECRET);
    }
    assert_eq!(typist.asked(), Vec::<String>::new());
}

#[test]
fn a_passphrase_is_asked_for_once() {
    let identities = keys(common::LOCKED);
    let typist = Typist::new(PASSPHRASE);
    assert_eq!(identities.recipients(), Vec::<String>::new());
    for _ in 0..2 {
        assert!(identities.unwrap(FOR_X25519, "", &typist).is_ok());
    }
    assert_eq!(typist.asked(), ["Enter passphrase for identity 'keys.txt':"]);
    assert_eq!(identities.recipients(), [public_half(common::X25519), public_half(common::POST_QUANTUM)]);

    let identities = ssh(common::ED25519_LOCKED);
    let typist = Typist::new(PASSPHRASE);
    for _ in 0..2 {
        assert!(identities.unwrap(FOR_ED25519_LOCKED, "", &typist).is_ok());
    }
    assert_eq!(typist.asked(), ["Enter passphrase for \"id\":"]);
}

#[test]
fn threads_that_need_a_passphrase_wait_for_each_other() {
    let mut identities = keys(common::LOCKED);
    identities.add_ssh("id", &Secret::new("test", common::ED25519_LOCKED));
    let typist = Typist::new(PASSPHRASE);
    std::thread::scope(|scope| {
        for armored in [FOR_X25519, FOR_ED25519_LOCKED, FOR_X25519, FOR_ED25519_LOCKED] {
            scope.spawn(|| assert!(identities.unwrap(armored, "", &typist).is_ok()));
        }
    });
    assert!((1..=2).contains(&typist.asked().len()), "{:?}", typist.asked());
    assert!(!typist.met_another());
}

#[test]
fn a_locked_ssh_key_is_not_asked_for_what_is_somebody_elses() {
    let typist = Typist::new(PASSPHRASE);
    let error = ssh(common::ED25519_LOCKED).unwrap(FOR_X25519, "", &typist).unwrap_err();
    assert_eq!(error, UnwrapError::NoMatch(Vec::new()));
    assert_eq!(typist.asked(), Vec::<String>::new());
}

#[test]
fn a_wrong_passphrase_is_asked_for_once_and_told() {
    for (identities, armored) in
        [(keys(common::LOCKED), FOR_X25519), (ssh(common::ED25519_LOCKED), FOR_ED25519_LOCKED)]
    {
        let typist = Typist::new("wrong");
        for _ in 0..2 {
            let error = identities.unwrap(armored, "", &typist).unwrap_err();
            let UnwrapError::NoMatch(failures) = error else { panic!("{error:?}") };
            assert_eq!(failures[0].error, KeyError::WrongPassphrase);
        }
        assert_eq!(typist.asked().len(), 1);
    }
}

#[test]
fn a_key_stays_locked_while_nobody_can_be_asked() {
    for (identities, armored) in
        [(keys(common::LOCKED), FOR_X25519), (ssh(common::ED25519_LOCKED), FOR_ED25519_LOCKED)]
    {
        let error = identities.unwrap(armored, "", &NoDialog).unwrap_err();
        let UnwrapError::NoMatch(failures) = error else { panic!("{error:?}") };
        assert_eq!(failures[0].error, KeyError::NoPassphrase);
        assert!(identities.unwrap(armored, "", &Typist::new(PASSPHRASE)).is_ok());
    }
}

#[test]
fn too_much_work_for_a_passphrase_is_refused() {
    // The same stanza with a work factor of 2³⁰ would keep a machine busy for hours.
    let locked = include_str!("../corpus/too-much-work.key");
    let error = keys(locked).unwrap(FOR_X25519, "", &Typist::new(PASSPHRASE)).unwrap_err();
    let UnwrapError::NoMatch(failures) = error else { panic!("{error:?}") };
    assert_eq!(failures[0].error, KeyError::TooMuchWork);
}

#[test]
fn an_encrypted_file_without_a_passphrase_is_no_key_file() {
    let error = keys(FOR_X25519).unwrap(FOR_X25519, "", &Typist::new(PASSPHRASE)).unwrap_err();
    let UnwrapError::NoMatch(failures) = error else { panic!("{error:?}") };
    assert_eq!(failures[0].error, KeyError::DamagedFile);
}

#[test]
fn ssh_keys_that_age_does_not_know_are_told_apart() {
    let failure = |text: &str| ssh(text).failures()[0].error.clone();
    let unsupported = |what: &str| KeyError::UnsupportedSsh(what.to_owned());
    assert_eq!(failure(include_str!("../corpus/ecdsa")), unsupported("the type ecdsa-sha2-nistp256"));
    assert_eq!(failure("hunter2"), KeyError::MalformedSsh);
    assert_eq!(failure(&common::RSA[..800]), unsupported("a format other than OpenSSH's"));
    assert_eq!(failure(&"x".repeat(40_000)), KeyError::TooLarge);
    let pem = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n\
               -----END RSA PRIVATE KEY-----\n";
    assert_eq!(failure(pem), unsupported("the encryption of PEM"));
}

#[test]
fn what_is_no_wrapped_secret_is_told_apart() {
    let identities = keys(common::X25519);
    let error = |armored: &str| identities.unwrap(armored, "", &NoDialog).unwrap_err();
    assert_eq!(error(""), UnwrapError::Malformed);
    assert_eq!(error("age-encryption.org/v1\n"), UnwrapError::Malformed);
    assert_eq!(error(&FOR_X25519[..200]), UnwrapError::Malformed);
    assert_eq!(error(&"-".repeat(100_000)), UnwrapError::TooLarge);
    assert_eq!(error(FOR_ED25519_LOCKED), UnwrapError::NoMatch(Vec::new()));
    let later = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YyCg==\n-----END AGE ENCRYPTED FILE-----";
    assert_eq!(error(later), UnwrapError::UnknownVersion);
    assert_eq!(Identities::new().unwrap(FOR_X25519, "", &NoDialog).unwrap_err(), UnwrapError::NoIdentity);
}

#[test]
fn a_header_of_very_many_lines_is_refused_at_once() {
    let header = format!("age-encryption.org/v1\n{}--- {}\n", "-> a\n\n".repeat(7000), "A".repeat(43));
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, header);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let armored = format!(
        "-----BEGIN AGE ENCRYPTED FILE-----\n{}\n-----END AGE ENCRYPTED FILE-----\n",
        lines.join("\n")
    );
    let error = keys(common::X25519).unwrap(&armored, "", &NoDialog).unwrap_err();
    assert_eq!(error, UnwrapError::Malformed);
}

#[test]
fn a_proof_holds_for_its_key_its_purpose_and_its_message_alone() {
    for identities in
        [keys(common::X25519), keys(common::POST_QUANTUM), ssh(common::ED25519), ssh(common::RSA)]
    {
        let tag = identities.attest(b"purpose", b"message").unwrap();
        assert!(identities.verify(b"purpose", b"message", &tag));
        assert!(!identities.verify(b"purpose", b"massage", &tag));
        assert!(!identities.verify(b"propose", b"message", &tag));
        assert!(!identities.verify(b"purpose", b"message", &tag[..31]));
        let stranger = kiln_age::generate("now").unwrap();
        assert!(!keys(&stranger).verify(b"purpose", b"message", &tag));
    }
}

#[test]
fn a_proof_of_any_key_is_known_and_made_by_the_first() {
    let both = format!("{}\n{}", common::POST_QUANTUM, common::X25519);
    let tag = keys(common::X25519).attest(b"i", b"m").unwrap();
    assert!(keys(&both).verify(b"i", b"m", &tag));
    assert_eq!(keys(&both).attest(b"i", b"m"), keys(common::POST_QUANTUM).attest(b"i", b"m"));
}

#[test]
fn keys_without_a_secret_of_their_own_prove_nothing() {
    assert_eq!(ssh(common::ED25519_LOCKED).attest(b"i", b"m"), None);
    assert_eq!(keys(common::LOCKED).attest(b"i", b"m"), None);
    assert_eq!(Identities::new().attest(b"i", b"m"), None);
    let unlocked = keys(common::LOCKED);
    assert!(unlocked.unwrap(FOR_X25519, "", &Typist::new(PASSPHRASE)).is_ok());
    assert_eq!(unlocked.attest(b"i", b"m"), keys(common::X25519).attest(b"i", b"m"));
}

#[test]
fn a_new_key_file_has_the_lines_of_age_keygen() {
    for (text, prefix, length) in [
        (kiln_age::generate("2026-09-21T14:13:20Z").unwrap(), "AGE-SECRET-KEY-1", 74),
        (kiln_age::generate_post_quantum("2026-09-21T14:13:20Z").unwrap(), "AGE-SECRET-KEY-PQ-1", 77),
    ] {
        let lines: Vec<&str> = text.split('\n').collect();
        let [created, public, private, ""] = lines.as_slice() else { panic!("three lines") };
        assert_eq!(*created, "# created: 2026-09-21T14:13:20Z");
        assert_eq!(*public, format!("# public key: {}", keys(&text).recipients()[0]));
        assert!(private.starts_with(prefix) && private.len() == length, "{}", private.len());
        assert!(Recipient::parse(public_half(&text)).is_ok());
    }
}
