//! `datetime.time`.

use std::any::Any;
use std::cmp::Ordering;
use std::sync::Arc;

use crate::fault::Result;
use crate::{Args, Method, Object, Py, bound, required};

use super::arguments::{self, integers, method, text, wrong};
use super::clock::{self, Clock, Precision, SECOND};
use super::delta::Delta;
use super::strftime::{self, Moment};
use super::zone::{Zone, offset_text};
use super::{calendar, iso, shared, zone_value};

/// A time of day, perhaps with an offset from UTC.
pub(super) struct TimeOfDay {
    pub(super) clock: Clock,
    pub(super) zone: Option<Arc<Zone>>,
    pub(super) fold: bool,
}

const METHODS: &[(&str, Method)] = &[
    ("dst", dst),
    ("fromisoformat", from_iso_format),
    ("isoformat", iso_format),
    ("replace", replace),
    ("strftime", shared::strftime),
    ("tzname", tzname),
    ("utcoffset", utcoffset),
];

impl TimeOfDay {
    /// Its moment on the first day of 1900.
    pub(super) fn moment(&self) -> Result<Moment> {
        Ok(Moment { day: calendar::day(1900, 1, 1)?, clock: self.clock, zone: self.zone.clone() })
    }

    fn offset(&self) -> Option<i64> {
        self.zone.as_ref().map(|zone| zone.offset())
    }

    fn iso(&self, precision: Precision) -> String {
        let offset = self.offset().map(|offset| offset_text(offset, ":"));
        self.clock.iso(precision) + &offset.unwrap_or_default()
    }

    /// What decides the order of times with an offset: seconds of UTC, of which there may be
    /// less than none, and then the microseconds. Python drops the microseconds of the offset.
    fn utc(&self, offset: i64) -> (i64, i64) {
        let seconds = self.clock.since_midnight() / SECOND;
        (seconds - offset.div_euclid(SECOND), self.clock.microsecond())
    }

    fn compare(&self, other: &TimeOfDay) -> Option<Ordering> {
        match (self.offset(), other.offset()) {
            (None, None) => Some(self.clock.cmp(&other.clock)),
            (Some(own), Some(others)) => Some(self.utc(own).cmp(&other.utc(others))),
            _ => None,
        }
    }
}

impl Object for TimeOfDay {
    fn type_name(&self) -> &str {
        "time"
    }

    fn module(&self) -> &str {
        "datetime"
    }

    fn repr(&self) -> Result<String> {
        // The other way round than `datetime` has it.
        let fold = if self.fold { ", fold=1" } else { "" };
        let zone = match &self.zone {
            Some(zone) => format!(", tzinfo={}", zone.repr()?),
            None => String::new(),
        };
        Ok(format!("datetime.time({}{zone}{fold})", self.clock.arguments()))
    }

    fn str(&self) -> Result<String> {
        Ok(self.iso(Precision::Auto))
    }

    fn format(&self, spec: &str) -> Option<Result<String>> {
        (!spec.is_empty()).then(|| strftime::strftime(spec, &self.moment()?))
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        if let Some(number) = self.clock.attr(name) {
            return Ok(Some(Py::Int(number)));
        }
        let limit = |clock| Some(Py::object(TimeOfDay { clock, zone: None, fold: false }));
        Ok(match name {
            "tzinfo" => Some(zone_value(&self.zone)),
            "fold" => Some(Py::Int(self.fold.into())),
            "min" => limit(Clock::MIDNIGHT),
            "max" => limit(Clock::LAST),
            "resolution" => Some(Py::object(Delta::RESOLUTION)),
            _ => method(METHODS, name).map(|(name, call)| bound(Py::Object(self), name, call)),
        })
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        let other = other.downcast::<TimeOfDay>()?;
        Some(self.compare(other) == Some(Ordering::Equal))
    }

    fn order(&self, other: &Py) -> Option<Ordering> {
        self.compare(other.downcast::<TimeOfDay>()?)
    }

    fn hash(&self) -> Option<u64> {
        Some(arguments::hash(self.utc(self.offset().unwrap_or_default())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn this(value: &Py) -> Result<&TimeOfDay> {
    value.downcast().ok_or_else(|| wrong("self", "a time", value))
}

fn iso_format(receiver: &Py, args: Args) -> Result<Py> {
    let [precision] = args.bind("isoformat", ["timespec"])?;
    Ok(Py::str(this(receiver)?.iso(Precision::named(precision)?)))
}

fn replace(receiver: &Py, mut args: Args) -> Result<Py> {
    let own = this(receiver)?;
    let fold = args.take("fold");
    let names = ["hour", "minute", "second", "microsecond", "tzinfo"];
    let [hour, minute, second, microsecond, zone] = args.bind("replace", names)?;
    let [hour, minute, second, microsecond, fold] = integers([
        (hour, "hour", own.clock.hour()),
        (minute, "minute", own.clock.minute()),
        (second, "second", own.clock.second()),
        (microsecond, "microsecond", own.clock.microsecond()),
        (fold, "fold", own.fold.into()),
    ])?;
    let fold = clock::fold(fold)?;
    let clock = Clock::new(hour, minute, second, microsecond)?;
    let zone = Zone::replaced(zone, &own.zone)?;
    Ok(Py::object(TimeOfDay { clock, zone, fold }))
}

fn from_iso_format(_: &Py, args: Args) -> Result<Py> {
    let [given] = args.bind_positional("fromisoformat")?;
    let given = required(given, "fromisoformat", "time_string")?;
    let (clock, zone) = iso::time(text(&given, "time_string")?)?;
    Ok(Py::object(TimeOfDay { clock, zone, fold: false }))
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
