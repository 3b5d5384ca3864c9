//! The directives of the C library's `strftime`, as glibc expands them in the C locale.

use crate::fault::Result;
use crate::meter::charge_text;

use super::arguments::depends_on_the_machine;
use super::calendar;
use super::strftime::Moment;

/// The text of a moment in a format; none if it is not shorter than `room` characters.
///
/// # Errors
/// For `%s`, which depends on the time zone of the machine.
pub(super) fn expand(format: &str, moment: &Moment, room: usize) -> Result<Option<String>> {
    let mut out = String::new();
    let mut left = room;
    let mut rest = format;
    while !rest.is_empty() {
        let (plain, behind) = rest.split_at(rest.find('%').unwrap_or(rest.len()));
        let part = if plain.is_empty() {
            let (directive, behind) = Directive::read(rest);
            rest = behind;
            directive.expand(moment, left)?
        } else {
            rest = behind;
            charge_text(plain.len())?;
            Some(plain.to_owned())
        };
        let Some(part) = part else { return Ok(None) };
        let width = part.chars().count();
        if width >= left {
            return Ok(None);
        }
        left -= width;
        out += &part;
    }
    Ok(Some(out))
}

/// `%`, flags, width, modifier, letter.
struct Directive<'a> {
    source: &'a str,
    /// The last of the flags `_`, `-` and `0`.
    pad: Option<char>,
    upper: bool,
    swap_case: bool,
    width: usize,
    modifier: Option<char>,
    letter: Option<char>,
}

/// What a directive stands for, before it is padded.
enum Meaning {
    /// A number of so many digits at least.
    Number(usize, i64),
    /// The same, with blanks in front if nothing else is said.
    Blank(usize, i64),
    Text(&'static str),
    /// A name whose case the flag `#` makes upper.
    Name(&'static str),
    /// Several directives.
    Format(&'static str),
    /// No directive, so it stands for itself.
    Nothing,
    /// Always empty, however wide.
    Empty,
}

impl<'a> Directive<'a> {
    /// The directive at the start of a text, and what is behind it.
    fn read(text: &'a str) -> (Directive<'a>, &'a str) {
        let mut found = Directive {
            source: text,
            pad: None,
            upper: false,
            swap_case: false,
            width: 0,
            modifier: None,
            letter: None,
        };
        let mut rest = text.strip_prefix('%').unwrap_or(text).chars();
        let mut next = rest.next();
        while let Some(flag @ ('_' | '-' | '0' | '^' | '#')) = next {
            match flag {
                '^' => found.upper = true,
                '#' => found.swap_case = true,
                _ => found.pad = Some(flag),
            }
            next = rest.next();
        }
        while let Some(digit) = next.and_then(|char| char.to_digit(10)) {
            found.width = found.width.saturating_mul(10).saturating_add(digit as usize);
            next = rest.next();
        }
        if let Some('E' | 'O') = next {
            found.modifier = next;
            next = rest.next();
        }
        found.letter = next;
        let behind = rest.as_str();
        found.source = text.strip_suffix(behind).unwrap_or(text);
        (found, behind)
    }

    fn expand(&self, moment: &Moment, room: usize) -> Result<Option<String>> {
        if self.letter == Some('s') {
            return Err(depends_on_the_machine("`%s`"));
        }
        let meaning = self.meaning(moment);
        if matches!(meaning, Meaning::Empty) {
            return Ok(Some(String::new()));
        }
        if self.width >= room {
            return Ok(None);
        }
        charge_text(self.width)?;
        let text = match meaning {
            Meaning::Empty => String::new(),
            Meaning::Number(digits, number) => self.number(digits, number, '0'),
            Meaning::Blank(digits, number) => self.number(digits, number, '_'),
            Meaning::Text(text) => text.to_owned(),
            Meaning::Name(name) if self.upper || self.swap_case => name.to_uppercase(),
            Meaning::Name(name) => name.to_owned(),
            Meaning::Nothing => self.cased(self.itself()),
            Meaning::Format(format) => match expand(format, moment, room)? {
                Some(text) => self.cased(&text),
                None => return Ok(None),
            },
        };
        let missing = self.width.saturating_sub(text.chars().count());
        let pad = if self.pad == Some('0') { "0" } else { " " };
        Ok(Some(pad.repeat(missing) + &text))
    }

    /// What stands for itself: all of it, but of `%E%` only the last character, which is where
    /// the next search for a `%` from the right ends.
    fn itself(&self) -> &str {
        if self.letter == Some('%') { "%" } else { self.source }
    }

    fn number(&self, digits: usize, number: i64, default: char) -> String {
        let text = number.to_string();
        let missing = digits.max(self.width).saturating_sub(text.len());
        match self.pad.unwrap_or(default) {
            '-' => text,
            '_' => " ".repeat(missing) + &text,
            _ => "0".repeat(missing) + &text,
        }
    }

    fn cased(&self, text: &str) -> String {
        if !self.upper {
            return text.to_owned();
        }
        let upper = |char: char| {
            let mut all = char.to_uppercase();
            // The C library knows characters alone, so those that become several stay.
            if all.len() == 1 { all.next().unwrap_or(char) } else { char }
        };
        text.chars().map(upper).collect()
    }

    fn meaning(&self, moment: &Moment) -> Meaning {
        let letter = self.letter.unwrap_or_default();
        let unknown = match self.modifier {
            Some('E') => "aAbBhdDeFgGHIjklmMSUVWw",
            Some(_) => "aAcDFxXY",
            None => "",
        };
        if unknown.contains(letter) {
            return Meaning::Nothing;
        }
        date_meaning(letter, moment).or_else(|| self.time_meaning(letter, moment)).unwrap_or(Meaning::Nothing)
    }

    fn time_meaning(&self, letter: char, moment: &Moment) -> Option<Meaning> {
        let clock = moment.clock;
        let half_day = (clock.hour() + 11) % 12 + 1;
        Some(match letter {
            'H' => Meaning::Number(2, clock.hour()),
            'I' => Meaning::Number(2, half_day),
            'k' => Meaning::Blank(2, clock.hour()),
            'l' => Meaning::Blank(2, half_day),
            'M' => Meaning::Number(2, clock.minute()),
            'S' => Meaning::Number(2, clock.second()),
            'p' | 'P' if letter == 'P' || self.swap_case => {
                Meaning::Text(if clock.hour() < 12 { "am" } else { "pm" })
            }
            'p' => Meaning::Text(if clock.hour() < 12 { "AM" } else { "PM" }),
            'R' => Meaning::Format("%H:%M"),
            'r' => Meaning::Format("%I:%M:%S %p"),
            'T' | 'X' => Meaning::Format("%H:%M:%S"),
            // Python fills in the plain `%Z` and `%z`; of the zone, the C library knows nothing.
            'Z' => Meaning::Text(""),
            'z' => Meaning::Empty,
            'n' => Meaning::Text("\n"),
            't' => Meaning::Text("\t"),
            '%' => Meaning::Text("%"),
            _ => return None,
        })
    }
}

fn date_meaning(letter: char, moment: &Moment) -> Option<Meaning> {
    let day = moment.day;
    let year = i64::from(day.year());
    let (iso_year, iso_week, _) = day.to_iso_week_date();
    let weekday = calendar::weekday(day);
    Some(match letter {
        'a' => Meaning::Name(calendar::short(calendar::weekday_name(day))),
        'A' => Meaning::Name(calendar::weekday_name(day)),
        'b' | 'h' => Meaning::Name(calendar::short(calendar::month_name(day))),
        'B' => Meaning::Name(calendar::month_name(day)),
        'c' => Meaning::Format("%a %b %e %H:%M:%S %Y"),
        'C' => Meaning::Number(1, year / 100),
        'd' => Meaning::Number(2, day.day().into()),
        'D' | 'x' => Meaning::Format("%m/%d/%y"),
        'e' => Meaning::Blank(2, day.day().into()),
        'F' => Meaning::Format("%Y-%m-%d"),
        'g' => Meaning::Number(2, i64::from(iso_year.rem_euclid(100))),
        'G' => Meaning::Number(1, iso_year.into()),
        'j' => Meaning::Number(3, day.ordinal().into()),
        'm' => Meaning::Number(2, u8::from(day.month()).into()),
        'u' => Meaning::Number(1, i64::from(weekday) + 1),
        'U' => Meaning::Number(2, day.sunday_based_week().into()),
        'V' => Meaning::Number(2, iso_week.into()),
        'w' => Meaning::Number(1, i64::from(weekday + 1) % 7),
        'W' => Meaning::Number(2, day.monday_based_week().into()),
        'y' => Meaning::Number(2, year % 100),
        'Y' => Meaning::Number(1, year),
        _ => return None,
    })
}
