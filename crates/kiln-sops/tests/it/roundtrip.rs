//! Any document comes back from encryption as it went in.

use proptest::prelude::*;

use crate::common::{decrypt, is_kept, output, rule, try_encrypt};

/// A value as JSON, which is YAML too.
fn value() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        any::<String>(),
        "[ -~\n]{0,12}",
        prop::sample::select(vec![
            "true",
            "0644",
            "2024-01-01",
            "~",
            "<<",
            "- a",
            "a: b",
            " x\n",
            "ENC[x]",
            "1:30"
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        text.prop_map(|text| quoted(&text)),
        any::<i64>().prop_map(|it| it.to_string()),
        // A negative zero is written `-0`, which reads as an integer.
        any::<f64>()
            .prop_filter("written as it is", |it| it.is_finite() && it.to_bits() != (-0.0_f64).to_bits())
            .prop_map(|it| format!("{it:e}")),
        prop::sample::select(vec!["null", "true", "false", "2024-01-02", ".inf", "\"\"", "{}", "[]"])
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            map(inner),
        ]
    })
}

fn map(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let key = prop_oneof!["[a-z]{1,4}", "[ -~]{1,9}", "\\PC{1,9}"]
        .prop_filter("taken", |key| key != "sops" && key != "<<");
    prop::collection::btree_map(key, value, 1..4).prop_map(|entries| {
        let entries: Vec<_> =
            entries.iter().map(|(key, value)| format!("{}: {value}", quoted(key))).collect();
        format!("{{{}}}", entries.join(", "))
    })
}

/// A YAML text in double quotes; everything but plain letters is escaped.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|it| match it {
        ' '..='~' if it != '"' && it != '\\' => it.to_string(),
        _ => format!("\\U{:08X}", u32::from(it)),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_document_comes_back_as_it_was(document in map(value()), mac_only in any::<bool>()) {
        let document = format!("always: here\n---\n{document}\n");
        let policy = rule(if mac_only { "    mac_only_encrypted: true\n" } else { "" });
        let file = try_encrypt(&output(&document), &policy, None);
        let file = file.map_err(|codes| TestCaseError::fail(format!("{codes:?}")))?.artifact;
        // Kept means: the decrypted file equals the plain document in values, types and order.
        let again = try_encrypt(&output(&document), &policy, Some(file.bytes()));
        prop_assert!(again.is_ok_and(|again| is_kept(&again)));
        // The same holds for the decrypted text, where a number may have become another type.
        let opened = decrypt(file.bytes()).unwrap();
        let next = try_encrypt(&output(&opened), &policy, None).ok().unwrap();
        prop_assert_eq!(decrypt(next.artifact.bytes()).unwrap(), opened);
    }

    #[test]
    fn what_was_encrypted_once_is_kept_the_next_time(text in lines(), regex in any::<bool>()) {
        let policy = rule(if regex { "    encrypted_regex: a\n" } else { "" });
        if let Ok(first) = try_encrypt(&output(&text), &policy, None) {
            let again = try_encrypt(&output(&text), &policy, Some(first.artifact.bytes()));
            prop_assert!(again.is_ok_and(|again| is_kept(&again)), "{}", String::from_utf8_lossy(first.artifact.bytes()));
        }
    }
}

/// Lines of YAML with comments in likely and unlikely places; many fit together.
fn lines() -> impl Strategy<Value = String> {
    let indent = prop::sample::select(vec!["", "", "  ", "    ", "      "]);
    let start = prop::sample::select(vec!["", "- ", "a: ", "b: ", "- a: ", "- - ", "c:", "? d", "-"]);
    let rest = prop::sample::select(vec![
        "",
        "x",
        "# c",
        "x # d",
        "[y, # e\n z]",
        "{} # f",
        "|\n     g",
        "| # h\n     i",
        "&k",
        "*k",
    ]);
    prop::collection::vec((indent, start, rest), 1..9).prop_map(|lines| {
        lines.iter().map(|(indent, start, rest)| format!("{indent}{start}{rest}\n")).collect()
    })
}
