//! What is found in projects, and what is made of them.
//!
//! `UPDATE=1 cargo test -p kiln-migrate` writes what is said now into `corpus/*/expected`; read
//! it before it is committed.

#![allow(clippy::disallowed_methods, reason = "a test reads its own data")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kiln_migrate::{Migration, NoProject, migrate};
use kiln_model::MemoryFiles;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The texts of all files below a folder, by path.
fn texts(folder: &Path, prefix: &str, out: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        if path.is_dir() {
            texts(&path, &format!("{prefix}{name}/"), out);
        } else {
            out.insert(format!("{prefix}{name}"), fs::read_to_string(&path).expect("it is text"));
        }
    }
}

fn all(folder: &Path) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    texts(folder, "", &mut out);
    out
}

fn memory(texts: &BTreeMap<String, String>) -> MemoryFiles {
    let mut files = MemoryFiles::new();
    for (path, text) in texts {
        files.insert(path, text.as_bytes());
    }
    files
}

fn report(migration: &Migration) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (heading, facts) in &migration.found {
        lines.extend(facts.iter().map(|fact| format!("{heading}: {fact}")));
    }
    lines.extend(migration.kept.iter().map(|path| format!("kept: {path}")));
    lines.extend(migration.by_hand.iter().map(|step| format!("by hand: {step}")));
    lines.join("\n") + "\n"
}

#[test]
fn projects_are_translated_as_their_expectations_say() {
    let entries = fs::read_dir(corpus()).expect("there is a corpus").map(|it| it.expect("an entry").path());
    let projects = entries.filter(|path| path.is_dir());
    let mut differing = Vec::new();
    for project in projects {
        let migration = migrate(&memory(&all(&project.join("project")))).expect("it is a project");
        let mut got: BTreeMap<String, String> =
            migration.files.iter().map(|file| (file.path().to_owned(), file.expose().to_owned())).collect();
        got.insert("report.txt".to_owned(), report(&migration));
        let expected = project.join("expected");
        if std::env::var("UPDATE").is_ok() {
            let _ = fs::remove_dir_all(&expected);
            for (path, text) in &got {
                let path = expected.join(path);
                fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
                fs::write(path, text).expect("it can be written");
            }
        }
        let wanted = all(&expected);
        let paths: std::collections::BTreeSet<&String> = wanted.keys().chain(got.keys()).collect();
        let differs = |path: &&&String| wanted.get(**path) != got.get(**path);
        differing.extend(paths.iter().filter(differs).map(|path| format!("{}: {path}", project.display())));
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn a_folder_without_makejinja_has_nothing_to_migrate() {
    assert_eq!(migrate(&MemoryFiles::new()).err(), Some(NoProject::Missing));
    let mut files = MemoryFiles::new();
    files.insert("makejinja.toml", "[makejinja");
    assert!(matches!(migrate(&files), Err(NoProject::Unreadable(_))));
    files.insert("makejinja.toml", "[other]\n");
    assert!(matches!(migrate(&files), Err(NoProject::Unreadable(_))));
}

#[test]
fn a_file_that_is_there_is_kept() {
    let mut files = MemoryFiles::new();
    files.insert("makejinja.toml", "[makejinja]\ninputs = [\"in\"]\noutput = \"out\"\n");
    files.insert("kiln.toml", "");
    let migration = migrate(&files).expect("it is a project");
    assert_eq!(migration.kept, ["kiln.toml"]);
    assert_eq!(migration.files.iter().map(|file| file.path()).collect::<Vec<_>>(), ["pack/pack.toml"]);
}

#[test]
fn broken_python_and_cue_do_no_harm() {
    let python = [
        "class Plugin",
        "class P:\n def data(self):\n  data.setdefault(",
        "\"\"\"",
        "(((",
        "class P:\n def data(self):\n  data[\"a\"] = \"\\",
        "'",
    ];
    let cue = [
        "#Config: {",
        "#Config: {a: }",
        "#Config: }",
        "#Config: {a: [...",
        "\"",
        "#Config: {a: \"\\",
        "}}}",
        "#Config: {a: *",
    ];
    for (python, cue) in python.iter().flat_map(|python| cue.iter().map(move |cue| (python, cue))) {
        let mut files = MemoryFiles::new();
        files.insert("makejinja.toml", "[makejinja]\nplugins = [\"p:P\"]\n");
        files.insert("p.py", *python);
        files.insert("a.cue", *cue);
        assert!(migrate(&files).is_ok());
    }
}
