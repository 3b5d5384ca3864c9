//! Numbers, as Python writes them.

use super::Kind;

/// Python reads no decimal integer that is longer.
const MAX_DIGITS: usize = 4300;

/// The number that `text` begins with, and its length; or what is wrong with it.
/// After a dot there is no floating-point number: `a.0.1` takes items.
pub(super) fn read<'s>(text: &str, after_dot: bool) -> Result<(Kind<'s>, usize), (&'static str, usize)> {
    if !after_dot && let Some(len) = float(text) {
        let digits: String = text[..len].chars().filter(|&character| character != '_').collect();
        let value = digits.parse().map_err(|_| ("a number has digits of one script only", len))?;
        return Ok((Kind::Float(value), len));
    }
    let (radix, digits, len) = integer(text);
    if digits.len() > MAX_DIGITS {
        return Err(("this number has more than 4300 digits", len));
    }
    let kind = match digits
        .iter()
        .try_fold(0i64, |value, &digit| value.checked_mul(i64::from(radix))?.checked_add(i64::from(digit)))
    {
        Some(value) => Kind::Int(value),
        None => Kind::BigInt(decimal(&digits, radix)),
    };
    Ok((kind, len))
}

/// The length of the floating-point number that `text` begins with.
fn float(text: &str) -> Option<usize> {
    let whole = digits(text)?;
    let fraction = fraction(text, whole);
    exponent(text, fraction.unwrap_or(whole)).or(fraction)
}

fn fraction(text: &str, start: usize) -> Option<usize> {
    let digits = digits(text[start..].strip_prefix('.')?)?;
    Some(start + 1 + digits)
}

fn exponent(text: &str, start: usize) -> Option<usize> {
    let rest = text[start..].strip_prefix(['e', 'E'])?;
    let unsigned = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    Some(text.len() - unsigned.len() + digits(unsigned)?)
}

/// The length of the digits that `text` begins with, single underscores between them.
fn digits(text: &str) -> Option<usize> {
    let end = run(text, 10, &mut |_| {});
    (end > 0 && !text.starts_with('_')).then_some(end)
}

/// The radix, the digits and the length of the integer that `text` begins with.
fn integer(text: &str) -> (u8, Vec<u8>, usize) {
    let radix = match text.as_bytes() {
        [b'0', b'b' | b'B', ..] => 2,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'x' | b'X', ..] => 16,
        _ => 10,
    };
    let mut digits = Vec::new();
    if radix != 10 {
        let len = run(&text[2..], radix, &mut |digit| digits.push(digit));
        if len > 0 {
            return (radix, digits, 2 + len);
        }
    }
    // Nothing but zeros may follow a zero.
    let radix = if text.starts_with('0') { 1 } else { 10 };
    let len = run(text, radix, &mut |digit| digits.push(digit));
    (10, digits, len)
}

/// The length of the digits below `radix` that `text` begins with, each after at most one
/// underscore.
fn run(text: &str, radix: u8, found: &mut dyn FnMut(u8)) -> usize {
    let mut end = 0;
    loop {
        let rest = &text[end..];
        let digits = rest.strip_prefix('_').unwrap_or(rest);
        let first = digits.chars().next();
        let Some((character, digit)) = first.and_then(|first| Some((first, digit(first, radix)?))) else {
            return end;
        };
        found(digit);
        end = text.len() - digits.len() + character.len_utf8();
    }
}

fn digit(character: char, radix: u8) -> Option<u8> {
    let value = match character {
        '0'..='9' => character as u8 - b'0',
        'a'..='f' => character as u8 - b'a' + 10,
        'A'..='F' => character as u8 - b'A' + 10,
        _ if character.is_ascii() || radix < 10 => return None,
        _ => other_digit(character)?,
    };
    (value < radix).then_some(value)
}

/// The value of a decimal digit of another script; Python counts with them.
fn other_digit(character: char) -> Option<u8> {
    let code = character as u32;
    let zero = ZEROS[..ZEROS.partition_point(|&zero| zero <= code)].last()?;
    u8::try_from(code - zero).ok().filter(|&value| value < 10)
}

/// The decimal digits of a number that is given by its digits in another radix.
fn decimal(digits: &[u8], radix: u8) -> String {
    const LIMB: u64 = 1_000_000_000;
    let mut limbs: Vec<u64> = vec![0];
    for &digit in digits {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            carry += *limb * u64::from(radix);
            *limb = carry % LIMB;
            carry /= LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut text: String = limbs.iter().rev().map(|limb| format!("{limb:09}")).collect();
    text.drain(..text.len() - text.trim_start_matches('0').len());
    text
}

/// The zeros of the scripts that have decimal digits (general category Nd of Unicode 14.0,
/// which Python 3.11 knows); the other nine follow each.
const ZEROS: [u32; 65] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
    0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0,
    0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50,
    0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140,
    0x1e2f0, 0x1e950, 0x1fbf0,
];
