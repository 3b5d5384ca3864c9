//! JSON as Jinja2 writes it.

use std::fmt::Write as _;

use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use crate::failure::complain;
use crate::tree::SecretView;

/// `value | tojson`: as Jinja2's filter, with keys sorted, `, ` and `: ` between, and the
/// characters that mean something to HTML or are not ASCII escaped.
pub(super) fn tojson(value: &Value) -> Result<String, Error> {
    let mut out = String::new();
    write(&mut out, value)?;
    Ok(out)
}

fn write(out: &mut String, value: &Value) -> Result<(), Error> {
    if let Some(view) = value.downcast_object_ref::<SecretView>() {
        quote(out, view.reveal());
        return Ok(());
    }
    match value.kind() {
        ValueKind::None => out.push_str("null"),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => out.push_str(&value.to_string()),
        ValueKind::String => quote(out, value.as_str().unwrap_or_default()),
        ValueKind::Seq | ValueKind::Iterable => {
            out.push('[');
            for (at, item) in value.try_iter()?.enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write(out, &item)?;
            }
            out.push(']');
        }
        ValueKind::Map => {
            let mut keys: Vec<Value> = value.try_iter()?.collect();
            keys.sort();
            out.push('{');
            for (at, key) in keys.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                quote(out, &key.to_string());
                out.push_str(": ");
                write(out, &value.get_item(key)?)?;
            }
            out.push('}');
        }
        _ => return Err(not_json()),
    }
    Ok(())
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\'' => escape(out, char as u16),
            ' '..='~' => out.push(char),
            other => other.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escape(out, *unit)),
        }
    }
    out.push('"');
}

fn escape(out: &mut String, unit: u16) {
    let _ = write!(out, "\\u{unit:04x}");
}

fn not_json() -> Error {
    complain(
        "not-json",
        "this value has no form in JSON",
        "give text, a number, a boolean, a list or a mapping",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_written_as_jinja2_writes_it() {
        // Expected texts from Jinja2 3.1.6.
        let check = |value: Value, expected: &str| assert_eq!(tojson(&value).unwrap(), expected);
        check(Value::from(true), "true");
        check(Value::from(()), "null");
        check(Value::from(1.5), "1.5");
        check(
            Value::from("a\"<&>'\u{e9}\u{1f600}\u{7f}"),
            r#""a\"\u003c\u0026\u003e\u0027\u00e9\ud83d\ude00\u007f""#,
        );
        check(Value::from(vec![1, 2]), "[1, 2]");
        check(Value::from_pairs([("b", 1), ("a", 2)]), r#"{"a": 2, "b": 1}"#);
    }
}
