//! The types of Python's `datetime`: `date`, `datetime`, `time`, `timedelta` and `timezone`.
//!
//! Data brings dates, and a template may print, compare, move and reformat them. What Python
//! would ask the machine for, which is its clock and its time zone, is a fault here: the same
//! template and the same data give the same text everywhere.

mod arguments;

mod calendar;

mod clock;

mod date;

mod datetime;

mod delta;

mod directive;

mod iso;

mod pattern;

mod record;

mod shared;

mod strftime;

mod strptime;

mod time_of_day;

mod zone;

use std::sync::Arc;

use crate::Py;
use crate::fault::Result;
use clock::Clock;
use date::Date;
use datetime::DateTime;
use delta::Delta;
use time_of_day::TimeOfDay;
use zone::Zone;

/// `datetime.date(year, month, day)`.
///
/// # Errors
/// `ValueError` if there is no such day between the years 1 and 9999.
pub fn date(year: i64, month: i64, day: i64) -> Result<Py> {
    Ok(Py::object(Date(calendar::day(year, month, day)?)))
}

/// `datetime.datetime` of year, month and day, and of hour, minute, second and microsecond,
/// with an offset from UTC in seconds or without any.
///
/// # Errors
/// `ValueError` if there is no such day or time, or if the offset is a day or more.
pub fn datetime(
    (year, month, day): (i64, i64, i64),
    (hour, minute, second, microsecond): (i64, i64, i64, i64),
    offset: Option<i64>,
) -> Result<Py> {
    let day = calendar::day(year, month, day)?;
    let clock = Clock::new(hour, minute, second, microsecond)?;
    let zone = match offset {
        Some(seconds) => Some(Zone::new(seconds.saturating_mul(clock::SECOND))?),
        None => None,
    };
    Ok(Py::object(DateTime { day, clock, zone, fold: false }))
}

/// `datetime.timedelta(microseconds=microseconds)`.
///
/// # Errors
/// `OverflowError` if it is a thousand million days or longer.
pub fn timedelta(microseconds: i128) -> Result<Py> {
    Ok(Py::object(Delta::new(microseconds)?))
}

/// `datetime.timezone` of an offset from UTC in microseconds.
///
/// # Errors
/// `ValueError` if the offset is a day or more.
pub fn timezone(offset: i64) -> Result<Py> {
    Ok(Py::Object(Zone::new(offset)?))
}

/// `datetime.date.fromisoformat(text)`.
///
/// # Errors
/// `ValueError` if the text is not a date in a form of ISO 8601 that Python knows.
pub fn parse_iso_date(text: &str) -> Result<Py> {
    Ok(Py::object(Date(iso::date(text)?)))
}

/// `datetime.datetime.fromisoformat(text)`.
///
/// # Errors
/// `ValueError` if the text is not a date and time in a form of ISO 8601 that Python knows.
pub fn parse_iso_datetime(text: &str) -> Result<Py> {
    let (day, (clock, zone)) = iso::datetime(text)?;
    Ok(Py::object(DateTime { day, clock, zone, fold: false }))
}

/// `datetime.time.fromisoformat(text)`.
///
/// # Errors
/// `ValueError` if the text is not a time in a form of ISO 8601 that Python knows.
pub fn parse_iso_time(text: &str) -> Result<Py> {
    let (clock, zone) = iso::time(text)?;
    Ok(Py::object(TimeOfDay { clock, zone, fold: false }))
}

/// A time zone as the value of an attribute.
fn zone_value(zone: &Option<Arc<Zone>>) -> Py {
    zone.as_ref().map_or(Py::None, |zone| Py::Object(Arc::clone(zone) as Arc<dyn crate::Object>))
}
