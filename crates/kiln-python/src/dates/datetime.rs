//! `datetime.datetime`.

mod methods;

mod timestamp;

use std::any::Any;
use std::cmp::Ordering;
use std::sync::Arc;

use time::Date as Day;

use crate::fault::Result;
use crate::{Object, Operator, Py, bound};

use super::arguments::{self, beyond_the_calendar, method};
use super::clock::{Clock, DAY, Precision};
use super::delta::Delta;
use super::strftime::{self, Moment};
use super::zone::{Zone, offset_text};
use super::{calendar, shared, zone_value};

/// A day and a time of day, perhaps with an offset from UTC.
pub(super) struct DateTime {
    pub(super) day: Day,
    pub(super) clock: Clock,
    pub(super) zone: Option<Arc<Zone>>,
    pub(super) fold: bool,
}

impl DateTime {
    /// The date and time of a local moment, as [`DateTime::local`] counts it.
    ///
    /// # Errors
    /// `OverflowError` if it is outside the years 1 to 9999.
    pub(super) fn at(local: i64, zone: Option<Arc<Zone>>) -> Result<DateTime> {
        let day = calendar::from_ordinal(local.div_euclid(DAY)).ok_or_else(beyond_the_calendar)?;
        Ok(DateTime { day, clock: Clock::of(local), zone, fold: false })
    }

    /// Microseconds since the day before day 1, without regard to the zone. There are fewer
    /// than 2^59 of them.
    pub(super) fn local(&self) -> i64 {
        calendar::ordinal(self.day) * DAY + self.clock.since_midnight()
    }

    /// The same in UTC; local if there is no zone.
    pub(super) fn utc(&self) -> i64 {
        self.local() - self.offset().unwrap_or_default()
    }

    /// The offset from UTC in microseconds.
    pub(super) fn offset(&self) -> Option<i64> {
        self.zone.as_ref().map(|zone| zone.offset())
    }

    /// What it says about when it is.
    pub(super) fn moment(&self) -> Moment {
        Moment { day: self.day, clock: self.clock, zone: self.zone.clone() }
    }

    fn iso(&self, separator: &str, precision: Precision) -> String {
        let offset = self.offset().map(|offset| offset_text(offset, ":")).unwrap_or_default();
        format!("{}{separator}{}{offset}", calendar::iso(self.day), self.clock.iso(precision))
    }

    fn moved(&self, delta: i128) -> Result<Py> {
        let local = i64::try_from(i128::from(self.local()) + delta).map_err(|_| beyond_the_calendar())?;
        DateTime::at(local, self.zone.clone()).map(Py::object)
    }

    /// With an offset and without one cannot be compared.
    fn comparable(&self, other: &DateTime) -> bool {
        self.zone.is_some() == other.zone.is_some()
    }
}

impl Object for DateTime {
    fn type_name(&self) -> &str {
        "datetime"
    }

    fn module(&self) -> &str {
        "datetime"
    }

    fn repr(&self) -> Result<String> {
        let (year, month, day) = self.day.to_calendar_date();
        let fold = if self.fold { ", fold=1" } else { "" };
        let zone = match &self.zone {
            Some(zone) => format!(", tzinfo={}", zone.repr()?),
            None => String::new(),
        };
        let clock = self.clock.arguments();
        Ok(format!("datetime.datetime({year}, {}, {day}, {clock}{fold}{zone})", u8::from(month)))
    }

    fn str(&self) -> Result<String> {
        Ok(self.iso(" ", Precision::Auto))
    }

    fn format(&self, spec: &str) -> Option<Result<String>> {
        (!spec.is_empty()).then(|| strftime::strftime(spec, &self.moment()))
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        if let Some(number) = shared::day_attr(self.day, name).or_else(|| self.clock.attr(name)) {
            return Ok(Some(Py::Int(number)));
        }
        let limit = |day, clock| Py::object(DateTime { day, clock, zone: None, fold: false });
        Ok(match name {
            "tzinfo" => Some(zone_value(&self.zone)),
            "fold" => Some(Py::Int(self.fold.into())),
            "min" => Some(limit(calendar::day(1, 1, 1)?, Clock::MIDNIGHT)),
            "max" => Some(limit(calendar::day(9999, 12, 31)?, Clock::LAST)),
            "resolution" => Some(Py::object(Delta::RESOLUTION)),
            _ => method(methods::METHODS, name)
                .or_else(|| method(timestamp::METHODS, name))
                .or_else(|| method(shared::METHODS, name))
                .map(|(name, call)| bound(Py::Object(self), name, call)),
        })
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        let other = other.downcast::<DateTime>()?;
        Some(self.comparable(other) && self.utc() == other.utc())
    }

    fn order(&self, other: &Py) -> Option<Ordering> {
        let other = other.downcast::<DateTime>()?;
        self.comparable(other).then(|| self.utc().cmp(&other.utc()))
    }

    fn hash(&self) -> Option<u64> {
        Some(arguments::hash(self.utc()))
    }

    fn operate(&self, operator: Operator, other: &Py, reflected: bool) -> Option<Result<Py>> {
        if let Some(delta) = other.downcast::<Delta>() {
            return match operator {
                Operator::Add => Some(self.moved(delta.microseconds())),
                Operator::Sub if !reflected => Some(self.moved(-delta.microseconds())),
                _ => None,
            };
        }
        let other = other.downcast::<DateTime>()?;
        (operator == Operator::Sub && self.comparable(other))
            .then(|| Delta::new((self.utc() - other.utc()).into()).map(Py::object))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
