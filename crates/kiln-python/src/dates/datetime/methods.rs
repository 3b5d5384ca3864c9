//! The methods of `datetime` that look at its parts.

use crate::dates::arguments::{integers, text, wrong};
use crate::dates::clock::{self, Clock, Precision};
use crate::dates::date::{Date, ordinal_day, week_day};
use crate::dates::delta::Delta;
use crate::dates::strftime::Moment;
use crate::dates::time_of_day::TimeOfDay;
use crate::dates::zone::Zone;
use crate::dates::{calendar, iso, record, strptime};
use crate::fault::Result;
use crate::{Args, Method, Py, required};

use super::DateTime;

/// The methods, by name.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("combine", combine),
    ("date", date),
    ("dst", dst),
    ("fromisocalendar", from_iso_calendar),
    ("fromisoformat", from_iso_format),
    ("fromordinal", from_ordinal),
    ("isoformat", iso_format),
    ("replace", replace),
    ("strptime", strptime),
    ("time", time),
    ("timetz", timetz),
    ("tzname", tzname),
    ("utcoffset", utcoffset),
    ("utctimetuple", utc_time_tuple),
];

/// The receiver of a method.
pub(super) fn this(value: &Py) -> Result<&DateTime> {
    value.downcast().ok_or_else(|| wrong("self", "a date with a time", value))
}

fn iso_format(receiver: &Py, args: Args) -> Result<Py> {
    let [separator, precision] = args.bind("isoformat", ["sep", "timespec"])?;
    let separator = separator.unwrap_or_else(|| Py::str("T"));
    let text = text(&separator, "sep")?;
    if text.chars().count() != 1 {
        return Err(wrong("sep", "a single character", &separator));
    }
    Ok(Py::str(this(receiver)?.iso(text, Precision::named(precision)?)))
}

fn replace(receiver: &Py, mut args: Args) -> Result<Py> {
    let own = this(receiver)?;
    let fold = args.take("fold");
    let names = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo"];
    let [year, month, day, hour, minute, second, microsecond, zone] = args.bind("replace", names)?;
    let [year, month, day, hour, minute, second, microsecond, fold] = integers([
        (year, "year", own.day.year().into()),
        (month, "month", u8::from(own.day.month()).into()),
        (day, "day", own.day.day().into()),
        (hour, "hour", own.clock.hour()),
        (minute, "minute", own.clock.minute()),
        (second, "second", own.clock.second()),
        (microsecond, "microsecond", own.clock.microsecond()),
        (fold, "fold", own.fold.into()),
    ])?;
    let fold = clock::fold(fold)?;
    let day = calendar::day(year, month, day)?;
    let clock = Clock::new(hour, minute, second, microsecond)?;
    let zone = Zone::replaced(zone, &own.zone)?;
    Ok(Py::object(DateTime { day, clock, zone, fold }))
}

fn date(receiver: &Py, args: Args) -> Result<Py> {
    args.none("date")?;
    Ok(Py::object(Date(this(receiver)?.day)))
}

fn time(receiver: &Py, args: Args) -> Result<Py> {
    args.none("time")?;
    let own = this(receiver)?;
    Ok(Py::object(TimeOfDay { clock: own.clock, zone: None, fold: own.fold }))
}

fn timetz(receiver: &Py, args: Args) -> Result<Py> {
    args.none("timetz")?;
    let own = this(receiver)?;
    Ok(Py::object(TimeOfDay { clock: own.clock, zone: own.zone.clone(), fold: own.fold }))
}

fn utcoffset(receiver: &Py, args: Args) -> Result<Py> {
    args.none("utcoffset")?;
    match this(receiver)?.offset() {
        Some(offset) => Ok(Py::object(Delta::new(offset.into())?)),
        None => Ok(Py::None),
    }
}

fn dst(_: &Py, args: Args) -> Result<Py> {
    args.none("dst")?;
    Ok(Py::None)
}

fn tzname(receiver: &Py, args: Args) -> Result<Py> {
    args.none("tzname")?;
    Ok(this(receiver)?.zone.as_ref().map_or(Py::None, |zone| Py::str(zone.name())))
}

fn utc_time_tuple(receiver: &Py, args: Args) -> Result<Py> {
    args.none("utctimetuple")?;
    let DateTime { day, clock, .. } = DateTime::at(this(receiver)?.utc(), None)?;
    Ok(record::struct_time(&Moment { day, clock, zone: None }, 0))
}

fn combine(_: &Py, args: Args) -> Result<Py> {
    let [date, time, zone] = args.bind("combine", ["date", "time", "tzinfo"])?;
    let (date, time) = (required(date, "combine", "date")?, required(time, "combine", "time")?);
    let time = time.downcast::<TimeOfDay>().ok_or_else(|| wrong("time", "a time", &time))?;
    let day = match (date.downcast::<Date>(), date.downcast::<DateTime>()) {
        (Some(date), _) => date.0,
        (_, Some(date)) => date.day,
        _ => return Err(wrong("date", "a date", &date)),
    };
    let zone = Zone::replaced(zone, &time.zone)?;
    Ok(Py::object(DateTime { day, clock: time.clock, zone, fold: time.fold }))
}

fn from_iso_calendar(_: &Py, args: Args) -> Result<Py> {
    midnight(week_day(args)?)
}

fn from_ordinal(_: &Py, args: Args) -> Result<Py> {
    midnight(ordinal_day(args)?)
}

fn midnight(day: ::time::Date) -> Result<Py> {
    Ok(Py::object(DateTime { day, clock: Clock::MIDNIGHT, zone: None, fold: false }))
}

fn from_iso_format(_: &Py, args: Args) -> Result<Py> {
    let [given] = args.bind_positional("fromisoformat")?;
    let given = required(given, "fromisoformat", "date_string")?;
    let (day, (clock, zone)) = iso::datetime(text(&given, "date_string")?)?;
    Ok(Py::object(DateTime { day, clock, zone, fold: false }))
}

fn strptime(_: &Py, args: Args) -> Result<Py> {
    let [given, format] = args.bind_positional("strptime")?;
    let given = required(given, "strptime", "date_string")?;
    let format = required(format, "strptime", "format")?;
    let read = strptime::strptime(text(&given, "date_string")?, text(&format, "format")?)?;
    Ok(Py::object(read))
}
