//! Dates and times, printed as Python prints them.

/// Whether PyYAML takes the text for a date or a point in time.
pub(crate) fn is_timestamp(text: &str) -> bool {
    Parts::of(text).is_some()
}

/// What Python's `str` makes of the date; `None` if there is no such day or time.
pub(super) fn printed(text: &str) -> Option<String> {
    let parts = Parts::of(text)?;
    let (year, month, day) = (parts.year, parts.month, parts.day);
    if year == 0 || !(1..=12).contains(&month) || !(1..=days(year, month)).contains(&day) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    let Some(time) = parts.time else { return Some(date) };
    if time.hour > 23 || time.minute > 59 || time.second > 59 {
        return None;
    }
    let clock = format!("{:02}:{:02}:{:02}", time.hour, time.minute, time.second);
    Some(format!("{date} {clock}{}{}", fraction(time.fraction), zone(time.zone)?))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Six digits behind the point, or nothing if they are all zero.
fn fraction(digits: &str) -> String {
    let six: String = digits.chars().chain("000000".chars()).take(6).collect();
    if six == "000000" { String::new() } else { format!(".{six}") }
}

/// The offset; `None` if it is a day or more.
fn zone(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    if text == "Z" {
        return Some("+00:00".to_owned());
    }
    let (hours, minutes) = text[1..].split_once(':').unwrap_or((&text[1..], "0"));
    let total = hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?;
    let sign = if text.starts_with('-') && total > 0 { '-' } else { '+' };
    (total < 24 * 60).then(|| format!("{sign}{:02}:{:02}", total / 60, total % 60))
}

/// A text in the form of a date.
struct Parts<'a> {
    year: u32,
    month: u32,
    day: u32,
    time: Option<Time<'a>>,
}

/// A text in the form of a time.
struct Time<'a> {
    hour: u32,
    minute: u32,
    second: u32,
    fraction: &'a str,
    zone: &'a str,
}

impl Parts<'_> {
    fn of(text: &str) -> Option<Parts<'_>> {
        let mut rest = text;
        let year = number(&mut rest, 4, 4)?;
        expect(&mut rest, '-')?;
        let (month, month_length) = counted(&mut rest)?;
        expect(&mut rest, '-')?;
        let (day, day_length) = counted(&mut rest)?;
        if rest.is_empty() {
            // Without a time both must be written with two digits.
            return (month_length + day_length == 4).then_some(Parts { year, month, day, time: None });
        }
        let time = Some(Time::of(rest)?);
        Some(Parts { year, month, day, time })
    }
}

impl Time<'_> {
    fn of(text: &str) -> Option<Time<'_>> {
        let blanks = text.trim_start_matches([' ', '\t']);
        let mut rest = if blanks.len() < text.len() { blanks } else { text.strip_prefix(['T', 't'])? };
        let hour = number(&mut rest, 1, 2)?;
        expect(&mut rest, ':')?;
        let minute = number(&mut rest, 2, 2)?;
        expect(&mut rest, ':')?;
        let second = number(&mut rest, 2, 2)?;
        let mut fraction = "";
        if let Some(behind) = rest.strip_prefix('.') {
            let end = behind.find(|it: char| !it.is_ascii_digit()).unwrap_or(behind.len());
            (fraction, rest) = behind.split_at(end);
        }
        let zone = rest.trim_start_matches([' ', '\t']);
        // Blanks belong to the zone: without one they must not be there.
        let complete = if zone.is_empty() { rest.is_empty() } else { is_zone(zone) };
        complete.then_some(Time { hour, minute, second, fraction, zone })
    }
}

fn is_zone(text: &str) -> bool {
    let Some(mut rest) = text.strip_prefix(['+', '-']) else { return text == "Z" };
    if number(&mut rest, 1, 2).is_none() {
        return false;
    }
    rest.is_empty()
        || expect(&mut rest, ':').is_some() && number(&mut rest, 2, 2).is_some() && rest.is_empty()
}

/// One or two digits and how many there were.
fn counted(rest: &mut &str) -> Option<(u32, usize)> {
    let before = rest.len();
    Some((number(rest, 1, 2)?, before - rest.len()))
}

/// Takes `least` to `most` digits from the front.
fn number(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (digits, behind) = rest.split_at(count);
    *rest = behind;
    digits.parse().ok()
}

/// Takes one character from the front.
fn expect(rest: &mut &str, char: char) -> Option<()> {
    *rest = rest.strip_prefix(char)?;
    Some(())
}
