//! Breaking a line into shorter ones, as Python's `textwrap` does.

use kiln_python::letters::{is_digit, is_space, is_word};
use kiln_python::{Fault, Py, Result, meter};

use super::wordwrap::Width;

/// Where a line may be broken. Python asks these for their truth only once it matters.
pub(super) struct Wrap {
    /// Inside a word that is longer than a line.
    pub(super) break_long_words: Py,
    /// Behind a hyphen inside a word.
    pub(super) break_on_hyphens: Py,
}

/// Characters that stay on one line.
type Chunk<'a> = &'a [char];

/// The lines of `text`, which has no line break of its own.
pub(super) fn wrap(text: &str, width: Width, how: &Wrap) -> Result<Vec<String>> {
    meter::charge_text(text.len().saturating_mul(4))?;
    let letters: Vec<char> = text.chars().collect();
    // Nothing but `True` itself splits at hyphens.
    let at_hyphens = matches!(how.break_on_hyphens, Py::Bool(true));
    let mut left = chunks(&letters, at_hyphens);
    left.reverse();
    let mut lines = Vec::new();
    while let Some(first) = left.last() {
        meter::charge(1)?;
        if !lines.is_empty() && is_blank(first) {
            left.pop();
        }
        let mut line = take_fitting(&mut left, width);
        if let Some(next) = left.pop() {
            if width.holds(next.len()) {
                left.push(next);
            } else {
                let (part, rest) = break_word(next, &line, width, how)?;
                line.extend(part);
                left.extend(rest);
            }
        }
        if line.last().is_some_and(|last| is_blank(last)) {
            line.pop();
        }
        if !line.is_empty() {
            lines.push(line.concat().into_iter().collect());
        }
    }
    Ok(lines)
}

/// The chunks that fit into a line together.
fn take_fitting<'a>(left: &mut Vec<Chunk<'a>>, width: Width) -> Vec<Chunk<'a>> {
    let mut line = Vec::new();
    let mut length = 0;
    while let Some(chunk) = left.pop() {
        if !width.holds(length + chunk.len()) {
            left.push(chunk);
            break;
        }
        length += chunk.len();
        line.push(chunk);
    }
    line
}

/// The part of a word that is longer than a line which goes to the end of `line`, and the part
/// that stays for the next one. A part that is empty is one all the same.
fn break_word<'a>(
    word: Chunk<'a>,
    line: &[Chunk],
    width: Width,
    how: &Wrap,
) -> Result<(Option<Chunk<'a>>, Option<Chunk<'a>>)> {
    if !how.break_long_words.truth()? {
        return Ok(if line.is_empty() { (Some(word), None) } else { (None, Some(word)) });
    }
    let length: usize = line.iter().map(|chunk| chunk.len()).sum();
    let room = match width {
        Width::Whole(width) => width.saturating_sub(length),
        Width::Fraction(width) if width < 1.0 => 1,
        Width::Fraction(_) => {
            return Err(Fault::type_error("a word cannot be broken at a fraction of a character"));
        }
    };
    let mut end = room.min(word.len());
    if word.len() > room && how.break_on_hyphens.truth()? {
        let (fitting, _) = word.split_at(end);
        if let Some(hyphen) = fitting.iter().rposition(|letter| *letter == '-')
            && fitting.iter().take(hyphen).any(|letter| *letter != '-')
        {
            end = hyphen + 1;
        }
    }
    let (part, rest) = word.split_at(end);
    Ok((Some(part), Some(rest)))
}

fn is_blank(chunk: Chunk) -> bool {
    chunk.iter().all(|letter| is_space(*letter))
}

/// The text in pieces between which a line may be broken: spaces and words, or parts of words.
fn chunks(text: &[char], at_hyphens: bool) -> Vec<Chunk<'_>> {
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = if at_hyphens { end_of_part(text, start) } else { end_of_run(text, start) };
        chunks.extend(text.get(start..end));
        start = end;
    }
    chunks
}

/// Where the spaces or the word from `start` on end.
fn end_of_run(text: &[char], start: usize) -> usize {
    let is_breaking = |at: usize| text.get(at).copied().is_some_and(is_breaking_space);
    let kind = is_breaking(start);
    (start + 1..text.len()).find(|at| is_breaking(*at) != kind).unwrap_or(text.len())
}

/// Where the spaces, the dash or the part of a word from `start` on end.
fn end_of_part(text: &[char], start: usize) -> usize {
    if text.get(start).copied().is_some_and(is_breaking_space) {
        return end_of_run(text, start);
    }
    if let Some(dash) = end_of_dash(text, start) {
        return dash;
    }
    let end_at = |at: usize| {
        if is_hyphen(text, at) {
            return Some(at + 1);
        }
        let ends = text.get(at).copied().is_some_and(is_breaking_space) || end_of_dash(text, at).is_some();
        ends.then_some(at)
    };
    (start + 1..text.len()).find_map(end_at).unwrap_or(text.len())
}

/// Where the dash at `at` ends: hyphens, two or more, between words.
fn end_of_dash(text: &[char], at: usize) -> Option<usize> {
    let before = text.get(at.checked_sub(1)?).copied()?;
    if !is_word(before) && !matches!(before, '!' | '"' | '\'' | '&' | '.' | ',' | '?') {
        return None;
    }
    let hyphens = text.iter().skip(at).take_while(|letter| **letter == '-').count();
    let after = text.get(at + hyphens).copied()?;
    (hyphens >= 2 && is_word(after)).then_some(at + hyphens)
}

/// Whether at `at` there is a hyphen with two letters on each side, or one and a hyphen more.
fn is_hyphen(text: &[char], at: usize) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().is_some_and(is_letter);
    let hyphen = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|found| *found == '-');
    let before = |count: usize| at.checked_sub(count);
    let after = |count: usize| at.checked_add(count);
    hyphen(Some(at))
        && letter(before(1))
        && (letter(before(2)) || hyphen(before(2)) && letter(before(3)))
        && letter(after(1))
        && (letter(after(2)) || hyphen(after(2)) && letter(after(3)))
}

fn is_letter(letter: char) -> bool {
    is_word(letter) && !is_digit(letter)
}

/// The spaces at which a line may be broken: those of ASCII.
fn is_breaking_space(letter: char) -> bool {
    matches!(letter, '\t'..='\r' | ' ')
}
