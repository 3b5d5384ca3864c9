//! Values to YAML text.

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
    let mut kinds = Vec::new();
    scalars(value, &mut kinds);
    quote_ambiguous(text, &kinds)
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

/// Whether each scalar of a tree, in order and with its keys, is text.
fn scalars(value: &Value, out: &mut Vec<bool>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| scalars(&item.value, out)),
        Value::Map(map) => map.iter().for_each(|(_, entry)| {
            out.push(true);
            scalars(&entry.node.value, out);
        }),
        _ => out.push(matches!(value, Value::String(_) | Value::Secret(_))),
    }
}

/// The emitter knows YAML 1.2 alone, so it leaves `on` or `1_000` without quotes.
fn quote_ambiguous(text: String, is_text: &[bool]) -> String {
    let Ok(events) = events(&text) else { return text };
    let scalars = events.iter().filter_map(|event| match &event.kind {
        EventKind::Scalar { value, style, .. } => Some((event.start..event.end, value, *style)),
        _ => None,
    });
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for ((range, value, style), is_text) in scalars.zip(is_text) {
        if *is_text && style == ScalarStyle::Plain && !is_text_to_all(value) {
            out.push_str(&text[copied..range.start]);
            out.push_str(&quote(value));
            copied = range.end;
        }
    }
    out.push_str(&text[copied..]);
    out
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
            Value::String(it) => serializer.serialize_str(it),
            // See `to_yaml`.
            Value::Secret(it) => serializer.serialize_str(it.expose()),
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
        out.serialize_entry(key, &Shown(&entry.node.value))?;
    }
    out.end()
}

#[cfg(test)]
mod tests;
