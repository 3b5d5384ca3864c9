//! Waits for files to change.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::live::LiveError;

/// How long nothing may change before a burst counts as over.
const QUIET: Duration = Duration::from_millis(50);

/// When a burst that goes on and on counts as over.
const LONGEST: Duration = Duration::from_secs(1);

/// Folders that are watched, with all that is below them.
pub struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    folders: BTreeSet<PathBuf>,
}

impl Watch {
    /// Watches nothing yet.
    ///
    /// # Errors
    /// If the system cannot tell of changes.
    pub fn new() -> Result<Watch, LiveError> {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(sender).map_err(|error| refused(&error))?;
        Ok(Watch { watcher, events, folders: BTreeSet::new() })
    }

    /// Watches a folder, too. What changes in it from now on is seen by the next [`Watch::wait`].
    ///
    /// # Errors
    /// If it is not there, or the system watches no more.
    pub fn add(&mut self, folder: &Path) -> Result<(), LiveError> {
        let folder = folder.canonicalize()?;
        if self.folders.iter().any(|known| folder.starts_with(known)) {
            return Ok(());
        }
        self.watcher.watch(&folder, RecursiveMode::Recursive).map_err(|error| refused(&error))?;
        self.folders.insert(folder);
        Ok(())
    }

    /// Waits until a file changes that `counts`, and then for the end of the burst that it may be
    /// part of. The paths that are asked about have no symbolic links.
    ///
    /// # Errors
    /// If the system tells of no more changes.
    pub fn wait(&self, counts: impl Fn(&Path) -> bool) -> Result<(), LiveError> {
        let gone = || LiveError::from(std::io::Error::from(std::io::ErrorKind::BrokenPipe));
        while !is_change(&self.events.recv().map_err(|_| gone())?, &counts) {}
        let mut quiet_until = Instant::now() + QUIET;
        let end = Instant::now() + LONGEST;
        loop {
            let left = quiet_until.min(end).saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) if is_change(&event, &counts) => quiet_until = Instant::now() + QUIET,
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(gone()),
            }
        }
    }
}

/// Whether something may have changed; if the system lost count, it may.
fn is_change(event: &notify::Result<Event>, counts: impl Fn(&Path) -> bool) -> bool {
    match event {
        Ok(event) if event.need_rescan() => true,
        Ok(event) => {
            !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| counts(path))
        }
        Err(_) => true,
    }
}

fn refused(error: &notify::Error) -> LiveError {
    let known = match &error.kind {
        notify::ErrorKind::MaxFilesWatch => "the system watches no more files",
        notify::ErrorKind::PathNotFound => "not found",
        _ => "the system does not tell of changes",
    };
    LiveError { reason: known.to_owned(), is_denied: false }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests lay out their own files")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_burst_is_one_change_and_what_does_not_count_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::new().unwrap();
        watch.add(folder.path()).unwrap();
        watch.add(folder.path()).unwrap();
        fs::create_dir(folder.path().join("new")).unwrap();
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        watch.wait(|path| name(path) == "new").unwrap();
        for _ in 0..3 {
            fs::write(folder.path().join("other"), "x").unwrap();
            fs::write(folder.path().join("new/file"), "x").unwrap();
        }
        watch.wait(|path| name(path) == "file").unwrap();
        assert!(watch.events.try_recv().is_err(), "the burst is over");
        assert!(watch.add(&folder.path().join("none")).is_err());
    }
}
