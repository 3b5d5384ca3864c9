//! The texts of scalars to values.

use kiln_python::{Operator, Py, dates, parse_float, parse_int};

use super::binary;
use crate::DataError;
use crate::yaml::cursor::Mark;
use crate::yaml::node::Tag;
use crate::yaml::resolve::{Moment, Zone};

/// The most places of a number to the base 60. Any that is meant as such has three.
const MOST_PLACES: usize = 1000;

/// Why a text has no value.
pub(super) struct Refusal {
    message: &'static str,
    help: Option<&'static str>,
}

impl Refusal {
    fn not(message: &'static str) -> Refusal {
        Refusal { message, help: Some("write quotes around the value if it is text") }
    }

    pub(super) fn at(self, mark: Mark) -> DataError {
        let error = mark.error(self.message);
        match self.help {
            Some(help) => error.help(help),
            None => error,
        }
    }
}

/// The value of a scalar with this tag.
pub(super) fn value(tag: Tag, text: &str) -> Result<Py, Refusal> {
    match tag {
        Tag::Null => Ok(Py::None),
        Tag::Bool => match text.to_lowercase().as_str() {
            "yes" | "true" | "on" => Ok(Py::Bool(true)),
            "no" | "false" | "off" => Ok(Py::Bool(false)),
            _ => Err(Refusal::not("this is not a boolean")),
        },
        Tag::Int => integer(text).ok_or_else(|| Refusal::not("this is not an integer that can be read")),
        Tag::Float => {
            float(text).map(Py::Float).ok_or_else(|| Refusal::not("this is not a number that can be read"))
        }
        Tag::Binary => binary::decode(text)
            .map(|bytes| Py::Bytes(bytes.into()))
            .ok_or(Refusal { message: "this is not Base64", help: None }),
        Tag::Timestamp => timestamp(text).ok_or_else(|| Refusal::not("there is no such date or time of day")),
        Tag::Str => Ok(Py::str(text)),
        Tag::Merge => Err(Refusal::not("`<<` is not a value")),
        Tag::Value => Err(Refusal::not("`=` is not a value")),
        _ => Err(Refusal {
            message: "this tag has no meaning here",
            help: Some("remove the tag, or write quotes around the value if it is text"),
        }),
    }
}

fn integer(text: &str) -> Option<Py> {
    let clean = text.replace('_', "");
    let negative = clean.starts_with('-');
    let body = clean.strip_prefix(['+', '-']).unwrap_or(&clean);
    let magnitude = if let Some(binary) = body.strip_prefix("0b") {
        parse_int(binary, 2)
    } else if let Some(hex) = body.strip_prefix("0x") {
        parse_int(hex, 16)
    } else if body.starts_with('0') {
        parse_int(body, 8)
    } else if body.contains(':') {
        return signed(sixties(body)?, negative);
    } else {
        parse_int(body, 10)
    };
    signed(magnitude.ok()?, negative)
}

fn signed(magnitude: Py, negative: bool) -> Option<Py> {
    if negative { magnitude.negate().ok() } else { Some(magnitude) }
}

/// The number whose places to the base 60 stand between colons.
fn sixties(text: &str) -> Option<Py> {
    if text.split(':').count() > MOST_PLACES {
        return None;
    }
    text.split(':').try_fold(Py::Int(0), |sum, place| {
        let shifted = sum.operate(Operator::Mul, &Py::Int(60)).ok()?;
        shifted.operate(Operator::Add, &parse_int(place, 10).ok()?).ok()
    })
}

fn float(text: &str) -> Option<f64> {
    let clean = text.replace('_', "").to_lowercase();
    let body = clean.strip_prefix(['+', '-']).unwrap_or(&clean);
    let magnitude = match body {
        ".inf" => f64::INFINITY,
        // Of this one PyYAML does not look at the sign.
        ".nan" => return Some(f64::NAN),
        _ if body.contains(':') => float_sixties(body)?,
        // Empty is neither a number nor, in Python, a place to look for a sign.
        _ => parse_float(body).ok()?,
    };
    Some(if clean.starts_with('-') { -magnitude } else { magnitude })
}

/// Added up from the last place, so that rounding agrees with PyYAML's.
fn float_sixties(text: &str) -> Option<f64> {
    let mut base = 1.0;
    text.rsplit(':').try_fold(0.0, |sum, place| {
        let sum = sum + parse_float(place).ok()? * base;
        base *= 60.0;
        Some(sum)
    })
}

fn timestamp(text: &str) -> Option<Py> {
    // What a tag says is a date may have a line break behind it.
    let moment = Moment::read_any(text.strip_suffix('\n').unwrap_or(text))?;
    let number = |digits: &str| digits.parse::<i64>().ok();
    let [year, month, day] = moment.day.map(number);
    let (year, month, day) = (year?, month?, day?);
    let Some(clock) = moment.clock else { return dates::date(year, month, day).ok() };
    let [hour, minute, second] = clock.time.map(number);
    let microsecond = number(&format!("{:0<6}", clock.fraction.get(..6).unwrap_or(clock.fraction)))?;
    let offset = match clock.zone {
        None => None,
        Some(Zone::Utc) => Some(0),
        Some(Zone::Offset { negative, hour, minute }) => {
            let seconds = number(hour)? * 3600 + minute.map_or(Some(0), number)? * 60;
            Some(if negative { -seconds } else { seconds })
        }
    };
    dates::datetime((year, month, day), (hour?, minute?, second?, microsecond), offset).ok()
}
