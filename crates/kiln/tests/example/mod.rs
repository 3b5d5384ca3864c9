//! The examples of the repository, in memory.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::disallowed_methods, reason = "a test reads its own data")]

use std::path::{Path, PathBuf};

use kiln::{DiskFiles, Files, MemoryFiles};
use serde_json::Value;

/// A path below the folder of this crate.
pub(crate) fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of an example.
pub(crate) fn example(name: &str) -> MemoryFiles {
    let disk = DiskFiles::new(folder(&format!("../../examples/{name}")));
    let mut files = MemoryFiles::new();
    for path in disk.list("").expect("the example is there") {
        let content = disk.read(&path).expect("it can be read").expect("it is there");
        files.insert(path, content.to_vec());
    }
    files
}

/// The text of a file of a project.
pub(crate) fn text(project: &MemoryFiles, file: &str) -> String {
    let content = project.read(file).expect("it can be read").expect("it is there");
    String::from_utf8(content.to_vec()).expect("it is text")
}

/// A schema of the built-in pack, by its name.
pub(crate) fn schema(name: &str) -> Value {
    let text = std::fs::read(folder(&format!("../../schemas/{name}.schema.json"))).expect("it is there");
    serde_json::from_slice(&text).expect("it is JSON")
}
