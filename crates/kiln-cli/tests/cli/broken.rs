//! Broken templates, and what kiln says of each.
//!
//! A case of `corpus/broken-templates` is a template `NAME.j2`, or a folder `NAME` of templates;
//! those whose names begin with `_` are there for the others. Each stands in the pack of
//! `corpus/toy`, with the project around it. `NAME.txt` is what people read: the findings of
//! `kiln validate`, without the lines before them, which say how long it took.
//!
//! `UPDATE=1` writes what is said now; read it before it is committed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::harness::Sandbox;

/// What is in every value of the project that no message may show.
const VALUE: &str = "v4lue";

#[test]
fn every_broken_template_is_explained() {
    let names: Mutex<BTreeSet<String>> = Mutex::new(cases());
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
    assert!(count >= 75, "only {count} templates");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/broken-templates")
}

fn cases() -> BTreeSet<String> {
    let names = entries(&corpus());
    names.into_iter().filter(|name| !name.ends_with(".txt")).map(|name| name.replace(".j2", "")).collect()
}

/// The names of what is in a folder, sorted.
#[allow(clippy::disallowed_methods, reason = "the corpus is a folder")]
fn entries(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("the folder can be listed").file_name();
    entries.map(|entry| name(entry).into_string().expect("names of the corpus are UTF-8")).collect()
}

/// What kiln says of a case.
fn said(name: &str) -> String {
    let sandbox = Sandbox::empty();
    sandbox.overlay("toy");
    let templates = sandbox.root().join("pack/templates");
    fs::create_dir_all(&templates).expect("the folder for tests can be written");
    let folder = corpus().join(name);
    if folder.is_dir() {
        sandbox.overlay_at(&format!("broken-templates/{name}"), "pack/templates");
    } else {
        let file = format!("{name}.j2");
        fs::copy(corpus().join(&file), templates.join(&file)).expect("the folder for tests can be written");
    }
    let mut pack = sandbox.read("pack/pack.toml");
    for template in entries(&templates).iter().filter(|it| !it.starts_with('_')) {
        let id = template.trim_end_matches(".j2");
        write!(pack, "\n[[generate]]\nid = '{id}'\ntemplate = '{template}'\npath = '{id}.yaml'\n")
            .expect("a string takes all that is written to it");
    }
    sandbox.write("pack/pack.toml", &pack);
    let ran = sandbox.kiln(&["validate"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{name}: {}", ran.text());
    assert!(!ran.stderr.contains(VALUE), "{name} shows a value:\n{}", ran.stderr);
    let (_, findings) = ran.stderr.split_once("\n\n").expect("the findings follow an empty line");
    findings.to_owned()
}

/// How what is said differs from what is expected.
#[allow(clippy::disallowed_methods, reason = "the corpus may be written anew")]
fn difference(name: &str, said: &str) -> Option<String> {
    let file = corpus().join(format!("{name}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, said).expect("the corpus can be written");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    (said != expected).then(|| format!("{name}\n--- expected\n{expected}\n--- said\n{said}"))
}
