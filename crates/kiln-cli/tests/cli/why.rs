//! `kiln why`, on a small project in `corpus/why`: what it says stands in files that were read by
//! eye. `UPDATE=1` writes what is said now.

#![allow(clippy::disallowed_methods, reason = "a test reads its own data")]

use std::path::Path;

use serde_json::Value;

use crate::harness::{Sandbox, state};

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.overlay("why/project");
    sandbox
}

/// Holds what the command says against the file of that name.
#[track_caller]
fn says(sandbox: &Sandbox, name: &str, arguments: &[&str]) {
    let ran = sandbox.kiln(arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/why/expected").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &ran.stdout).expect("the file can be written");
    }
    assert_eq!(ran.stdout, std::fs::read_to_string(file).expect("it is there"), "{arguments:?}");
}

#[test]
fn every_kind_of_output_is_explained() {
    let sandbox = sandbox();
    for (name, path) in [
        ("app.txt", "apps/web/web.yaml"),
        ("app-with-condition.txt", "apps/web/pdb.yaml"),
        ("node.txt", "nodes/one.yaml"),
        ("encrypted.txt", "token.sops.yaml"),
        ("rules.txt", ".sops.yaml"),
        ("own.txt", "notes/readme.txt"),
    ] {
        says(&sandbox, name, &["why", path]);
    }
}

#[test]
fn every_kind_of_key_says_what_depends_on_it() {
    let sandbox = sandbox();
    for key in ["node_cidr", "web", "token", "gateway", "replicas", "proxy"] {
        says(&sandbox, &format!("key-{key}.txt"), &["why", "--key", key]);
    }
}

#[test]
fn a_machine_is_told_the_same() {
    let sandbox = sandbox();
    let ran = sandbox.kiln(&["why", "apps/web/pdb.yaml", "--format", "json"]);
    let told: Value = serde_json::from_str(&ran.stdout).expect("kiln prints JSON");
    let keys = told["keys"].as_array().expect("it is a list");
    let keys: Vec<&str> = keys.iter().filter_map(|key| key["key"].as_str()).collect();
    assert_eq!(keys, ["nodes", "web"]);
    assert_eq!(told["conditions"][1]["expression"], "replicas > 1");
    assert_eq!(told["conditions"][1]["line"], 8);
    let ran = sandbox.kiln(&["why", "--key", "web", "--format", "json"]);
    let told: Value = serde_json::from_str(&ran.stdout).expect("kiln prints JSON");
    assert_eq!(told["outputs"].as_array().map(Vec::len), Some(2), "{}", ran.stdout);
}

#[test]
fn nothing_is_written_and_no_secret_is_said() {
    let sandbox = sandbox();
    let before = state(sandbox.root());
    for arguments in [
        &["why", "token.sops.yaml"][..],
        &["why", "token.sops.yaml", "--format", "json"],
        &["why", "--key", "token"],
        &["why", "--key", "token", "--format", "json"],
    ] {
        let ran = sandbox.kiln(arguments);
        assert_eq!(ran.code, 0, "{}", ran.text());
        assert!(!ran.text().contains("canary") && !ran.text().contains("AGE-SECRET"), "{}", ran.text());
    }
    assert!(before == state(sandbox.root()));
}

#[test]
fn what_is_no_output_and_no_key_is_told_with_what_was_meant() {
    let sandbox = sandbox();
    for (arguments, expected) in [
        (
            &["why", "apps/web/wep.yaml"][..],
            "`apps/web/wep.yaml` is no output; did you mean `apps/web/web.yaml`?",
        ),
        (&["why", "web.yaml"], "`web.yaml` is no output; did you mean `apps/web/web.yaml`?"),
        (&["why", "elsewhere"], "`elsewhere` is no output; `kiln.lock` lists all"),
        (&["why", "--key", "node_cdir"], "there is no key `node_cdir`; did you mean `node_cidr`?"),
    ] {
        let ran = sandbox.kiln(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert_eq!(ran.stderr, format!("error: {expected}\n"));
    }
    assert_eq!(sandbox.kiln(&["why", "./apps/web/web.yaml"]).code, 0);
    assert_eq!(sandbox.kiln(&["why"]).code, 2);
}

#[test]
fn a_file_that_is_made_no_more_is_told_so() {
    let sandbox = sandbox();
    assert_eq!(sandbox.kiln(&["configure"]).code, 0);
    let data = sandbox.read("data.yaml").replace("web: true", "web: false");
    sandbox.write("data.yaml", &data);
    let ran = sandbox.kiln(&["why", "apps/web/web.yaml"]);
    assert_eq!(ran.code, 2);
    let expected = "`apps/web/web.yaml` was made by an earlier run, and nothing makes it any more";
    assert_eq!(ran.stderr, format!("error: {expected}\n"));
}

#[test]
fn a_project_with_errors_is_told_its_errors() {
    let sandbox = sandbox();
    sandbox.write("data.yaml", "cluster_name: home\n");
    for format in ["human", "json"] {
        let ran = sandbox.kiln(&["why", "apps/web/web.yaml", "--format", format]);
        assert_eq!(ran.code, 1, "{}", ran.text());
        assert!(ran.text().contains("validate.missing-key"), "{}", ran.text());
    }
}
