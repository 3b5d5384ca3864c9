//! The examples render to the trees in `tests/golden`, in plain text and byte for byte.
//!
//! After a wanted change, `UPDATE=1 cargo test -p kiln --test golden` writes them anew; read
//! the difference by eye before you commit it.

#![allow(clippy::disallowed_methods, reason = "a test reads its own data")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kiln::{DiskFiles, Request};

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn tree(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("it is below the root").to_string_lossy();
                found.insert(name.replace('\\', "/"), fs::read_to_string(&path).expect("it is text"));
            }
        }
    }
    found
}

fn check(example: &str) {
    let project = DiskFiles::new(folder(&format!("../../examples/{example}")));
    let report = kiln::run(&Request::new(&project, 0));
    assert!(!report.diagnostics.has_errors(), "{:#?}", report.diagnostics);
    let rendered: BTreeMap<String, String> =
        report.rendered.iter().map(|it| (it.path().to_owned(), it.expose().to_owned())).collect();
    let golden = folder(&format!("tests/golden/{example}"));
    if std::env::var("UPDATE").is_ok() {
        let _ = fs::remove_dir_all(&golden);
        for (path, text) in &rendered {
            let path = golden.join(path);
            fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
        }
    }
    let expected = tree(&golden);
    let names = |tree: &BTreeMap<String, String>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&rendered), names(&expected));
    for (path, text) in rendered {
        assert_eq!(text, expected[&path], "{path} differs");
    }
}

#[test]
fn minimal() {
    check("minimal");
}

#[test]
fn homelab() {
    check("homelab");
}

#[test]
fn ha() {
    check("ha");
}

#[test]
fn unifi() {
    check("unifi");
}

#[test]
fn internal_only() {
    check("internal-only");
}

#[test]
fn single_node() {
    check("single-node");
}
