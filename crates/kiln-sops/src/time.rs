//! Points in time: RFC 3339 as Go writes it, and the spellings YAML knows.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A YAML timestamp as RFC 3339 with as many fractional digits as it needs.
pub(crate) fn parse_yaml(text: &str) -> Option<String> {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"^(?<y>[0-9]{4})-(?<mo>[0-9]{1,2})-(?<d>[0-9]{1,2})",
            r"(?:(?<sep>[Tt ])(?<h>[0-9]{1,2}):(?<mi>[0-9]{1,2}):(?<s>[0-9]{1,2})",
            r"(?:[.,](?<f>[0-9]+))?(?<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?$",
        ))
        .expect("a valid pattern")
    });
    let found = SHAPE.captures(text)?;
    // With `T` a zone must be given, with a blank there is none.
    let zone = found.name("zone").map(|zone| zone.as_str());
    match found.name("sep").map(|sep| sep.as_str()) {
        Some(" ") if zone.is_some() => return None,
        Some("T" | "t") if zone.is_none() => return None,
        _ => {}
    }
    canonical(&found, zone.unwrap_or("Z"))
}

/// An RFC 3339 time without its fraction, as `lastmodified` enters the MAC.
pub(crate) fn seconds(text: &str) -> Option<String> {
    let full = parse_yaml(text).filter(|_| text.contains(['T', 't']))?;
    let (before, after) = full.split_once('.').unwrap_or((&full, ""));
    Some(format!("{before}{}", after.trim_start_matches(|it: char| it.is_ascii_digit())))
}

/// Seconds since 1970 as RFC 3339 in UTC, as files name the time of their last change.
pub fn from_unix(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Counts from 0000-03-01, so that the leap day ends a year; one era is 400 years.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

fn canonical(found: &Captures<'_>, zone: &str) -> Option<String> {
    let part = |name: &str| found.name(name).map_or(Some(0), |it| it.as_str().parse::<u32>().ok());
    let (year, month, day) = (part("y")?, part("mo")?, part("d")?);
    let (hour, minute, second) = (part("h")?, part("mi")?, part("s")?);
    let zone = canonical_zone(zone)?;
    if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = found.name("f").map_or("", |it| it.as_str());
    let fraction = fraction.get(..9).unwrap_or(fraction).trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{dot}{fraction}{zone}"))
}

fn canonical_zone(zone: &str) -> Option<&str> {
    if zone == "Z" || &zone[1..] == "00:00" {
        return Some("Z");
    }
    let (hours, minutes) = zone[1..].split_once(':')?;
    let in_range = hours.parse::<u32>().ok()? <= 24 && minutes.parse::<u32>().ok()? < 60;
    in_range.then_some(zone)
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_time_becomes_a_date() {
        assert_eq!(from_unix(0), "1970-01-01T00:00:00Z");
        assert_eq!(from_unix(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(from_unix(1_785_146_400), "2026-07-27T10:00:00Z");
        assert_eq!(from_unix(4_102_444_799), "2099-12-31T23:59:59Z");
    }

    #[test]
    fn yaml_times_get_one_spelling() {
        let parse = |text| parse_yaml(text).unwrap_or_default();
        assert_eq!(parse("2024-1-2"), "2024-01-02T00:00:00Z");
        assert_eq!(parse("2024-01-02 3:04:05.100"), "2024-01-02T03:04:05.1Z");
        assert_eq!(parse("2024-01-02T03:04:05+02:00"), "2024-01-02T03:04:05+02:00");
        assert_eq!(parse("2024-01-02T03:04:05-00:00"), "2024-01-02T03:04:05Z");
        for text in ["2024-02-30", "2023-02-29", "2024-01-02T03:04:05", "24-01-02", "2024-01-02T25:00:00Z"] {
            assert_eq!(parse(text), "");
        }
    }

    #[test]
    fn the_mac_sees_whole_seconds() {
        assert_eq!(seconds("2026-07-27T10:00:00.5+01:00").as_deref(), Some("2026-07-27T10:00:00+01:00"));
        assert_eq!(seconds("2026-07-27T10:00:00Z").as_deref(), Some("2026-07-27T10:00:00Z"));
        assert_eq!(seconds("2026-07-27"), None);
    }
}
