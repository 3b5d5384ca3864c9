//! Text in HTML: escaping, and the methods that `Markup` has beside those of `str`.

mod entities;

use std::sync::Arc;

use super::subject::{Subject, charge};
use super::unicode;
use crate::args::required;
use crate::fault::Result;
use crate::{Args, Py, UndefinedMode};

/// `markupsafe.escape`: the text of a value, safe in HTML. What says itself what its HTML is
/// (`__html__`) is left as it is.
///
/// # Errors
/// As [`Py::to_str`], and what `__html__` raises.
pub fn escape(value: &Py) -> Result<Arc<str>> {
    match value {
        Py::Markup(text) => return Ok(Arc::clone(text)),
        Py::Undefined(undefined) if undefined.mode == UndefinedMode::Chainable => return value.to_str(),
        Py::Object(_) => {
            if let Some(method) = value.attr("__html__")? {
                return method.call(Args::default())?.to_str();
            }
        }
        _ => {}
    }
    match value.as_str() {
        Some(text) => escape_text(text),
        None => escape_text(&value.to_str()?),
    }
}

/// Text with the five characters replaced that mean something in HTML.
pub(super) fn escape_text(text: &str) -> Result<Arc<str>> {
    let grown = |c: char| escaped(c).map_or(0, |entity| entity.len() - 1);
    let length = charge(text.len().checked_add(text.chars().map(grown).sum()))?;
    if length == text.len() {
        return Ok(text.into());
    }
    let mut out = String::with_capacity(length);
    for c in text.chars() {
        match escaped(c) {
            Some(entity) => out.push_str(entity),
            None => out.push(c),
        }
    }
    Ok(out.into())
}

fn escaped(c: char) -> Option<&'static str> {
    Some(match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&#34;",
        '\'' => "&#39;",
        _ => return None,
    })
}

/// `Markup.__html__`.
pub(super) fn html(receiver: &Py, args: Args) -> Result<Py> {
    args.none("__html__")?;
    Ok(receiver.clone())
}

/// `Markup.escape`.
pub(super) fn escape_method(_: &Py, args: Args) -> Result<Py> {
    let [value] = args.bind_positional("escape")?;
    escape(&required(value, "escape", "s")?).map(Py::Markup)
}

/// `Markup.unescape`.
pub(super) fn unescape(receiver: &Py, args: Args) -> Result<Py> {
    args.none("unescape")?;
    entities::unescape(&Subject::of(receiver)?.text).map(Py::str)
}

/// `Markup.striptags`.
pub(super) fn striptags(receiver: &Py, args: Args) -> Result<Py> {
    args.none("striptags")?;
    let text = without_tags(&without_comments(&Subject::of(receiver)?.text));
    let words: Vec<&str> = text.split(unicode::is_space).filter(|word| !word.is_empty()).collect();
    entities::unescape(&words.join(" ")).map(Py::str)
}

/// Takes comments away, also those that come into being when one within them is taken away.
/// The end of a comment may share its dashes with the start.
fn without_comments(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(c) = rest.chars().next() {
        let (head, tail) = rest.split_at(c.len_utf8());
        out.push_str(head);
        rest = tail;
        if !out.ends_with("<!--") {
            continue;
        }
        let after = ["->", ">"].iter().find_map(|end| rest.strip_prefix(end));
        match after.or_else(|| rest.split_once("-->").map(|(_, after)| after)) {
            Some(after) => {
                out.truncate(out.len() - "<!--".len());
                rest = after;
            }
            None => {
                out.push_str(rest);
                break;
            }
        }
    }
    out
}

fn without_tags(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        let Some((_, after)) = tag.split_once('>') else {
            rest = rest.strip_prefix(before).unwrap_or("");
            break;
        };
        rest = after;
    }
    out + rest
}
