//! `kiln::why` names every key on which an output depends, and few others.

#[path = "../example/mod.rs"]
mod example;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use kiln::{Artifact, MemoryFiles, Report, Request, why};
use serde_json::{Value, json};

use self::example::{example, schema, text};

/// How many values of a key are tried at most that the project can have.
const VALUES: usize = 2;

/// The places of nodes that are changed: a controller and a worker.
const NODES: [usize; 2] = [0, 3];

fn errors(report: &Report) -> Vec<String> {
    let errors = report.diagnostics.iter().filter(|it| it.severity == kiln::Severity::Error);
    errors.map(|it| format!("{}: {}", it.code, it.message)).collect()
}

/// What a run makes, with whether it is encrypted.
fn outputs(report: &Report) -> BTreeMap<String, (String, bool)> {
    let sealed: BTreeSet<&str> =
        report.artifacts.iter().filter(|it| it.is_encrypted()).map(Artifact::path).collect();
    let output =
        |it: &kiln::Rendered| (it.path().to_owned(), (it.expose().to_owned(), sealed.contains(it.path())));
    report.rendered.iter().map(output).collect()
}

/// Values that a key may have, as its schema tells.
fn values(of: &Value) -> Vec<Value> {
    let list = |name: &str| of[name].as_array().cloned().unwrap_or_default();
    let mut values: Vec<Value> = of.get("default").cloned().into_iter().collect();
    if of["type"] == "boolean" {
        values.extend([json!(true), json!(false)]);
    }
    values.extend(list("enum"));
    values.extend(list("examples"));
    for bound in ["minimum", "maximum"] {
        values.extend(of.get(bound).cloned());
    }
    // What a secret may be is in no schema.
    if values.is_empty() {
        values.push(json!("EXAMPLE-other-value-not-real-0123456789abcdefg"));
    }
    values
}

/// Values for keys of the example whose schema gives none that fits into it.
fn others() -> Value {
    serde_json::from_str(include_str!("values.json")).expect("it is JSON")
}

/// A change of one key.
struct Change {
    key: String,
    what: String,
    /// Whether something reads the key yet.
    is_read: bool,
    project: MemoryFiles,
}

/// The lines of a mapping's key, and of what belongs to it.
fn lines_of(
    text: &str,
    indent: &str,
    key: &str,
    within: std::ops::Range<usize>,
) -> Option<std::ops::Range<usize>> {
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &str| {
        let rest =
            line.strip_prefix(indent).or_else(|| line.strip_prefix("  - ").filter(|_| indent.len() == 4));
        rest.and_then(|rest| rest.strip_prefix(key)).is_some_and(|rest| rest.starts_with(':'))
    };
    let at = within.clone().find(|at| begins(lines[*at]))?;
    let belongs = |line: &&&str| {
        line.strip_prefix(indent).is_some_and(|rest| rest.starts_with(' ') || rest.starts_with("- "))
    };
    let end = at + 1 + lines[at + 1..within.end].iter().take_while(belongs).count();
    Some(at..end)
}

/// The text with other lines there.
fn replaced(text: &str, lines: std::ops::Range<usize>, with: &str) -> String {
    let all: Vec<&str> = text.lines().collect();
    let (before, after) = (&all[..lines.start], &all[lines.end..]);
    let whole: Vec<&str> = before.iter().copied().chain(with.lines()).chain(after.iter().copied()).collect();
    whole.join("\n") + "\n"
}

fn with_file(file: &str, text: String) -> MemoryFiles {
    let mut project = example("ha");
    project.insert(file, text);
    project
}

/// Every change of a key of `cluster.yaml`, those that nobody set among them.
fn changes_of_cluster() -> Vec<Vec<Change>> {
    let text = text(&example("ha"), "cluster.yaml");
    let (schema, others) = (schema("cluster"), others());
    let keys = schema["properties"].as_object().expect("it has keys");
    let changes = |(key, of): (&String, &Value)| {
        let end = text.lines().count();
        let place = lines_of(&text, "", key, 0..end);
        let own = others.get(key).cloned();
        let mut found: Vec<Change> = Vec::new();
        let mut add = |what: String, text: String| {
            let project = with_file("cluster.yaml", text);
            found.push(Change { key: key.clone(), what, is_read: of["x-unused"] != true, project });
        };
        if let Some(place) = &place {
            add("removed".to_owned(), replaced(&text, place.clone(), ""));
        }
        for value in own.into_iter().chain(values(of)) {
            let line = format!("{key}: {value}");
            add(line.clone(), replaced(&text, place.clone().unwrap_or(end..end), &line));
        }
        found
    };
    keys.iter().map(changes).collect()
}

/// Every change of a key of a node.
fn changes_of_nodes() -> Vec<Vec<Change>> {
    let text = text(&example("ha"), "nodes.yaml");
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> =
        (0..lines.len()).filter(|at| lines[*at].starts_with("  - ")).chain([lines.len()]).collect();
    let schema = schema("nodes");
    let keys = schema["properties"]["nodes"]["items"]["properties"].as_object().expect("it has keys");
    let mut all = Vec::new();
    for node in NODES {
        for (key, of) in keys {
            let within = starts[node]..starts[node + 1];
            let place = lines_of(&text, "    ", key, within.clone());
            let mut found: Vec<Change> = Vec::new();
            let mut add = |what: String, text: String| {
                let what = format!("nodes[{node}]: {what}");
                let (key, is_read) = ("nodes".to_owned(), of["x-unused"] != true && node == NODES[0]);
                found.push(Change { key, what, is_read, project: with_file("nodes.yaml", text) });
            };
            if let Some(place) = place.clone().filter(|place| place.start != starts[node]) {
                add(format!("{key} removed"), replaced(&text, place, ""));
            }
            for value in values(of) {
                let is_first = place.as_ref().is_some_and(|place| place.start == starts[node]);
                let line = format!("{}{key}: {value}", if is_first { "  - " } else { "    " });
                let lines = place.clone().unwrap_or(within.start + 1..within.start + 1);
                add(line.trim().to_owned(), replaced(&text, lines, &line));
            }
            all.push(found);
        }
    }
    all
}

/// What is tried, shared by the threads that try it.
struct Trial<'a> {
    before: &'a BTreeMap<String, (String, bool)>,
    named: &'a BTreeMap<String, BTreeSet<String>>,
    faults: Mutex<Vec<String>>,
    /// The keys of which no change was accepted.
    refused: Mutex<BTreeSet<String>>,
    tried: AtomicUsize,
    /// Outputs that changed, each with the key that did it.
    confirmed: Mutex<BTreeSet<(String, String)>>,
}

impl Trial<'_> {
    /// Tries the changes of one key until enough of them were accepted.
    fn of_key(&self, changes: &[Change]) {
        let mut accepted = 0;
        let most = if changes.iter().any(|change| change.is_read) { VALUES } else { 1 };
        for change in changes {
            accepted += usize::from(accepted < most && self.of_change(change));
        }
        if accepted == 0
            && let Some(change) = changes.first()
        {
            self.refused.lock().unwrap_or_else(PoisonError::into_inner).insert(change.key.clone());
        }
    }

    /// Whether the project is one with this change.
    fn of_change(&self, change: &Change) -> bool {
        let report = kiln::run(&Request::new(&change.project, 0));
        if report.diagnostics.has_errors() {
            return false;
        }
        self.tried.fetch_add(1, Ordering::Relaxed);
        let after = outputs(&report);
        for path in
            self.before.iter().filter(|(path, before)| after.get(*path) != Some(before)).map(|it| it.0)
        {
            if self.named[path].contains(&change.key) {
                let pair = (path.clone(), change.key.clone());
                self.confirmed.lock().unwrap_or_else(PoisonError::into_inner).insert(pair);
            } else {
                let fault = format!("{path} changes by `{}`", change.what);
                self.faults.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
            }
        }
        true
    }
}

#[test]
fn a_key_that_is_not_named_can_be_changed_and_the_file_stays_as_it_is() {
    let project = example("ha");
    let before = kiln::run(&Request::new(&project, 0));
    assert_eq!(errors(&before), [""; 0]);
    let known = why::why(&Request::new(&project, 0), None);
    let named: BTreeMap<String, BTreeSet<String>> =
        known.outputs.iter().map(|it| (it.path.clone(), it.keys.clone())).collect();
    let before = outputs(&before);
    assert_eq!(named.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    let trial = Trial {
        before: &before,
        named: &named,
        faults: Mutex::default(),
        refused: Mutex::default(),
        tried: AtomicUsize::new(0),
        confirmed: Mutex::default(),
    };
    let changes: Vec<Vec<Change>> = changes_of_cluster().into_iter().chain(changes_of_nodes()).collect();
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(changes) = changes.get(next.fetch_add(1, Ordering::Relaxed)) {
                    trial.of_key(changes);
                }
            });
        }
    });
    let faults = trial.faults.into_inner().expect("no thread failed");
    assert!(faults.is_empty(), "{} changes are not told:\n{}", faults.len(), faults.join("\n"));
    let pairs: usize = named.values().map(BTreeSet::len).sum();
    let confirmed = trial.confirmed.into_inner().expect("no thread failed");
    let refused = trial.refused.into_inner().expect("no thread failed");
    let tried = trial.tried.into_inner();
    // What these need does not fit into this example: another DNS provider, a hypervisor, a login.
    let others = [
        "alertmanager_discord_webhook_url",
        "alertmanager_slack_webhook_url",
        "nodes",
        "oidc_issuer_url",
        "oidc_jwks_uri",
        "proxmox_api_url",
        "proxmox_node",
        "unifi_api_key",
        "unifi_host",
    ];
    assert_eq!(refused, others.map(str::to_owned).into());
    println!("{tried} changes of {} keys; {pairs} keys named for {} outputs", changes.len(), named.len());
    println!("{} of them were seen to matter", confirmed.len());
    assert!(tried > 250 && confirmed.len() > 140, "{tried} {}", confirmed.len());
    // On average an output depends on few keys: naming them all would be no answer.
    assert!(pairs < 4 * named.len(), "{pairs}");
}

/// `keys.json` says what is known from reading the templates, with the reason.
#[test]
fn no_other_keys_are_named() {
    let known = why::why(&Request::new(&example("ha"), 0), None);
    let expected: Value = serde_json::from_str(include_str!("keys.json")).expect("it is JSON");
    let expected = expected.as_object().expect("it is a mapping");
    assert!(expected.len() >= 8);
    for (path, expected) in expected {
        let told = known.outputs.iter().find(|it| it.path == *path).expect(path);
        assert_eq!(json!(told.keys), expected["keys"], "{path}, which {}", expected["because"]);
    }
}
