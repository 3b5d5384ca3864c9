//! The methods of `datetime` that go from one time zone to another, or ask for now.

use std::sync::Arc;

use crate::dates::arguments::{beyond_the_calendar, depends_on_the_machine, overflow, wrong};
use crate::dates::clock::{DAY, SECOND};
use crate::dates::delta::Delta;
use crate::dates::zone::Zone;
use crate::fault::Result;
use crate::{Args, Fault, Method, Py, required};

use super::DateTime;
use super::methods::this;

/// The methods, by name.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("astimezone", as_time_zone),
    ("fromtimestamp", from_timestamp),
    ("now", now),
    ("timestamp", timestamp),
    ("today", now),
    ("utcfromtimestamp", utc_from_timestamp),
    ("utcnow", now),
];

/// The first of January 1970, as [`DateTime::local`] counts.
const EPOCH: i64 = 719_163 * DAY;

fn as_time_zone(receiver: &Py, args: Args) -> Result<Py> {
    let own = this(receiver)?;
    let [zone] = args.bind("astimezone", ["tz"])?;
    let zone = Zone::argument(&zone.unwrap_or(Py::None), "tz")?;
    let (Some(from), Some(zone)) = (&own.zone, zone) else {
        return Err(depends_on_the_machine("`astimezone` from or to local time"));
    };
    if Arc::ptr_eq(from, &zone) {
        return Ok(receiver.clone());
    }
    // Python goes through UTC, which must lie within the calendar as well.
    DateTime::at(own.utc(), None)?;
    Ok(Py::object(DateTime::at(own.utc() + zone.offset(), Some(zone))?))
}

fn timestamp(receiver: &Py, args: Args) -> Result<Py> {
    args.none("timestamp")?;
    let own = this(receiver)?;
    // Without a zone, Python takes that of the machine. Here it is UTC, as in a container, so that
    // a template renders the same everywhere.
    Py::object(Delta::new((own.utc() - EPOCH).into())?).call_method("total_seconds", Args::default())
}

fn from_timestamp(_: &Py, args: Args) -> Result<Py> {
    let [moment, zone] = args.bind("fromtimestamp", ["timestamp", "tz"])?;
    let moment = required(moment, "fromtimestamp", "timestamp")?;
    let Some(zone) = Zone::argument(&zone.unwrap_or(Py::None), "tz")? else {
        return Err(depends_on_the_machine("`fromtimestamp` without a time zone"));
    };
    let utc = since_epoch(&moment)?;
    Ok(Py::object(DateTime::at(utc.local() + zone.offset(), Some(zone))?))
}

fn utc_from_timestamp(_: &Py, args: Args) -> Result<Py> {
    let [moment] = args.bind_positional("utcfromtimestamp")?;
    Ok(Py::object(since_epoch(&required(moment, "utcfromtimestamp", "timestamp")?)?))
}

/// The date and time in UTC of a number of seconds since 1970.
fn since_epoch(seconds: &Py) -> Result<DateTime> {
    let microseconds = match seconds {
        Py::Int(whole) => i128::from(*whole) * i128::from(SECOND),
        Py::Bool(whole) => i128::from(*whole) * i128::from(SECOND),
        Py::Float(float) if float.is_nan() => {
            return Err(Fault::value_error("a timestamp cannot be NaN"));
        }
        // The parts are rounded as Python rounds them: the fraction alone, to the even side.
        // What no number of microseconds can hold becomes the largest one, far beyond the
        // calendar.
        Py::Float(float) => {
            let fraction = (float.fract() * SECOND as f64).round_ties_even();
            (float.trunc() as i128).saturating_mul(SECOND.into()).saturating_add(fraction as i128)
        }
        Py::Big(_) => return Err(overflow("the timestamp is too large")),
        _ => return Err(wrong("timestamp", "a number", seconds)),
    };
    let local = microseconds.saturating_add(EPOCH.into());
    DateTime::at(i64::try_from(local).map_err(|_| beyond_the_calendar())?, None)
        .map_err(|_| Fault::value_error("the timestamp is outside the years 1 to 9999"))
}

fn now(_: &Py, _: Args) -> Result<Py> {
    Err(depends_on_the_machine("the time of day"))
}
