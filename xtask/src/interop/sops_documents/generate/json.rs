//! JSON texts: any white space, escapes, and keys that are there twice.

use fastrand::Rng;

use super::{one_of, scalar, sometimes};

/// An object.
pub(super) fn document(rng: &mut Rng) -> String {
    let mut out = String::new();
    blank(rng, &mut out);
    object(rng, 0, &mut out);
    blank(rng, &mut out);
    out
}

fn object(rng: &mut Rng, depth: usize, out: &mut String) {
    collection(rng, ['{', '}'], out, |rng, index, out| {
        let key = if sometimes(rng, 50) { format!("k{index}") } else { key(rng) };
        string(rng, &key, out);
        blank(rng, out);
        out.push(':');
        blank(rng, out);
        value(rng, depth, out);
    });
}

/// A key, some of which a selection takes.
fn key(rng: &mut Rng) -> String {
    match rng.u32(..3) {
        0 => one_of(rng, &["password", "data", "public_unencrypted", "token_secret"]).to_owned(),
        _ => scalar::word(rng),
    }
}

fn value(rng: &mut Rng, depth: usize, out: &mut String) {
    match rng.u32(..10) {
        0 if depth < 6 => object(rng, depth + 1, out),
        1 if depth < 6 => collection(rng, ['[', ']'], out, |rng, _, out| value(rng, depth + 1, out)),
        2 => out.push_str(&scalar::number(rng)),
        3 => out.push_str(one_of(rng, &["true", "false", "null", "{}", "[]", "\"\""])),
        _ => {
            let text = scalar::text(rng);
            string(rng, &text, out);
        }
    }
}

fn collection(
    rng: &mut Rng,
    brackets: [char; 2],
    out: &mut String,
    mut element: impl FnMut(&mut Rng, usize, &mut String),
) {
    out.push(brackets[0]);
    blank(rng, out);
    for index in 0..rng.usize(..6) {
        if index > 0 {
            out.push(',');
            blank(rng, out);
        }
        element(rng, index, out);
        blank(rng, out);
    }
    out.push(brackets[1]);
}

fn string(rng: &mut Rng, text: &str, out: &mut String) {
    out.push('"');
    let mut units = [0; 2];
    for it in text.chars() {
        match it {
            '"' | '\\' => out.extend(['\\', it]),
            '/' if sometimes(rng, 50) => out.push_str("\\/"),
            '\n' if sometimes(rng, 90) => out.push_str("\\n"),
            _ if it < ' ' || sometimes(rng, 3) => {
                it.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            }
            _ => out.push(it),
        }
    }
    out.push('"');
}

fn blank(rng: &mut Rng, out: &mut String) {
    out.push_str(one_of(rng, &["", "", " ", "\n", "\t", "\r\n  "]));
}
