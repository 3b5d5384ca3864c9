//! Recipients, key files, SSH keys and wrapped secrets: each is read or refused.
//!
//! The first byte of an input says what the rest is: `r` a recipient, `k` a key file, `s` a
//! private SSH key, `a` a wrapped secret, `h` the bytes within the armor of one.

#![no_main]

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kiln_age::{Identities, Kind, NoDialog, Recipient};
use kiln_model::Secret;

/// One key of each kind that is read without being asked for anything.
static RING: LazyLock<Identities> = LazyLock::new(|| {
    let mut ring = Identities::new();
    for text in [
        include_str!("../../crates/kiln-age/tests/corpus/x25519.key"),
        include_str!("../../crates/kiln-age/tests/corpus/post-quantum.key"),
    ] {
        ring.add_keys("ring", &Secret::new("ring", text));
    }
    for text in [
        include_str!("../../crates/kiln-age/tests/corpus/ed25519"),
        include_str!("../../crates/kiln-age/tests/corpus/rsa"),
    ] {
        ring.add_ssh("ring", &Secret::new("ring", text));
    }
    assert!(ring.failures().is_empty());
    ring
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((what, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    match what {
        b'r' => recipient(&text),
        b'k' => key_file(rest),
        b's' => ssh(&text),
        b'a' => unwrap(&text),
        _ => unwrap(&format!(
            "-----BEGIN AGE ENCRYPTED FILE-----\n{}\n-----END AGE ENCRYPTED FILE-----\n",
            lines(&STANDARD.encode(rest))
        )),
    }
});

/// What is read as a recipient is read again as the same, and can be wrapped for.
fn recipient(text: &str) {
    let Ok(recipient) = Recipient::parse(text) else { return };
    assert_eq!(Recipient::parse(recipient.as_str()).expect("it was read before"), recipient);
    if recipient.kind() != Kind::Plugin {
        let armored = recipient.wrap(&[1; 32], &NoDialog).expect("a recipient that was read can be used");
        // Only its own identity opens it, which may be in the ring.
        if let Ok(secret) = RING.unwrap(&armored, recipient.as_str(), &NoDialog) {
            assert_eq!(*secret, [1; 32]);
        }
    }
}

/// Each key that is read has a public half that is read too, and opens what is wrapped for it.
fn key_file(bytes: &[u8]) {
    let mut keys = Identities::new();
    keys.add_file("fuzz", bytes);
    // No program is to be started.
    let has_plugin = String::from_utf8_lossy(bytes).contains("AGE-PLUGIN-");
    if !has_plugin {
        prove(&keys);
    }
}

fn ssh(text: &str) {
    let mut keys = Identities::new();
    keys.add_ssh("fuzz", &Secret::new("fuzz", text));
    prove(&keys);
}

fn prove(keys: &Identities) {
    for text in keys.recipients() {
        // A private key may be weaker than what is wrapped for.
        let Ok(recipient) = Recipient::parse(&text) else { continue };
        let armored = recipient.wrap(&[1; 33], &NoDialog).expect("a recipient that was read can be used");
        if let Ok(secret) = keys.unwrap(&armored, &text, &NoDialog) {
            assert_eq!(*secret, [1; 33]);
        }
    }
    if let Some(tag) = keys.attest(b"info", b"message") {
        assert!(keys.verify(b"info", b"message", &tag));
    }
}

fn unwrap(armored: &str) {
    _ = RING.unwrap(armored, "", &NoDialog);
}

fn lines(text: &str) -> String {
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    lines.join("\n")
}
