//! Reads what a command works on, and puts away what comes of it.

use std::path::{Path, PathBuf};

use kiln::live;
use kiln::sops::Sealed;
use zeroize::Zeroizing;

use super::context::Shape;
use super::failure::{Failure, code};
use super::options::Options;
use super::{log, paths, wording};
use crate::exit::Exit;
use crate::report;

/// The mode of a file that is made, less the umask.
const NEW: u32 = 0o666;

/// The one file a command works on.
pub(super) struct Subject {
    /// Its path from the root; none for standard input.
    path: Option<PathBuf>,
    /// The path that decides about rule and formats.
    pub(super) name: PathBuf,
}

impl Subject {
    /// The file that is the first argument; without arguments, standard input.
    pub(super) fn of(options: &Options) -> Subject {
        warn_of_more(options);
        match options.arguments.first() {
            Some(path) => Subject::at(path, options),
            None => Subject { path: None, name: renamed(options).unwrap_or_default() },
        }
    }

    /// The file of that path.
    pub(super) fn at(path: &str, options: &Options) -> Subject {
        let path = paths::absolute(path);
        Subject { name: renamed(options).unwrap_or_else(|| path.clone()), path: Some(path) }
    }

    /// The file of that path, which is not made one from the root.
    pub(super) fn as_given(path: &str) -> Subject {
        Subject { name: PathBuf::from(path), path: Some(PathBuf::from(path)) }
    }

    /// The path from the root, or that of standard input.
    pub(super) fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new("/dev/stdin"))
    }

    /// Whether the file is there.
    pub(super) fn is_there(&self) -> bool {
        self.path.as_ref().is_none_or(|path| live::kind(path).is_some())
    }

    /// That it is there.
    ///
    /// # Errors
    /// If it is not.
    pub(super) fn insist(&self) -> Result<(), Failure> {
        if self.is_there() {
            return Ok(());
        }
        let why = format!("Error: cannot operate on non-existent file {:?}", self.path());
        Err(Failure::new(code::NO_FILE, why))
    }

    /// Its bytes.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) fn read(&self) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let Some(path) = &self.path else {
            let read = live::read_stdin().map(Zeroizing::new);
            return read.map_err(|error| {
                Failure::new(
                    code::UNREADABLE,
                    format!("Error reading from stdin: {}", wording::of_system(&error)),
                )
            });
        };
        read(path)
    }

    /// The encrypted file.
    ///
    /// # Errors
    /// If it cannot be read or is not encrypted.
    pub(super) fn read_sealed(&self, shape: &Shape) -> Result<Sealed, Failure> {
        let bytes = self.read()?;
        Sealed::read(&bytes, shape.input).map_err(|error| wording::not_sealed(&error, shape.input.name()))
    }

    /// Prints the result, or writes it where options say.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn put(&self, bytes: &[u8], options: &Options) -> Result<(), Failure> {
        if options.is("in-place") {
            return self.replace(bytes);
        }
        match options.text("output") {
            "" => print(bytes),
            output => write(Path::new(output), bytes, "output"),
        }
    }

    /// Writes the file anew.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn replace(&self, bytes: &[u8]) -> Result<(), Failure> {
        write(self.path(), bytes, "in-place")
    }
}

/// That the result is to go to one place.
///
/// # Errors
/// If two are given.
pub(super) fn refuse_two_outputs(options: &Options) -> Result<(), Failure> {
    if options.is("in-place") && !options.text("output").is_empty() {
        return Err(Failure::new(code::CONFLICT, "Error: cannot operate on both --output and --in-place"));
    }
    Ok(())
}

/// That there is an argument.
///
/// # Errors
/// If there is none.
pub(super) fn insist_on_argument(options: &Options) -> Result<(), Failure> {
    match options.arguments.as_slice() {
        [] => Err(Failure::new(code::NO_FILE, "Error: no file specified")),
        _ => Ok(()),
    }
}

/// The bytes of a file.
///
/// # Errors
/// If it cannot be read.
pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    live::read(path).map(Zeroizing::new).map_err(|error| {
        let path = path.display();
        Failure::new(
            code::UNREADABLE,
            format!("Error reading file: open {path}: {}", wording::of_system(&error)),
        )
    })
}

/// Prints bytes as they are.
///
/// # Errors
/// If standard output cannot be written.
pub(super) fn print(bytes: &[u8]) -> Result<(), Failure> {
    match report::print(bytes) {
        Exit::Done => Ok(()),
        _ => Err(Failure::generic("standard output cannot be written")),
    }
}

/// The path that is to decide about rule and formats instead of the file's own.
fn renamed(options: &Options) -> Option<PathBuf> {
    let name = options.text("filename-override");
    (!name.is_empty()).then(|| paths::absolute(name))
}

fn write(path: &Path, bytes: &[u8], what: &str) -> Result<(), Failure> {
    kiln::replace(path, bytes, NEW).map_err(|error| {
        let why = format!(
            "Could not open {what} file for writing: open {}: {}",
            path.display(),
            wording::of_system(&error)
        );
        Failure::new(code::UNWRITABLE, why)
    })
}

fn warn_of_more(options: &Options) {
    if let [_, more @ ..] = options.arguments.as_slice()
        && !more.is_empty()
    {
        log::warn("More than one positional argument provided. Only the first one will be used!");
        if let Some(flag) = more.iter().rfind(|it| it.starts_with('-')) {
            log::warn(&format!(
                "Note that one of the ignored positional argument is {flag:?}, which looks like a flag. Flags must \
                 always be provided before the first positional argument!"
            ));
        }
    }
}
