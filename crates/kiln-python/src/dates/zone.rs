//! `datetime.timezone`: a fixed offset from UTC.

use std::any::Any;
use std::sync::{Arc, LazyLock};

use crate::fault::Result;
use crate::{Args, Fault, Method, Object, Py, bound, required};

use super::arguments::{self, method, wrong};
use super::clock::{Clock, DAY, HOUR, MINUTE, SECOND};
use super::datetime::DateTime;
use super::delta::Delta;

/// An offset from UTC, in microseconds and less than a day.
pub(super) struct Zone {
    offset: i64,
    /// What it is called, if not after its offset.
    name: Option<String>,
}

static UTC: LazyLock<Arc<Zone>> = LazyLock::new(|| Arc::new(Zone { offset: 0, name: None }));

const METHODS: &[(&str, Method)] =
    &[("dst", dst), ("fromutc", from_utc), ("tzname", tzname), ("utcoffset", utcoffset)];

impl Zone {
    /// The zone of UTC, which is the same object wherever it comes from.
    pub(super) fn utc() -> Arc<Zone> {
        Arc::clone(&UTC)
    }

    /// The zone of an offset in microseconds.
    ///
    /// # Errors
    /// `ValueError` if it is a day or more.
    pub(super) fn new(offset: i64) -> Result<Arc<Zone>> {
        if offset == 0 { Ok(Zone::utc()) } else { Zone::make(offset, None) }
    }

    /// The zone of an offset that has a name of its own.
    ///
    /// # Errors
    /// As [`Zone::new`].
    pub(super) fn named(offset: i64, name: &str) -> Result<Arc<Zone>> {
        Zone::make(offset, Some(name.to_owned()))
    }

    fn make(offset: i64, name: Option<String>) -> Result<Arc<Zone>> {
        if offset.saturating_abs() < DAY {
            return Ok(Arc::new(Zone { offset, name }));
        }
        Err(Fault::value_error("the offset from UTC must be less than a day"))
    }

    /// The zone of an argument `tzinfo` or `tz`; none for `None`.
    ///
    /// # Errors
    /// `TypeError` if it is anything else.
    pub(super) fn argument(value: &Py, name: &str) -> Result<Option<Arc<Zone>>> {
        match value {
            Py::None => Ok(None),
            _ => Zone::of(value).map(Some).ok_or_else(|| wrong(name, "a time zone or none", value)),
        }
    }

    /// The zone of an argument `tzinfo`, or the one there was if it was not given.
    ///
    /// # Errors
    /// As [`Zone::argument`].
    pub(super) fn replaced(argument: Option<Py>, own: &Option<Arc<Zone>>) -> Result<Option<Arc<Zone>>> {
        argument.map_or_else(|| Ok(own.clone()), |value| Zone::argument(&value, "tzinfo"))
    }

    /// The zone itself, of a value that is one.
    fn of(value: &Py) -> Option<Arc<Zone>> {
        let Py::Object(object) = value else { return None };
        let any: Arc<dyn Any + Send + Sync> = Arc::<dyn Object>::clone(object);
        any.downcast().ok()
    }

    /// Its offset in microseconds.
    pub(super) fn offset(&self) -> i64 {
        self.offset
    }

    /// Its name, which is `UTC+01:00` or the like if it has none of its own.
    pub(super) fn name(&self) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None if self.offset == 0 => "UTC".to_owned(),
            None => format!("UTC{}", offset_text(self.offset, ":")),
        }
    }
}

/// `+01:00`, with seconds and microseconds if there are any.
pub(super) fn offset_text(offset: i64, colon: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let clock = Clock::of(offset.abs());
    let mut out = format!("{sign}{:02}{colon}{:02}", clock.hour(), clock.minute());
    if clock.second() != 0 || clock.microsecond() != 0 {
        out += &format!("{colon}{:02}", clock.second());
    }
    if clock.microsecond() != 0 {
        out += &format!(".{:06}", clock.microsecond());
    }
    out
}

impl Object for Zone {
    fn type_name(&self) -> &str {
        "timezone"
    }

    fn module(&self) -> &str {
        "datetime"
    }

    fn repr(&self) -> Result<String> {
        let offset = Delta::new(self.offset.into())?.repr()?;
        Ok(match &self.name {
            Some(name) => format!("datetime.timezone({offset}, {})", Py::str(name.as_str()).repr()?),
            None if self.offset == 0 => "datetime.timezone.utc".to_owned(),
            None => format!("datetime.timezone({offset})"),
        })
    }

    fn str(&self) -> Result<String> {
        Ok(self.name())
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        let longest = 23 * HOUR + 59 * MINUTE;
        let zone = match name {
            "utc" => Zone::utc(),
            "min" => Zone::new(-longest)?,
            "max" => Zone::new(longest)?,
            _ => return Ok(method(METHODS, name).map(|(name, call)| bound(Py::Object(self), name, call))),
        };
        Ok(Some(Py::Object(zone)))
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        other.downcast::<Zone>().map(|other| self.offset == other.offset)
    }

    fn hash(&self) -> Option<u64> {
        Some(arguments::hash(self.offset / SECOND))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn this(value: &Py) -> Result<Arc<Zone>> {
    Zone::of(value).ok_or_else(|| wrong("self", "a time zone", value))
}

/// The one argument of most methods: a `datetime`, which a fixed offset does not depend on.
fn checked(args: Args, function: &str) -> Result<()> {
    let [moment] = args.bind_positional(function)?;
    match required(moment, function, "dt")? {
        Py::None => Ok(()),
        value if value.downcast::<DateTime>().is_some() => Ok(()),
        value => Err(wrong("dt", "a date with a time, or none", &value)),
    }
}

fn utcoffset(receiver: &Py, args: Args) -> Result<Py> {
    checked(args, "utcoffset")?;
    Ok(Py::object(Delta::new(this(receiver)?.offset.into())?))
}

fn tzname(receiver: &Py, args: Args) -> Result<Py> {
    checked(args, "tzname")?;
    Ok(Py::str(this(receiver)?.name()))
}

fn dst(_: &Py, args: Args) -> Result<Py> {
    checked(args, "dst")?;
    Ok(Py::None)
}

fn from_utc(receiver: &Py, args: Args) -> Result<Py> {
    let zone = this(receiver)?;
    let [moment] = args.bind_positional("fromutc")?;
    let moment = required(moment, "fromutc", "dt")?;
    let moment = moment.downcast::<DateTime>().ok_or_else(|| wrong("dt", "a date with a time", &moment))?;
    match &moment.zone {
        // Python asks for the same object, not for an equal one.
        Some(own) if Arc::ptr_eq(own, &zone) => {
            Ok(Py::object(DateTime::at(moment.local() + zone.offset, Some(zone))?))
        }
        _ => Err(Fault::value_error("`fromutc` takes a date of its own time zone")),
    }
}
