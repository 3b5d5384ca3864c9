//! The time of day, and lengths of time, in microseconds.

use crate::fault::Result;
use crate::{Fault, Py};

use super::arguments;

/// The microseconds of a second.
pub(super) const SECOND: i64 = 1_000_000;

/// The microseconds of a minute.
pub(super) const MINUTE: i64 = 60 * SECOND;

/// The microseconds of an hour.
pub(super) const HOUR: i64 = 60 * MINUTE;

/// The microseconds of a day.
pub(super) const DAY: i64 = 24 * HOUR;

/// A time of day: the microseconds since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Clock(i64);

impl Clock {
    /// The first microsecond of a day.
    pub(super) const MIDNIGHT: Clock = Clock(0);

    /// The last microsecond of a day.
    pub(super) const LAST: Clock = Clock(DAY - 1);

    /// A time of day.
    ///
    /// # Errors
    /// `ValueError` if there is none.
    pub(super) fn new(hour: i64, minute: i64, second: i64, microsecond: i64) -> Result<Clock> {
        let exists = (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second)
            && (0..SECOND).contains(&microsecond);
        if !exists {
            return Err(Fault::value_error("there is no such time of day"));
        }
        Ok(Clock(hour * HOUR + minute * MINUTE + second * SECOND + microsecond))
    }

    /// The time of day of a moment, which is microseconds since some midnight.
    pub(super) fn of(moment: i64) -> Clock {
        Clock(moment.rem_euclid(DAY))
    }

    /// The microseconds since midnight.
    pub(super) fn since_midnight(self) -> i64 {
        self.0
    }

    pub(super) fn hour(self) -> i64 {
        self.0 / HOUR
    }

    pub(super) fn minute(self) -> i64 {
        self.0 / MINUTE % 60
    }

    pub(super) fn second(self) -> i64 {
        self.0 / SECOND % 60
    }

    pub(super) fn microsecond(self) -> i64 {
        self.0 % SECOND
    }

    /// The text of `isoformat`.
    pub(super) fn iso(self, precision: Precision) -> String {
        let (hour, minute, second) = (self.hour(), self.minute(), self.second());
        let microsecond = self.microsecond();
        match precision {
            Precision::Hours => format!("{hour:02}"),
            Precision::Minutes => format!("{hour:02}:{minute:02}"),
            Precision::Milliseconds => {
                format!("{hour:02}:{minute:02}:{second:02}.{:03}", microsecond / 1000)
            }
            Precision::Auto if microsecond == 0 => format!("{hour:02}:{minute:02}:{second:02}"),
            Precision::Seconds => format!("{hour:02}:{minute:02}:{second:02}"),
            _ => format!("{hour:02}:{minute:02}:{second:02}.{microsecond:06}"),
        }
    }

    /// The arguments that `repr` shows: the last ones are left out where they are zero.
    pub(super) fn arguments(self) -> String {
        let (hour, minute, second) = (self.hour(), self.minute(), self.second());
        match (second, self.microsecond()) {
            (0, 0) => format!("{hour}, {minute}"),
            (_, 0) => format!("{hour}, {minute}, {second}"),
            (_, microsecond) => format!("{hour}, {minute}, {second}, {microsecond}"),
        }
    }

    /// Its attribute.
    pub(super) fn attr(self, name: &str) -> Option<i64> {
        match name {
            "hour" => Some(self.hour()),
            "minute" => Some(self.minute()),
            "second" => Some(self.second()),
            "microsecond" => Some(self.microsecond()),
            _ => None,
        }
    }
}

/// How much of a time `isoformat` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    Auto,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
    Microseconds,
}

impl Precision {
    /// The precision of an argument `timespec`.
    ///
    /// # Errors
    /// `ValueError` if there is none of that name, `TypeError` if it is no text.
    pub(super) fn named(argument: Option<Py>) -> Result<Precision> {
        let Some(argument) = argument else { return Ok(Precision::Auto) };
        match arguments::text(&argument, "timespec")? {
            "auto" => Ok(Precision::Auto),
            "hours" => Ok(Precision::Hours),
            "minutes" => Ok(Precision::Minutes),
            "seconds" => Ok(Precision::Seconds),
            "milliseconds" => Ok(Precision::Milliseconds),
            "microseconds" => Ok(Precision::Microseconds),
            _ => Err(Fault::value_error("`timespec` is none of the words that `isoformat` knows")
                .help("give `auto`, `hours`, `minutes`, `seconds`, `milliseconds` or `microseconds`")),
        }
    }
}

/// The value of an argument `fold`.
///
/// # Errors
/// `ValueError` if it is neither 0 nor 1.
pub(super) fn fold(number: i64) -> Result<bool> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Fault::value_error("`fold` must be 0 or 1")),
    }
}
