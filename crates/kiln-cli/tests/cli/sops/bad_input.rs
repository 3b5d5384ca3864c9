//! Files that were damaged, forged or never good: each is told from the others, nothing is written,
//! and no message shows a value.

use std::collections::BTreeSet;

use super::{SECRET, Safe};
use crate::harness::{Ran, state};

const PLAIN: &str = "a: hunter2\nb: hunter2-too\nc:\n    a: hunter2\n";

/// The ciphertext of a key in an encrypted file.
fn ciphertext<'a>(sealed: &'a str, key: &str) -> &'a str {
    let line = sealed.lines().find(|line| line.trim_start().starts_with(&format!("{key}: ENC[")));
    line.and_then(|line| line.split_once(": ")).expect("the key is there").1
}

#[test]
fn each_way_of_damage_is_told_from_the_others() {
    let safe = Safe::new();
    let sealed = safe.sealed("sealed.yaml", PLAIN);
    let other = safe.sealed("other.yaml", PLAIN);
    let (a, b, mac) = (ciphertext(&sealed, "a"), ciphertext(&sealed, "b"), ciphertext(&sealed, "mac"));
    let version = "version: 3.13.3";
    let deep = format!("a: {}{}\n", "[".repeat(20_000), "]".repeat(20_000));
    let block = &sealed[sealed.find("sops:").expect("it has metadata")..];
    let cases: Vec<(&str, String, i32, &str)> = vec![
        ("a changed value", sealed.replace(a, &a.replacen("data:", "data:AAAA", 1)), 25, "`a`"),
        ("a value in another place", sealed.replace(b, a), 25, "`b`"),
        ("a value of another file", sealed.replace(a, ciphertext(&other, "a")), 25, "`a`"),
        ("a value in clear", sealed.replace(a, "hunter2"), 25, "does not match sops' data format"),
        ("a value that only looks encrypted", sealed.replace(a, "ENC[hunter2]"), 25, "`a`"),
        ("a value that is gone", sealed.replacen(&format!("a: {a}\n"), "", 1), 51, "MAC mismatch. File has"),
        (
            "a changed MAC",
            sealed.replace(mac, &mac.replacen("data:", "data:AAAA", 1)),
            51,
            "Cannot decrypt MAC",
        ),
        ("no MAC", sealed.replace(&format!("    mac: {mac}\n"), ""), 51, "File has no MAC"),
        ("no metadata", sealed.replace(block, ""), 1, "sops metadata not found"),
        ("half a file", sealed[..sealed.len() / 2].to_owned(), 1, ""),
        ("no version", sealed.replace(version, ""), 1, "version"),
        ("an unknown version", sealed.replace(version, "version: newest"), 1, "version"),
        ("no recipient", sealed.replace("  age:", "  pge:"), 1, ""),
        ("deep nesting", format!("{deep}{block}"), 1, ""),
        ("a key twice", format!("a: {a}\n{sealed}"), 1, "twice"),
        ("nothing at all", String::new(), 1, "sops metadata not found"),
        ("a list", "- hunter2\n".to_owned(), 1, ""),
    ];
    let mut messages = BTreeSet::new();
    for (what, text, code, words) in &cases {
        assert_ne!(*text, sealed, "{what}");
        safe.sandbox.write("sealed.yaml", text);
        let before = state(safe.sandbox.root());
        for command in [
            &["decrypt", "sealed.yaml"][..],
            &["decrypt", "-i", "sealed.yaml"],
            &["rotate", "-i", "sealed.yaml"],
        ] {
            let ran = safe.sops(command);
            assert_eq!((ran.code, ran.stdout.as_str()), (*code, ""), "{what}: {}", ran.stderr);
            assert!(ran.stderr.contains(words), "{what}: {}", ran.stderr);
            assert!(!ran.stderr.contains(SECRET), "{what}: {}", ran.stderr);
            messages.insert(ran.stderr);
        }
        assert_eq!(state(safe.sandbox.root()), before, "{what}");
    }
    // Of two values with the same fault the place tells them apart, and an empty file has no
    // metadata as one without has none.
    assert!(messages.len() >= cases.len() - 4, "{messages:#?}");
}

#[test]
fn a_plain_file_that_cannot_be_encrypted_is_left_alone() {
    let safe = Safe::new();
    let cases: [(&str, &[u8], i32, &str); 9] = [
        ("a.yaml", b"a: hunter2\nsops: 1\n", 203, "top-level entry called 'sops'"),
        ("a.env", b"sops_x=hunter2\n", 203, "top-level entries starting with 'sops_'"),
        ("a.yaml", b"a: hunter2\na: 1\n", 2, "twice"),
        ("a.yaml", b"- hunter2\n", 2, ""),
        ("a.yaml", b"a: \xff\n", 2, "UTF-8"),
        ("a.json", b"{\"a\": hunter2}", 2, ""),
        ("a.json", b"", 2, ""),
        ("a.env", b"hunter2\n", 2, "without `=`"),
        ("a.yaml", b"", 92, "completely empty"),
    ];
    for (name, bytes, code, words) in cases {
        std::fs::File::create(safe.path(name))
            .and_then(|mut file| std::io::Write::write_all(&mut file, bytes))
            .expect("the folder for tests can be written");
        let before = state(safe.sandbox.root());
        for command in [&["encrypt", name][..], &["encrypt", "-i", name]] {
            let ran = safe.sops(command);
            assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{name}: {}", ran.stderr);
            assert!(ran.stderr.contains(words), "{name}: {}", ran.stderr);
            assert!(!ran.stderr.contains(SECRET), "{name}: {}", ran.stderr);
        }
        assert_eq!(state(safe.sandbox.root()), before, "{name}");
    }
}

#[test]
fn ends_of_lines_and_strange_values_are_data() {
    let safe = Safe::new();
    for (name, plain, back) in [
        ("a.env", "A=hunter2\r\nB=2\r\n", "A=hunter2\r\nB=2\r\n"),
        ("a.yaml", "a: hunter2\r\nb: 2\r\n", "a: hunter2\nb: 2\n"),
        ("b.yaml", "a: ENC[hunter2]\n", "a: ENC[hunter2]\n"),
        ("a.bin", "", ""),
    ] {
        safe.sealed(name, plain);
        assert_eq!(safe.done(&["decrypt", name]), back, "{name}");
    }
}

#[test]
fn without_the_key_the_places_are_named_where_one_was_looked_for() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: hunter2\n");
    let mut command = safe.sandbox.command(&["sops", "decrypt", "a.yaml"]);
    let ran = Ran::from(command.env("HOME", safe.path("home")).output().expect("kiln was built"));
    assert_eq!(ran.code, 128);
    for place in ["SOPS_AGE_KEY_FILE", "SOPS_AGE_KEY_CMD", "id_ed25519", ".config/sops/age/keys.txt"] {
        assert!(ran.stderr.contains(place), "{place}: {}", ran.stderr);
    }
    assert!(ran.stderr.contains(&safe.recipients[0]), "{}", ran.stderr);
}
