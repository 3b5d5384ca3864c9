//! Days, as Python counts them: the first of January of the year 1 is day 1.

use time::{Date, Month, Weekday};

use crate::Fault;
use crate::fault::Result;

/// The Julian day number of the day before day 1.
const BEFORE_DAY_ONE: i32 = 1_721_425;

/// The number of the last day of the year 9999.
const LAST: i64 = 3_652_059;

/// The English names of the months.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The English names of the days of the week.
pub(super) const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The day of a date.
///
/// # Errors
/// `ValueError` if there is none between the years 1 and 9999.
pub(super) fn day(year: i64, month: i64, day: i64) -> Result<Date> {
    let found = || {
        let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
    };
    found().ok_or_else(|| Fault::value_error("there is no such day between the years 1 and 9999"))
}

/// The number of a day.
pub(super) fn ordinal(day: Date) -> i64 {
    i64::from(day.to_julian_day() - BEFORE_DAY_ONE)
}

/// The day of a number, if it is between the years 1 and 9999.
pub(super) fn from_ordinal(ordinal: i64) -> Option<Date> {
    let ordinal = i32::try_from(ordinal).ok().filter(|it| (1..=LAST).contains(&i64::from(*it)))?;
    Date::from_julian_day(ordinal + BEFORE_DAY_ONE).ok()
}

/// The day of an ISO week.
///
/// # Errors
/// `ValueError` if there is none between the years 1 and 9999.
pub(super) fn from_week(year: i64, week: i64, weekday: i64) -> Result<Date> {
    let found = || {
        let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
        let weekday = usize::try_from(weekday).ok()?.checked_sub(1).filter(|it| *it < 7)?;
        let monday = Date::from_iso_week_date(year, u8::try_from(week).ok()?, Weekday::Monday).ok()?;
        from_ordinal(ordinal(monday) + weekday as i64)
    };
    found().ok_or_else(|| Fault::value_error("there is no such week day between the years 1 and 9999"))
}

/// The day of the week, Monday being 0.
pub(super) fn weekday(day: Date) -> u8 {
    day.weekday().number_days_from_monday()
}

/// `YYYY-MM-DD`.
pub(super) fn iso(day: Date) -> String {
    let (year, month, day) = day.to_calendar_date();
    format!("{year:04}-{:02}-{day:02}", u8::from(month))
}

/// The name of its day of the week.
pub(super) fn weekday_name(day: Date) -> &'static str {
    WEEKDAYS.get(usize::from(weekday(day))).copied().unwrap_or_default()
}

/// The name of its month.
pub(super) fn month_name(day: Date) -> &'static str {
    MONTHS.get(usize::from(u8::from(day.month())) - 1).copied().unwrap_or_default()
}

/// The first three letters of a name.
pub(super) fn short(name: &'static str) -> &'static str {
    name.get(..3).unwrap_or(name)
}
