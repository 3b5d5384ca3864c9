//! Filters that are methods of text by another name, and those that look at its words.

use kiln_python::letters::{is_space, is_word};
use kiln_python::{Args, Fault, Operator, Py, Result, meter};

use super::convert::{count, method, named, soft_str};
use crate::ambient::{Here, filter_argument_error};

/// `capitalize`: a large letter first, small ones behind it.
pub(super) fn capitalize(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("capitalize")?;
    method(&soft_str(value)?, "capitalize", [])
}

/// `lower`.
pub(super) fn lower(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("lower")?;
    method(&soft_str(value)?, "lower", [])
}

/// `upper`.
pub(super) fn upper(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("upper")?;
    method(&soft_str(value)?, "upper", [])
}

/// `string`: text stays what it is, safe text too.
pub(super) fn string(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("string")?;
    soft_str(value)
}

/// `center(width=80)`.
pub(super) fn center(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [width] = args.bind("center", ["width"])?;
    method(&soft_str(value)?, "center", [width.unwrap_or(Py::Int(80))])
}

/// `trim(chars=none)`.
pub(super) fn trim(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [chars] = args.bind("trim", ["chars"])?;
    method(&soft_str(value)?, "strip", [chars.unwrap_or(Py::None)])
}

/// `format(*args)` or `format(**kwargs)`: the operator `%`.
pub(super) fn format(_: &Here, value: Py, args: Args) -> Result<Py> {
    if !args.positional.is_empty() && !args.keyword.is_empty() {
        return Err(filter_argument_error("`format` takes arguments by position or by name, not both"));
    }
    if args.keyword.iter().any(|(name, _)| **name == *"value") {
        return Err(Fault::type_error("`format` got its parameter `value` twice"));
    }
    let format = soft_str(value)?;
    let arguments = if args.keyword.is_empty() { Py::tuple(args.positional) } else { named(args.keyword)? };
    format.operate(Operator::Mod, &arguments)
}

/// `title`: each word with a large letter first. Unlike the method of that name, it finds words
/// behind spaces, hyphens and opening brackets alone.
pub(super) fn title(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("title")?;
    let value = soft_str(value)?;
    let text = value.to_str()?;
    // A letter becomes three at most.
    meter::charge_text(text.len().saturating_mul(3))?;
    let mut titled = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(first) = rest.chars().next() {
        let (head, tail) = rest.split_at(first.len_utf8());
        if is_between_words(first) {
            titled.push_str(head);
            rest = tail;
            continue;
        }
        let (word, next) = tail.split_at(tail.find(is_between_words).unwrap_or(tail.len()));
        titled.push_str(&method(&Py::str(head), "upper", [])?.to_str()?);
        titled.push_str(&method(&Py::str(word), "lower", [])?.to_str()?);
        rest = next;
    }
    Ok(Py::str(titled))
}

fn is_between_words(letter: char) -> bool {
    is_space(letter) || matches!(letter, '-' | '(' | '{' | '[' | '<')
}

/// `wordcount`: how many runs of letters, digits and underscores there are.
pub(super) fn wordcount(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("wordcount")?;
    let text = soft_str(value)?.to_str()?;
    meter::charge_text(text.len())?;
    let words = text.split(|letter| !is_word(letter)).filter(|word| !word.is_empty()).count();
    Ok(count(words))
}
