//! Values to YAML text.

use std::borrow::Cow;
use std::fmt::Write as _;

use kiln_model::{Map, Value};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::events::{EventKind, ScalarStyle, events};
use crate::readings::is_text_to_all;

/// `value` as block-style YAML that ends in a line break.
///
/// Text that any [`Reader`](crate::Reader) would take for something else is quoted. The
/// text of secrets is written out: who asks for YAML wants the values, and decides where
/// the result may go. What is invalid is written as `null`.
pub fn to_yaml(value: &Value) -> String {
    let text = serde_yaml::to_string(&Shown(value)).expect("our values have text keys and no foreign types");
    let mut texts = Vec::new();
    scalars(value, &mut texts);
    quote_ambiguous(text, &texts)
}

/// `text` as a double-quoted YAML scalar on one line, which is a JSON string, too.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Control characters, line breaks of YAML 1.1, the byte-order mark, and the two
            // code points that are no characters.
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                write!(out, "\\u{:04x}", u32::from(char)).expect("a string takes all that is written to it");
            }
            _ => out.push(char),
        }
    }
    out.push('"');
    out
}

/// The scalars of a tree, in order and with its keys, that are text.
fn scalars<'a>(value: &'a Value, out: &mut Vec<Option<&'a str>>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| scalars(&item.value, out)),
        Value::Map(map) => map.iter().for_each(|(key, entry)| {
            out.push(Some(key));
            scalars(&entry.node.value, out);
        }),
        Value::String(text) => out.push(Some(text)),
        // See `to_yaml`.
        Value::Secret(secret) => out.push(Some(secret.expose())),
        _ => out.push(None),
    }
}

/// The emitter knows YAML 1.2 alone, so it leaves `on` or `1_000` without quotes. What it cannot
/// write at all is in quotes, too.
fn quote_ambiguous(text: String, texts: &[Option<&str>]) -> String {
    let Ok(events) = events(&text) else { return text };
    let scalars = events.iter().filter_map(|event| match &event.kind {
        EventKind::Scalar { value, style, .. } => Some((event.start..event.end, value, *style)),
        _ => None,
    });
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for ((range, value, style), wanted) in scalars.zip(texts) {
        let is_misread = |wanted: &&str| style == ScalarStyle::Plain && !is_text_to_all(wanted);
        if let Some(wanted) = wanted.filter(|wanted| value != wanted || is_misread(wanted)) {
            out.push_str(&text[copied..range.start]);
            out.push_str(&quote(wanted));
            copied = range.end;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// A text without the line breaks of YAML 1.1, behind which the emitter adds blanks. That it is
/// another one is seen afterwards.
fn tame(text: &str) -> Cow<'_, str> {
    let is_break = |it: char| matches!(it, '\u{85}' | '\u{2028}' | '\u{2029}');
    if text.contains(is_break) { text.replace(is_break, "·").into() } else { text.into() }
}

/// A value in the emitter's terms.
struct Shown<'a>(&'a Value);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null | Value::Invalid => serializer.serialize_unit(),
            Value::Bool(it) => serializer.serialize_bool(*it),
            Value::Int(it) => serializer.serialize_i128(*it),
            Value::Float(it) => serializer.serialize_f64(*it),
            Value::String(it) => serializer.serialize_str(&tame(it)),
            // See `to_yaml`.
            Value::Secret(it) => serializer.serialize_str(&tame(it.expose())),
            Value::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Shown(&item.value))?;
                }
                list.end()
            }
            Value::Map(map) => shown_map(map, serializer),
        }
    }
}

fn shown_map<S: Serializer>(map: &Map, serializer: S) -> Result<S::Ok, S::Error> {
    let mut out = serializer.serialize_map(Some(map.len()))?;
    for (key, entry) in map.iter() {
        out.serialize_entry(&tame(key), &Shown(&entry.node.value))?;
    }
    out.end()
}

#[cfg(test)]
mod tests;
