//! `edit`.

use std::io::{self, BufRead as _};
use std::path::Path;

use kiln::live;
use kiln::sops::{Plain, SealError, Sealed, seal};
use zeroize::Zeroizing;

use super::context::{Context, Shape, dialog, open};
use super::failure::{Failure, code};
use super::files::{self, Subject};
use super::options::Options;
use super::workplace::{Interrupted, Workplace};
use super::{editor, encrypt, example, log, paths, terms, wording};
use crate::session;

const RETURN: &str = "Press enter to return to the editor, or Ctrl+C to exit.";

/// Opens a file in an editor and encrypts what comes of it; a file that is not there begins with
/// an example.
///
/// # Errors
/// If the file cannot be opened, the editor not be run, or nothing was changed; nothing is written
/// then.
pub(super) fn run(context: &Context, options: &Options) -> Result<(), Failure> {
    files::insist_on_argument(options)?;
    let subject = Subject::of(options);
    let shape = context.shape(options, &subject.name)?;
    let sealed = if subject.is_there() {
        change(&subject, &shape, options)?
    } else {
        begin(context, &subject, &shape, options)?
    };
    subject.replace(&shape.write(&sealed)?)
}

fn change(subject: &Subject, shape: &Shape, options: &Options) -> Result<Sealed, Failure> {
    let opened = open(&subject.read_sealed(shape)?, options)?;
    let shows_keys = options.is("show-master-keys");
    let shown = if shows_keys {
        opened.write_shown(shape.output, &shape.stores)
    } else {
        opened.plain().write(shape.output, &shape.stores)
    };
    let shown =
        shown.map_err(|error| Failure::new(code::NOT_DUMPED, format!("Could not marshal tree: {error}")))?;
    let read = |bytes: &[u8]| {
        let plain = if shows_keys { read_shown(bytes, shape) } else { encrypt::read(bytes, shape.input) }?;
        // A key that was renamed by mistake would leave its secret in clear.
        if opened.encrypts(&plain) || !opened.encrypts(opened.plain()) {
            Ok(plain)
        } else {
            Err(wording::not_encrypted(&SealError::NothingSelected))
        }
    };
    let plain = edited(subject.path(), &shown, &read)?;
    opened.reseal(plain, session::now()).map_err(|error| wording::not_encrypted(&error))
}

fn begin(context: &Context, subject: &Subject, shape: &Shape, options: &Options) -> Result<Sealed, Failure> {
    let terms = terms::of(context, options, &subject.name, shape.input)?;
    let try_out = |plain: Plain| {
        seal(plain, &terms, session::now(), dialog()).map_err(|error| wording::not_encrypted(&error))
    };
    // What keeps even the example from being encrypted is said before the editor opens, except what
    // the example itself does not have.
    if terms.groups().is_empty() || terms.groups().iter().any(Vec::is_empty) {
        return Err(Failure::new(
            code::NO_KEY,
            "Error encrypting the data key with one or more master keys: [empty key group provided]",
        ));
    }
    let read = |bytes: &[u8]| {
        let plain = encrypt::read(bytes, shape.input)?;
        try_out(plain.clone()).map(|_| plain)
    };
    try_out(edited(subject.path(), example::of(shape.output), &read)?)
}

/// Lets the user edit a text until it can be read.
fn edited(
    path: &Path,
    text: &[u8],
    read: &dyn Fn(&[u8]) -> Result<Plain, Failure>,
) -> Result<Plain, Failure> {
    let place = Workplace::in_memory(Interrupted::Cancel)?;
    let file = place.write(Path::new(paths::name(path)), text)?;
    loop {
        editor::edit(&file)?;
        let edited = live::read(&file).map(Zeroizing::new).map_err(|error| {
            Failure::new(
                code::UNREADABLE,
                format!("Could not read edited file: {}", wording::of_system(&error)),
            )
        })?;
        if *edited == text {
            return Err(Failure::new(code::UNCHANGED, "File has not changed, exiting."));
        }
        match read(&edited) {
            Ok(plain) => return Ok(plain),
            Err(failure) => {
                let what = match failure.code() {
                    code::UNREADABLE => "Could not load tree, probably due to invalid syntax.",
                    _ => "Tree not valid for encryption.",
                };
                log::error(&format!("{what} {RETURN}"), &[("error", failure.message())]);
                wait()?;
            }
        }
    }
}

/// A text with the metadata in it, which are shown and stay as they were.
fn read_shown(bytes: &[u8], shape: &Shape) -> Result<Plain, Failure> {
    Plain::read_shown(bytes, shape.input).map_err(|error| wording::not_read(&error))
}

/// Waits for the key.
///
/// # Errors
/// If nobody is there to press it: the editor would be opened again and again.
fn wait() -> Result<(), Failure> {
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(0) | Err(_) => {
            Err(Failure::new(code::UNREADABLE, "the edited file cannot be encrypted; it is discarded"))
        }
        Ok(_) => Ok(()),
    }
}
