//! What becomes of files.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::process::Stdio;

use super::{PLAIN, SECRET, Safe};

#[test]
fn every_format_comes_back_as_it_was() {
    let safe = Safe::new();
    for (name, plain) in PLAIN {
        let sealed = safe.sealed(name, plain);
        assert!(!sealed.contains(SECRET) && sealed.contains("ENC["), "{name}");
        assert_eq!(safe.done(&["decrypt", name]), plain, "{name}");
        safe.done(&["-d", "-i", name]);
        assert_eq!(safe.sandbox.read(name), plain, "{name}");
    }
}

#[test]
fn a_file_keeps_mode_links_and_neighbours() {
    let safe = Safe::new();
    let file = safe.path("plain.yaml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("it is ours");
    symlink("plain.yaml", safe.path("link.yaml")).expect("a link can be made");
    let neighbours = crate::harness::state(safe.sandbox.root()).len();
    for arguments in [
        &["encrypt", "-i", "link.yaml"][..],
        &["rotate", "-i", "link.yaml"],
        &["set", "link.yaml", "[\"a\"]", "1"],
        &["unset", "link.yaml", "[\"a\"]"],
        &["updatekeys", "-y", "link.yaml"],
        &["decrypt", "-i", "link.yaml"],
    ] {
        safe.done(arguments);
        assert_eq!(fs::metadata(&file).expect("it is there").mode() & 0o7777, 0o640, "{arguments:?}");
        assert!(fs::symlink_metadata(safe.path("link.yaml")).expect("it is there").is_symlink());
        let now = crate::harness::state(safe.sandbox.root()).len();
        assert_eq!(now, neighbours, "{arguments:?} leaves something behind");
    }
}

#[test]
fn a_value_that_does_not_change_keeps_its_ciphertext() {
    let safe = Safe::new();
    let before = safe.sealed("a.yaml", "a: one\nb: two\nc: three\n");
    safe.done(&["set", "a.yaml", "[\"b\"]", "\"new\""]);
    let after = safe.sandbox.read("a.yaml");
    let changed: Vec<&str> =
        after.lines().filter(|line| !before.contains(line)).map(|line| line.trim_start()).collect();
    let starts: Vec<&str> = changed.iter().map(|line| line.split(':').next().unwrap_or_default()).collect();
    // Within one second the time is the same.
    assert!(starts == ["b", "mac"] || starts == ["b", "lastmodified", "mac"], "{changed:?}");
    safe.done(&["set", "--idempotent", "a.yaml", "[\"b\"]", "\"new\""]);
    assert_eq!(safe.sandbox.read("a.yaml"), after);
}

#[test]
fn a_removed_recipient_opens_nothing_any_more() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    let with_second = |arguments: &[&str]| {
        let mut command = safe.command(arguments);
        let ran = command.env("SOPS_AGE_KEY_FILE", safe.path("keys/second")).output();
        crate::harness::Ran::from(ran.expect("kiln was built")).code
    };
    assert_eq!(with_second(&["decrypt", "a.yaml"]), 128);
    safe.done(&["rotate", "-i", "--add-age", &safe.recipients[1], "a.yaml"]);
    assert_eq!(with_second(&["decrypt", "a.yaml"]), 0);
    safe.done(&["rotate", "-i", "--rm-age", &safe.recipients[1], "a.yaml"]);
    assert_eq!(with_second(&["decrypt", "a.yaml"]), 128);
    assert_eq!(safe.done(&["decrypt", "a.yaml"]), "a: 1\n");
}

#[test]
fn groups_come_and_go() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    let second = safe.recipients[1].as_str();
    safe.done(&["groups", "add", "-i", "--file", "a.yaml", "--age", second]);
    // It takes both now, and there is one.
    let ran = safe.sops(&["decrypt", "a.yaml"]);
    assert_eq!(ran.code, 128);
    assert!(
        ran.stderr.contains("Group 0: SUCCESS") && ran.stderr.contains("Group 1: FAILED"),
        "{}",
        ran.stderr
    );
    let both = format!("{}{}", safe.sandbox.read("keys/first"), safe.sandbox.read("keys/second"));
    safe.sandbox.write("keys/first", &both);
    assert_eq!(safe.done(&["decrypt", "a.yaml"]), "a: 1\n");
    // A group without anybody would take the file with it.
    let ran = safe.sops(&["groups", "add", "-i", "--file", "a.yaml"]);
    assert!(ran.code == 1 && ran.stderr.contains("empty key group"), "{}", ran.stderr);
    let ran = safe.sops(&["groups", "delete", "-i", "--file", "a.yaml", "9"]);
    assert!(ran.code == 1 && ran.stderr.contains("there is no group 9"), "{}", ran.stderr);
    safe.done(&["groups", "delete", "-i", "--shamir-secret-sharing-threshold", "1", "--file", "a.yaml", "1"]);
    assert_eq!(safe.done(&["decrypt", "a.yaml"]), "a: 1\n");
}

#[test]
fn updatekeys_asks_and_keeps_the_values() {
    let safe = Safe::new();
    let before = safe.sealed("a.yaml", "a: 1\n");
    let rules = format!("creation_rules:\n  - age: {},{}\n", safe.recipients[0], safe.recipients[1]);
    safe.sandbox.write(".sops.yaml", &rules);
    let answer = |answer: &[u8]| {
        let mut command = safe.command(&["updatekeys", "a.yaml"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.as_mut().expect("kiln was built");
        child.stdin.take().expect("it is piped").write_all(answer).expect("it is read");
        child.wait().expect("it ends").code()
    };
    assert_eq!(answer(b""), Some(1));
    assert_eq!(answer(b"what\nn\n"), Some(0));
    assert_eq!(safe.sandbox.read("a.yaml"), before);
    assert_eq!(answer(b"y\n"), Some(0));
    let after = safe.sandbox.read("a.yaml");
    let values =
        |text: &str| text.lines().filter(|it| it.contains("ENC[")).map(str::to_owned).collect::<Vec<_>>();
    assert!(after.contains(&safe.recipients[1]));
    assert_eq!(values(&after), values(&before), "values and MAC stay");
}

#[test]
fn the_calls_of_the_editor_extension_are_answered() {
    let safe = Safe::new();
    for (name, kind) in [
        ("plain.yaml", "yaml"),
        ("plain.json", "json"),
        ("plain.env", "dotenv"),
        ("plain.ini", "ini"),
        ("plain.bin", "plaintext"),
    ] {
        let plain = safe.sandbox.read(name);
        let rules = safe.path(".sops.yaml").display().to_string();
        let sealed =
            safe.done(&["--config", &rules, "--output-type", kind, "--input-type", kind, "--encrypt", name]);
        safe.sandbox.write(name, &sealed);
        let types = ["--config", "/dev/null", "--output-type", kind, "--input-type", kind];
        let call = |first: &[&str], last: &[&str]| {
            let arguments: Vec<&str> = [first, &types, last].concat();
            safe.done(&arguments)
        };
        assert_eq!(call(&[], &["--decrypt", name]), plain, "{kind}");
        assert_eq!(call(&["--ignore-mac"], &["--decrypt", name]), plain, "{kind}");
    }
    safe.sandbox.write("rules", "creation_rules:\n  - path_regex: ^other$\n");
    let ran = safe.sops(&["--config", "rules", "--encrypt", "plain.yaml"]);
    assert!(ran.stderr.contains("no matching creation rules found"), "{}", ran.stderr);
}

#[test]
fn a_pattern_that_would_leave_all_in_clear_is_refused() {
    let safe = Safe::new();
    for arguments in [
        ["encrypt", "--encrypted-regex", "(?=a)", "plain.yaml"],
        ["encrypt", "--encrypted-regex", "^nothing$", "plain.yaml"],
        ["encrypt", "--encrypted-suffix", "_nothing", "plain.yaml"],
    ] {
        let ran = safe.sops(&arguments);
        assert!(ran.code != 0 && ran.stdout.is_empty(), "{arguments:?}: {}", ran.stdout);
    }
}

#[test]
fn output_goes_where_it_was_asked_to() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    safe.done(&["decrypt", "--output", "out.yaml", "a.yaml"]);
    assert_eq!(safe.sandbox.read("out.yaml"), "a: 1\n");
    assert_eq!(safe.done(&["decrypt", "--output", "/dev/stdout", "a.yaml"]), "a: 1\n");
    safe.done(&["decrypt", "--output", "/dev/null", "a.yaml"]);
}
