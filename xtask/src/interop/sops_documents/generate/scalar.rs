//! Texts and numbers that readers and writers stumble over.

use fastrand::Rng;

use super::{one_of, sometimes};

const WORDS: &[&str] = &[
    "token",
    "hunter2",
    "a b",
    "true",
    "True",
    "yes",
    "on",
    "null",
    "~",
    "0644",
    "0o17",
    "0x1F",
    "1_000",
    "12",
    "-5",
    "1.0",
    "1e3",
    "1.5e300",
    ".5",
    ".inf",
    ".nan",
    "2024-01-01",
    "2024-01-01T10:00:00Z",
    "12:30:45",
    "1:30",
    "9223372036854775807",
    "a:b",
    "a#b",
    "it's",
    "say \"x\"",
    "C:\\dir",
    "grüße",
    "日本",
    "😀",
    "100%",
    "@x",
    "`x`",
    "*a",
    "&a",
    "!a",
    "|",
    ">",
    "-",
    "- a",
    "?",
    "? a",
    ":",
    ": a",
    "{a}",
    "[a]",
    "a,b",
    "# c",
    "---",
    "...",
    "=",
    "<<",
    "ENC[AES256_GCM,data:x]",
    "a\tb",
    "é",
    "\u{a0}",
    "\u{feff}x",
    "\u{7f}",
    "\u{1b}",
    "AGE-SECRET-KEY-1",
    "postgres://u:p@h:5432/db?x=y&z=<w>",
    "{{ template }}",
    "$HOME ${x}",
    "\\n",
    "a\\",
    "'",
    "\"",
];

/// A text without line breaks.
pub(super) fn word(rng: &mut Rng) -> String {
    match rng.u32(..10) {
        0..6 => one_of(rng, WORDS).to_owned(),
        6 => String::new(),
        7 => "x".repeat(one_of(rng, &[60, 80, 128, 129, 300])),
        _ => (0..rng.usize(1..12))
            .map(|_| one_of(rng, &['a', 'z', '0', ' ', ':', '#', '-', '\'', '"', 'ß']))
            .collect(),
    }
}

/// A text that may have line breaks.
pub(super) fn text(rng: &mut Rng) -> String {
    if sometimes(rng, 75) {
        return word(rng);
    }
    let mut text: String = (0..rng.usize(1..5))
        .map(|_| {
            one_of(
                rng,
                &[
                    "\n",
                    "line\n",
                    "  indented\n",
                    "trailing \n",
                    "# no comment\n",
                    "a: b\n",
                    "\ttab\n",
                    "- x\n",
                ],
            )
        })
        .collect();
    if sometimes(rng, 50) {
        text.push_str("end");
    }
    text
}

/// A number as JSON and YAML spell it; not a negative zero, which sops reads back as another.
pub(super) fn number(rng: &mut Rng) -> String {
    match rng.u32(..5) {
        0 => rng.i64(..).to_string(),
        1 => rng.i32(-100..1000).to_string(),
        2 => format!("{:?}", f64::from(rng.i32(1..100_000)) / -64.0),
        3 => format!("{:e}", f64::from_bits(rng.u64(..0x7ff0_0000_0000_0000))),
        _ => one_of(rng, &["0", "1.0", "1e3", "1E-7", "1e21", "0.000001", "123456789.125"]).to_owned(),
    }
}
