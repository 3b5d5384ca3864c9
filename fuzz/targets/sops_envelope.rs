//! SOPS files: what was encrypted opens as it was and notices every changed byte; what claims
//! to be encrypted opens or is refused.
//!
//! The first byte of an input says the format and what is done, the next three where a byte is
//! changed and how; the rest is the file.

#![no_main]

use std::sync::LazyLock;

use kiln_age::{Identities, NoDialog, Recipient};
use kiln_fuzz::sops::{FORMATS, lines, terms};
use kiln_model::Secret;
use kiln_sops::{Format, MacCheck, Plain, Sealed, Stores, seal};

static IDENTITIES: LazyLock<Identities> = LazyLock::new(|| {
    let mut identities = Identities::new();
    identities.add_keys("test key", &Secret::new("test key", kiln_fuzz::sops::KEY));
    identities
});

static RECIPIENT: LazyLock<Recipient> =
    LazyLock::new(|| Recipient::parse(&IDENTITIES.recipients()[0]).expect("it is a public key"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [what, high, low, change, file @ ..] = bytes else { return };
    let format = FORMATS[usize::from(*what) % FORMATS.len()];
    open(file, format);
    if let Ok(plain) = Plain::read(file, format) {
        let place = usize::from(u16::from_be_bytes([*high, *low]));
        close(plain, format, usize::from(*what) / FORMATS.len(), place, *change);
    }
});

/// Opens what claims to be encrypted, and encrypts again what it says.
fn open(file: &[u8], format: Format) {
    let Ok(sealed) = Sealed::read(file, format) else { return };
    for check in [MacCheck::Verify, MacCheck::Ignore] {
        if let Ok(opened) = sealed.open(&IDENTITIES, check, &NoDialog) {
            let plain = opened.plain().clone();
            if let Ok(sealed) = opened.reseal(plain, 0) {
                _ = sealed.write(format, &Stores::default());
            }
        }
    }
}

/// Encrypts a document, opens it, and changes one byte of what is encrypted.
fn close(plain: Plain, format: Format, kind: usize, place: usize, change: u8) {
    let stores = Stores::default();
    let Ok(sealed) = seal(plain, &terms(kind, &RECIPIENT), 1_795_176_000, &NoDialog) else { return };
    let Ok(bytes) = sealed.write(format, &stores) else { return };
    let opened = read(&bytes, format).expect("what was encrypted opens");
    let again = opened.plain().write(format, &stores).expect("what was encrypted can be written");
    let resealed = opened.reseal(Plain::read(&again, format).expect("what was written reads"), 0);
    let resealed = resealed.and_then(|it| Ok(it.write(format, &stores).expect("it was written before")));
    let back = read(&resealed.expect("it was sealed before"), format).expect("it was opened before");
    let back = back.plain().write(format, &stores).expect("it was written before");
    assert_eq!(lines(&back, format), lines(&again, format), "a document changed by being encrypted again");
    // What only looks encrypted may stand in clear, where the MAC need not cover it.
    if !again.windows(4).any(|window| window == b"ENC[") {
        forge(bytes, format, place, change);
    }
}

/// One changed byte of an encrypted value or the MAC is noticed.
fn forge(mut bytes: Vec<u8>, format: Format, place: usize, change: u8) {
    // Of the `sops` blocks of several documents SOPS reads the first.
    let end = bytes.windows(5).position(|window| window == b"\n---\n").unwrap_or(bytes.len());
    let marks: Vec<usize> = (0..end).filter(|at| bytes[*at..].starts_with(b"ENC[AES256_GCM,data:")).collect();
    let Some(mark) = marks.get(place % marks.len().max(1)) else { return };
    let data = mark + b"ENC[AES256_GCM,data:".len();
    let length = bytes[data..].iter().take_while(|it| **it != b']').count();
    // Behind `,type:` stands what nothing authenticates; SOPS has it so.
    let value = String::from_utf8_lossy(&bytes[data..data + length]).into_owned();
    let (sealed, kind) = value.split_once(",type:").expect("a value names its type");
    if change == 0 || kind == "comment" {
        return;
    }
    let at = data + place % sealed.len();
    bytes[at] ^= change;
    if sealed.as_bytes()[at - data] != bytes[at] {
        assert!(read(&bytes, format).is_none(), "a changed byte went unnoticed");
    }
}

fn read(bytes: &[u8], format: Format) -> Option<kiln_sops::Opened> {
    let sealed = Sealed::read(bytes, format).ok()?;
    sealed.open(&IDENTITIES, MacCheck::Verify, &NoDialog).ok()
}
