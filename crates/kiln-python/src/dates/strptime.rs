//! `datetime.strptime`.

use std::sync::Arc;

use time::Date as Day;

use crate::Fault;
use crate::fault::Result;

use super::calendar::{self, MONTHS, WEEKDAYS};
use super::clock::{Clock, HOUR, MINUTE, SECOND};
use super::datetime::DateTime;
use super::pattern;
use super::zone::Zone;

/// The date and time that a text says in a format.
///
/// # Errors
/// `ValueError` if the text is different, if there is no such date, or if what it says does not
/// make one.
pub(super) fn strptime(text: &str, format: &str) -> Result<DateTime> {
    let found = pattern::find(text, format)?;
    let after_noon = found.iter().any(|(letter, text)| *letter == 'p' && text.eq_ignore_ascii_case("pm"));
    let mut said = Said { after_noon, month: 1, day: 1, ..Said::default() };
    for (letter, text) in found {
        said.add(letter, text)?;
    }
    let clock = Clock::new(said.hour, said.minute, said.second, said.fraction)?;
    Ok(DateTime { day: said.day()?, clock, zone: said.zone()?, fold: false })
}

/// What the directives say. Where several say the same, the last one counts.
#[derive(Default)]
struct Said<'a> {
    year: Option<i64>,
    month: i64,
    day: i64,
    hour: i64,
    after_noon: bool,
    minute: i64,
    second: i64,
    fraction: i64,
    day_of_year: Option<i64>,
    /// Monday is 0.
    weekday: Option<i64>,
    /// A week, and the day of the week with which weeks begin.
    week: Option<(i64, i64)>,
    iso_year: Option<i64>,
    iso_week: Option<i64>,
    offset: Option<i64>,
    zone_name: Option<&'a str>,
}

impl<'a> Said<'a> {
    fn add(&mut self, letter: char, text: &'a str) -> Result<()> {
        let number = text.trim_start().parse().unwrap_or(0);
        match letter {
            'Y' => self.year = Some(number),
            'y' => self.year = Some(number + if number <= 68 { 2000 } else { 1900 }),
            'm' => self.month = number,
            'B' | 'b' => self.month = place(&MONTHS, text) + 1,
            'd' => self.day = number,
            'H' => self.hour = number,
            'I' => self.hour = number % 12 + if self.after_noon { 12 } else { 0 },
            'M' => self.minute = number,
            'S' => self.second = number,
            'f' => self.fraction = microseconds(text),
            'j' => self.day_of_year = Some(number),
            'A' | 'a' => self.weekday = Some(place(&WEEKDAYS, text)),
            'u' => self.weekday = Some(number - 1),
            'w' => self.weekday = Some((number + 6) % 7),
            'U' => self.week = Some((number, SUNDAY)),
            'W' => self.week = Some((number, MONDAY)),
            'G' => self.iso_year = Some(number),
            'V' => self.iso_week = Some(number),
            'z' => self.offset = Some(offset(text)?),
            'Z' => self.zone_name = Some(text),
            _ => {}
        }
        Ok(())
    }

    fn day(&self) -> Result<Day> {
        self.check_iso_week()?;
        // The 29th of February of no year is looked for in a leap year, and then it is of 1900.
        let leap_day = self.year.is_none() && (self.month, self.day) == (2, 29);
        let year = self.year.unwrap_or(if leap_day { 1904 } else { 1900 });
        let found = match self.day_number(year)? {
            Some(number) => calendar::from_ordinal(number).ok_or_else(no_such_day)?,
            None => calendar::day(year, self.month, self.day)?,
        };
        if leap_day {
            calendar::day(1900, u8::from(found.month()).into(), found.day().into())
        } else {
            Ok(found)
        }
    }

    /// The year of ISO needs its week and a day of the week, and the week needs the year.
    fn check_iso_week(&self) -> Result<()> {
        let wrong = match (self.year, self.iso_year) {
            (None, Some(_)) => {
                self.iso_week.is_none() || self.weekday.is_none() || self.day_of_year.is_some()
            }
            _ => self.iso_week.is_some() && self.week.is_none(),
        };
        if !wrong {
            return Ok(());
        }
        Err(Fault::value_error("`%G`, `%V` and a day of the week make a date only together")
            .help("use `%Y` with months, days and other weeks"))
    }

    /// The number of the day, if the text says it otherwise than by month and day.
    fn day_number(&self, year: i64) -> Result<Option<i64>> {
        let first = |year| calendar::day(year, 1, 1).map(calendar::ordinal);
        if let Some(day_of_year) = self.day_of_year {
            return Ok(Some(first(year)? + day_of_year - 1));
        }
        let Some(weekday) = self.weekday else { return Ok(None) };
        match (self.week, self.iso_year, self.iso_week) {
            (Some((week, begins)), ..) => Ok(Some(day_of_week(first(year)?, week, begins, weekday))),
            // Unlike the calendar, this goes on counting where a year has no such week.
            (None, Some(year), Some(week)) => {
                let monday = calendar::ordinal(calendar::from_week(year, 1, 1)?);
                Ok(Some(monday + 7 * (week - 1) + weekday))
            }
            _ => Ok(None),
        }
    }

    fn zone(&self) -> Result<Option<Arc<Zone>>> {
        let Some(offset) = self.offset else { return Ok(None) };
        match self.zone_name {
            Some(name) => Zone::named(offset, name).map(Some),
            None => Zone::new(offset).map(Some),
        }
    }
}

const MONDAY: i64 = 0;

const SUNDAY: i64 = 6;

/// The number of a day of a week. Week 1 begins with the first day of the year on which weeks
/// begin; `first` is the number of the first of January.
fn day_of_week(first: i64, week: i64, begins: i64, weekday: i64) -> i64 {
    // Day 1 was a Monday.
    let days_before_first = (first - 1 - begins).rem_euclid(7);
    let start_of_week_one = first + (7 - days_before_first) % 7;
    // A year that begins with a week has no week 0; Python gives it week 1 then.
    let week = if week == 0 && days_before_first == 0 { 1 } else { week };
    start_of_week_one + 7 * (week - 1) + (weekday - begins).rem_euclid(7)
}

/// The place of a name, of which the first three letters decide.
fn place(names: &[&str], given: &str) -> i64 {
    let start = |name: &str| name.get(..3).map(str::to_ascii_lowercase);
    names.iter().position(|name| start(name) == start(given)).unwrap_or_default() as i64
}

fn no_such_day() -> Fault {
    Fault::value_error("there is no such day between the years 1 and 9999")
}

fn offset(text: &str) -> Result<i64> {
    if text == "Z" {
        return Ok(0);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let colons = whole.matches(':').count();
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 6 && colons == 1 {
        return Err(Fault::value_error("an offset from UTC has colons everywhere or nowhere"));
    }
    let part = |at: usize| digits.get(at..at + 2).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    let size = part(0) * HOUR + part(2) * MINUTE + part(4) * SECOND + microseconds(fraction);
    Ok(if text.starts_with('-') { -size } else { size })
}

/// Digits behind the point.
fn microseconds(digits: &str) -> i64 {
    format!("{digits:0<6}").parse().unwrap_or(0)
}
