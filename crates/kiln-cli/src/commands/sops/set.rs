//! `set` and `unset`.

use std::path::Path;

use kiln::live;
use kiln::sops::{EditError, Format, KeyPath, Plain};
use zeroize::Zeroizing;

use super::context::{Context, open};
use super::failure::{Failure, code};
use super::files::Subject;
use super::options::Options;
use super::wording;
use crate::session;

/// Sets a value of a file.
///
/// # Errors
/// If path or value cannot be read, or the file not be opened; nothing is written then.
pub(super) fn run(context: &Context, options: &Options) -> Result<(), Failure> {
    let (file, stdin) = (options.is("value-file"), options.is("value-stdin"));
    if file && stdin {
        return Err(Failure::generic("Error: cannot use both --value-file and --value-stdin"));
    }
    let (path, value) = match options.arguments.as_slice() {
        [_, path] if stdin => (path, from_stdin()?),
        [_, path, name] if file => (path, from_file(name)?),
        [_, path, value] if !stdin => (path, Zeroizing::new(value.clone().into_bytes())),
        _ if stdin => {
            return Err(Failure::new(
                code::NO_FILE,
                "Error: file specified, or index and value are missing. Need precisely 2 positional arguments since \
                 --value-stdin is used.",
            ));
        }
        _ => {
            return Err(Failure::new(
                code::NO_FILE,
                "Error: no file specified, or index and value are missing. Need precisely 3 positional arguments.",
            ));
        }
    };
    let path = KeyPath::parse(path).map_err(|_| Failure::new(code::BAD_VALUE, "Invalid set index format"))?;
    set(context, options, &path, &value)
}

/// As the older spelling has it: path, blank and value in one text.
///
/// # Errors
/// As [`run`].
pub(super) fn run_older(context: &Context, options: &Options) -> Result<(), Failure> {
    let bad = || Failure::new(code::BAD_VALUE, "Invalid --set format");
    let text = options.text("set");
    let at = text.find("] ").ok_or_else(bad)?;
    let path = KeyPath::parse(&text[..=at]).map_err(|_| bad())?;
    set(context, options, &path, &text.as_bytes()[at + 2..])
}

fn set(context: &Context, options: &Options, path: &KeyPath, json: &[u8]) -> Result<(), Failure> {
    refuse_bad_value(json)?;
    let subject = subject(options);
    let shape = context.shape(options, &subject.name)?;
    let opened = open(&subject.read_sealed(&shape)?, options)?;
    let mut plain = opened.plain().clone();
    let is_changed = plain.set(path, json).map_err(|error| not_set(&error))?;
    if !is_changed && options.is("idempotent") {
        return Ok(());
    }
    let sealed = opened.reseal(plain, session::now()).map_err(|error| wording::not_encrypted(&error))?;
    subject.replace(&shape.write(&sealed)?)
}

/// Removes a value from a file.
///
/// # Errors
/// If there is no such value, or the file cannot be opened; nothing is written then.
pub(super) fn unset(context: &Context, options: &Options) -> Result<(), Failure> {
    let [_, path] = options.arguments.as_slice() else {
        return Err(Failure::new(code::NO_FILE, "Error: no file specified, or index is missing"));
    };
    let path =
        KeyPath::parse(path).map_err(|_| Failure::new(code::BAD_VALUE, "Invalid unset index format"))?;
    let subject = subject(options);
    let shape = context.shape(options, &subject.name)?;
    let opened = open(&subject.read_sealed(&shape)?, options)?;
    let mut plain = opened.plain().clone();
    match plain.unset(&path) {
        Err(EditError::NoKey(_) | EditError::OutOfBounds(_)) if options.is("idempotent") => return Ok(()),
        unset => unset.map_err(|error| not_unset(&error))?,
    }
    let sealed = opened.reseal(plain, session::now()).map_err(|error| wording::not_encrypted(&error))?;
    subject.replace(&shape.write(&sealed)?)
}

/// The file; the other arguments are not files.
fn subject(options: &Options) -> Subject {
    Subject::at(options.arguments.first().map_or("", String::as_str), options)
}

fn from_stdin() -> Result<Zeroizing<Vec<u8>>, Failure> {
    live::read_stdin().map(Zeroizing::new).map_err(|error| Failure::generic(wording::of_system(&error)))
}

fn from_file(name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let read = live::read(Path::new(name)).map(Zeroizing::new);
    read.map_err(|error| Failure::generic(format!("open {name}: {}", wording::of_system(&error))))
}

/// A value that can be set nowhere is refused before anything is opened.
fn refuse_bad_value(json: &[u8]) -> Result<(), Failure> {
    let (Ok(mut anything), Ok(anywhere)) = (Plain::read(b"{}", Format::Json), KeyPath::parse("[\"value\"]"))
    else {
        return Ok(());
    };
    anything.set(&anywhere, json).map(drop).map_err(|error| not_set(&error))
}

fn not_set(error: &EditError) -> Failure {
    match error {
        EditError::NotJson => Failure::new(code::BAD_VALUE, "Value for --set is not valid JSON"),
        EditError::IsList => Failure::new(code::BAD_VALUE, "Invalid --set value format"),
        other => Failure::generic(format!("the value cannot be set: {other}")),
    }
}

fn not_unset(error: &EditError) -> Failure {
    Failure::generic(match error {
        EditError::NoKey(step) => format!("Key not found: {}", step.trim_matches(['[', ']', '\''])),
        EditError::OutOfBounds(at) => format!("Index {at} out of bounds"),
        other => format!("the value cannot be removed: {other}"),
    })
}
