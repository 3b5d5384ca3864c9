//! A corpus of cases, each with what kiln is expected to say of it.
//!
//! With `UPDATE=1` in the environment what is said now is written down; read it before it is
//! committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A folder of the corpus.
pub(crate) fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(path)
}

/// The names of what is in a folder, sorted.
#[allow(clippy::disallowed_methods, reason = "the corpus is a folder")]
pub(crate) fn entries(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("the folder can be listed").file_name();
    entries.map(|entry| name(entry).into_string().expect("names of the corpus are UTF-8")).collect()
}

/// Holds what is said of every case against its file.
pub(crate) fn hold(
    names: BTreeSet<String>,
    said: impl Fn(&str) -> String + Sync,
    file: impl Fn(&str) -> PathBuf + Sync,
) {
    let (names, differences) = (Mutex::new(names), Mutex::new(Vec::new()));
    let work = || {
        while let Some(name) = { names.lock().expect("nobody panicked").pop_first() } {
            let found = difference(&name, &said(&name), &file(&name));
            differences.lock().expect("nobody panicked").extend(found);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let mut differences = differences.into_inner().expect("nobody panicked");
    differences.sort();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// How what is said differs from what is expected.
#[allow(clippy::disallowed_methods, reason = "the corpus may be written anew")]
fn difference(name: &str, said: &str, file: &Path) -> Option<String> {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(file, said).expect("the corpus can be written");
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    (said != expected).then(|| format!("{name}\n--- expected\n{expected}\n--- said\n{said}"))
}
