//! Encrypting outputs: what is refused, what is kept, what is found.

use crate::common::{
    self, decrypt, identities, keys, output, output_with, policy, recipient, rule, try_encrypt,
};
use kiln_age::{Identities, NoDialog};
use kiln_model::Diagnostics;
use kiln_sops::{Format, MacCheck, OpenError, Outcome, Sealed, SealedError, encrypt};

const DATA: &str = "    encrypted_regex: ^(data|stringData)$\n";

fn refusal(text: &str) -> Vec<String> {
    try_encrypt(&output(text), &rule(""), None).err().unwrap_or_default()
}

fn leaks(text: &str, secrets: &[&str]) -> Vec<String> {
    try_encrypt(&output_with(text, secrets), &rule(DATA), None).err().unwrap_or_default()
}

fn encrypted(text: &str, fields: &str) -> Vec<u8> {
    let done = try_encrypt(&output(text), &rule(fields), None).unwrap_or_else(|codes| panic!("{codes:?}"));
    done.artifact.bytes().to_vec()
}

/// Whether a file can be read and opened by the owner of the test key.
fn opens(bytes: &[u8]) -> bool {
    Sealed::read(bytes, Format::Yaml)
        .is_ok_and(|sealed| sealed.open(&identities(), MacCheck::Verify, &NoDialog).is_ok())
}

fn is_kept(text: &str, fields: &str, previous: &[u8]) -> bool {
    let done = try_encrypt(&output(text), &rule(fields), Some(previous));
    done.unwrap_or_else(|codes| panic!("{codes:?}")).outcome == Outcome::Kept
}

#[test]
fn what_cannot_be_encrypted_is_refused_by_name() {
    for (text, code) in [
        ("a: [", "encrypt.not-yaml"),
        ("- a\n", "encrypt.not-a-mapping"),
        ("text\n", "encrypt.not-a-mapping"),
        ("a: 1\na: 2\n", "encrypt.duplicate-key"),
        ("1: a\n", "encrypt.key-not-text"),
        ("a: 18446744073709551615\n", "encrypt.unsupported-number"),
        ("a: 99999999999999999999999999\n", "encrypt.unsupported-number"),
        ("a: !!int x\n", "encrypt.wrong-tag"),
        ("a: *b\n", "encrypt.unknown-alias"),
        ("<<: 1\n", "encrypt.wrong-merge"),
        ("a: 1\nsops: {}\n", "encrypt.sops-key-present"),
        ("", "encrypt.nothing-selected"),
        ("# only a comment\n", "encrypt.nothing-selected"),
        ("a: ''\nb: null\nc: {}\n", "encrypt.nothing-selected"),
        ("a_unencrypted: 1\n", "encrypt.nothing-selected"),
    ] {
        assert_eq!(refusal(text), [code], "{text:?}");
    }
}

#[test]
fn everything_wrong_is_found_at_once() {
    let codes = refusal("a: 1\na: 2\nb: {1: x}\nc: *d\n");
    assert_eq!(codes, ["encrypt.duplicate-key", "encrypt.key-not-text", "encrypt.unknown-alias"]);
}

#[test]
fn aliases_cannot_blow_a_document_up() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    assert!(refusal(&text).contains(&"encrypt.too-many-aliases".to_owned()));
}

#[test]
fn a_secret_outside_of_the_rule_is_found_wherever_it_hides() {
    let secret = ["hunter2-and-more"];
    for clear in [
        "url: http://u:hunter2-and-more@host\n",
        "list: [{x: [hunter2-and-more]}]\n",
        "hunter2-and-more: key\n",
        "a: 1 # hunter2-and-more\n",
        "# hunter2-and-more\na: 1\n",
        "text: |\n  some lines\n  hunter2-and-more\n",
        "encoded: aHVudGVyMi1hbmQtbW9yZQ==\n",
        "encoded: dTpodW50ZXIyLWFuZC1tb3JlQGhvc3Q=\n",
    ] {
        let text = format!("{clear}data:\n  ok: hunter2-and-more\n");
        assert_eq!(leaks(&text, &secret), ["encrypt.secret-in-clear"], "{clear}");
    }
    assert!(leaks("a: 1\ndata:\n  ok: hunter2-and-more # hunter2-and-more\n", &secret).is_empty());
}

#[test]
fn a_leak_is_named_without_being_repeated() {
    let output = output_with("metadata:\n  name: x-hunter2\n  hunter2: y\ndata: {a: b}\n", &["hunter2"]);
    let mut sink = Diagnostics::new();
    let policy = rule(DATA);
    assert!(encrypt(&output, policy.rule_for("x").unwrap(), None, &keys(&identities()), &mut sink).is_err());
    let said = format!("{sink:?}");
    assert!(
        said.contains("the secret `secret 0` would stand in clear at `metadata.name` of `a.sops.yaml`"),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn short_secrets_are_whole_values_only() {
    assert_eq!(leaks("a: abc\ndata: {x: abc}\n", &["abc"]), ["encrypt.secret-in-clear"]);
    assert!(leaks("a: abcd\ndata: {x: abc}\n", &["abc"]).is_empty());
    assert_eq!(leaks("a: 12\ndata: {x: 12}\n", &["12"]), ["encrypt.secret-in-clear"]);
}

#[test]
fn a_second_run_keeps_every_byte() {
    for text in ["a: 1\n", "a: 1.0\nb: x # c\n", "# c\na:\n- x # y\n# z\n- {b: c}\n"] {
        let first = encrypted(text, "");
        assert!(is_kept(text, "", &first), "{text}");
    }
    let clear_numbers = "a: 1.0\nb: 1e21\ndata: {c: 1.0}\n";
    assert!(is_kept(clear_numbers, DATA, &encrypted(clear_numbers, DATA)));
}

#[test]
fn any_difference_is_written() {
    let first = encrypted("a: 1\nb: x\n", "");
    for text in [
        "a: 2\nb: x\n",
        "a: '1'\nb: x\n",
        "b: x\na: 1\n",
        "a: 1\n",
        "a: 1\nb: x\nc: y\n",
        "# c\na: 1\nb: x\n",
    ] {
        assert!(!is_kept(text, "", &first), "{text}");
    }
    for fields in
        ["    mac_only_encrypted: true\n", "    encrypted_regex: .\n", "    unencrypted_suffix: _x\n"]
    {
        assert!(!is_kept("a: 1\nb: x\n", fields, &first), "{fields}");
    }
}

#[test]
fn a_new_recipient_is_written() {
    let first = encrypted("a: 1\n", "");
    let rules = include_str!("../corpus/sops/rules.yaml");
    let both = rules
        .lines()
        .find_map(|line| line.trim().strip_prefix("age: ").filter(|it| it.contains(',')))
        .unwrap();
    let policy = policy(&format!("creation_rules:\n  - age: {both}\n"));
    let again = try_encrypt(&output("a: 1\n"), &policy, Some(&first)).ok().unwrap();
    assert!(!common::is_kept(&again));
    assert!(is_kept("a: 1\n", "", &first), "the order and the number of recipients did not change here");
}

#[test]
fn a_file_that_cannot_be_opened_is_not_replaced() {
    let first = String::from_utf8(encrypted("a: 1\nb: x\n", "")).unwrap();
    let refusal =
        |previous: &str| try_encrypt(&output("a: 1\nb: x\n"), &rule(""), Some(previous.as_bytes())).err();
    let shortened: String =
        first.lines().filter(|line| !line.starts_with("b:")).map(|line| format!("{line}\n")).collect();
    assert_eq!(refusal(&shortened).unwrap(), ["encrypt.previous-tampered"]);
    let conflict = format!("<<<<<<< ours\n{first}=======\n{first}>>>>>>> theirs\n");
    assert_eq!(refusal(&conflict).unwrap(), ["encrypt.previous-tampered"]);
    let mut sink = Diagnostics::new();
    let policy = rule("");
    let rule = policy.rule_for("a").unwrap();
    assert!(
        encrypt(&output("a: 1\n"), rule, Some(first.as_bytes()), &keys(&Identities::new()), &mut sink)
            .is_err()
    );
    assert_eq!(sink.iter().next().unwrap().code, "encrypt.previous-unreadable");
}

#[test]
fn a_file_for_someone_else_is_not_replaced() {
    let rules = include_str!("../corpus/sops/rules.yaml");
    let stranger = rules.lines().find_map(|line| line.split_once(',')).unwrap().1;
    let theirs = policy(&format!("creation_rules:\n  - age: {stranger}\n"));
    let previous = try_encrypt(&output("a: 1\n"), &theirs, None).ok().unwrap();
    let codes = try_encrypt(&output("a: 1\n"), &rule(""), Some(previous.artifact.bytes())).err().unwrap();
    assert_eq!(codes, ["encrypt.previous-unreadable"]);
    assert!(matches!(decrypt(previous.artifact.bytes()), Err(OpenError::Key(_))));
}

#[test]
fn a_plain_file_is_replaced() {
    assert!(!is_kept("a: 1\n", "", b"a: 1\n"));
    assert!(!is_kept("a: 1\n", "", b"\xff\xfe not text"));
}

#[test]
fn comments_of_a_list_move_above_it() {
    let text = "stringData:\n  # first\n  list:\n  # one\n  - a # two\n  # three\n  - b\n";
    let file = encrypted(text, DATA);
    let opened = decrypt(&file).unwrap();
    assert_eq!(
        opened,
        "stringData:\n    # first\n    # one\n    # two\n    # three\n    list:\n        - a\n        - b\n"
    );
    assert!(is_kept(text, DATA, &file));
}

#[test]
fn comments_that_would_become_clear_are_dropped_with_a_warning() {
    let output = output_with("data:\n- a # hunter2-and-more\n", &["hunter2-and-more"]);
    let mut sink = Diagnostics::new();
    let policy = rule(DATA);
    let done =
        encrypt(&output, policy.rule_for("a").unwrap(), None, &keys(&identities()), &mut sink).ok().unwrap();
    let codes: Vec<_> = sink.iter().map(|finding| finding.code.as_ref()).collect();
    assert_eq!(codes, ["encrypt.comment-dropped"]);
    assert_eq!(decrypt(done.artifact.bytes()).unwrap(), "data:\n    - a\n");
}

#[test]
fn a_comment_behind_a_deeper_block_moves_above_that_block() {
    let opened = decrypt(&encrypted("a:\n  b:\n    c: 1\n    # in b\n  # in a\nd: 1\n", "")).unwrap();
    assert_eq!(opened, "a:\n    # in a\n    b:\n        c: 1\n        # in b\nd: 1\n");
}

#[test]
fn the_indentation_is_that_of_the_rules() {
    let recipient = recipient();
    let policy = policy(&format!("creation_rules:\n- age: {recipient}\nstores: {{yaml: {{indent: 2}}}}\n"));
    let file = try_encrypt(&output("a: {b: c}\n"), &policy, None).ok().unwrap();
    assert!(file.artifact.bytes().starts_with(b"a:\n  b: ENC["));
    assert!(encrypted("a: {b: c}\n", "").starts_with(b"a:\n    b: ENC["));
}

#[test]
fn the_block_names_time_and_release() {
    let file = String::from_utf8(encrypted("a: 1\n", "")).unwrap();
    assert!(file.contains("\n    lastmodified: \"2026-11-20T12:00:00Z\"\n"), "{file}");
    assert!(file.ends_with("\n    unencrypted_suffix: _unencrypted\n    version: 3.13.3\n"), "{file}");
}

#[test]
fn an_encrypted_file_is_told_from_a_plain_one() {
    let read = |bytes: &[u8]| Sealed::read(bytes, Format::Yaml);
    assert!(read(&encrypted("a: 1\n", "")).is_ok());
    assert!(matches!(read(b"a: 1\n"), Err(SealedError::NotEncrypted)));
    assert!(matches!(read(b"sops: {}\n"), Err(SealedError::BadMetadata(_))));
    assert!(matches!(read(b"a: ["), Err(SealedError::NotReadable(_))));
}

#[test]
fn every_flipped_bit_is_noticed() {
    let file = encrypted("a: hunter2\nb: [1, true]\nc: {d: 1.5}\n", "");
    let text = String::from_utf8(file.clone()).unwrap();
    let spans: Vec<_> = text
        .match_indices("ENC[")
        .map(|(start, _)| start..start + text[start..].find(']').unwrap() + 1)
        .collect();
    assert_eq!(spans.len(), 5, "four values and the MAC");
    for at in spans.into_iter().flatten() {
        let mut forged = file.clone();
        forged[at] ^= 1;
        assert!(!opens(&forged), "byte {at}");
    }
}

#[test]
fn what_is_moved_added_or_removed_is_noticed() {
    let text = String::from_utf8(encrypted("a: x\nb: y\nc_unencrypted: z\nd: [1, 2]\n", "")).unwrap();
    let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap().to_owned() + "\n";
    let items: Vec<&str> = text.lines().filter(|line| line.starts_with("    - ENC")).collect();
    for forged in [
        text.replace(&line("a:"), ""),
        text.replace(&line("c_"), ""),
        text.replace("c_unencrypted: z", "c_unencrypted: y"),
        text.replace("c_unencrypted: z", "c_unencrypted: z\ne_unencrypted: w"),
        text.replace(&line("a:"), "a: clear\n"),
        text.replace(items[0], items[1]),
        text.replace("lastmodified: \"2026-11-20T12:00:00Z\"", "lastmodified: \"2026-11-20T12:00:01Z\""),
        text.replace("unencrypted_suffix: _unencrypted", "unencrypted_suffix: d"),
    ] {
        assert_ne!(forged, text);
        assert!(!opens(forged.as_bytes()), "{forged}");
    }
}
