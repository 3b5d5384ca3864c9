//! Whole runs on the example.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::harness::Sandbox;

/// Content, inode and time of every file below a folder.
type State = BTreeMap<String, (Vec<u8>, u64, i64)>;

#[allow(clippy::disallowed_methods, reason = "tests look at what is on the disk")]
fn state(folder: &Path) -> State {
    let mut found = State::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("the folder can be listed") {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let meta = fs::metadata(&path).expect("the file is there");
            let time = meta.mtime() * 1_000_000_000 + meta.mtime_nsec();
            let name = path.strip_prefix(folder).expect("it is below the folder").display().to_string();
            found.insert(name, (fs::read(&path).expect("the file can be read"), meta.ino(), time));
        }
    }
    found
}

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
fn nothing_secret_is_printed_or_written() {
    let sandbox = Sandbox::example("homelab");
    let given = state(sandbox.root());
    let secrets: Vec<&str> = ["age.key", "github-deploy.key"]
        .iter()
        .flat_map(|file| str::from_utf8(&given[*file].0).expect("the key is text").lines())
        .filter(|line| line.len() > 20 && !line.starts_with('#') && !line.starts_with("-----"))
        .collect();
    assert!(secrets.len() >= 2);
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
