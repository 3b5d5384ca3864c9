//! What each switch of the configuration changes.
//!
//! A switch is a key whose schema is a boolean or a choice. `tests/golden/switches.txt` says
//! for every other value of every switch which outputs of `examples/homelab` come (`+`), go
//! (`-`) or change (`~`), or which rule refuses it; it was read by eye. No pair of switches
//! may give a broken tree: it is rendered and judged without an error, or a rule or a missing
//! key file refuses it.

#![allow(clippy::disallowed_methods, reason = "a test reads its own data")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use kiln::{DiskFiles, Files, MemoryFiles, Report, Request};
use serde_json::Value;

/// A key and a value to give it.
type Flip = (String, String);

fn project() -> MemoryFiles {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/homelab");
    let disk = DiskFiles::new(folder);
    let mut files = MemoryFiles::new();
    for path in disk.list("").expect("the example is there") {
        let content = disk.read(&path).expect("it can be read").expect("it is there");
        files.insert(path, content.to_vec());
    }
    files
}

/// Runs the example with these values in place of what it says.
fn run(flips: &[&Flip]) -> Report {
    let mut files = project();
    let data = files.read("cluster.yaml").expect("it can be read").expect("it is there");
    let mut text = String::from_utf8(data.to_vec()).expect("it is text");
    for (key, value) in flips {
        let line = format!("{key}: {value}");
        let prefix = format!("{key}:");
        match text.lines().find(|line| line.starts_with(&prefix)).map(str::to_owned) {
            Some(old) => text = text.replacen(&old, &line, 1),
            None => writeln!(text, "{line}").expect("a string takes everything"),
        }
    }
    files.insert("cluster.yaml", text);
    kiln::run(&Request::new(&files, 0))
}

/// Every switch of `cluster.schema.json` with every value it can have.
fn flips() -> Vec<Flip> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/cluster.schema.json");
    let schema: Value = serde_json::from_slice(&fs::read(path).expect("it is there")).expect("it is JSON");
    let properties = schema["properties"].as_object().expect("a mapping");
    let mut flips = Vec::new();
    for (key, property) in properties {
        let choices = property["enum"].as_array().cloned().unwrap_or_default();
        let booleans = [Value::Bool(true), Value::Bool(false)];
        let is_boolean = property["type"] == "boolean";
        let values = if is_boolean { &booleans[..] } else { &choices[..] };
        flips.extend(values.iter().map(|value| (key.clone(), value.to_string())));
    }
    flips
}

fn outputs(report: &Report) -> BTreeMap<&str, &str> {
    report.rendered.iter().map(|rendered| (rendered.path(), rendered.expose())).collect()
}

/// The codes of the errors of a run.
fn errors(report: &Report) -> Vec<String> {
    let errors = report.diagnostics.iter().filter(|it| it.severity == kiln::Severity::Error);
    let mut codes: Vec<String> = errors.map(|it| it.code.to_string()).collect();
    codes.dedup();
    codes
}

fn describe(base: &Report, flipped: &Report) -> Vec<String> {
    if flipped.diagnostics.has_errors() {
        return vec![format!("refused by {}", errors(flipped).join(", "))];
    }
    let (old, new) = (outputs(base), outputs(flipped));
    let mut lines: BTreeMap<&str, char> = BTreeMap::new();
    lines.extend(old.keys().filter(|path| !new.contains_key(*path)).map(|path| (*path, '-')));
    lines.extend(new.iter().filter_map(|(path, text)| match old.get(path) {
        None => Some((*path, '+')),
        Some(before) if before != text => Some((*path, '~')),
        Some(_) => None,
    }));
    lines.into_iter().map(|(path, sign)| format!("{sign} {path}")).collect()
}

#[test]
fn every_switch_changes_what_it_should() {
    let base = run(&[]);
    let mut text = String::new();
    for flip in flips() {
        let lines = describe(&base, &run(&[&flip]));
        if !lines.is_empty() {
            writeln!(text, "{}: {}", flip.0, flip.1).expect("a string takes everything");
            for line in lines {
                writeln!(text, "  {line}").expect("a string takes everything");
            }
        }
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/switches.txt");
    if std::env::var("UPDATE").is_ok() {
        fs::write(&golden, &text).expect("the file can be written");
    }
    assert_eq!(text, fs::read_to_string(golden).expect("it is there"));
}

#[test]
fn no_pair_of_switches_gives_a_broken_tree() {
    let flips = flips();
    for (at, one) in flips.iter().enumerate() {
        for other in flips[at + 1..].iter().filter(|other| other.0 != one.0) {
            let broken: Vec<String> = errors(&run(&[one, other]))
                .into_iter()
                .filter(|code| !code.starts_with("check.") && code != "load.missing-key-file")
                .collect();
            assert!(broken.is_empty(), "{one:?} with {other:?}: {broken:?}");
        }
    }
}
