//! A project stays a project when any of its optional keys goes.
//!
//! Of every example each key that a schema does not require is taken out, alone and together
//! with others: it renders without an error, or a rule says which key needs it.
//! `tests/golden/optional-keys.txt` says what each single one does, and was read by eye.

#![allow(clippy::disallowed_methods, reason = "a test reads its own data")]

mod example;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use kiln::{MemoryFiles, Report, Request};
use serde_json::Value;

use self::example::{folder, text};

const EXAMPLES: [&str; 6] = ["minimal", "single-node", "homelab", "internal-only", "unifi", "ha"];

const FILES: [&str; 2] = ["cluster.yaml", "nodes.yaml"];

/// How many sets of keys are taken out of each example.
const SETS: u64 = 60;

/// An optional key, with the lines that it takes.
struct Key {
    file: &'static str,
    name: String,
    lines: std::ops::Range<usize>,
}

/// The keys that the schema at `pointer` requires, whatever else is set.
fn required(schema: &str, pointer: &str) -> BTreeSet<String> {
    let schema = example::schema(schema);
    let required = schema.pointer(pointer).and_then(Value::as_array).expect("it is a list");
    required.iter().filter_map(|key| Some(key.as_str()?.to_owned())).collect()
}

/// The optional keys of a data file: those of the mapping, or those of the items of its list.
/// The examples are written so that a key begins a line, or stands behind the first key of its item.
fn optional(file: &'static str, text: &str, indent: &str, required: &BTreeSet<String>) -> Vec<Key> {
    let lines: Vec<&str> = text.lines().collect();
    let key_of = |line: &str| {
        let key = line.strip_prefix(indent)?.split_once(':')?.0;
        key.starts_with(|first: char| first.is_ascii_lowercase()).then(|| key.to_owned())
    };
    let belongs = |line: &&&str| {
        let rest = line.strip_prefix(indent).unwrap_or_default();
        rest.starts_with(' ') || rest.starts_with("- ")
    };
    let found = lines.iter().enumerate().filter_map(|(at, line)| Some((at, key_of(line)?)));
    let optional = found.filter(|(_, key)| !required.contains(key));
    optional
        .map(|(at, name)| {
            let end = at + 1 + lines[at + 1..].iter().take_while(belongs).count();
            let name = format!("{name} ({file}:{})", at + 1);
            Key { file, name, lines: at..end }
        })
        .collect()
}

fn keys(project: &MemoryFiles) -> Vec<Key> {
    let cluster = optional(FILES[0], &text(project, FILES[0]), "", &required("cluster", "/required"));
    let of_node = required("nodes", "/properties/nodes/items/required");
    cluster.into_iter().chain(optional(FILES[1], &text(project, FILES[1]), "    ", &of_node)).collect()
}

/// The example without these keys.
fn without(example: &str, keys: &[&Key]) -> MemoryFiles {
    let mut files = example::example(example);
    for file in FILES {
        let gone: Vec<_> = keys.iter().filter(|key| key.file == file).map(|key| &key.lines).collect();
        let text = text(&files, file);
        let kept = text.lines().enumerate().filter(|(at, _)| !gone.iter().any(|lines| lines.contains(at)));
        files.insert(file, kept.map(|(_, line)| format!("{line}\n")).collect::<String>());
    }
    files
}

/// What came of it: how many outputs are not as before, or who refuses it.
fn outcome(before: &Report, after: &Report) -> String {
    let errors = after.diagnostics.iter().filter(|it| it.severity == kiln::Severity::Error);
    let codes: BTreeSet<&str> = errors.map(|it| &*it.code).collect();
    if !codes.is_empty() {
        return format!("refused by {}", codes.into_iter().collect::<Vec<_>>().join(", "));
    }
    let outputs = |report: &Report| -> BTreeSet<(String, String)> {
        report.rendered.iter().map(|it| (it.path().to_owned(), it.expose().to_owned())).collect()
    };
    let (old, new) = (outputs(before), outputs(after));
    let differing: BTreeSet<&str> = old.symmetric_difference(&new).map(|(path, _)| path.as_str()).collect();
    match differing.len() {
        0 => "nothing changes".to_owned(),
        1 => format!("changes {}", differing.into_iter().collect::<String>()),
        count => format!("changes {count} outputs"),
    }
}

/// The codes of errors that are no rule's: a key that another one needs is told by a rule, or by
/// the schema where one of two has to be there; a default may need a key file.
fn faults(report: &Report) -> Vec<String> {
    let errors = report.diagnostics.iter().filter(|it| it.severity == kiln::Severity::Error);
    let others = ["validate.missing-key", "load.missing-key-file"];
    let is_told = |code: &str| code.starts_with("check.") || others.contains(&code);
    errors.filter(|it| !is_told(&it.code)).map(|it| format!("{}: {}", it.code, it.message)).collect()
}

#[test]
fn every_optional_key_can_go_alone() {
    let mut all = String::new();
    for example in EXAMPLES {
        let project = example::example(example);
        let before = kiln::run(&Request::new(&project, 0));
        assert_eq!(faults(&before), [""; 0], "{example}");
        for key in keys(&project) {
            let after = kiln::run(&Request::new(&without(example, &[&key]), 0));
            assert_eq!(faults(&after), [""; 0], "{example} without {}", key.name);
            writeln!(all, "{example}: without {} {}", key.name, outcome(&before, &after))
                .expect("a string takes everything");
        }
    }
    let golden = folder("tests/golden/optional-keys.txt");
    if std::env::var("UPDATE").is_ok() {
        fs::write(&golden, &all).expect("the file can be written");
    }
    assert_eq!(all, fs::read_to_string(golden).expect("it is there"));
}

#[test]
fn any_optional_keys_can_go_together() {
    for example in EXAMPLES {
        let project = example::example(example);
        let keys = keys(&project);
        for set in 0..SETS {
            let gone: Vec<&Key> =
                keys.iter().zip(0..).filter(|(_, at)| chosen(set, *at)).map(|it| it.0).collect();
            let names: Vec<&str> = gone.iter().map(|key| key.name.as_str()).collect();
            let after = kiln::run(&Request::new(&without(example, &gone), 0));
            assert_eq!(faults(&after), [""; 0], "{example} without {names:?}");
        }
    }
}

/// Whether a key is one of a set: half of them are, differently for each set and the same on
/// every run.
fn chosen(set: u64, key: u64) -> bool {
    let mixed = (set * 0x9E37_79B9 + key + 1).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ (mixed >> 31)).count_ones().is_multiple_of(2)
}
