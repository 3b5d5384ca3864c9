//! Projects with mistakes that people make, and what kiln says of each.
//!
//! A case is a folder of `corpus/projects/invalid`: the files of a project that differ from those
//! in `corpus/projects/shared`, which are laid beside, all but the ones that `without.txt` names.
//! `expected.txt` is how `kiln validate` ends and what people read, without the lines before the
//! findings, which say how long it took.
//!
//! `UPDATE=1 cargo test -p kiln-cli --test cli invalid` writes what is said now.

use std::fs;

use crate::corpus;
use crate::harness::Sandbox;

const INVALID: &str = "projects/invalid";

/// What is in the secrets of the projects, in clear or as base64, and in no output.
const CANARIES: [&str; 5] =
    ["c4nary", "C4NARY", "YzRuYXJ5", "1JTGSAAS73K2A6X3T50WSXDE8YLLUQP987L9Y3J", "b3BlbnNzaC1rZXk"];

#[test]
fn every_invalid_project_is_told_what_is_wrong_and_no_secret_is_shown() {
    let names = corpus::entries(&corpus::folder(INVALID));
    assert!(names.len() >= 60, "only {} projects", names.len());
    corpus::hold(names, said, |name| corpus::folder(INVALID).join(name).join("expected.txt"));
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
    sandbox.overlay(&format!("{INVALID}/{name}"));
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
