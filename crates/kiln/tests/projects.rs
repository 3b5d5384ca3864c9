//! Valid projects, and what each of them changes in the outputs of an example.
//!
//! A project is a folder of `tests/projects`: its data files, `kiln.toml` and overrides, as a user
//! has them. `base.txt` names the example that it is nearest to. Key files are those of
//! `examples/homelab`. `expected.txt` is what is found, and how the outputs differ from the golden
//! tree of the example. Together with the examples, the projects set every key of the schemas and
//! throw every switch.
//!
//! `UPDATE=1 cargo test -p kiln --test projects` writes what comes of them now; read it before it
//! is committed.

#![allow(clippy::disallowed_methods, reason = "a test reads its own data")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use kiln::{Diagnostics, DiskFiles, Files, MemoryFiles, Node, Report, Request, Sources, Value};
use kiln_yaml::{Resolution, compose};
use serde_json::Value as Json;
use similar::TextDiff;

type Texts = BTreeMap<String, String>;

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there").flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().into_string().expect("names are UTF-8"));
    names.collect::<BTreeSet<String>>().into_iter().collect()
}

fn texts(folder: &Path) -> Texts {
    let paths = DiskFiles::new(folder).list("").expect("the folder is there");
    paths
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(folder.join(path)).expect("it is text")))
        .collect()
}

fn memory(texts: Texts) -> MemoryFiles {
    let mut files = MemoryFiles::new();
    texts.into_iter().for_each(|(path, text)| files.insert(path, text));
    files
}

/// The built-in pack with its schemas, as they lie on the disk.
fn pack() -> MemoryFiles {
    let packs = folder("../../templates");
    let is_whole = |name: &String| packs.join(name).join("checks").is_dir();
    let name = names(&packs).into_iter().find(is_whole).expect("there is a pack with rules");
    let mut pack = texts(&packs.join(name));
    for (path, text) in texts(&folder("../../schemas")) {
        pack.insert(format!("schemas/{path}"), text);
    }
    memory(pack)
}

/// The files of a project, without those that are there for this test.
fn project(name: &str) -> Texts {
    let mut files = texts(&folder("../../examples/homelab"));
    files.retain(|path, _| !path.ends_with(".yaml") && !path.ends_with(".md"));
    files.extend(texts(&folder("tests/projects").join(name)));
    files.retain(|path, _| path != "expected.txt" && path != "base.txt");
    files
}

#[test]
fn every_valid_project_renders_as_written() {
    let (root, pack) = (folder("tests/projects"), pack());
    let mut differences = Vec::new();
    let names = names(&root);
    assert!(names.len() >= 12, "only {} projects", names.len());
    for name in names {
        let base = fs::read_to_string(root.join(&name).join("base.txt")).expect("it names an example");
        let files = memory(project(&name));
        let mut request = Request::new(&files, 0);
        request.pack = Some(&pack);
        let report = kiln::run(&request);
        let found = findings(&report);
        assert!(!report.diagnostics.has_errors(), "{name}:\n{found}");
        let outputs = changes(base.trim(), &report);
        let text = format!("{found}\nCompared with the outputs of `examples/{}`:\n\n{outputs}", base.trim());
        let expected = root.join(&name).join("expected.txt");
        if std::env::var("UPDATE").is_ok() {
            fs::write(&expected, &text).expect("the file can be written");
        }
        if fs::read_to_string(&expected).unwrap_or_default() != text {
            differences.push(format!("{name} gives another `expected.txt`:\n{text}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Code, place and message of every finding.
fn findings(report: &Report) -> String {
    let mut text = String::new();
    for it in report.diagnostics.iter() {
        let place = it.labels.first().and_then(|label| {
            let position = report.sources.position(label.span.source, label.span.start);
            let path = report.sources.get(label.span.source)?.path();
            Some(format!(" {path}:{}:{}", position.line, position.column))
        });
        let (severity, place) = (it.severity.name(), place.unwrap_or_default());
        writeln!(text, "{severity}[{}]{place}\n  {}", it.code, it.message)
            .expect("a string takes everything");
    }
    if text.is_empty() { "No findings.\n".to_owned() } else { text }
}

/// How the outputs differ from a golden tree: what is new in full, what is gone by its name.
fn changes(base: &str, report: &Report) -> String {
    let golden = texts(&folder("tests/golden").join(base));
    let rendered: Texts =
        report.rendered.iter().map(|it| (it.path().to_owned(), it.expose().to_owned())).collect();
    let paths: BTreeSet<&String> = golden.keys().chain(rendered.keys()).collect();
    let mut text = String::new();
    for path in paths {
        match (golden.get(path), rendered.get(path)) {
            (Some(old), Some(new)) if old == new => {}
            (Some(_), None) => text += &format!("gone: {path}\n\n"),
            (old, Some(new)) => {
                let diff = TextDiff::from_lines(old.map_or("", String::as_str), new);
                let head = if old.is_none() { "new" } else { "changed" };
                let diff = diff.unified_diff().context_radius(2).to_string();
                text += &format!("{head}: {path}\n{diff}\n");
            }
            (None, None) => {}
        }
    }
    if text.is_empty() { "No output differs.\n".to_owned() } else { text.trim_end().to_owned() + "\n" }
}

/// What the projects and the examples set: `key`, `list[].key` and `mapping.key`, each with its
/// values as they are written in JSON.
fn set_values() -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for root in ["tests/projects", "../../examples"] {
        for name in names(&folder(root)) {
            for (path, text) in texts(&folder(root).join(name)) {
                if path.starts_with("cluster.") || path.starts_with("nodes.") {
                    collect(&tree(&path, &text), "", &mut found);
                }
            }
        }
    }
    found
}

fn tree(path: &str, text: &str) -> Node {
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let id = sources.add(path, text);
    let node = match Path::new(path).extension().and_then(|it| it.to_str()) {
        Some("toml") => kiln_yaml::toml::compose(id, text, &mut sink),
        Some("json") => kiln_yaml::json::compose(id, text, &mut sink),
        // What is read as YAML 1.1 has words for booleans that 1.2 takes for text.
        _ => compose(id, text, Resolution::PyYaml, &mut sink),
    };
    node.unwrap_or_else(|_| panic!("{path} cannot be read: {sink:#?}"))
}

fn collect(node: &Node, path: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
    let value = match &node.value {
        Value::Bool(value) => Some(value.to_string()),
        Value::String(text) => Some(Json::from(text.as_str()).to_string()),
        _ => None,
    };
    found.entry(path.to_owned()).or_default().extend(value);
    for item in node.as_list().unwrap_or_default() {
        collect(item, &format!("{path}[]"), found);
    }
    for (key, entry) in node.as_map().into_iter().flat_map(|map| map.iter()) {
        let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        collect(&entry.node, &below, found);
    }
}

/// The keys of a schema, with the schema of each.
fn keys(schema: &Json, path: &str, found: &mut Vec<(String, Json)>) {
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        found.push((below.clone(), property.clone()));
        keys(property, &below, found);
        keys(&property["items"], &format!("{below}[]"), found);
    }
}

fn all_keys() -> Vec<(String, Json)> {
    let mut found = Vec::new();
    for file in ["cluster", "nodes"] {
        let text = fs::read(folder(&format!("../../schemas/{file}.schema.json"))).expect("it is there");
        keys(&serde_json::from_slice(&text).expect("it is JSON"), "", &mut found);
    }
    found
}

/// Whether this value of a switch is refused, because the app behind it comes in a later version,
/// or because it needs Keycloak, which does.
fn comes_later(key: &str, value: &str, pack: &MemoryFiles) -> bool {
    let mut files = project("hardened");
    files.entry("cluster.yaml".to_owned()).or_default().push_str(&format!("{key}: {value}\n"));
    let files = memory(files);
    let mut request = Request::new(&files, 0);
    request.pack = Some(pack);
    let report = kiln::check(&request);
    let refuses =
        |it: &kiln::Diagnostic| it.code.ends_with("-not-yet") || it.message.contains("`keycloak_enabled`");
    report.diagnostics.iter().any(|it| it.severity == kiln::Severity::Error && refuses(it))
}

#[test]
fn every_key_is_set_in_some_project() {
    let set = set_values();
    // These switches of apps to come can only be off, as they are without being set.
    let pack = pack();
    let missing: Vec<String> =
        all_keys().into_iter().map(|(key, _)| key).filter(|key| !set.contains_key(key)).collect();
    let unset: Vec<&String> = missing.iter().filter(|key| !comes_later(key, "true", &pack)).collect();
    assert!(unset.is_empty(), "no project and no example sets {unset:?}");
}

#[test]
fn every_switch_is_thrown_both_ways_in_some_project() {
    let (set, pack) = (set_values(), pack());
    let mut missing = Vec::new();
    for (key, schema) in all_keys() {
        let choices = schema["enum"].as_array().cloned().unwrap_or_default();
        let booleans = [Json::Bool(true), Json::Bool(false)];
        let values = if schema["type"] == "boolean" { &booleans[..] } else { &choices[..] };
        let is_set = |value: &Json| set.get(&key).is_some_and(|set| set.contains(&value.to_string()));
        // A key that is left out has its default, and most projects leave it out.
        let values = values.iter().filter(|value| !is_set(value) && schema.get("default") != Some(value));
        let values = values.map(Json::to_string).filter(|value| !comes_later(&key, value, &pack));
        missing.extend(values.map(|value| format!("{key}: {value}")));
    }
    assert!(missing.is_empty(), "no project and no example has {missing:?}");
}
