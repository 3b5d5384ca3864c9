//! Whole runs on the example.

use std::fs;

use crate::harness::{Sandbox, state};

#[test]
fn the_second_run_writes_nothing() {
    let sandbox = Sandbox::example("homelab");
    let first = sandbox.kiln(&["configure", "--output", "out"]);
    assert_eq!(first.code, 0, "{}", first.text());
    assert!(first.stderr.contains("mode pack: "), "{}", first.stderr);
    assert!(first.stdout.contains("created kubernetes/apps/kustomization.yaml"), "{}", first.stdout);
    let before = state(&sandbox.root().join("out"));
    assert!(before.contains_key("kiln.lock") && before.len() > 40, "{:?}", before.keys());

    let second = sandbox.kiln(&["configure", "--output", "out"]);
    assert_eq!(second.code, 0, "{}", second.text());
    assert!(second.stdout.contains(": 0 created, 0 updated, "), "{}", second.stdout);
    assert_eq!(state(&sandbox.root().join("out")), before);
    let diff = sandbox.kiln(&["diff", "--output", "out", "--exit-code"]);
    assert_eq!(diff.code, 0, "{}", diff.text());
}

#[test]
fn validate_and_diff_write_nothing() {
    let sandbox = Sandbox::example("homelab");
    let before = state(sandbox.root());
    assert_eq!(sandbox.kiln(&["validate"]).code, 0);
    assert_eq!(sandbox.kiln(&["diff"]).code, 0);
    assert_eq!(sandbox.kiln(&["diff", "--exit-code"]).code, 4);
    assert_eq!(state(sandbox.root()), before);
}

#[test]
fn a_changed_file_is_refused_and_shown() {
    let sandbox = Sandbox::example("homelab");
    assert_eq!(sandbox.kiln(&["configure"]).code, 0);
    let changed = sandbox.root().join("kubernetes/apps/kustomization.yaml");
    #[allow(clippy::disallowed_methods, reason = "the test is the user who edits the file")]
    fs::write(&changed, "mine: true\n").expect("the file can be written");

    let refused = sandbox.kiln(&["configure"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (3, ""), "{}", refused.text());
    assert!(
        refused.stderr.contains("`kubernetes/apps/kustomization.yaml`: changed since kiln wrote it"),
        "{}",
        refused.stderr
    );
    let diff = sandbox.kiln(&["diff"]);
    assert!(diff.stdout.contains("-mine: true\n"), "{}", diff.stdout);
    assert_eq!(sandbox.kiln(&["configure", "--force"]).code, 0);
    assert_eq!(sandbox.kiln(&["diff", "--exit-code"]).code, 0);
}

#[test]
fn ten_bad_inputs_are_found_in_one_run_and_nothing_is_written() {
    let sandbox = Sandbox::example("homelab");
    sandbox.overlay("ten-bad-inputs/project");
    fs::remove_file(sandbox.root().join("github-deploy.key")).expect("the example has the key");
    let before = state(sandbox.root());
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.text());
    assert_eq!(state(sandbox.root()), before);

    let findings: Vec<&str> = ran.stderr.split("\n\n").filter(|part| part.starts_with("error[")).collect();
    let mut expected = include_str!("../corpus/ten-bad-inputs/expected.txt").lines();
    for finding in &findings {
        let code = finding["error[".len()..].split(']').next().unwrap_or_default();
        let place = finding.split("--> ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default();
        assert_eq!(Some(format!("{code} {place}").as_str()), expected.next(), "{finding}");
        assert!(finding.contains("^^") || finding.contains(" ^"), "underlined: {finding}");
        assert!(finding.contains("= help: "), "how to fix it: {finding}");
    }
    assert_eq!((findings.len(), expected.next()), (10, None));
}

#[test]
fn nothing_secret_is_printed_or_written() {
    let sandbox = Sandbox::example("homelab");
    let given = state(sandbox.root());
    let lines = |file: &str| str::from_utf8(&given[file].0).expect("the file is text").lines();
    let keys = lines("age.key").chain(lines("github-deploy.key"));
    let mut secrets: Vec<&str> =
        keys.filter(|line| line.len() > 20 && !line.starts_with(['#', '-'])).collect();
    secrets.extend(lines("cluster.yaml").filter_map(|line| Some(line.split_once("_token: ")?.1)));
    assert!(secrets.len() > 4, "an age key, the lines of a deploy key, and a token");
    let mut seen: Vec<u8> = Vec::new();
    for format in ["human", "json", "github", "sarif"] {
        for command in ["validate", "diff", "configure"] {
            let ran = sandbox.kiln(&[command, "--output", "out", "--format", format]);
            assert_eq!(ran.code, 0, "{}", ran.text());
            seen.extend(ran.text().bytes());
        }
    }
    seen.extend(state(&sandbox.root().join("out")).into_values().flat_map(|(content, ..)| content));
    let seen = String::from_utf8_lossy(&seen);
    assert!(seen.contains("ENC[AES256_GCM"), "there is something to look through");
    for secret in secrets {
        assert!(!seen.contains(secret), "a line of a key file is seen");
    }
}
