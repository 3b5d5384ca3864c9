//! `translate` and the tables it takes.

use super::subject::{Kind, Subject, charge, from_bytes, text_of, wrong};
use crate::args::required;
use crate::fault::Result;
use crate::{Args, Dict, Fault, Key, Py, Table, meter};

/// `str.translate` and `bytes.translate`.
pub(super) fn translate(receiver: &Py, args: Args) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    if subject.kind == Kind::Bytes {
        return translate_bytes(&subject, args);
    }
    let [table] = args.bind_positional("translate")?;
    let table = required(table, "translate", "table")?;
    let looked_up = !subject.text.is_empty();
    if looked_up && matches!(table, Py::None | Py::Bool(_) | Py::Int(_) | Py::Big(_) | Py::Float(_)) {
        return Err(wrong(&table, "table", "a mapping"));
    }
    let mut out = String::new();
    for c in subject.text.chars() {
        match table.item(&Py::Int(i64::from(u32::from(c))))? {
            None => out.push(c),
            Some(Py::None) => {}
            Some(code @ (Py::Int(_) | Py::Bool(_) | Py::Big(_))) => out.push(character(&code)?),
            Some(text) => {
                let text = text_of(&text, "what a character is translated to")?;
                charge(Some(text.len()))?;
                out.push_str(text);
            }
        }
    }
    Ok(subject.give(&out))
}

fn character(code: &Py) -> Result<char> {
    let code = code.as_index().and_then(|code| u32::try_from(code).ok());
    code.and_then(char::from_u32).ok_or_else(|| Fault::value_error("there is no character of this code"))
}

fn translate_bytes(subject: &Subject<'_>, args: Args) -> Result<Py> {
    let [table, delete] = args.bind("translate", ["table", "delete"])?;
    let table = match &required(table, "translate", "table")? {
        Py::None => None,
        table => Some(subject.kind.text(table, "table")?.chars().collect::<Vec<char>>()),
    };
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        return Err(Fault::value_error("a table for bytes has 256 of them"));
    }
    let delete = match &delete {
        Some(delete) => subject.kind.text(delete, "delete")?.into_owned(),
        None => String::new(),
    };
    let mapped = |c: char| match &table {
        Some(table) => table.get(u32::from(c) as usize).copied().unwrap_or(c),
        None => c,
    };
    let kept = subject.text.chars().filter(|c| !delete.contains(*c));
    Ok(subject.give(&kept.map(mapped).collect::<String>()))
}

/// `str.maketrans`.
pub(super) fn maketrans(_: &Py, args: Args) -> Result<Py> {
    let [from, to, delete] = args.bind_positional("maketrans")?;
    let from = required(from, "maketrans", "x")?;
    let to = to.as_ref().map(|to| text_of(to, "y")).transpose()?;
    let delete = delete.as_ref().map(|delete| text_of(delete, "z")).transpose()?;
    let mut table = Table::default();
    match to {
        None => copy_table(&from, &mut table)?,
        Some(to) => {
            let from = text_of(&from, "x")?;
            if from.chars().count() != to.chars().count() {
                return Err(Fault::value_error("the first two arguments of `maketrans` are equally long"));
            }
            for (from, to) in from.chars().zip(to.chars()) {
                insert(&mut table, code(from), code(to))?;
            }
        }
    }
    for c in delete.unwrap_or("").chars() {
        insert(&mut table, code(c), Py::None)?;
    }
    Ok(Py::Dict(Dict::new(table)))
}

/// A table as a template writes it, with its characters replaced by their codes.
fn copy_table(from: &Py, table: &mut Table) -> Result<()> {
    let Py::Dict(from) = from else {
        return Err(wrong(from, "the only argument of `maketrans`", "a mapping"));
    };
    for (key, value) in from.entries() {
        let key = match &key {
            Py::Int(_) | Py::Big(_) | Py::Bool(_) => key,
            _ => code(only_character(&key)?),
        };
        insert(table, key, value)?;
    }
    Ok(())
}

fn only_character(key: &Py) -> Result<char> {
    let mut characters = text_of(key, "a key of a table")?.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) => Ok(c),
        _ => Err(Fault::value_error("a key of a table is a single character")),
    }
}

fn code(c: char) -> Py {
    Py::Int(i64::from(u32::from(c)))
}

fn insert(table: &mut Table, key: Py, value: Py) -> Result<()> {
    meter::charge(1)?;
    table.insert(Key::new(key)?, value);
    Ok(())
}

/// `bytes.maketrans`.
pub(super) fn maketrans_bytes(_: &Py, args: Args) -> Result<Py> {
    let [from, to] = args.bind_positional("maketrans")?;
    let (from, to) = (required(from, "maketrans", "frm")?, required(to, "maketrans", "to")?);
    let (Py::Bytes(from), Py::Bytes(to)) = (&from, &to) else {
        return Err(Fault::type_error("`maketrans` of bytes takes bytes"));
    };
    if from.len() != to.len() {
        return Err(Fault::value_error("the arguments of `maketrans` are equally long"));
    }
    let mut table: Vec<u8> = (0..=u8::MAX).collect();
    for (from, to) in from.iter().zip(to.iter()) {
        if let Some(slot) = table.get_mut(usize::from(*from)) {
            *slot = *to;
        }
    }
    Ok(Kind::Bytes.give(&from_bytes(&table)))
}
