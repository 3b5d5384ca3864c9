//! Where a plain text lies while an editor or a program has it: in memory if the system has a
//! place for that, in a folder of its own, and gone afterwards, also if the user interrupts.

use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use kiln::PrivateFolder;
use kiln::live::{self, EntryKind};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::emulate_default_handler;

use super::failure::{Failure, code};
use super::{log, wording};
use crate::environment;

/// The folder. It goes when this is dropped.
pub(super) struct Workplace {
    folder: PrivateFolder,
    watch: Option<Handle>,
}

/// What to do when a signal ends the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interrupted {
    /// Say so, and end as a failure.
    Cancel,
    /// End as the signal would have it.
    Die,
}

impl Workplace {
    /// Makes the folder where files lie in memory; where there is no such place, says so.
    ///
    /// # Errors
    /// If no folder can be made.
    pub(super) fn in_memory(then: Interrupted) -> Result<Workplace, Failure> {
        let shared = [PathBuf::from("/dev/shm")];
        let runtime = environment::filled("XDG_RUNTIME_DIR").map(PathBuf::from);
        let made =
            shared.into_iter().chain(runtime).filter(|place| live::kind(place) == Some(EntryKind::Folder));
        for place in made {
            if let Ok(folder) = PrivateFolder::new(&place) {
                return Ok(Workplace::watched(folder, then));
            }
        }
        let found = Workplace::anywhere(then)?;
        let place = found.path().display();
        log::warn(&format!("this system has no folder in memory; the plain text lies in {place} meanwhile"));
        Ok(found)
    }

    /// Makes the folder for what is not kept in it, such as a pipe.
    ///
    /// # Errors
    /// If it cannot be made.
    pub(super) fn anywhere(then: Interrupted) -> Result<Workplace, Failure> {
        let made = PrivateFolder::new(&std::env::temp_dir());
        let folder = made.map_err(|error| {
            let why = format!("Could not create temporary directory: {}", wording::of_system(&error));
            Failure::new(code::UNWRITABLE, why)
        })?;
        Ok(Workplace::watched(folder, then))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Lays a file into it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn write(&self, name: &Path, bytes: &[u8]) -> Result<PathBuf, Failure> {
        let written = self.folder.write(name, bytes);
        written.map_err(|error| {
            Failure::new(
                code::UNWRITABLE,
                format!("Could not create temporary file: {}", wording::of_system(&error)),
            )
        })
    }

    fn watched(folder: PrivateFolder, then: Interrupted) -> Workplace {
        let watch = watch(folder.path().to_owned(), then).ok();
        Workplace { folder, watch }
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if let Some(watch) = &self.watch {
            watch.close();
        }
    }
}

/// Removes the folder and ends the program when a signal comes.
fn watch(folder: PathBuf, then: Interrupted) -> io::Result<Handle> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    let handle = signals.handle();
    thread::Builder::new().spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        kiln::wipe(&folder);
        if then == Interrupted::Cancel && signal != SIGHUP {
            log::say("User canceled operation");
            std::process::exit(code::GENERIC.into());
        }
        let _ = emulate_default_handler(signal);
    })?;
    Ok(handle)
}
