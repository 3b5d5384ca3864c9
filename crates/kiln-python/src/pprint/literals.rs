//! Text and bytes that are too long for a line, as several literals.

use crate::fault::Result;
use crate::letters::is_space;
use crate::meter::charge_text;
use crate::{Args, Py};

use super::Place;

/// The literals of a text: one per line of it, and more where a line is too long for one.
pub(super) fn of_text(text: &Py, place: Place) -> Result<Vec<String>> {
    let text = Py::str(text.as_str().unwrap_or_default());
    let lines = text.call_method("splitlines", Args::positional([Py::Bool(true)]))?.collect()?;
    let mut literals = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let last = at + 1 == lines.len();
        let whole = line.repr()?;
        if place.fits(&whole, last) {
            literals.push(whole);
        } else {
            of_words(line.as_str().unwrap_or_default(), place, last, &mut literals)?;
        }
    }
    Ok(literals)
}

/// Fills literals with as many words of a line as fit, each with the white space behind it.
fn of_words(line: &str, place: Place, last_line: bool, literals: &mut Vec<String>) -> Result<()> {
    let mut rest = line;
    let mut current = String::new();
    while !rest.is_empty() {
        let (word, behind) = first_word(rest);
        rest = behind;
        charge_text(current.len() + word.len())?;
        let longer = format!("{current}{word}");
        if place.fits(&quoted(&longer)?, last_line && rest.is_empty()) {
            current = longer;
        } else {
            if !current.is_empty() {
                literals.push(quoted(&current)?);
            }
            current = word.to_owned();
        }
    }
    literals.push(quoted(&current)?);
    Ok(())
}

/// The first word with the white space behind it, and the rest.
fn first_word(text: &str) -> (&str, &str) {
    let mut in_space = false;
    let end = text.find(|char| {
        let begins_next = in_space && !is_space(char);
        in_space |= is_space(char);
        begins_next
    });
    text.split_at(end.unwrap_or(text.len()))
}

/// The literals of bytes, which break after a multiple of four.
pub(super) fn of_bytes(bytes: &[u8], place: Place) -> Result<Vec<String>> {
    let mut literals = Vec::new();
    let mut current = Vec::new();
    for (at, part) in bytes.chunks(4).enumerate() {
        // What follows counts only for a last part that is not a full one; if the last is
        // full, Python looks in vain for the one behind it.
        let last = at == bytes.len() / 4;
        charge_text(current.len() + part.len())?;
        let longer = [&current[..], part].concat();
        if place.fits(&literal(&longer)?, last) {
            current = longer;
        } else {
            if !current.is_empty() {
                literals.push(literal(&current)?);
            }
            current = part.to_vec();
        }
    }
    literals.push(literal(&current)?);
    Ok(literals)
}

fn quoted(text: &str) -> Result<String> {
    Py::str(text).repr()
}

fn literal(bytes: &[u8]) -> Result<String> {
    Py::Bytes(bytes.into()).repr()
}
