//! The specification of a format: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.

use super::super::unicode;
use crate::Fault;
use crate::fault::Result;

/// A specification as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spec {
    pub(super) fill: char,
    pub(super) align: Align,
    pub(super) sign: Option<char>,
    /// `z`: a negative zero loses its sign.
    pub(super) positive_zero: bool,
    /// `#`.
    pub(super) alternate: bool,
    pub(super) width: usize,
    /// The character between groups of digits.
    pub(super) separator: Option<char>,
    pub(super) precision: Option<usize>,
    pub(super) conversion: Option<char>,
}

/// Where a value stands within its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
    Center,
    /// With the padding behind the sign.
    Sign,
}

impl Align {
    fn of(c: char) -> Option<Align> {
        Some(match c {
            '<' => Align::Left,
            '>' => Align::Right,
            '^' => Align::Center,
            '=' => Align::Sign,
            _ => return None,
        })
    }
}

impl Spec {
    /// Reads a specification; `default` is where values of the type stand if it says nothing.
    pub(super) fn read(text: &str, default: Align) -> Result<Spec> {
        let mut reader = Reader { rest: text };
        let (fill, align) = reader.alignment();
        let sign = reader.any(&[' ', '+', '-']);
        let positive_zero = reader.any(&['z']).is_some();
        let alternate = reader.any(&['#']).is_some();
        let zeros = fill.is_none() && reader.any(&['0']).is_some();
        let width = reader.number()?.unwrap_or(0);
        let separator = reader.separator()?;
        let precision = match reader.any(&['.']) {
            Some(_) => Some(
                reader
                    .number()?
                    .ok_or_else(|| Fault::value_error("a format has no precision behind its point"))?,
            ),
            None => None,
        };
        let mut rest = reader.rest.chars();
        let conversion = rest.next();
        if rest.next().is_some() {
            return Err(Fault::value_error("the format is not a format specification"));
        }
        let spec = Spec {
            fill: fill.unwrap_or(if zeros { '0' } else { ' ' }),
            align: align.unwrap_or(if zeros && default == Align::Right { Align::Sign } else { default }),
            sign,
            positive_zero,
            alternate,
            width,
            separator,
            precision,
            conversion,
        };
        spec.check_separator()?;
        Ok(spec)
    }

    fn check_separator(&self) -> Result<()> {
        let fits = match self.conversion {
            None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'F' | 'G' | '%') => true,
            Some('b' | 'o' | 'x' | 'X') => self.separator != Some(','),
            Some(_) => self.separator.is_none(),
        };
        if fits { Ok(()) } else { Err(Fault::value_error("a format of this type does not group digits")) }
    }

    /// That there is no such type of format for a value.
    pub(super) fn unknown(&self, type_name: &str) -> Fault {
        Fault::value_error(format!("there is no such type of format for `{type_name}`"))
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn any(&mut self, wanted: &[char]) -> Option<char> {
        let c = self.rest.chars().next().filter(|c| wanted.contains(c))?;
        self.rest = self.rest.strip_prefix(c).unwrap_or(self.rest);
        Some(c)
    }

    fn alignment(&mut self) -> (Option<char>, Option<Align>) {
        let mut characters = self.rest.chars();
        let first = characters.next();
        let after_first = characters.as_str();
        if let Some(align) = characters.next().and_then(Align::of) {
            self.rest = characters.as_str();
            return (first, Some(align));
        }
        let align = first.and_then(Align::of);
        if align.is_some() {
            self.rest = after_first;
        }
        (None, align)
    }

    fn separator(&mut self) -> Result<Option<char>> {
        let separator = self.any(&[',']).or_else(|| self.any(&['_']));
        let another = self.any(&[',', '_']);
        match (separator, another) {
            (_, None) => Ok(separator),
            _ => Err(Fault::value_error("a format groups digits in one way")),
        }
    }

    fn number(&mut self) -> Result<Option<usize>> {
        let mut number = None;
        while let Some(c) = self.rest.chars().next()
            && let Some(digit) = unicode::decimal(c)
        {
            number = Some(append_digit(number.unwrap_or(0), digit)?);
            self.rest = self.rest.strip_prefix(c).unwrap_or("");
        }
        Ok(number)
    }
}

/// A number with a digit more.
pub(super) fn append_digit(number: usize, digit: u32) -> Result<usize> {
    number
        .checked_mul(10)
        .and_then(|number| number.checked_add(digit as usize))
        .filter(|number| isize::try_from(*number).is_ok())
        .ok_or_else(|| Fault::value_error("a number in a format has too many digits"))
}
