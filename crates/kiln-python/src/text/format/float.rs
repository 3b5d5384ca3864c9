//! Floating-point numbers as text, to a precision.

use super::super::subject::{charge, push_repeated};
use crate::fault::Result;
use crate::float_repr;

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::text) enum Notation {
    /// `e`: always with an exponent.
    Exponent,
    /// `f`: never with an exponent.
    Fixed,
    /// `g`: with an exponent if it is very large or small, and without the zeros at the end.
    General,
}

/// What is to be written.
#[derive(Clone, Copy)]
pub(in crate::text) struct Style {
    pub(in crate::text) notation: Notation,
    /// How many digits: behind the point, or in all with [`Notation::General`].
    pub(in crate::text) precision: usize,
    /// `#`: the point and the zeros at the end stay.
    pub(in crate::text) alternate: bool,
    /// Without an exponent, there is a digit behind the point.
    pub(in crate::text) dot_zero: bool,
}

/// No float has more digits than this, on either side of its point.
const MOST_DIGITS: usize = 1100;

/// The number with its sign, if it has one.
pub(in crate::text) fn text(number: f64, style: Style) -> Result<String> {
    if !number.is_finite() {
        return Ok(float_repr(number));
    }
    let mut out = String::new();
    if number.is_sign_negative() {
        out.push('-');
    }
    let number = number.abs();
    match style.notation {
        Notation::Fixed => push_fixed(number, style, &mut out)?,
        Notation::Exponent => {
            let digits = Digits::of(number, style.precision);
            digits.push_exponent(style.precision + 1, style.alternate, &mut out)?;
        }
        Notation::General => push_general(number, style, &mut out)?,
    }
    Ok(out)
}

fn push_fixed(number: f64, style: Style, out: &mut String) -> Result<()> {
    charge(style.precision.checked_add(MOST_DIGITS))?;
    let exact = style.precision.min(MOST_DIGITS);
    out.push_str(&format!("{number:.exact$}"));
    if style.precision == 0 && style.alternate {
        out.push('.');
    }
    push_repeated(out, '0', style.precision - exact)
}

fn push_general(number: f64, style: Style, out: &mut String) -> Result<()> {
    let precision = style.precision.max(1);
    let digits = Digits::of(number, precision - 1);
    let places = i64::try_from(precision).unwrap_or(i64::MAX);
    let exponent = i64::from(digits.exponent);
    let shown = if style.alternate { precision } else { digits.significant() };
    if exponent < -4 || exponent >= places - i64::from(style.dot_zero) {
        return digits.push_exponent(shown, style.alternate, out);
    }
    digits.push_plain(shown, style, out)
}

/// `repr` of a number, with a point in any case.
pub(in crate::text) fn shortest_with_point(number: f64) -> String {
    let text = float_repr(number);
    match text.split_once('e') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.e{exponent}"),
        _ => text,
    }
}

/// The digits of a number, the first of which is in the place of `exponent`.
struct Digits {
    digits: String,
    exponent: i32,
}

impl Digits {
    /// A number, which is finite and not negative, rounded to a digit and `more`.
    fn of(number: f64, more: usize) -> Digits {
        let more = more.min(MOST_DIGITS);
        let scientific = format!("{number:.more$e}");
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        Digits { digits: mantissa.replace('.', ""), exponent: exponent.parse().unwrap_or(0) }
    }

    /// How many digits there are without the zeros at the end.
    fn significant(&self) -> usize {
        self.digits.trim_end_matches('0').len().max(1)
    }

    /// Appends `count` digits from the place `from`, of which the first has the place 0.
    fn push(&self, from: usize, count: usize, out: &mut String) -> Result<()> {
        let known = self.digits.get(from..).unwrap_or("");
        let known = known.get(..count).unwrap_or(known);
        out.push_str(known);
        push_repeated(out, '0', count - known.len())
    }

    /// Appends the first `shown` digits and the exponent.
    fn push_exponent(&self, shown: usize, point: bool, out: &mut String) -> Result<()> {
        self.push(0, 1, out)?;
        if shown > 1 || point {
            out.push('.');
        }
        self.push(1, shown.saturating_sub(1), out)?;
        let sign = if self.exponent < 0 { '-' } else { '+' };
        out.push_str(&format!("e{sign}{:02}", self.exponent.unsigned_abs()));
        Ok(())
    }

    /// Appends the first `shown` digits, and all before the point.
    fn push_plain(&self, shown: usize, style: Style, out: &mut String) -> Result<()> {
        let (before, zeros) = match usize::try_from(self.exponent) {
            Ok(exponent) => (exponent + 1, 0),
            Err(_) => (0, self.exponent.unsigned_abs() as usize - 1),
        };
        if before == 0 {
            out.push('0');
        }
        self.push(0, before, out)?;
        let behind = shown.saturating_sub(before);
        let dot_zero = style.dot_zero && behind + zeros == 0;
        if behind + zeros > 0 || style.alternate || dot_zero {
            out.push('.');
        }
        push_repeated(out, '0', zeros + usize::from(dot_zero))?;
        self.push(before, behind, out)
    }
}
