//! The reading of kustomize: `yaml.v3` resolves the scalar, then JSON carries it.

use kiln_model::Value;

use super::kubernetes::{float, fraction, integer};
use super::shape::digits;
use crate::readings::{Reading, of_value};

pub(crate) fn plain(text: &str) -> Reading {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Reading::Null,
        "true" | "True" | "TRUE" => return Reading::Bool(true),
        "false" | "False" | "FALSE" => return Reading::Bool(false),
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf"
        | "-.Inf" | "-.INF" => return Reading::Refused,
        _ => {}
    }
    if text.starts_with('.') {
        return number(fraction(text));
    }
    if !text.starts_with(|first: char| matches!(first, '+' | '-' | '0'..='9')) {
        return Reading::Text;
    }
    if is_date(text) {
        return Reading::Date;
    }
    let clean = text.replace('_', "");
    number(integer(&clean).or_else(|| float(&clean)))
}

fn number(value: Option<Value>) -> Reading {
    value.map_or(Reading::Text, |value| of_value(&value))
}

/// Whether the library takes the text for a day or a point in time.
pub(super) fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let (day, clock) = rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count());
    let (Some(month), Some(day)) = (bounded(month, 1, 12), bounded(day, 1, 31)) else { return false };
    let Some(year) = bounded(year, 0, 9999).filter(|_| year.len() == 4) else { return false };
    let length = match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    day <= length
        && match clock.split_at_checked(1) {
            None => true,
            Some(("T" | "t", clock)) => is_clock(clock, true),
            Some((" ", clock)) => is_clock(clock.trim_start_matches(' '), false),
            Some(_) => false,
        }
}

/// `10:20:30.5`, behind `T` with a zone.
fn is_clock(text: &str, has_zone: bool) -> bool {
    let (clock, zone) = text.split_at(text.find(['Z', '+', '-']).unwrap_or(text.len()));
    let (clock, fraction) = clock.split_once(['.', ',']).map_or((clock, None), |(it, rest)| (it, Some(rest)));
    let parts: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return false };
    let is_time = bounded(hour, 0, 23).and(bounded(minute, 0, 59)).and(bounded(second, 0, 59)).is_some();
    is_time && fraction.is_none_or(digits) && if has_zone { is_zone(zone) } else { zone.is_empty() }
}

fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else { return text == "Z" };
    match offset.split_once(':') {
        Some((hour, minute)) if hour.len() == 2 && minute.len() == 2 => {
            bounded(hour, 0, 24).and(bounded(minute, 0, 60)).is_some()
        }
        _ => false,
    }
}

/// A number of one or two digits, or the four of a year, if it is in a range.
fn bounded(text: &str, least: u32, most: u32) -> Option<u32> {
    let fits = digits(text) && (text.len() <= 2 || most > 99 && text.len() == 4);
    text.parse().ok().filter(|it| fits && (least..=most).contains(it))
}
