//! What Python knows of characters.
//!
//! The answers are those of one version of Unicode, that of CPython 3.11, which is why they
//! are data here: the tables of the standard library and of other crates follow the newest
//! version, and know characters that Python does not. The standard library maps to upper and
//! lower case; only where that needs a character that Python does not know is nothing mapped.

mod tables;

use tables::{classes, exceptions};

pub(crate) use tables::Class;

/// Whether the character is of a class.
pub(crate) fn is(class: Class, c: char) -> bool {
    classes(c) & class.bit() != 0
}

/// `str.isspace` of the character.
pub(crate) fn is_space(c: char) -> bool {
    match c {
        '\t'..='\r' | '\x1c'..='\x20' => true,
        _ => !c.is_ascii() && is(Class::Space, c),
    }
}

/// `str.isprintable` of the character.
pub(crate) fn is_printable(c: char) -> bool {
    if c.is_ascii() { matches!(c, ' '..='~') } else { is(Class::Printable, c) }
}

/// Whether the character has a case: it is a capital or small letter or is used as one.
pub(super) fn is_cased(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { is(Class::Cased, c) }
}

/// The value of a decimal digit of any script.
pub(crate) fn decimal(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    is(Class::Decimal, c).then(|| (u32::from(c) - tables::start_of_run(c)) % 10)
}

/// Appends the character in upper case.
pub(super) fn push_upper(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_uppercase());
    } else {
        push_known(c, c.to_uppercase(), out);
    }
}

/// Appends the character in lower case, without regard to its place in the word.
pub(super) fn push_lower(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else {
        push_known(c, c.to_lowercase(), out);
    }
}

/// Appends the character as the first of a word.
pub(super) fn push_title(c: char, out: &mut String) {
    match exceptions().title.get(&c) {
        Some(mapped) => out.push_str(mapped),
        None => push_upper(c, out),
    }
}

/// Appends the character as it is compared without regard to case.
pub(super) fn push_folded(c: char, out: &mut String) {
    match exceptions().fold.get(&c) {
        Some(mapped) => out.push_str(mapped),
        None => push_lower(c, out),
    }
}

fn push_known(c: char, mapped: impl Iterator<Item = char> + Clone, out: &mut String) {
    if mapped.clone().chain([c]).all(|c| is(Class::Assigned, c)) {
        out.extend(mapped);
    } else {
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

    fn step(value: u64, byte: u8) -> u64 {
        (value ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    }

    /// A digest as `xtask/peers/python/unicode.py` makes it.
    fn digest(answers: impl IntoIterator<Item = u8>) -> u64 {
        answers.into_iter().fold(EMPTY, step)
    }

    fn characters() -> impl Iterator<Item = char> {
        '\0'..=char::MAX
    }

    #[track_caller]
    fn check_mapping(push: fn(char, &mut String), expected: u64) {
        let mut text = String::new();
        for c in characters() {
            if c != '\0' {
                text.push('\n');
            }
            push(c, &mut text);
        }
        assert_eq!(digest(text.bytes()), expected);
    }

    #[test]
    fn every_character_is_of_the_classes_that_python_says() {
        let expected = [
            (Class::Alpha, 0x4ed4_e0fe_d479_eab9),
            (Class::Decimal, 0xa391_a4f4_115f_88e9),
            (Class::Digit, 0x0cc9_c436_3d4a_5da5),
            (Class::Numeric, 0xf9ed_f4ab_6aa9_f8d1),
            (Class::Lower, 0x0e5a_49ef_797d_1560),
            (Class::Upper, 0x2be5_8002_d0ed_51a4),
            (Class::Title, 0xe5c2_807c_98cb_7a38),
            (Class::Space, 0x7bb0_7f36_4b66_b908),
            (Class::Printable, 0x0149_ea8f_3082_3f59),
            (Class::IdentifierStart, 0xb1c1_cc11_d093_6f0e),
            (Class::IdentifierPart, 0xf6f5_3b15_6bb9_868a),
            (Class::Cased, 0xd24d_3a0b_3cb6_6114),
            (Class::CaseIgnorable, 0x9480_71e0_6596_1d1f),
            (Class::Assigned, 0x5c85_3dea_221c_4ab1),
        ];
        let mut digests = [EMPTY; 14];
        for classes in characters().map(classes) {
            for (digest, (class, _)) in digests.iter_mut().zip(expected) {
                *digest = step(*digest, u8::from(classes & class.bit() != 0));
            }
        }
        assert_eq!(digests, expected.map(|(_, digest)| digest));
    }

    #[test]
    fn short_cuts_for_ascii_say_the_same() {
        for c in '\0'..='\x7f' {
            assert_eq!(is_space(c), is(Class::Space, c), "{c:?}");
            assert_eq!(is_printable(c), is(Class::Printable, c), "{c:?}");
            assert_eq!(is_cased(c), is(Class::Cased, c), "{c:?}");
        }
    }

    #[test]
    fn every_character_is_mapped_as_python_maps_it() {
        check_mapping(push_upper, 0xc20f_2206_dcfb_c126);
        check_mapping(push_lower, 0x65c7_c290_ac53_5152);
        check_mapping(push_title, 0x42bf_b920_2487_3bf9);
        check_mapping(push_folded, 0xc32b_6258_9f13_7c7a);
    }

    #[test]
    fn decimal_digits_of_all_scripts_have_their_values() {
        let values = characters().filter_map(decimal);
        assert_eq!(digest(values.map(|value| value as u8)), 0x7a80_ae3a_79b2_2ebd);
    }
}
