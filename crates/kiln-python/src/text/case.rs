//! Methods that change the case of letters.

use super::subject::{Kind, Subject};
use super::unicode::{self, Class};
use crate::fault::Result;
use crate::{Args, Py};

/// `str.upper`.
pub(super) fn upper(receiver: &Py, args: Args) -> Result<Py> {
    map(receiver, args, "upper", to_upper)
}

/// `str.lower`.
pub(super) fn lower(receiver: &Py, args: Args) -> Result<Py> {
    map(receiver, args, "lower", to_lower)
}

/// `str.capitalize`.
pub(super) fn capitalize(receiver: &Py, args: Args) -> Result<Py> {
    map(receiver, args, "capitalize", to_capitalized)
}

/// `str.title`.
pub(super) fn title(receiver: &Py, args: Args) -> Result<Py> {
    map(receiver, args, "title", to_title)
}

/// `str.swapcase`.
pub(super) fn swapcase(receiver: &Py, args: Args) -> Result<Py> {
    map(receiver, args, "swapcase", |text| each(text, |at, c, out| swap(text, at, c, out)))
}

/// `str.casefold`.
pub(super) fn casefold(receiver: &Py, args: Args) -> Result<Py> {
    map(receiver, args, "casefold", |text| each(text, |_, c, out| unicode::push_folded(c, out)))
}

/// The text in upper case, as `str.upper` gives it.
fn to_upper(text: &str) -> String {
    each(text, |_, c, out| unicode::push_upper(c, out))
}

/// The text in lower case, as `str.lower` gives it.
fn to_lower(text: &str) -> String {
    each(text, |at, c, out| push_lower(text, at, c, out))
}

/// The text with a capital letter at its beginning alone, as `str.capitalize` gives it.
fn to_capitalized(text: &str) -> String {
    each(text, |at, c, out| match at {
        0 => unicode::push_title(c, out),
        _ => push_lower(text, at, c, out),
    })
}

/// The text with a capital letter at the beginning of each word, as `str.title` gives it.
fn to_title(text: &str) -> String {
    let mut in_word = false;
    each(text, |at, c, out| {
        if in_word {
            push_lower(text, at, c, out);
        } else {
            unicode::push_title(c, out);
        }
        in_word = unicode::is_cased(c);
    })
}

/// What a method gives for text; for bytes, whose letters are those of ASCII, the same with
/// all other characters left as they are.
fn map(receiver: &Py, args: Args, method: &str, change: impl FnOnce(&str) -> String) -> Result<Py> {
    args.none(method)?;
    let subject = Subject::of(receiver)?;
    if subject.kind != Kind::Bytes {
        return Ok(subject.give(&change(&subject.text)));
    }
    let letters: String = subject.text.chars().map(|c| if c.is_ascii() { c } else { ' ' }).collect();
    let changed = change(&letters);
    let both = subject.text.chars().zip(changed.chars());
    let bytes: String = both.map(|(old, new)| if old.is_ascii() { new } else { old }).collect();
    Ok(subject.give(&bytes))
}

/// Goes through the characters of a text and the places where they begin.
fn each(text: &str, mut push: impl FnMut(usize, char, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        push(at, c, &mut out);
    }
    out
}

fn swap(text: &str, at: usize, c: char, out: &mut String) {
    if unicode::is(Class::Upper, c) {
        push_lower(text, at, c, out);
    } else if unicode::is(Class::Lower, c) {
        unicode::push_upper(c, out);
    } else {
        out.push(c);
    }
}

/// Appends the character that is at `at` in lower case. A capital sigma is written in its
/// final form at the end of a word.
fn push_lower(text: &str, at: usize, c: char, out: &mut String) {
    if c == 'Σ' {
        out.push(if ends_word(text, at) { 'ς' } else { 'σ' });
    } else {
        unicode::push_lower(c, out);
    }
}

fn ends_word(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at(at);
    let is_letter = |c: Option<char>| c.is_some_and(unicode::is_cased);
    let counts = |c: &char| !unicode::is(Class::CaseIgnorable, *c);
    is_letter(before.chars().rev().find(counts)) && !is_letter(rest.chars().skip(1).find(counts))
}
