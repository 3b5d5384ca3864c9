//! Projects with mistakes that people make, and what kiln says of each.
//!
//! A case is a folder of `corpus/projects/invalid`: the files of a project that differ from those
//! in `corpus/projects/shared`, which are laid beside, all but the ones that `without.txt` names.
//! `expected.txt` is how `kiln validate` ends and what people read, without the lines before the
//! findings, which say how long it took.
//!
//! `UPDATE=1 cargo test -p kiln-cli --test cli invalid` writes what is said now; read it before
//! it is committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::harness::Sandbox;

/// What is in the secrets of the projects, in clear or as base64, and in no output.
const CANARIES: [&str; 5] =
    ["c4nary", "C4NARY", "YzRuYXJ5", "1JTGSAAS73K2A6X3T50WSXDE8YLLUQP987L9Y3J", "b3BlbnNzaC1rZXk"];

#[test]
fn every_invalid_project_is_told_what_is_wrong_and_no_secret_is_shown() {
    let names = Mutex::new(cases());
    let (count, differences) = (names.lock().expect("nobody panicked").len(), Mutex::new(Vec::new()));
    let work = || {
        while let Some(name) = { names.lock().expect("nobody panicked").pop_first() } {
            let said = said(&name);
            differences.lock().expect("nobody panicked").extend(difference(&name, &said));
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let mut differences = differences.into_inner().expect("nobody panicked");
    differences.sort();
    assert!(count >= 60, "only {count} projects");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/projects/invalid")
}

#[allow(clippy::disallowed_methods, reason = "the corpus is a folder")]
fn cases() -> BTreeSet<String> {
    let entries = fs::read_dir(corpus()).expect("the folder is there");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("the folder can be listed").file_name();
    entries.map(|entry| name(entry).into_string().expect("names of the corpus are UTF-8")).collect()
}

/// What kiln says of a case.
fn said(name: &str) -> String {
    let sandbox = project(name);
    let ran = sandbox.kiln(&["validate"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{name}: {}", ran.text());
    let machine = sandbox.kiln(&["validate", "--format", "json"]);
    assert_eq!(machine.code, 1, "{name}: {}", machine.text());
    for canary in CANARIES {
        assert!(!ran.stderr.contains(canary), "{name} shows a secret:\n{}", ran.stderr);
        assert!(!machine.text().contains(canary), "{name} shows a secret:\n{}", machine.text());
    }
    // A project whose settings cannot be read has no stages.
    let findings = match ran.stderr.split_once("\n\n") {
        Some((stages, findings)) if stages.starts_with("kiln ") => findings,
        _ => &ran.stderr,
    };
    format!("exit {}\n\n{findings}", ran.code)
}

fn project(name: &str) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.overlay("projects/shared");
    sandbox.overlay(&format!("projects/invalid/{name}"));
    let remove = |file: &str| fs::remove_file(sandbox.root().join(file));
    let _ = remove("expected.txt");
    if sandbox.root().join("without.txt").is_file() {
        for file in sandbox.read("without.txt").lines() {
            remove(file).expect("what a case leaves out is among the shared files");
        }
        remove("without.txt").expect("it was there");
    }
    sandbox
}

/// How what is said differs from what is expected.
#[allow(clippy::disallowed_methods, reason = "the corpus may be written anew")]
fn difference(name: &str, said: &str) -> Option<String> {
    let file = corpus().join(name).join("expected.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, said).expect("the corpus can be written");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    (said != expected).then(|| format!("{name}\n--- expected\n{expected}\n--- said\n{said}"))
}
