//! What `date`, `datetime` and `time` have in common.

use time::Date as Day;

use crate::fault::Result;
use crate::{Args, Method, Py, required};

use super::arguments::{text, wrong};
use super::clock::Precision;
use super::date::Date;
use super::datetime::DateTime;
use super::strftime::{self, Moment};
use super::time_of_day::TimeOfDay;
use super::{calendar, record};

/// The methods that `datetime` has from `date`.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("ctime", ctime),
    ("isocalendar", iso_calendar),
    ("isoweekday", iso_weekday),
    ("strftime", strftime),
    ("timetuple", time_tuple),
    ("toordinal", to_ordinal),
    ("weekday", weekday),
];

/// What a date or a time says about when it is. A time is on the first day of 1900, as Python
/// has it where a day is asked for.
pub(super) fn moment(value: &Py) -> Result<Moment> {
    if let Some(date) = value.downcast::<Date>() {
        return Ok(date.moment());
    }
    if let Some(datetime) = value.downcast::<DateTime>() {
        return Ok(datetime.moment());
    }
    match value.downcast::<TimeOfDay>() {
        Some(time) => time.moment(),
        None => Err(wrong("self", "a date or a time", value)),
    }
}

/// The attributes that `datetime` has from `date`.
pub(super) fn day_attr(day: Day, name: &str) -> Option<i64> {
    match name {
        "year" => Some(day.year().into()),
        "month" => Some(u8::from(day.month()).into()),
        "day" => Some(day.day().into()),
        _ => None,
    }
}

/// `value.strftime(format)`.
pub(super) fn strftime(receiver: &Py, args: Args) -> Result<Py> {
    let [format] = args.bind("strftime", ["format"])?;
    let format = required(format, "strftime", "format")?;
    Ok(Py::str(strftime::strftime(text(&format, "format")?, &moment(receiver)?)?))
}

fn ctime(receiver: &Py, args: Args) -> Result<Py> {
    args.none("ctime")?;
    let Moment { day, clock, .. } = moment(receiver)?;
    let weekday = calendar::short(calendar::weekday_name(day));
    let month = calendar::short(calendar::month_name(day));
    let clock = clock.iso(Precision::Seconds);
    Ok(Py::str(format!("{weekday} {month} {:2} {clock} {:04}", day.day(), day.year())))
}

fn iso_calendar(receiver: &Py, args: Args) -> Result<Py> {
    args.none("isocalendar")?;
    Ok(record::iso_calendar(moment(receiver)?.day))
}

fn iso_weekday(receiver: &Py, args: Args) -> Result<Py> {
    args.none("isoweekday")?;
    Ok(Py::Int(i64::from(calendar::weekday(moment(receiver)?.day)) + 1))
}

fn weekday(receiver: &Py, args: Args) -> Result<Py> {
    args.none("weekday")?;
    Ok(Py::Int(calendar::weekday(moment(receiver)?.day).into()))
}

fn to_ordinal(receiver: &Py, args: Args) -> Result<Py> {
    args.none("toordinal")?;
    Ok(Py::Int(calendar::ordinal(moment(receiver)?.day)))
}

/// A fixed offset does not say whether it is summer time, so nobody knows.
fn time_tuple(receiver: &Py, args: Args) -> Result<Py> {
    args.none("timetuple")?;
    Ok(record::struct_time(&moment(receiver)?, -1))
}
