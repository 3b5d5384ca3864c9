//! Every number that sops ends with, where kiln can end with it.

use super::{SECRET, Safe};

/// A command line, its exit code, and words of its message.
const CASES: &[(&str, i32, &str)] = &[
    ("decrypt sealed.yaml", 0, ""),
    ("--nope", 1, "flag provided but not defined: -nope"),
    ("decrypt plain.yaml", 1, "sops metadata not found"),
    ("encrypt --age nobody plain.yaml", 1, "unknown recipient type: \"nobody\""),
    ("--config nothing encrypt plain.yaml", 1, "could not read config file"),
    ("--config /dev/null encrypt plain.yaml", 1, "config file not found, or has no creation rules"),
    ("--config empty-rules encrypt plain.yaml", 1, "no matching creation rules found"),
    ("--config broken decrypt sealed.yaml", 1, "error loading config"),
    ("decrypt --extract [\"x\"] sealed.yaml", 1, "component ['x'] not found"),
    ("unset sealed.yaml [\"x\"]", 1, "Key not found: x"),
    ("rotate --rm-age FIRST sealed.yaml", 1, "empty key group provided"),
    ("filestatus nothing.yaml", 1, "cannot check file status"),
    ("exec-env sealed.yaml true", 1, "offending key b"),
    ("exec-env sealed.env", 1, "missing file to decrypt"),
    ("rotate nothing.yaml", 2, "no such file or directory"),
    ("encrypt broken.yaml", 2, "Error unmarshalling file"),
    ("decrypt --output nowhere/x sealed.yaml", 3, "Could not open output file for writing"),
    ("decrypt --output-type dotenv sealed.yaml", 4, "Error dumping file"),
    ("encrypt --encryption-context x plain.yaml", 6, "encryption context format"),
    ("set sealed.yaml x 1", 7, "Invalid set index format"),
    ("set sealed.yaml [\"a\"] x", 7, "not valid JSON"),
    ("set sealed.yaml [\"a\"] [1]", 7, "Invalid --set value format"),
    ("encrypt -i --output x plain.yaml", 8, "cannot operate on both"),
    ("encrypt", 8, "must specify --filename-override"),
    ("encrypt --encrypted-regex a --encrypted-suffix b plain.yaml", 8, "cannot use more than one"),
    ("encrypt --encrypted-regex ^nothing$ plain.yaml", 23, "Error encrypting tree"),
    ("decrypt forged.yaml", 25, "message authentication failed"),
    ("rotate --add-age FIRST nothing.yaml", 49, "cannot add or remove keys on non-existent file"),
    ("decrypt shortened.yaml", 51, "MAC mismatch"),
    ("decrypt --extract x sealed.yaml", 91, "error parsing --extract path"),
    ("encrypt empty.yaml", 92, "must contain at least one document"),
    ("", 100, "no file specified"),
    ("decrypt nothing.yaml", 100, "cannot operate on non-existent file"),
    ("decrypt --decryption-order age,age sealed.yaml", 112, "Duplicate decryption key type: age"),
    ("decrypt foreign.yaml", 128, "Failed to get the data key required to decrypt the SOPS file."),
    ("edit sealed.yaml", 200, "File has not changed, exiting."),
    ("encrypt sealed.yaml", 203, "top-level entry called 'sops'"),
];

#[test]
fn each_failure_has_the_number_and_words_that_scripts_know() {
    let safe = Safe::new();
    let sealed = safe.sealed("sealed.yaml", &safe.sandbox.read("plain.yaml"));
    safe.sealed("sealed.env", "A=hunter2\n");
    safe.sandbox.write("foreign.yaml", &safe.done(&["encrypt", "--age", &safe.recipients[1], "plain.yaml"]));
    let without_a: String = sealed.lines().skip(1).map(|line| format!("{line}\n")).collect();
    safe.sandbox.write("shortened.yaml", &without_a);
    // The first characters of the first value.
    safe.sandbox.write("forged.yaml", &sealed.replacen("data:", "data:AAAA", 1));
    safe.sandbox.write("broken.yaml", "a: [hunter2\n");
    safe.sandbox.write("broken", "creation_rules: [\n");
    safe.sandbox.write("empty-rules", "creation_rules: []\n");
    safe.sandbox.write("empty.yaml", "");
    let before = crate::harness::state(safe.sandbox.root());
    for (line, code, words) in CASES {
        let line = line.replace("FIRST", &safe.recipients[0]);
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let ran = safe.command(&arguments).env("EDITOR", "true").output().expect("kiln was built");
        let ran = crate::harness::Ran::from(ran);
        assert_eq!(ran.code, *code, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{line}: {}", ran.stderr);
        assert!(*code == 0 || !ran.text().contains(SECRET), "{line}: {}", ran.text());
        assert_eq!(ran.stdout.is_empty(), *code != 0, "{line}: {}", ran.stdout);
    }
    assert_eq!(crate::harness::state(safe.sandbox.root()), before, "who fails writes nothing");
}

#[test]
fn a_program_that_fails_gives_its_own_number() {
    let safe = Safe::new();
    safe.sealed("a.env", "A=1\n");
    assert_eq!(safe.sops(&["exec-env", "a.env", "exit 42"]).code, 42);
    assert_eq!(safe.sops(&["exec-file", "a.env", "exit 43"]).code, 43);
    assert_eq!(safe.sops(&["exec-env", "a.env", "kill -9 $$"]).code, 255);
}

#[test]
fn no_editor_is_a_number_of_its_own() {
    let safe = Safe::new();
    safe.sealed("a.yaml", "a: 1\n");
    for editor in ["no-such-editor", "false", "\"", "/"] {
        let ran = safe.command(&["edit", "a.yaml"]).env("EDITOR", editor).output().expect("kiln was built");
        let ran = crate::harness::Ran::from(ran);
        assert_eq!(ran.code, 201, "{editor}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("Could not run editor: "), "{editor}: {}", ran.stderr);
    }
}
