//! Character references, read as `html.unescape` reads them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::fault::Result;
use crate::{Fault, meter};

/// The text with its character references replaced.
///
/// # Errors
/// If the meter runs out; `ValueError` for a number of more than 4300 digits.
pub(super) fn unescape(text: &str) -> Result<String> {
    meter::charge_text(text.len())?;
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, reference)) = rest.split_once('&') {
        out.push_str(before);
        rest = match reference.strip_prefix('#').and_then(numeric) {
            Some((number, after)) => {
                push_numeric(&number, &mut out)?;
                after
            }
            None => push_named(reference, &mut out),
        };
    }
    out.push_str(rest);
    Ok(out)
}

struct Number<'a> {
    digits: &'a str,
    radix: u32,
}

/// A number at the beginning of a text, and what comes after it and its semicolon.
fn numeric(text: &str) -> Option<(Number<'_>, &str)> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (digits, after) = digits.split_at(length);
    let after = after.strip_prefix(';').unwrap_or(after);
    (!digits.is_empty()).then_some((Number { digits, radix }, after))
}

fn push_numeric(number: &Number<'_>, out: &mut String) -> Result<()> {
    if number.radix == 10 && number.digits.len() > 4300 {
        return Err(Fault::value_error("a character reference has too many digits"));
    }
    let digits = number.digits.trim_start_matches('0');
    let code = match digits.len() {
        0 => 0,
        // What is longer than any code is the number of no character.
        1..=7 => u32::from_str_radix(digits, number.radix).unwrap_or(u32::MAX),
        _ => u32::MAX,
    };
    match code {
        0 => out.push('\u{FFFD}'),
        0x80..=0x9F => out.push(windows_1252(code)),
        0x01..=0x08 | 0x0B | 0x0E..=0x1F | 0x7F | 0xFDD0..=0xFDEF => {}
        _ if code <= 0x10_FFFF && code & 0xFFFE == 0xFFFE => {}
        _ => out.push(char::from_u32(code).unwrap_or('\u{FFFD}')),
    }
    Ok(())
}

/// What HTML takes the codes of the second control characters for.
fn windows_1252(code: u32) -> char {
    const MEANT: [char; 32] = [
        '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}',
        '\u{2C6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}', '\u{90}',
        '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2DC}',
        '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
    ];
    MEANT.get((code as usize).saturating_sub(0x80)).copied().unwrap_or('\u{FFFD}')
}

/// The names, without the ampersand; some are complete without a semicolon.
static NAMES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let name = |entity: &entities::Entity| Some((entity.entity.strip_prefix('&')?, entity.characters));
    entities::ENTITIES.iter().filter_map(name).collect()
});

/// No name is longer, its semicolon not counted.
const LONGEST: usize = 32;

/// Appends what the longest name at the beginning of `text` stands for, or the ampersand if
/// there is none, and gives the rest.
fn push_named<'a>(text: &'a str, out: &mut String) -> &'a str {
    let ends = |c: char| matches!(c, '\t' | '\n' | '\x0c' | ' ' | '<' | '&' | '#' | ';');
    let length = text.find(ends).unwrap_or(text.len());
    let within = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let (name, after) = text.split_at(length.min(within));
    if after.starts_with(';')
        && let Some(characters) = text.get(..name.len() + 1).and_then(|name| NAMES.get(name))
    {
        out.push_str(characters);
        return after.strip_prefix(';').unwrap_or(after);
    }
    for end in (2..=name.len()).rev() {
        if let Some(characters) = name.get(..end).and_then(|name| NAMES.get(name)) {
            out.push_str(characters);
            return text.get(end..).unwrap_or("");
        }
    }
    out.push('&');
    text
}
