//! Numbers, dates and times of TOML.

use kiln_python::{Py, dates, parse_float, parse_int};

use super::cursor::Cursor;
use crate::DataError;

impl Cursor<'_> {
    pub(super) fn date_or_number(&mut self) -> Result<Py, DataError> {
        let rest = self.rest();
        if let Some((length, date)) = date(rest) {
            let value = date.value().ok_or_else(|| self.error("there is no such day"))?;
            self.advance(length);
            return Ok(value);
        }
        if let Some((length, [hour, minute, second, microsecond])) = clock(rest) {
            self.advance(length);
            let text = format!("{hour:02}:{minute:02}:{second:02}.{microsecond:06}");
            return dates::parse_iso_time(&text).map_err(|_| self.error("there is no such time of day"));
        }
        if let Some((length, number)) = number(rest) {
            let value = number.ok_or_else(|| self.error("an integer has too many digits"))?;
            self.advance(length);
            return Ok(value);
        }
        for (word, value) in WORDS {
            if self.take(word) {
                return Ok(Py::Float(value));
            }
        }
        Err(self.error("expected a value").help("write quotes around the value if it is text"))
    }
}

const WORDS: [(&str, f64); 6] = [
    ("inf", f64::INFINITY),
    ("nan", f64::NAN),
    ("+inf", f64::INFINITY),
    ("-inf", f64::NEG_INFINITY),
    ("+nan", f64::NAN),
    ("-nan", f64::NAN),
];

/// The length of the number that `text` begins with, and its value; none as value if it has
/// too many digits.
fn number(text: &str) -> Option<(usize, Option<Py>)> {
    let based = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find_map(|(prefix, base)| {
        let digits = digits(text.strip_prefix(prefix)?, base);
        (digits > 0).then_some(prefix.len() + digits)
    });
    let length = based.or_else(|| decimal(text))?;
    let written = text.get(..length)?;
    if based.is_some() || !written.contains(['.', 'e', 'E']) {
        return Some((length, parse_int(written, 0).ok()));
    }
    Some((length, parse_float(written).ok().map(Py::Float)))
}

/// The length of the decimal number that `text` begins with.
fn decimal(text: &str) -> Option<usize> {
    let rest = |from: usize| text.get(from..).unwrap_or_default();
    let sign = usize::from(text.starts_with(['+', '-']));
    let whole = if rest(sign).starts_with('0') { 1 } else { digits(rest(sign), 10) };
    if whole == 0 {
        return None;
    }
    let mut end = sign + whole;
    if let Some(fraction) = rest(end).strip_prefix('.') {
        let count = digits(fraction, 10);
        end += if count > 0 { count + 1 } else { 0 };
    }
    if let Some(exponent) = rest(end).strip_prefix(['e', 'E']) {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let count = digits(unsigned, 10);
        end += if count > 0 { 1 + exponent.len() - unsigned.len() + count } else { 0 };
    }
    Some(end)
}

/// The length of the digits that `text` begins with, with single underscores between them.
fn digits(text: &str, base: u32) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(|byte| char::from(*byte).is_digit(base));
    let mut end = 0;
    loop {
        if digit(end) {
            end += 1;
        } else if end > 0 && bytes.get(end) == Some(&b'_') && digit(end + 1) {
            end += 2;
        } else {
            return end;
        }
    }
}

/// A date, perhaps with a time of day, perhaps with an offset in seconds.
struct Date {
    day: [i64; 3],
    clock: Option<[i64; 4]>,
    offset: Option<i64>,
}

impl Date {
    fn value(&self) -> Option<Py> {
        let [year, month, day] = self.day;
        let value = match self.clock {
            None => dates::date(year, month, day),
            Some([hour, minute, second, microsecond]) => {
                dates::datetime((year, month, day), (hour, minute, second, microsecond), self.offset)
            }
        };
        value.ok()
    }
}

/// The length of the date that `text` begins with, and the date. Its parts are in their ranges;
/// whether the month has that day is not looked at.
fn date(text: &str) -> Option<(usize, Date)> {
    let year = fixed(text, 0, 4, 9999)?;
    let month = fixed(after(text, 4, '-')?, 0, 2, 12).filter(|it| *it > 0)?;
    let day = fixed(after(text, 7, '-')?, 0, 2, 31).filter(|it| *it > 0)?;
    let mut date = Date { day: [year, month, day], clock: None, offset: None };
    let time = text.get(10..).and_then(|rest| rest.strip_prefix(['T', 't', ' '])).and_then(clock);
    let Some((length, clock)) = time else { return Some((10, date)) };
    date.clock = Some(clock);
    let mut end = 11 + length;
    if let Some((length, offset)) = text.get(end..).and_then(offset) {
        date.offset = Some(offset);
        end += length;
    }
    Some((end, date))
}

fn offset(text: &str) -> Option<(usize, i64)> {
    if text.starts_with(['Z', 'z']) {
        return Some((1, 0));
    }
    let sign = if text.strip_prefix('-').is_some() { -1 } else { 1 };
    text.strip_prefix(['+', '-'])?;
    let (hour, minute) = (fixed(text, 1, 2, 23)?, fixed(after(text, 3, ':')?, 0, 2, 59)?);
    Some((6, sign * (hour * 3600 + minute * 60)))
}

/// The length of the time of day that `text` begins with, and its parts. Of the fraction of a
/// second, six digits count.
fn clock(text: &str) -> Option<(usize, [i64; 4])> {
    let hour = fixed(text, 0, 2, 23)?;
    let minute = fixed(after(text, 2, ':')?, 0, 2, 59)?;
    let second = fixed(after(text, 5, ':')?, 0, 2, 59)?;
    let fraction = text.get(8..).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default();
    let fraction =
        fraction.get(..fraction.bytes().take_while(u8::is_ascii_digit).count()).unwrap_or_default();
    if fraction.is_empty() {
        return Some((8, [hour, minute, second, 0]));
    }
    let digits = format!("{:0<6}", fraction.get(..6).unwrap_or(fraction));
    Some((9 + fraction.len(), [hour, minute, second, digits.parse().ok()?]))
}

/// What follows the character `c`, which stands at this byte.
fn after(text: &str, at: usize, c: char) -> Option<&str> {
    text.get(at..)?.strip_prefix(c)
}

/// The number of so many digits at this byte, if it is not too large.
fn fixed(text: &str, at: usize, count: usize, most: i64) -> Option<i64> {
    let digits = text.get(at..at + count)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|number| *number <= most)
}
