//! How a text is written: plain where that is read back as the same text.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::resolve;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// The longest key that is written without `?`, in bytes.
const SIMPLE_KEY: usize = 128;

/// The style of a text.
pub(super) fn of(text: &str) -> Style {
    let shape = Shape::of(text);
    if text.contains('\n') {
        return if shape.literal { Style::Literal } else { Style::Double };
    }
    if !resolve::stays_text(text) || is_old_word(text) || is_base_60(text) {
        return Style::Double;
    }
    if shape.plain {
        Style::Plain
    } else if shape.single {
        Style::Single
    } else {
        Style::Double
    }
}

/// The style of base64, which has a tag and so cannot be taken for something else.
pub(super) fn of_data(text: &str) -> Style {
    if text.contains('\n') { Style::Literal } else { Style::Plain }
}

/// Whether a key is written without `?`: it is short and has no breaks.
pub(super) fn is_simple_key(key: &str) -> bool {
    key.len() <= SIMPLE_KEY && !key.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
}

/// Whether a literal needs to say how far it is indented.
pub(super) fn needs_hint(text: &str) -> bool {
    text.starts_with([' ', '\n'])
}

/// How a character is written between double quotes, if not as itself; with `all`, none is.
pub(super) fn escape(it: char, all: bool) -> Option<Cow<'static, str>> {
    let named = match it {
        '\0' => "\\0",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{1b}' => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{85}' => "\\N",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        _ if is_printable(it) && !all => return None,
        _ => {
            let code = u32::from(it);
            return Some(Cow::Owned(match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            }));
        }
    };
    Some(Cow::Borrowed(named))
}

/// What go-yaml writes as it is: nothing above U+FFFF, no byte order mark.
fn is_printable(it: char) -> bool {
    matches!(it, '\n' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Words that YAML 1.1 takes for booleans.
fn is_old_word(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "off"
            | "Off"
            | "OFF"
    )
}

/// Numbers like `1:30` that YAML 1.1 counts in sixties.
fn is_base_60(text: &str) -> bool {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$").expect("a valid pattern")
    });
    text.contains(':') && SHAPE.is_match(text)
}

/// Which styles can hold a text.
struct Shape {
    plain: bool,
    single: bool,
    literal: bool,
}

impl Shape {
    fn of(text: &str) -> Shape {
        let special = text.chars().any(|it| it != '\t' && !is_printable(it));
        let tab = text.contains('\t');
        let space_break = text.contains(" \n");
        let break_space = text.contains("\n ");
        let edge = text.starts_with([' ', '\n']) || text.ends_with([' ', '\n']);
        Shape {
            plain: !(special || tab || edge || text.contains('\n') || has_indicator(text)),
            single: !(special || tab || space_break || break_space),
            literal: !(special || space_break || text.ends_with(' ')),
        }
    }
}

/// Whether a plain text would be cut short, or taken for something else than a scalar.
fn has_indicator(text: &str) -> bool {
    let blank_at = |at: usize| text.as_bytes().get(at).is_none_or(|it| matches!(it, b' ' | b'\t' | b'\n'));
    let first = match text.as_bytes().first() {
        Some(
            b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
            | b'@' | b'`',
        ) => true,
        Some(b'?' | b':' | b'-') => blank_at(1),
        _ => false,
    };
    first
        || text.starts_with("---")
        || text.starts_with("...")
        || text.match_indices(':').any(|(at, _)| blank_at(at + 1))
        || text.match_indices('#').any(|(at, _)| at > 0 && blank_at(at - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Styles as sops 3.13.3 writes these texts.
    #[test]
    fn quotes_stand_only_where_they_are_needed() {
        for (text, style) in [
            ("hello world", Style::Plain),
            ("a:b#c", Style::Plain),
            ("-x", Style::Plain),
            ("ENC[AES256_GCM,data:x,iv:y=,tag:z,type:str]", Style::Plain),
            ("", Style::Double),
            ("true", Style::Double),
            ("0644", Style::Double),
            ("2024-01-01", Style::Double),
            ("yes", Style::Double),
            ("1:30", Style::Double),
            ("a: b", Style::Single),
            ("a #b", Style::Single),
            (" a", Style::Single),
            ("*a", Style::Single),
            ("it's", Style::Plain),
            ("- a", Style::Single),
            ("---x", Style::Single),
            ("a\tb", Style::Double),
            ("😀", Style::Double),
            ("grüße", Style::Plain),
            ("a\nb", Style::Literal),
            ("a \nb", Style::Double),
            ("a\n b", Style::Literal),
            ("a\n ", Style::Double),
            ("a\tb\n", Style::Literal),
            ("a\r\nb", Style::Double),
        ] {
            assert_eq!(of(text), style, "{text:?}");
        }
    }
}
