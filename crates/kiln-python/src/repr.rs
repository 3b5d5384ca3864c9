//! `repr`.

use std::fmt::Write as _;

use crate::fault::Result;
use crate::numbers::{float_repr, int_text};
use crate::text::unicode::is_printable;
use crate::{Py, meter, nesting};

/// Writes `repr(value)`. Containers that contain themselves are `[...]` and `{...}` within.
pub(crate) fn write(value: &Py, out: &mut String) -> Result<()> {
    match value {
        Py::None => out.push_str("None"),
        Py::Bool(truth) => out.push_str(if *truth { "True" } else { "False" }),
        Py::Int(number) => _ = write!(out, "{number}"),
        Py::Big(number) => out.push_str(&int_text(number)?),
        Py::Float(number) => out.push_str(&float_repr(*number)),
        Py::Str(text) => write_text(text, out)?,
        Py::Watched(watched) => write_text(watched.text(), out)?,
        Py::Markup(text) => {
            out.push_str("Markup(");
            write_text(text, out)?;
            out.push(')');
        }
        Py::Bytes(bytes) => write_bytes(bytes, out)?,
        Py::Tuple(items) => {
            write_items(items, ["(", ")"], out)?;
            if items.len() == 1 {
                out.insert(out.len() - 1, ',');
            }
        }
        Py::List(items) => match nesting::show(items.address()) {
            Some(_shown) => write_items(&items.items(), ["[", "]"], out)?,
            None => out.push_str("[...]"),
        },
        Py::Dict(entries) => match nesting::show(entries.address()) {
            Some(_shown) => write_entries(&entries.entries(), out)?,
            None => out.push_str("{...}"),
        },
        Py::Undefined(_) => out.push_str("Undefined"),
        Py::Object(object) => out.push_str(&object.repr()?),
    }
    Ok(())
}

/// Writes items with commas between brackets.
pub(crate) fn write_items(items: &[Py], [open, close]: [&str; 2], out: &mut String) -> Result<()> {
    let _level = nesting::down()?;
    meter::charge(items.len())?;
    out.push_str(open);
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { ", " });
        write(item, out)?;
    }
    out.push_str(close);
    Ok(())
}

fn write_entries(entries: &[(Py, Py)], out: &mut String) -> Result<()> {
    let _level = nesting::down()?;
    meter::charge(entries.len())?;
    out.push('{');
    for (index, (key, value)) in entries.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { ", " });
        write(key, out)?;
        out.push_str(": ");
        write(value, out)?;
    }
    out.push('}');
    Ok(())
}

/// Python prefers single quotes, unless only double ones spare an escape.
fn quote(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

fn write_text(text: &str, out: &mut String) -> Result<()> {
    meter::charge_text(text.len())?;
    let quote = quote(text.contains('\''), text.contains('"'));
    out.push(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character == quote => out.extend(['\\', quote]),
            _ if is_printable(character) => out.push(character),
            _ => {
                let code = u32::from(character);
                _ = match code {
                    ..0x100 => write!(out, "\\x{code:02x}"),
                    0x100..0x1_0000 => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push(quote);
    Ok(())
}

fn write_bytes(bytes: &[u8], out: &mut String) -> Result<()> {
    meter::charge_text(bytes.len())?;
    let quote = quote(bytes.contains(&b'\''), bytes.contains(&b'"'));
    out.push('b');
    out.push(quote);
    for byte in bytes {
        match *byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            byte if char::from(byte) == quote => out.extend(['\\', quote]),
            byte @ 0x20..0x7f => out.push(char::from(byte)),
            byte => _ = write!(out, "\\x{byte:02x}"),
        }
    }
    out.push(quote);
    Ok(())
}
