//! In every format: what was encrypted comes back, and a changed byte does not go unnoticed.

use std::ops::Range;

use proptest::prelude::*;

use crate::common::{NOW, identities, recipient};
use kiln_age::{NoDialog, Recipient};
use kiln_sops::{Format, MacCheck, Opened, Plain, SealError, Sealed, Stores, Terms, seal};

fn terms() -> Terms {
    Terms::new(vec![vec![Recipient::parse(&recipient()).expect("it is a recipient")]])
}

fn sealed(plain: Plain) -> Vec<u8> {
    let format = plain.format();
    let sealed = seal(plain, &terms(), NOW, &NoDialog).expect("it can be encrypted");
    sealed.write(format, &Stores::default()).expect("its own format holds it")
}

fn opened(bytes: &[u8], format: Format) -> Option<Opened> {
    Sealed::read(bytes, format).ok()?.open(&identities(), MacCheck::Verify, &NoDialog).ok()
}

fn written(plain: &Plain) -> Vec<u8> {
    plain.write(plain.format(), &Stores::default()).expect("its own format holds it").to_vec()
}

/// Where the values and the MAC are encrypted, up to the types, which nothing authenticates.
fn ciphertexts(file: &str) -> Vec<Range<usize>> {
    file.match_indices("ENC[AES256_GCM,")
        .filter_map(|(start, _)| {
            let length = file[start..].find(",type:")?;
            (!file[start + length..].starts_with(",type:comment]")).then_some(start..start + length)
        })
        .collect()
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        any::<String>().prop_map(|text| quoted(&text)),
        any::<i64>().prop_map(|it| it.to_string()),
        prop::num::f64::NORMAL.prop_map(|it| format!("{it:e}")),
        prop::sample::select(vec!["null", "true", "false", "\"\"", "{}", "[]"]).prop_map(str::to_owned),
    ];
    let value = leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            object(inner),
        ]
    });
    object(value)
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let key = any::<String>().prop_filter("taken", |key| key != "sops");
    prop::collection::btree_map(key, value, 1..4).prop_map(|entries| {
        let entries: Vec<String> =
            entries.iter().map(|(key, value)| format!("{}: {value}", quoted(key))).collect();
        format!("{{{}}}", entries.join(", "))
    })
}

fn quoted(text: &str) -> String {
    let escaped = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    format!("\"{}\"", escaped.collect::<String>())
}

fn dotenv() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        ("[A-Za-z_][A-Za-z0-9_]{0,8}", "[^\n\0]{0,12}").prop_map(|(key, value)| format!("{key}={value}")),
        "#[^\n\0]{0,12}",
        Just(String::new()),
    ];
    prop::collection::vec(line, 1..6)
        .prop_map(|lines| format!("always=here\n{}\n", lines.join("\n")))
        .prop_filter("taken", |text| !text.contains("\nsops_"))
}

fn ini() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        ("[a-z]{1,6}", "[a-zA-Z0-9 .:/]{0,12}").prop_map(|(key, value)| format!("{key} = {value}")),
        "; [a-z ]{0,12}",
        "[a-z]{1,4}".prop_filter("taken", |name| name != "sops").prop_map(|name| format!("[{name}]")),
    ];
    prop::collection::vec(line, 1..8).prop_map(|lines| format!("always = here\n{}\n", lines.join("\n")))
}

fn document() -> impl Strategy<Value = (Format, Vec<u8>)> {
    prop_oneof![
        json().prop_map(|text| (Format::Json, text.into_bytes())),
        json().prop_map(|text| (Format::Yaml, text.into_bytes())),
        dotenv().prop_map(|text| (Format::Dotenv, text.into_bytes())),
        ini().prop_map(|text| (Format::Ini, text.into_bytes())),
        prop::collection::vec(any::<u8>(), 0..200).prop_map(|bytes| (Format::Binary, bytes)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_document_comes_back_from_encryption((format, bytes) in document()) {
        let plain = Plain::read(&bytes, format);
        prop_assume!(plain.is_ok());
        let plain = plain.expect("it was looked at");
        let before = written(&plain);
        let file = sealed(plain);
        let back = opened(&file, format).expect("it is ours");
        prop_assert_eq!(written(back.plain()), before);
    }

    #[test]
    fn a_changed_byte_of_a_value_or_the_mac_is_noticed(
        (format, bytes) in document(),
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        change in 1..=255_u8,
    ) {
        let plain = Plain::read(&bytes, format);
        prop_assume!(plain.is_ok());
        let plain = plain.expect("it was looked at");
        let mut file = sealed(plain);
        let text = String::from_utf8(file.clone()).expect("encrypted files are text");
        let places = ciphertexts(&text);
        let range = which.get(&places).clone();
        let at = range.start + place.index(range.len());
        file[at] ^= change;
        prop_assert!(opened(&file, format).is_none(), "byte {} of {}", at, text);
    }
}

/// As with `sops`, which reads no document there.
#[test]
fn comments_alone_are_no_document() {
    for text in ["", "# c\n", "\n"] {
        let plain = Plain::read(text.as_bytes(), Format::Yaml).expect("it is YAML");
        assert!(matches!(seal(plain, &terms(), NOW, &NoDialog), Err(SealError::NoDocument)), "{text:?}");
    }
    let nothing = || Plain::read(b"# c\n", Format::Yaml).expect("it is YAML");
    let file = sealed(Plain::read(b"a: 1\n", Format::Yaml).expect("it is YAML"));
    let opened = opened(&file, Format::Yaml).expect("it is ours");
    assert!(matches!(opened.reseal(nothing(), NOW), Err(SealError::NoDocument)));
}
