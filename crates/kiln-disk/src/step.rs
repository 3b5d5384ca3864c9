//! The steps of which a commit consists: every change of the disk goes through here.
//!
//! In tests a step can be made to fail, or to be the last that happens.

use std::io;
#[cfg(not(test))]
use std::io::Write as _;

use cap_std::fs::File;

/// Says that the disk is about to be changed.
#[cfg(not(test))]
pub(crate) fn begin() -> io::Result<()> {
    Ok(())
}

/// Writes the bytes of a new file.
#[cfg(not(test))]
pub(crate) fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)
}

#[cfg(test)]
pub(crate) use faults::{Fault, arm, begin, disarm, write};

#[cfg(test)]
mod faults {
    use std::cell::Cell;
    use std::io::Write as _;

    use super::*;

    /// What goes wrong.
    #[derive(Clone, Copy, Debug)]
    pub(crate) enum Fault {
        /// This step fails with an error of the system; what follows works.
        Once(usize, i32),
        /// This step and all after it fail.
        From(usize, i32),
        /// The process is gone: neither this step nor one after it happens.
        Killed(usize),
    }

    thread_local! {
        static ARMED: Cell<Option<Fault>> = const { Cell::new(None) };
        static TAKEN: Cell<usize> = const { Cell::new(0) };
    }

    /// Lets this go wrong in the steps of this thread from now on; they count from 0.
    pub(crate) fn arm(fault: Fault) {
        ARMED.set(Some(fault));
        TAKEN.set(0);
    }

    /// Lets nothing go wrong any more; gives how many steps were begun since [`arm`].
    pub(crate) fn disarm() -> usize {
        ARMED.set(None);
        TAKEN.replace(0)
    }

    pub(crate) fn begin() -> io::Result<()> {
        let number = TAKEN.get();
        TAKEN.set(number + 1);
        match ARMED.get() {
            Some(Fault::Once(at, code)) if number == at => Err(io::Error::from_raw_os_error(code)),
            Some(Fault::From(at, code)) if number >= at => Err(io::Error::from_raw_os_error(code)),
            Some(Fault::Killed(at)) if number >= at => Err(io::Error::other("killed")),
            _ => Ok(()),
        }
    }

    /// In two steps, so that half of a file can be all there is.
    pub(crate) fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let (first, second) = bytes.split_at(bytes.len() / 2);
        begin()?;
        file.write_all(first)?;
        begin()?;
        file.write_all(second)
    }
}
