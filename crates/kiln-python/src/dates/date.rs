//! `datetime.date`.

use std::any::Any;
use std::cmp::Ordering;
use std::sync::Arc;

use time::Date as Day;

use crate::fault::Result;
use crate::{Args, Fault, Method, Object, Operator, Py, bound, required};

use super::arguments::{
    self, beyond_the_calendar, depends_on_the_machine, integer, integers, method, text, wrong,
};
use super::clock::{Clock, DAY};
use super::delta::Delta;
use super::strftime::{self, Moment};
use super::{calendar, iso, shared};

/// A day.
pub(super) struct Date(pub(super) Day);

const METHODS: &[(&str, Method)] = &[
    ("fromisocalendar", from_iso_calendar),
    ("fromisoformat", from_iso_format),
    ("fromordinal", from_ordinal),
    ("fromtimestamp", from_timestamp),
    ("isoformat", iso_format),
    ("replace", replace),
    ("today", today),
];

impl Date {
    /// When it begins.
    pub(super) fn moment(&self) -> Moment {
        Moment { day: self.0, clock: Clock::MIDNIGHT, zone: None }
    }

    fn plus_days(&self, days: i64) -> Result<Py> {
        let moved = calendar::from_ordinal(calendar::ordinal(self.0) + days);
        moved.map(|day| Py::object(Date(day))).ok_or_else(beyond_the_calendar)
    }
}

impl Object for Date {
    fn type_name(&self) -> &str {
        "date"
    }

    fn module(&self) -> &str {
        "datetime"
    }

    fn repr(&self) -> Result<String> {
        let (year, month, day) = self.0.to_calendar_date();
        Ok(format!("datetime.date({year}, {}, {day})", u8::from(month)))
    }

    fn str(&self) -> Result<String> {
        Ok(calendar::iso(self.0))
    }

    fn format(&self, spec: &str) -> Option<Result<String>> {
        (!spec.is_empty()).then(|| strftime::strftime(spec, &self.moment()))
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        if let Some(number) = shared::day_attr(self.0, name) {
            return Ok(Some(Py::Int(number)));
        }
        Ok(match name {
            "min" => Some(Py::object(Date(calendar::day(1, 1, 1)?))),
            "max" => Some(Py::object(Date(calendar::day(9999, 12, 31)?))),
            "resolution" => Some(Py::object(Delta::ONE_DAY)),
            _ => method(METHODS, name)
                .or_else(|| method(shared::METHODS, name))
                .map(|(name, call)| bound(Py::Object(self), name, call)),
        })
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        other.downcast::<Date>().map(|other| self.0 == other.0)
    }

    fn order(&self, other: &Py) -> Option<Ordering> {
        other.downcast::<Date>().map(|other| self.0.cmp(&other.0))
    }

    fn hash(&self) -> Option<u64> {
        Some(arguments::hash(calendar::ordinal(self.0)))
    }

    fn operate(&self, operator: Operator, other: &Py, reflected: bool) -> Option<Result<Py>> {
        if let Some(delta) = other.downcast::<Delta>() {
            return match operator {
                Operator::Add => Some(self.plus_days(delta.days())),
                Operator::Sub if !reflected => Some(self.plus_days(-delta.days())),
                _ => None,
            };
        }
        let other = other.downcast::<Date>()?;
        let days = calendar::ordinal(self.0) - calendar::ordinal(other.0);
        (operator == Operator::Sub).then(|| Delta::new(i128::from(days * DAY)).map(Py::object))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn this(value: &Py) -> Result<&Date> {
    value.downcast().ok_or_else(|| wrong("self", "a date", value))
}

fn iso_format(receiver: &Py, args: Args) -> Result<Py> {
    args.none("isoformat")?;
    Ok(Py::str(calendar::iso(this(receiver)?.0)))
}

fn replace(receiver: &Py, args: Args) -> Result<Py> {
    let own = this(receiver)?.0;
    let [year, month, day] = args.bind("replace", ["year", "month", "day"])?;
    let [year, month, day] = integers([
        (year, "year", own.year().into()),
        (month, "month", u8::from(own.month()).into()),
        (day, "day", own.day().into()),
    ])?;
    Ok(Py::object(Date(calendar::day(year, month, day)?)))
}

fn from_iso_calendar(_: &Py, args: Args) -> Result<Py> {
    Ok(Py::object(Date(week_day(args)?)))
}

/// The day of the arguments of `fromisocalendar`.
pub(super) fn week_day(args: Args) -> Result<Day> {
    let [year, week, day] = args.bind("fromisocalendar", ["year", "week", "day"])?;
    calendar::from_week(
        integer(&required(year, "fromisocalendar", "year")?, "year")?,
        integer(&required(week, "fromisocalendar", "week")?, "week")?,
        integer(&required(day, "fromisocalendar", "day")?, "day")?,
    )
}

fn from_iso_format(_: &Py, args: Args) -> Result<Py> {
    let [given] = args.bind_positional("fromisoformat")?;
    let given = required(given, "fromisoformat", "date_string")?;
    Ok(Py::object(Date(iso::date(text(&given, "date_string")?)?)))
}

fn from_ordinal(_: &Py, args: Args) -> Result<Py> {
    Ok(Py::object(Date(ordinal_day(args)?)))
}

/// The day of the argument of `fromordinal`.
pub(super) fn ordinal_day(args: Args) -> Result<Day> {
    let [number] = args.bind_positional("fromordinal")?;
    let number = integer(&required(number, "fromordinal", "ordinal")?, "ordinal")?;
    calendar::from_ordinal(number)
        .ok_or_else(|| Fault::value_error("there is no day of this number between the years 1 and 9999"))
}

fn from_timestamp(_: &Py, _: Args) -> Result<Py> {
    Err(depends_on_the_machine("the day of a timestamp"))
}

fn today(_: &Py, _: Args) -> Result<Py> {
    Err(depends_on_the_machine("`today`"))
}
