//! Files that real sops 3.13.3 encrypted, in `corpus/sops`:
//!
//! - `NAME.plain.yaml` is what was encrypted,
//! - `NAME.sops.yaml` is what `sops --config rules.yaml encrypt` made of it,
//! - `NAME.decrypted.yaml` is what `sops --config /dev/null decrypt` made of that.
//!
//! - `NAME.shown.yaml` is that, to the byte, where `NAME.decrypted.yaml` is by hand.
//!
//! Two of the third kind are written by hand, where sops moves or loses comments:
//! `inline-comment` and one line of `list-comments`.

use crate::common::{decrypt, identities, is_kept, policy, try_encrypt};
use kiln_age::NoDialog;
use kiln_model::{Rendered, Span};
use kiln_sops::{Format, MacCheck, Sealed, Stores};

const RULES: &str = include_str!("../corpus/sops/rules.yaml");

struct Case {
    name: &'static str,
    plain: &'static str,
    sops: &'static str,
    decrypted: &'static str,
}

impl Case {
    fn output(&self) -> Rendered {
        Rendered::new(format!("{}.x.yaml", self.name), self.plain, Span::NONE, Vec::new())
    }
}

macro_rules! cases {
    ($($name:literal)*) => {
        [$(Case {
            name: $name,
            plain: include_str!(concat!("../corpus/sops/", $name, ".plain.yaml")),
            sops: include_str!(concat!("../corpus/sops/", $name, ".sops.yaml")),
            decrypted: include_str!(concat!("../corpus/sops/", $name, ".decrypted.yaml")),
        }),*]
    };
}

const CASES: [Case; 11] = cases! {
    "machines" "cluster-secrets" "types" "strings" "suffix" "unencrypted-regex" "clear-comment" "secret-comment"
    "two-recipients" "inline-comment" "list-comments"
};

/// Encrypted comments in lists are items to sops and move above the list with us.
fn comments_stay(case: &&Case) -> bool {
    case.name != "list-comments"
}

#[test]
fn what_sops_encrypted_opens_and_reads_as_sops_reads_it() {
    for case in &CASES {
        let ours = decrypt(case.sops.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(ours, case.decrypted, "{}", case.name);
    }
}

/// `sops decrypt` moves encrypted comments above the lines they stand behind.
#[test]
fn what_is_shown_is_what_sops_shows() {
    let file = include_bytes!("../corpus/sops/inline-comment.sops.yaml");
    let sealed = Sealed::read(file, Format::Yaml).unwrap();
    let opened = sealed.open(&identities(), MacCheck::Verify, &NoDialog).unwrap();
    let shown = opened.into_shown().write(Format::Yaml, &Stores::default()).unwrap();
    let theirs = include_str!("../corpus/sops/inline-comment.shown.yaml");
    assert_eq!(String::from_utf8_lossy(&shown), theirs);
}

#[test]
fn what_we_encrypt_has_the_shape_that_sops_gives_it() {
    let policy = policy(RULES);
    for case in CASES.iter().filter(comments_stay) {
        let ours = try_encrypt(&case.output(), &policy, None)
            .unwrap_or_else(|codes| panic!("{}: {codes:?}", case.name));
        let ours = String::from_utf8(ours.artifact.bytes().to_vec()).unwrap();
        assert_eq!(shape(&ours), shape(case.sops), "{}", case.name);
    }
}

#[test]
fn what_we_encrypt_opens_as_what_sops_encrypted() {
    let policy = policy(RULES);
    for case in CASES.iter().filter(comments_stay) {
        let ours = try_encrypt(&case.output(), &policy, None)
            .unwrap_or_else(|codes| panic!("{}: {codes:?}", case.name));
        let opened = decrypt(ours.artifact.bytes()).unwrap();
        assert_eq!(opened, case.decrypted, "{}", case.name);
    }
}

#[test]
fn a_file_that_sops_wrote_is_kept_if_it_says_the_same() {
    let policy = policy(RULES);
    for case in CASES.iter().filter(comments_stay) {
        let again = try_encrypt(&case.output(), &policy, Some(case.sops.as_bytes()));
        let again = again.unwrap_or_else(|codes| panic!("{}: {codes:?}", case.name));
        assert!(is_kept(&again), "{}", case.name);
        assert_eq!(again.artifact.bytes(), case.sops.as_bytes());
    }
}

/// A file without what is random, or says when it was written.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    let mut in_armor = false;
    for line in text.lines() {
        if line.contains("BEGIN AGE") {
            in_armor = true;
        }
        // What kiln adds to a file that it made is tested elsewhere.
        if !in_armor && !line.trim_start().starts_with("kiln_data_key_proof: ") {
            let line = line.split("lastmodified: ").next().unwrap_or_default();
            let mut rest = line;
            while let Some((before, after)) = rest.split_once("ENC[AES256_GCM,data:") {
                let (data, after) = after.split_once(',').expect("a value has parts");
                let (_, kind) = after.split_once(",type:").expect("a value has a type");
                shape += &format!("{before}ENC[{} bytes, ", data.len());
                rest = kind;
            }
            shape += rest;
            shape.push('\n');
        }
        if line.contains("END AGE") {
            in_armor = false;
        }
    }
    shape
}
