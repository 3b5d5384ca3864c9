//! What each switch of the configuration changes.
//!
//! A switch is a key whose schema is a boolean or a choice, with a value that `examples/homelab`
//! does not have, or an entry of `features.json`: keys that make a feature together, where null
//! takes one away. `tests/golden/switches.txt` says for every switch which outputs of the example
//! come (`+`), go (`-`) or change (`~`), or which rule refuses it; it was read by eye. No switch
//! and no pair of switches may give a broken tree: it is rendered and judged without an error, or
//! a rule or a missing key file refuses it.

#![allow(clippy::disallowed_methods, reason = "a test reads its own data")]

mod example;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use kiln::{Report, Request};
use serde_json::Value;

use self::example::{example, folder, text};

/// What is called so, and the values that it gives to keys.
struct Switch {
    name: String,
    values: Vec<(String, Value)>,
}

/// Runs the example with these values in place of what it says.
fn run(switches: &[&Switch]) -> Report {
    let mut files = example("homelab");
    let mut text = text(&files, "cluster.yaml");
    for (key, value) in switches.iter().flat_map(|switch| &switch.values) {
        let kept = text.lines().filter(|line| !line.starts_with(&format!("{key}:")));
        text = kept.map(|line| format!("{line}\n")).collect();
        if !value.is_null() {
            // What is JSON is YAML as well.
            writeln!(text, "{key}: {value}").expect("a string takes everything");
        }
    }
    files.insert("cluster.yaml", text);
    kiln::run(&Request::new(&files, 0))
}

fn json(path: &str) -> serde_json::Map<String, Value> {
    serde_json::from_slice(&fs::read(folder(path)).expect("it is there")).expect("it is JSON")
}

fn switches() -> Vec<Switch> {
    let example = text(&example("homelab"), "cluster.yaml");
    let schema = json("../../schemas/cluster.schema.json");
    let mut switches = Vec::new();
    let keys = schema["properties"].as_object().expect("a mapping").iter();
    // What changes no output has no outputs to be looked at.
    for (key, property) in keys.filter(|(_, property)| property["x-unused"] != true) {
        let choices = property["enum"].as_array().cloned().unwrap_or_default();
        let booleans = [Value::Bool(true), Value::Bool(false)];
        let is_boolean = property["type"] == "boolean";
        let values = if is_boolean { &booleans[..] } else { &choices[..] };
        let set = example.lines().find_map(|line| line.strip_prefix(&format!("{key}: ")));
        let set = set.map(Value::from).or_else(|| property.get("default").cloned());
        for value in values.iter().filter(|value| Some(*value) != set.as_ref()) {
            let (name, values) = (format!("{key}: {value}"), vec![(key.clone(), value.clone())]);
            switches.push(Switch { name, values });
        }
    }
    for (name, values) in json("tests/features.json") {
        let values = values.as_object().expect("a mapping").clone().into_iter().collect();
        switches.push(Switch { name, values });
    }
    switches
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

/// What a run changes in the outputs of another.
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

/// The errors of a run that are neither a rule nor a missing key file.
fn faults(report: &Report) -> Vec<String> {
    let mut errors = errors(report);
    errors.retain(|code| !code.starts_with("check.") && code != "load.missing-key-file");
    errors
}

#[test]
fn every_switch_changes_what_it_should() {
    let base = run(&[]);
    let mut text = String::new();
    for switch in switches() {
        let flipped = run(&[&switch]);
        assert_eq!(faults(&flipped), [""; 0], "{}", switch.name);
        let mut lines = describe(&base, &flipped);
        if lines.is_empty() {
            lines.push("nothing".to_owned());
        }
        writeln!(text, "{}\n  {}", switch.name, lines.join("\n  ")).expect("a string takes everything");
    }
    let golden = folder("tests/golden/switches.txt");
    if std::env::var("UPDATE").is_ok() {
        fs::write(&golden, &text).expect("the file can be written");
    }
    assert_eq!(text, fs::read_to_string(golden).expect("it is there"));
}

#[test]
fn no_pair_of_switches_gives_a_broken_tree() {
    let switches = switches();
    for (at, one) in switches.iter().enumerate() {
        for other in &switches[at + 1..] {
            let found = faults(&run(&[one, other]));
            assert_eq!(found, [""; 0], "{} with {}", one.name, other.name);
        }
    }
}
