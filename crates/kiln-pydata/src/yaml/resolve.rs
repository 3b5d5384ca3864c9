//! What a scalar without quotes is: the types of YAML 1.1 (<https://yaml.org/type/>), as far as
//! and in the forms in which PyYAML knows them.

use super::node::Tag;

/// What a scalar without quotes and tag is.
pub(super) fn resolve(text: &str) -> Tag {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Tag::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" | "no" | "No" | "NO"
        | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Tag::Bool,
        "<<" => Tag::Merge,
        "=" => Tag::Value,
        _ if is_float(text) => Tag::Float,
        _ if is_integer(text) => Tag::Int,
        _ if is_date(text) || Moment::read(text).is_some() => Tag::Timestamp,
        _ => Tag::Str,
    }
}

/// A text without its sign, and whether it had one.
fn unsigned(text: &str) -> (&str, bool) {
    let rest = text.strip_prefix(['+', '-']);
    (rest.unwrap_or(text), rest.is_some())
}

/// Digits and `_`, beginning with a digit.
fn spaced_digits(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit()) && text.bytes().all(is_spaced_digit)
}

fn is_spaced_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// One place of a number to the base 60: 0 to 59 in one or two digits.
fn is_sixtieth(text: &str) -> bool {
    digits(text) && (text.len() == 1 || text.len() == 2 && text.as_bytes()[0] <= b'5')
}

fn is_integer(text: &str) -> bool {
    let (body, _) = unsigned(text);
    if let Some(binary) = body.strip_prefix("0b") {
        return !binary.is_empty() && binary.bytes().all(|byte| matches!(byte, b'0' | b'1' | b'_'));
    }
    if let Some(hex) = body.strip_prefix("0x") {
        return !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    if let Some(octal) = body.strip_prefix('0') {
        return octal.bytes().all(|byte| matches!(byte, b'0'..=b'7' | b'_'));
    }
    let mut places = body.split(':');
    places.next().is_some_and(spaced_digits) && places.all(is_sixtieth)
}

fn is_float(text: &str) -> bool {
    let (body, signed) = unsigned(text);
    match body {
        ".inf" | ".Inf" | ".INF" => return true,
        ".nan" | ".NaN" | ".NAN" => return !signed,
        _ => {}
    }
    let (mantissa, power) = match body.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, Some(power)),
        None => (body, None),
    };
    // Unlike in YAML 1.2 the sign of the exponent must be written.
    if power.is_some_and(|power| !(unsigned(power).1 && digits(unsigned(power).0))) {
        return false;
    }
    let Some((whole, fraction)) = mantissa.split_once('.') else { return false };
    if whole.is_empty() {
        return !signed && spaced_digits(fraction);
    }
    let mut places = whole.split(':');
    let first = places.next().is_some_and(spaced_digits);
    let base_60 = whole.contains(':');
    first && places.all(is_sixtieth) && fraction.bytes().all(is_spaced_digit) && !(base_60 && power.is_some())
}

/// `2024-05-01`
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// The parts of a date, or of a date and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment<'a> {
    pub(super) day: [&'a str; 3],
    pub(super) clock: Option<Clock<'a>>,
}

/// The parts of a time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clock<'a> {
    pub(super) time: [&'a str; 3],
    pub(super) fraction: &'a str,
    pub(super) zone: Option<Zone<'a>>,
}

/// How a time of day says where it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Zone<'a> {
    Utc,
    Offset { negative: bool, hour: &'a str, minute: Option<&'a str> },
}

impl<'a> Moment<'a> {
    /// The parts of a text that is a date and time.
    pub(super) fn read(text: &'a str) -> Option<Moment<'a>> {
        Moment::read_any(text).filter(|moment| moment.clock.is_some())
    }

    /// The parts of a text that is a date, also with a month or day of one digit, or a date and
    /// time.
    pub(super) fn read_any(text: &'a str) -> Option<Moment<'a>> {
        let mut parts = Parts { rest: text };
        let year = parts.digits(4, 4)?;
        let month = parts.after("-")?.digits(1, 2)?;
        let day = parts.after("-")?.digits(1, 2)?;
        let clock = if parts.rest.is_empty() { None } else { Some(parts.clock()?) };
        Some(Moment { day: [year, month, day], clock })
    }
}

struct Parts<'a> {
    rest: &'a str,
}

impl<'a> Parts<'a> {
    /// At least and at most so many digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<&'a str> {
        let count = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        (count >= least).then_some(digits)
    }

    fn after(&mut self, text: &str) -> Option<&mut Parts<'a>> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(self)
    }

    fn skip_blanks(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t']);
        let any = rest.len() < self.rest.len();
        self.rest = rest;
        any
    }

    fn clock(&mut self) -> Option<Clock<'a>> {
        match self.rest.strip_prefix(['T', 't']) {
            Some(rest) => self.rest = rest,
            None if self.skip_blanks() => {}
            None => return None,
        }
        let hour = self.digits(1, 2)?;
        let minute = self.after(":")?.digits(2, 2)?;
        let second = self.after(":")?.digits(2, 2)?;
        let fraction = match self.rest.strip_prefix('.') {
            Some(rest) => {
                self.rest = rest;
                self.digits(0, usize::MAX)?
            }
            None => "",
        };
        let zone = self.zone()?;
        self.rest.is_empty().then_some(Clock { time: [hour, minute, second], fraction, zone })
    }

    /// The zone, if anything is left.
    fn zone(&mut self) -> Option<Option<Zone<'a>>> {
        if self.rest.is_empty() {
            return Some(None);
        }
        self.skip_blanks();
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Some(Some(Zone::Utc));
        }
        let negative = self.rest.starts_with('-');
        self.rest = self.rest.strip_prefix(['+', '-'])?;
        let hour = self.digits(1, 2)?;
        let minute = match self.rest.is_empty() {
            true => None,
            false => Some(self.after(":")?.digits(2, 2)?),
        };
        Some(Some(Zone::Offset { negative, hour, minute }))
    }
}
