//! Dates and times in the forms of ISO 8601 that Python 3.11 reads.
//!
//! Its reader is laxer than the standard here and there, and what it takes is taken here too.

use std::sync::Arc;

use time::Date as Day;

use crate::Fault;
use crate::fault::Result;

use super::calendar;
use super::clock::{Clock, HOUR, MINUTE, SECOND};
use super::zone::Zone;

/// A time of day and its zone.
pub(super) type ZonedClock = (Clock, Option<Arc<Zone>>);

/// `date.fromisoformat`.
///
/// # Errors
/// `ValueError` if the text is no date.
pub(super) fn date(text: &str) -> Result<Day> {
    match text.len() {
        7 | 8 | 10 => read_day(text.as_bytes()),
        _ => Err(malformed("a date")),
    }
}

/// `datetime.fromisoformat`.
///
/// # Errors
/// `ValueError` if the text is no date with or without a time.
pub(super) fn datetime(text: &str) -> Result<(Day, ZonedClock)> {
    let bytes = text.as_bytes();
    let end = day_length(bytes).filter(|end| *end <= bytes.len() && text.is_char_boundary(*end));
    let (day, rest) = text.split_at(end.ok_or_else(|| malformed("a date with a time"))?);
    let day = read_day(day.as_bytes())?;
    let mut rest = rest.chars();
    // One character stands between date and time, whatever it is.
    let clock = match rest.next() {
        None => (Clock::MIDNIGHT, None),
        Some(_) => read_time(rest.as_str().as_bytes())?,
    };
    Ok((day, clock))
}

/// `time.fromisoformat`.
///
/// # Errors
/// `ValueError` if the text is no time.
pub(super) fn time(text: &str) -> Result<ZonedClock> {
    read_time(text.strip_prefix('T').unwrap_or(text).as_bytes())
}

/// How long the date at the start of a text is. Weeks are ambiguous: in `2024-W01-12`, `-12`
/// is an hour, and in `2024W01123` it takes the number of digits to tell.
fn day_length(text: &[u8]) -> Option<usize> {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    match (text.get(4), text.get(5)) {
        _ if text.len() < 7 => None,
        _ if text.len() == 7 => Some(7),
        (Some(b'-'), Some(b'W')) => match text.get(8) {
            Some(b'-') if text.len() == 9 => None,
            Some(b'-') if digit(10) => Some(8),
            Some(b'-') => Some(10),
            _ => Some(8),
        },
        (Some(b'-'), _) => Some(10),
        (Some(b'W'), _) => {
            let digits = (7..text.len()).take_while(|at| digit(*at)).count();
            match digits {
                0 => Some(7),
                1 => Some(8),
                _ if digits % 2 == 1 => Some(7),
                _ => Some(8),
            }
        }
        _ => Some(8),
    }
}

fn read_day(text: &[u8]) -> Result<Day> {
    let mut text = Reader { text, at: 0 };
    let fault = || malformed("a date");
    let year = text.number(4).ok_or_else(fault)?;
    let dashes = text.take(b'-');
    // Python does not look behind the date: `2024030512` is the fifth of March.
    if text.take(b'W') {
        let week = text.number(2).ok_or_else(fault)?;
        let weekday = match text.rest() {
            [] => 1,
            _ if dashes && !text.take(b'-') => return Err(fault()),
            _ => text.number(1).ok_or_else(fault)?,
        };
        calendar::from_week(year, week, weekday)
    } else {
        let month = text.number(2).ok_or_else(fault)?;
        if dashes && !text.take(b'-') {
            return Err(fault());
        }
        calendar::day(year, month, text.number(2).ok_or_else(fault)?)
    }
}

fn read_time(text: &[u8]) -> Result<ZonedClock> {
    let fault = || malformed("a time");
    let sign = text.iter().position(|byte| matches!(byte, b'+' | b'-' | b'Z'));
    let (clock, zone) = text.split_at(sign.unwrap_or(text.len()));
    let parts = Parts::read(clock).ok_or_else(fault)?;
    let zone = match zone {
        // What is left over in front of a zone goes unnoticed.
        [] if !parts.complete => return Err(fault()),
        [] => None,
        [b'Z'] => Some(Zone::utc()),
        [sign @ (b'+' | b'-'), offset @ ..] => {
            let offset = Parts::read(offset).filter(|parts| parts.complete).ok_or_else(fault)?;
            Some(offset.zone(*sign == b'-')?)
        }
        _ => return Err(fault()),
    };
    Ok((Clock::new(parts.hour, parts.minute, parts.second, parts.microsecond)?, zone))
}

/// Hours, minutes, seconds and microseconds, as they are written.
#[derive(Default)]
struct Parts {
    hour: i64,
    minute: i64,
    second: i64,
    microsecond: i64,
    /// Whether there was nothing else.
    complete: bool,
}

impl Parts {
    fn read(text: &[u8]) -> Option<Parts> {
        let mut text = Reader { text, at: 0 };
        let mut parts = Parts::default();
        let mut colons = false;
        for place in 0..3 {
            let number = text.number(2)?;
            match place {
                0 => parts.hour = number,
                1 => parts.minute = number,
                _ => parts.second = number,
            }
            let next = match text.rest() {
                [] => {
                    parts.complete = true;
                    return Some(parts);
                }
                [_] => return Some(parts),
                [next, ..] => *next,
            };
            colons = if place == 0 { next == b':' } else { colons };
            match next {
                b':' if colons => text.at += 1,
                b'.' | b',' => {
                    text.at += 1;
                    break;
                }
                _ if colons => return None,
                _ => {}
            }
        }
        parts.microsecond = text.fraction()?;
        parts.complete = text.rest().is_empty();
        Some(parts)
    }

    fn zone(&self, west: bool) -> Result<Arc<Zone>> {
        let whole = self.hour * HOUR + self.minute * MINUTE + self.second * SECOND;
        // An offset of less than a second is none to Python.
        let offset = if whole == 0 { 0 } else { whole + self.microsecond };
        Zone::new(if west { -offset } else { offset })
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.rest().first() == Some(&byte);
        self.at += usize::from(found);
        found
    }

    /// A number of so many digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let text = self.rest().get(..digits)?;
        let mut number = 0;
        for byte in text {
            number = number * 10 + i64::from(char::from(*byte).to_digit(10)?);
        }
        self.at += digits;
        Some(number)
    }

    /// Digits behind the point as microseconds. There are six at most, and then more digits
    /// that do not count.
    fn fraction(&mut self) -> Option<i64> {
        let digits = self.rest().len().min(6);
        let number = self.number(digits)?;
        while self.rest().first().is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        Some((digits..6).fold(number, |number, _| number * 10))
    }
}

fn malformed(what: &str) -> Fault {
    Fault::value_error(format!("the text is not {what} in a form of ISO 8601"))
        .help("write it as `2024-05-01`, `2024-05-01T12:30:00` or `12:30:00`")
}
