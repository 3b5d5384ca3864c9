//! Files that something happened to: each kind is told apart, and none is opened.

use crate::common::{identities, output, policy, recipient, rule, try_encrypt};
use kiln_age::{Identities, NoDialog};
use kiln_model::{Rendered, Secret, Span};
use kiln_sops::{BadMetadata, Format, MacCheck, OpenError, Plain, Sealed, SealedError};

const DOCUMENT: &str = "a: one\nb: two\nlist: [x, y]\nm: {c: three}\n";

fn encrypted(path: &str, text: &str) -> String {
    let output = Rendered::new(path, text, Span::NONE, Vec::new());
    let done = try_encrypt(&output, &rule(""), None).unwrap_or_else(|codes| panic!("{codes:?}"));
    String::from_utf8(done.artifact.bytes().to_vec()).expect("it is text")
}

fn file() -> String {
    encrypted("a.sops.yaml", DOCUMENT)
}

/// What is said of a file, by the name of the kind.
fn refusal(file: &str, identities: &Identities) -> String {
    let sealed = match Sealed::read(file.as_bytes(), Format::Yaml) {
        Ok(sealed) => sealed,
        Err(SealedError::BadMetadata(what)) => return format!("{what:?}"),
        Err(SealedError::NotReadable(error)) => return format!("not readable: {error}"),
        Err(error) => return format!("{error:?}"),
    };
    match sealed.open(identities, MacCheck::Verify, &NoDialog) {
        Ok(_) => "opened".to_owned(),
        Err(OpenError::MacMismatch { .. }) => "MacMismatch".to_owned(),
        Err(OpenError::NoMac(_)) => "NoMac".to_owned(),
        Err(OpenError::Key(failure)) => {
            format!("{} groups, {} keys", failure.groups.len(), failure.groups[0].keys.len())
        }
        Err(error) => format!("{error:?}"),
    }
}

fn line<'a>(file: &'a str, start: &str) -> &'a str {
    file.lines().find(|line| line.trim_start().starts_with(start)).expect("the line is there")
}

/// The ciphertext on the line of a key.
fn value<'a>(file: &'a str, key: &str) -> &'a str {
    line(file, &format!("{key}:")).split_once(": ").expect("a key has a value").1
}

#[test]
fn what_happened_to_a_file_is_told_apart() {
    let file = file();
    let swap =
        |one: &str, other: &str| file.replace(one, "\u{0}").replace(other, one).replace('\u{0}', other);
    let items: Vec<&str> = file.lines().filter(|line| line.contains("- ENC[")).collect();
    let a = value(&file, "a");
    // A base64 letter of the data, so that the text form stays whole.
    let tampered = a.replacen("data:", "data:AAAA", 1);
    for (what, forged, expected) in [
        ("tampered", file.replace(a, &tampered), "Forged(\"a\")"),
        ("moved to another key", file.replace("\na: ", "\nz: ").replacen("a: ", "z: ", 1), "Forged(\"z\")"),
        ("swapped", swap(a, value(&file, "b")), "Forged(\"a\")"),
        ("swapped in a list", swap(items[0], items[1]), "MacMismatch"),
        ("in clear", file.replace(a, "one"), "NotEncrypted(\"a\")"),
        ("a number in clear", file.replace(a, "1"), "NotEncrypted(\"a\")"),
        ("of another type", file.replace(a, &a.replace("type:str", "type:int")), "WrongType(\"a\")"),
        ("removed", file.replace(&format!("a: {a}\n"), ""), "MacMismatch"),
        ("no MAC", file.replace(line(&file, "mac:"), ""), "NoMac"),
        ("another MAC", file.replace(value(&file, "mac"), a), "ForgedMac"),
        ("another time", file.replace("2026-11-20T12:00:00Z", "2026-11-20T12:00:01Z"), "ForgedMac"),
        ("no time", file.replace(line(&file, "lastmodified:"), ""), "BadTime"),
        ("no version", file.replace(line(&file, "version:"), ""), "BadVersion"),
        ("an unknown version", file.replace("version: 3.13.3", "version: latest"), "BadVersion"),
        ("no block", file[..file.find("sops:").expect("it has a block")].to_owned(), "NotEncrypted"),
        ("cut off", file[..file.len() / 2].to_owned(), "BadRecipient"),
        ("two options", file.replace("    version", "    encrypted_suffix: x\n    version"), "TwoSelections"),
        (
            "an invalid pattern",
            file.replace("unencrypted_suffix: _unencrypted", "encrypted_regex: '('"),
            "BadPattern",
        ),
        ("a key twice", file.replacen("a: ", "b: 1\na: ", 1), "not readable: line 3: a key is given twice"),
        ("a conflict", format!("<<<<<<< ours\n{file}"), "not readable"),
        ("empty", String::new(), "NotEncrypted"),
    ] {
        assert_ne!(forged, file, "{what}");
        let said = refusal(&forged, &identities());
        assert!(said.starts_with(expected), "{what}: {said}");
    }
    assert_eq!(refusal(&file, &identities()), "opened");
    assert_eq!(refusal(&file.replace('\n', "\r\n"), &identities()), "opened", "YAML has either line end");
}

#[test]
fn no_key_and_the_wrong_key_are_told_apart_from_damage() {
    let mut stranger = Identities::new();
    let key = kiln_sops::generate(0).expect("the system has random bytes");
    stranger.add_keys("stranger", &Secret::new("stranger", key.as_str()));
    assert_eq!(refusal(&file(), &stranger), "1 groups, 1 keys");
    assert_eq!(refusal(&file(), &Identities::new()), "1 groups, 1 keys");
    let other = file().replace("    age:", "    pgp:\n        - fp: ABCD\n          enc: x\n    age:");
    assert_eq!(refusal(&other, &stranger), "1 groups, 2 keys");
    assert_eq!(refusal(&other, &identities()), "opened", "one of several keys is enough");
}

#[test]
fn keys_of_another_kind_are_named_and_stay_while_the_data_key_does() {
    let other = file().replace("    age:", "    pgp:\n        - fp: ABCD\n          enc: x\n    age:");
    let sealed = Sealed::read(other.as_bytes(), Format::Yaml).expect("it is a SOPS file");
    let open = || sealed.open(&identities(), MacCheck::Verify, &NoDialog).expect("it is ours");
    let kept = open().reseal(Plain::read(b"a: new\n", Format::Yaml).expect("it is YAML"), 0);
    let kept =
        kept.expect("the data key stays").write(Format::Yaml, &Default::default()).expect("YAML holds it");
    assert!(String::from_utf8_lossy(&kept).contains("- fp: ABCD\n          enc: x\n"));
    let own = kiln_age::Recipient::parse(&recipient()).expect("it is a recipient");
    let Err(error) = open().rotate(&[vec![own]], 0, 0, &NoDialog) else {
        panic!("the PGP key would be stale")
    };
    assert!(error.to_string().contains("pgp"), "{error}");
}

#[test]
fn keys_of_another_kind_keep_what_they_open_or_the_file_stays_as_it_is() {
    let file = file().replace("    age:", "    pgp:\n        - fp: ABCD\n          enc: x\n    age:");
    let unproven = file.replace(line(&file, "kiln_data_key_proof:"), "    other_field: 1");
    let with_pgp = policy(&format!("creation_rules:\n- age: {}\n  pgp: ABCD\n", recipient()));
    let change = |text: &str, policy: &kiln_sops::Policy, previous: &str| {
        let done =
            try_encrypt(&output(text), policy, Some(previous.as_bytes())).map_err(|codes| codes.join(" "));
        done.map(|done| String::from_utf8_lossy(done.artifact.bytes()).into_owned())
    };
    assert_eq!(change(DOCUMENT, &with_pgp, &unproven).as_deref(), Ok(unproven.as_str()));
    let changed = change("a: new\n", &with_pgp, &file).expect("the data key stays");
    assert!(changed.contains("- fp: ABCD\n          enc: x\n"), "{changed}");
    let refused = change("a: new\n", &with_pgp, &unproven);
    assert_eq!(refused, Err("encrypt.unsupported-key-type".to_owned()), "a new data key is needed");
    // Who is not in the rule any more does not get the new data key.
    let changed = change("a: new\n", &rule(""), &file).expect("the rule names age keys alone");
    assert!(!changed.contains("pgp"), "{changed}");
}

#[test]
fn what_cannot_be_a_document_is_told_apart() {
    let codes = |path: &str, text: &str| {
        let output = Rendered::new(path, text, Span::NONE, Vec::new());
        try_encrypt(&output, &rule(""), None).err().unwrap_or_default().join(" ")
    };
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(5_000), close.repeat(5_000));
    let sealed = value(&file(), "a").to_owned();
    for (path, text, expected) in [
        ("a.yaml", "a: 1\r\nb: 2\r\n".to_owned(), ""),
        ("a.yaml", format!("a: {sealed}\n"), "encrypt.looks-encrypted"),
        ("a.yaml", "a: ENC[x]\n".to_owned(), ""),
        ("a.yaml", "a: 1\nsops: 1\n".to_owned(), "encrypt.sops-key-present"),
        ("a.env", "a=1\nsops_version=1\n".to_owned(), "encrypt.sops-key-present"),
        ("a.ini", "[sops]\na = 1\n".to_owned(), "encrypt.sops-key-present"),
        ("a.yaml", format!("a: {}\n", deep("[", "]")), "encrypt.not-yaml"),
        ("a.json", format!("{{\"a\": {}}}", deep("[", "]")), "encrypt.too-deep"),
        ("a.json", "{\"a\": 1".to_owned(), "encrypt.malformed"),
        ("a.env", "no equals sign\n".to_owned(), "encrypt.malformed"),
        ("a.json", String::new(), "encrypt.malformed"),
        ("a.env", String::new(), "encrypt.nothing-selected"),
        ("a.bin", String::new(), "encrypt.nothing-selected"),
        ("a.yaml", " ".repeat(100 << 20), "encrypt.too-long"),
    ] {
        assert_eq!(codes(path, &text), expected, "{path}: {:.40}", text);
    }
    let read = |bytes: &[u8], format| Plain::read(bytes, format).err().map(|error| error.to_string());
    for format in [Format::Yaml, Format::Json] {
        assert_eq!(read(b"\xff\xfe", format).as_deref(), Some("line 1: it is not UTF-8"));
    }
    assert!(read(b"A=\xff\n", Format::Dotenv).is_none(), "bytes are values to SOPS");
}

#[test]
fn line_ends_that_git_changed_are_named() {
    let file = encrypted("a.env", "A=1\n").replace('\n', "\r\n");
    let error = Sealed::read(file.as_bytes(), Format::Dotenv).err().map(|error| format!("{error:?}"));
    assert_eq!(error.as_deref(), Some("LineEnds"));
    let damaged = encrypted("a.env", "A=1\n").replace("sops_version", "sops_wersion");
    let error = Sealed::read(damaged.as_bytes(), Format::Dotenv).err();
    assert!(matches!(error, Some(SealedError::BadMetadata(BadMetadata::BadVersion))));
}

#[test]
fn megabytes_of_binary_data_come_back() {
    let data = vec![0xa5; 4 << 20];
    let terms =
        kiln_sops::Terms::new(vec![vec![kiln_age::Recipient::parse(&recipient()).expect("it is one")]]);
    let plain = Plain::read(&data, Format::Binary).expect("anything is binary data");
    let sealed = kiln_sops::seal(plain, &terms, 0, &NoDialog).expect("it can be encrypted");
    let bytes = sealed.write(Format::Binary, &Default::default()).expect("it can be written");
    let opened = Sealed::read(&bytes, Format::Binary).expect("it is a SOPS file");
    let opened = opened.open(&identities(), MacCheck::Verify, &NoDialog).expect("it is ours");
    let back = opened.plain().write(Format::Binary, &Default::default()).expect("it is data");
    assert!(*back == data);
}
