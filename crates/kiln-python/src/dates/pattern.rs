//! Text held against the directives of `strptime`.

use crate::Fault;
use crate::fault::Result;
use crate::letters::is_space;
use crate::meter::charge;

use super::calendar::{MONTHS, WEEKDAYS};

/// What the directives stand for in a text, by letter.
pub(super) type Found<'a> = Vec<(char, &'a str)>;

/// Finds what each directive of a format stands for in a text, all of which has to match.
///
/// # Errors
/// `ValueError` if a directive is unknown or stands there twice, or if the text is different.
pub(super) fn find<'a>(text: &'a str, format: &str) -> Result<Found<'a>> {
    charge(format.len())?;
    let mut parts = Vec::new();
    read(format, &mut parts)?;
    let mut found = Vec::new();
    match matches(&parts, text, &mut found)? {
        // Python takes the first match there is, and does not look for one that ends later.
        Some("") => Ok(found),
        _ => Err(Fault::value_error("the text is not a date in this format")),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Char(char),
    /// White space, at least one character of it.
    Space,
    Directive(char),
}

fn read(format: &str, parts: &mut Vec<Part>) -> Result<()> {
    let mut chars = format.chars();
    while let Some(char) = chars.next() {
        let part = match char {
            _ if is_space(char) => Part::Space,
            '%' => match chars.next() {
                Some('%') => Part::Char('%'),
                Some('c') => {
                    read("%a %b %d %H:%M:%S %Y", parts)?;
                    continue;
                }
                Some('x') => {
                    read("%m/%d/%y", parts)?;
                    continue;
                }
                Some('X') => {
                    read("%H:%M:%S", parts)?;
                    continue;
                }
                Some(letter) if "aAbBpZzf".contains(letter) || numbers(letter).is_some() => {
                    Part::Directive(letter)
                }
                _ => return Err(Fault::value_error("`strptime` does not know a directive of the format")),
            },
            _ => Part::Char(char),
        };
        match part {
            Part::Directive(_) if parts.contains(&part) => {
                return Err(Fault::value_error("a directive stands in the format twice"));
            }
            Part::Space if parts.last() == Some(&part) => {}
            _ => parts.push(part),
        }
    }
    Ok(())
}

/// What is left of a text behind the parts, if they match its start. As with the regular
/// expression that Python makes of the format, the first way to match counts.
fn matches<'a>(mut parts: &[Part], mut text: &'a str, found: &mut Found<'a>) -> Result<Option<&'a str>> {
    while let Some((part, behind)) = parts.split_first() {
        charge(1)?;
        let lengths = lengths(*part, behind, text);
        // Only directives leave a choice, and the space in front of one. None stands in a format
        // twice, so this does not go deep.
        if let ([length], Part::Char(_) | Part::Space) = (&lengths[..], part) {
            text = text.get(*length..).unwrap_or_default();
            parts = behind;
            continue;
        }
        for length in lengths {
            let Some((here, rest)) = text.split_at_checked(length) else { continue };
            let before = found.len();
            if let Part::Directive(letter) = part {
                found.push((*letter, here));
            }
            if let Some(rest) = matches(behind, rest, found)? {
                return Ok(Some(rest));
            }
            found.truncate(before);
        }
        return Ok(None);
    }
    Ok(Some(text))
}

/// How many bytes of the text a part may take, in the order in which Python tries them.
fn lengths(part: Part, behind: &[Part], text: &str) -> Vec<usize> {
    match part {
        Part::Char(char) => {
            text.chars().next().filter(|it| same(*it, char)).map(char::len_utf8).into_iter().collect()
        }
        Part::Space => {
            let ends = text.char_indices().take_while(|(_, char)| is_space(*char));
            let mut ends: Vec<_> = ends.map(|(at, char)| at + char.len_utf8()).collect();
            ends.reverse();
            // Nothing but the day of the month may begin with a blank.
            if behind.first() != Some(&Part::Directive('d')) {
                ends.truncate(1);
            }
            ends
        }
        Part::Directive('f') => {
            let digits = text.bytes().take(6).take_while(u8::is_ascii_digit).count();
            (1..=digits).rev().collect()
        }
        Part::Directive('z') => offsets(text),
        Part::Directive(letter) => match numbers(letter) {
            Some(forms) => forms.iter().filter_map(|form| in_ranges(form, text)).collect(),
            None => names(letter).into_iter().filter_map(|name| prefix(name, text)).collect(),
        },
    }
}

/// The forms of a number, in the order of preference: each two characters are the first and the
/// last that may stand in one place.
fn numbers(letter: char) -> Option<&'static [&'static str]> {
    Some(match letter {
        'd' => &["3301", "1209", "0019", "19", "  19"],
        'H' => &["2203", "0109", "09"],
        'I' | 'm' => &["1102", "0019", "19"],
        'j' => &["336606", "330509", "120909", "001909", "000019", "1909", "0019", "19"],
        'M' => &["0509", "09"],
        'S' => &["6601", "0509", "09"],
        'U' | 'W' => &["5503", "0409", "09"],
        'V' => &["5503", "0019", "1409", "09"],
        'u' => &["17"],
        'w' => &["06"],
        'y' => &["0909"],
        'G' | 'Y' => &["09090909"],
        _ => return None,
    })
}

fn in_ranges(form: &str, text: &str) -> Option<usize> {
    let ranges = form.as_bytes().chunks_exact(2);
    let places = ranges.len();
    let here = text.as_bytes().get(..places)?;
    let within = |(range, byte): (&[u8], &u8)| range.first() <= Some(byte) && Some(byte) <= range.last();
    ranges.zip(here).all(within).then_some(places)
}

/// The names that a directive may stand for, long ones first.
fn names(letter: char) -> Vec<&'static str> {
    let short = |names: &[&'static str]| names.iter().filter_map(|name| name.get(..3)).collect();
    let mut names: Vec<_> = match letter {
        'a' => short(&WEEKDAYS),
        'A' => WEEKDAYS.to_vec(),
        'b' => short(&MONTHS),
        'B' => MONTHS.to_vec(),
        'p' => vec!["am", "pm"],
        _ => vec!["utc", "gmt"],
    };
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
}

fn prefix(name: &str, text: &str) -> Option<usize> {
    text.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name)).map(str::len)
}

/// `+01:30`, with or without colons, seconds and microseconds, or `Z`.
fn offsets(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b'Z') {
        return vec![1];
    }
    let two = |at: usize, most: u8| match bytes.get(at..at + 2) {
        Some([tens, ones]) if (b'0'..=most).contains(tens) && ones.is_ascii_digit() => Some(at + 2),
        _ => None,
    };
    let behind_colon = |at: usize| at + usize::from(bytes.get(at) == Some(&b':'));
    let sign = matches!(bytes.first(), Some(b'+' | b'-'));
    let minutes = two(1, b'9').filter(|_| sign).and_then(|hours| two(behind_colon(hours), b'5'));
    let seconds = minutes.and_then(|minutes| two(behind_colon(minutes), b'5'));
    let mut ends = Vec::new();
    if let Some(seconds) = seconds.filter(|seconds| bytes.get(*seconds) == Some(&b'.')) {
        let digits = bytes.iter().skip(seconds + 1).take(6).take_while(|byte| byte.is_ascii_digit()).count();
        ends.extend((1..=digits).rev().map(|digits| seconds + 1 + digits));
    }
    ends.extend(seconds);
    ends.extend(minutes);
    ends
}

fn same(left: char, right: char) -> bool {
    left == right || left.to_lowercase().eq(right.to_lowercase())
}
