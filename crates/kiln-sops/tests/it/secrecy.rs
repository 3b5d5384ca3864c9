//! What is secret cannot be printed, and no error says it.

use std::fmt::{self, Write as _};

use crate::common::{identities, recipient, rule, try_encrypt};
use kiln_age::{Identities, NoDialog, Recipient};
use kiln_model::{Diagnostics, Rendered, Secret, Span};
use kiln_sops::{
    Encrypted, Format, KeyPath, Keys, MacCheck, Opened, Plain, Sealed, Stores, Terms, Without, encrypt, seal,
};

/// Fails to compile if the type has the trait: then two traits of one name fit.
macro_rules! lacks {
    ($type:ty: $($trait:path),+) => {$({
        trait Unambiguous<A> {
            fn here() {}
        }
        struct Has;
        impl<T: ?Sized> Unambiguous<()> for T {}
        impl<T: ?Sized + $trait> Unambiguous<Has> for T {}
        <$type as Unambiguous<_>>::here();
    })+};
}

#[test]
fn what_holds_plain_text_or_keys_cannot_be_printed() {
    lacks!(Plain: fmt::Debug, fmt::Display);
    lacks!(Opened: fmt::Debug, fmt::Display);
    lacks!(Sealed: fmt::Debug, fmt::Display);
    lacks!(Encrypted: fmt::Debug, fmt::Display);
    lacks!(Identities: fmt::Debug, fmt::Display);
    lacks!(kiln_age::Identity: fmt::Debug, fmt::Display);
}

const CANARY: &str = "c4nary-hunter2";

/// One document of each format with the canary in every place a value can stand.
const DOCUMENTS: [(Format, &str, &str); 4] = [
    (
        Format::Yaml,
        "a.sops.yaml",
        "# c4nary-hunter2\na: c4nary-hunter2 # c4nary-hunter2\nb: [c4nary-hunter2, {c: 'c4nary-hunter2'}]\n\
         d: |\n  c4nary-hunter2\n  c4nary-hunter2\ne: \"c4nary-hunter2\"\nf: &g c4nary-hunter2\n---\nh: >-\n  c4nary-hunter2\n",
    ),
    (
        Format::Json,
        "a.sops.json",
        "{\"a\": \"c4nary-hunter2\", \"b\": [\"c4nary-hunter2\", {\"c\": \"c4nary-hunter2\"}]}",
    ),
    (Format::Dotenv, "a.sops.env", "# c4nary-hunter2\nA=c4nary-hunter2\nB=c4nary-hunter2\n"),
    (Format::Ini, "a.sops.ini", "; c4nary-hunter2\n[s]\na = c4nary-hunter2\nb = `c4nary-hunter2`\n"),
];

/// Everything the library says of an input, in both ways a program can print it.
#[derive(Default)]
struct Said(String);

impl Said {
    fn error(&mut self, error: &(impl fmt::Debug + fmt::Display)) {
        _ = write!(self.0, "{error:?} {error} ");
    }

    fn found(&mut self, found: &Diagnostics) {
        _ = write!(self.0, "{found:?} ");
    }
}

fn terms() -> Terms {
    Terms::new(vec![vec![Recipient::parse(&recipient()).expect("it is a recipient")]])
}

/// What is said of a text that should be a plain document, or an encrypted one.
fn everything_said(text: &str, format: Format, path: &str) -> String {
    let mut said = Said::default();
    match Plain::read(text.as_bytes(), format) {
        Err(error) => said.error(&error),
        Ok(mut plain) => {
            for step in ["[\"a\"][0]", "[\"nowhere\"]", "[0]", "[\"b\"][9]", "[\"a\"][\"b\"]"] {
                let path = KeyPath::parse(step).expect("it is a path");
                let taken = plain.extract(&path, format, &Stores::default());
                taken.map_or_else(|error| said.error(&error), drop);
                plain.unset(&path).map_or_else(|error| said.error(&error), drop);
                let set = plain.set(&path, format!("[\"{CANARY}\"").as_bytes());
                set.map_or_else(|error| said.error(&error), drop);
            }
            plain.variables().map_or_else(|error| said.error(&error), drop);
            for other in [Format::Json, Format::Dotenv, Format::Ini, Format::Binary] {
                plain.write(other, &Stores::default()).map_or_else(|error| said.error(&error), drop);
            }
            seal(plain, &terms(), 0, &NoDialog).map_or_else(|error| said.error(&error), drop);
        }
    }
    match Sealed::read(text.as_bytes(), format) {
        Err(error) => said.error(&error),
        Ok(sealed) => match sealed.open(&identities(), MacCheck::Verify, &NoDialog) {
            Err(error) => said.error(&error),
            Ok(opened) => {
                let plain = opened.plain().clone();
                opened.reseal(plain, 0).map_or_else(|error| said.error(&error), drop);
            }
        },
    }
    let output = Rendered::new(
        path,
        text,
        Span::NONE,
        vec![kiln_model::Reveal { secret: Secret::new("the secret", CANARY), span: Span::NONE }],
    );
    for policy in [rule(""), rule("    encrypted_regex: ^b$\n")] {
        for previous in [None, Some(text.as_bytes())] {
            let mut sink = Diagnostics::new();
            let identities = identities();
            let keys = Keys { identities: &identities, dialog: &NoDialog, now: 0, without: Without::Refuse };
            _ = encrypt(&output, policy.rule_for(path).expect("a rule"), previous, &keys, &mut sink);
            said.found(&sink);
        }
    }
    said.0
}

#[test]
fn no_error_about_a_damaged_plain_document_says_a_value_of_it() {
    for (format, path, document) in DOCUMENTS {
        assert!(!everything_said(document, format, path).contains("hunter2"), "{path}");
        for at in 0..document.len() {
            for damage in ["\"", "\n", ": ", "{"] {
                let (before, after) = document.split_at(at);
                let said = everything_said(&format!("{before}{damage}{after}"), format, path);
                assert!(!said.contains("hunter2"), "{path} at {at} with {damage:?}: {said}");
            }
            let said = everything_said(&document[..at], format, path);
            assert!(!said.contains("hunter2"), "{path} cut at {at}: {said}");
        }
    }
}

#[test]
fn no_error_about_a_forged_file_says_a_value_of_it() {
    let policy = rule("");
    for (format, path, document) in DOCUMENTS {
        let output = Rendered::new(path, document, Span::NONE, Vec::new());
        let file = try_encrypt(&output, &policy, None).unwrap_or_else(|codes| panic!("{path}: {codes:?}"));
        let file = String::from_utf8(file.artifact.bytes().to_vec()).expect("it is text");
        let values: Vec<&str> = file
            .match_indices("ENC[AES256")
            .map(|(at, _)| &file[at..=at + file[at..].find(']').expect("a value ends")])
            .collect();
        assert!(values.len() > 2, "{path}");
        for value in &values {
            for forged in [CANARY, values[0], "", &value.replace("type:str", "type:int")] {
                let said = everything_said(&file.replace(value, forged), format, path);
                assert!(!said.contains("hunter2"), "{path}: {said}");
            }
        }
    }
}

#[test]
fn no_error_about_keys_says_a_private_one() {
    let key = crate::common::TEST_KEY.lines().last().expect("the key is the last line");
    for damaged in [&key[..40], &key.to_lowercase(), &format!("{key}x"), &format!("x{key}")] {
        let mut identities = Identities::new();
        identities.add_keys("the key file", &Secret::new("it", damaged));
        let said = format!("{:?}", identities.failures());
        assert!(!said.contains(&key[20..36]) && !said.contains(&key[20..36].to_lowercase()), "{said}");
        let said = format!("{:?}", Recipient::parse(damaged).err());
        assert!(!said.contains(&key[20..36]), "{said}");
    }
}
