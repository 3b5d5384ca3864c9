//! The directives of a format: `%[(key)][flags][width][.precision][length]conversion`.

use super::supply::Supply;
use crate::fault::{Fault, FaultKind, Result};

/// A directive, its stars replaced by the values they stand for.
pub(super) struct Directive {
    /// `-`.
    pub(super) left: bool,
    /// `+`.
    pub(super) plus: bool,
    /// A blank.
    pub(super) blank: bool,
    /// `#`.
    pub(super) alternate: bool,
    /// `0`.
    pub(super) zeros: bool,
    pub(super) width: usize,
    pub(super) precision: Option<usize>,
    pub(super) conversion: char,
}

/// Takes the next text off a format, and the directive that follows it, if one does; none at
/// the end. A doubled `%` is text.
///
/// # Errors
/// `ValueError` if the directive is none; what a key or a star raises.
pub(super) fn next_piece<'a>(
    rest: &mut &'a str,
    supply: &mut Supply,
) -> Result<Option<(&'a str, Option<Directive>)>> {
    let text = *rest;
    let Some(at) = text.find('%') else {
        *rest = "";
        return Ok((!text.is_empty()).then_some((text, None)));
    };
    let (with_mark, after) = text.split_at(at + 1);
    if let Some(after) = after.strip_prefix('%') {
        *rest = after;
        return Ok(Some((with_mark, None)));
    }
    *rest = after;
    let directive = read(rest, supply)?;
    Ok(Some((with_mark.strip_suffix('%').unwrap_or(with_mark), Some(directive))))
}

fn read(rest: &mut &str, supply: &mut Supply) -> Result<Directive> {
    if let Some(after) = rest.strip_prefix('(') {
        supply.needs_mapping()?;
        let (key, after) = split_key(after)?;
        supply.choose(key)?;
        *rest = after;
    }
    let flags_end = rest.find(|c| !matches!(c, '-' | '+' | ' ' | '#' | '0')).unwrap_or(rest.len());
    let (flags, after) = rest.split_at(flags_end);
    *rest = after;
    let width = read_number(rest, supply)?.unwrap_or(0);
    let precision = match rest.strip_prefix('.') {
        Some(after) => {
            *rest = after;
            let starred = after.starts_with('*');
            let precision = read_number(rest, supply)?.unwrap_or(0);
            let precision = i32::try_from(precision).map_err(|_| match starred {
                true => Fault::new(FaultKind::OverflowError, "a precision for the format is too large"),
                false => too_large(),
            })?;
            Some(usize::try_from(precision).unwrap_or(0))
        }
        None => None,
    };
    let after = rest.strip_prefix(['h', 'l', 'L']).unwrap_or(rest);
    let mut characters = after.chars();
    let conversion =
        characters.next().ok_or_else(|| Fault::value_error("the format ends within a directive"))?;
    *rest = characters.as_str();
    Ok(Directive {
        left: flags.contains('-') || width < 0,
        plus: flags.contains('+'),
        blank: flags.contains(' '),
        alternate: flags.contains('#'),
        zeros: flags.contains('0'),
        width: width.unsigned_abs() as usize,
        precision,
        conversion,
    })
}

/// A key, which may contain parentheses that are closed, and what follows it.
fn split_key(text: &str) -> Result<(&str, &str)> {
    let mut depth = 1_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let (key, rest) = text.split_at(at);
            return Ok((key, rest.strip_prefix(')').unwrap_or(rest)));
        }
    }
    Err(Fault::value_error("a key in the format is not closed"))
}

/// A number that is written or, for a star, given among the values.
fn read_number(rest: &mut &str, supply: &mut Supply) -> Result<Option<i64>> {
    if let Some(after) = rest.strip_prefix('*') {
        *rest = after;
        return supply.next_size().map(Some);
    }
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    *rest = after;
    if digits.is_empty() {
        return Ok(None);
    }
    digits.parse().map(Some).map_err(|_| too_large())
}

fn too_large() -> Fault {
    Fault::value_error("a width or precision in the format is too large")
}
