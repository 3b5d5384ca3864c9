//! Data files that SOPS encrypted: `corpus/encrypted-inputs` holds what the real `sops` made.

use std::fs;

use crate::harness::{Ran, Sandbox};

/// What the files of the corpus encrypt. No run may print any of it.
const CANARIES: [&str; 9] = [
    "canary-token-9f83b1c27d",
    "canary-domain",
    "canary-owner",
    "192.168.1.7",
    "ca9a17988ad3",
    "3917",
    "S5H9CANARY1234",
    "bc:24:11:ca:9a:17",
    "8917",
];

const FILE: &str = "cluster.sops.yaml";

/// The example with the key of the corpus as its own, and with the token taken out of its
/// `cluster.yaml`.
fn project() -> Sandbox {
    let sandbox = Sandbox::example("minimal");
    sandbox.write("age.key", KEY);
    let cluster = sandbox.read("cluster.yaml");
    let lines = cluster.split_inclusive('\n').filter(|line| !line.starts_with(TOKEN));
    sandbox.write("cluster.yaml", &lines.collect::<String>());
    sandbox
}

/// The key of the token.
const TOKEN: &str = include_str!("../corpus/encrypted-inputs/token.txt").trim_ascii();

/// Outputs that nobody can make without keys; the first of them holds the token.
const NOT_COMPARED: &str = include_str!("../corpus/encrypted-inputs/not-compared.txt");

/// The key files of the example, that of the project first.
const KEY_FILES: &str = include_str!("../corpus/encrypted-inputs/key-files.txt");

/// The key that opens the corpus.
const KEY: &str = include_str!("../../../kiln-sops/tests/corpus/test-key.txt");

/// The project with a folder of the corpus over it.
fn with(folder: &str) -> Sandbox {
    let sandbox = project();
    sandbox.overlay(&format!("encrypted-inputs/{folder}"));
    sandbox
}

/// The project with the encrypted file changed.
fn with_changed(change: impl Fn(&str) -> String) -> Sandbox {
    let sandbox = with("beside");
    let changed = change(&sandbox.read(FILE));
    assert_ne!(changed, sandbox.read(FILE), "the change changes nothing");
    sandbox.write(FILE, &changed);
    sandbox
}

fn remove(sandbox: &Sandbox, file: &str) {
    fs::remove_file(sandbox.root().join(file)).expect("the file is there");
}

/// Runs a command, and looks for values in what it prints.
#[track_caller]
fn run(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    run_with(sandbox, arguments, &[])
}

#[track_caller]
fn run_with(sandbox: &Sandbox, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let mut command = sandbox.command(arguments);
    command.envs(variables.iter().copied());
    let ran: Ran = command.output().expect("kiln was built").into();
    for canary in CANARIES {
        assert!(!is_shown(&ran.text(), canary), "{arguments:?} shows {canary}:\n{}", ran.text());
    }
    ran
}

/// Whether a text shows a canary. A number may be part of a longer one, such as a time.
fn is_shown(text: &str, canary: &str) -> bool {
    match canary.parse::<u32>() {
        Ok(_) => text.split(|char: char| !char.is_ascii_digit()).any(|number| number == canary),
        Err(_) => text.contains(canary),
    }
}

/// The codes of findings with their places, as people read them.
fn findings(ran: &Ran) -> Vec<String> {
    let is_head = |part: &&str| part.starts_with("error[") || part.starts_with("warning[");
    let place = |part: &str| {
        let place = part.split("--> ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let code = part.split(['[', ']']).nth(1).unwrap_or_default();
        format!("{code} {place}").trim_end().to_owned()
    };
    ran.stderr.split("\n\n").filter(is_head).map(place).collect()
}

/// The tokens of the outputs that hold one, decrypted.
#[track_caller]
fn holds_the_token(sandbox: &Sandbox) {
    let path = NOT_COMPARED.lines().next().expect("the list is not empty");
    let ran: Ran = sandbox
        .command(&["sops", "decrypt", path])
        .env("SOPS_AGE_KEY", KEY)
        .output()
        .expect("kiln was built")
        .into();
    assert!(ran.stdout.contains("canary-token-9f83b1c27d"), "{}", ran.text());
}

#[test]
fn an_encrypted_file_stands_beside_the_clear_one_or_in_its_place() {
    for folder in ["beside", "json", "in-place"] {
        let sandbox = with(folder);
        if folder == "in-place" {
            remove(&sandbox, "cluster.yaml");
        }
        let ran = run(&sandbox, &["configure"]);
        assert_eq!(ran.code, 0, "{folder}: {}", ran.text());
        holds_the_token(&sandbox);
        let again = run(&sandbox, &["diff", "--exit-code"]);
        assert_eq!(again.code, 0, "{folder}: {}", again.text());
    }
}

#[test]
fn a_key_in_both_files_is_an_error_that_names_both_places() {
    let sandbox = with("beside");
    sandbox.write("cluster.yaml", &(sandbox.read("cluster.yaml") + TOKEN + ": another\n"));
    let ran = run(&sandbox, &["validate"]);
    assert_eq!(ran.code, 1);
    assert_eq!(findings(&ran), ["validate.key-in-two-files cluster.sops.yaml:2:1"], "{}", ran.text());
    assert!(ran.stderr.contains("cluster.yaml:22:1"), "{}", ran.text());
}

#[test]
fn two_encrypted_files_for_one_are_an_error() {
    let sandbox = with("beside");
    sandbox.overlay("encrypted-inputs/json");
    assert_eq!(findings(&run(&sandbox, &["validate"])), ["load.two-files"]);
}

#[test]
fn what_is_encrypted_reaches_no_output_in_clear() {
    let sandbox = with("whole");
    remove(&sandbox, "cluster.yaml");
    let ran = run(&sandbox, &["configure"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    let found = findings(&ran);
    assert!(found.contains(&"encrypt.encrypted-input cluster.sops.yaml:3:19".to_owned()), "{}", ran.text());
    assert!(ran.stderr.contains("move `cluster_api_addr` to the data file in clear"), "{}", ran.text());
    assert!(!ran.stderr.contains(&format!("move `{TOKEN}`")), "{}", ran.text());
}

#[test]
fn comments_of_an_encrypted_list_are_no_items_of_it() {
    let sandbox = Sandbox::example("minimal");
    sandbox.write("age.key", KEY);
    remove(&sandbox, "nodes.yaml");
    sandbox.overlay("encrypted-inputs/nodes");
    let ran = run(&sandbox, &["configure"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    let found = findings(&ran);
    assert!(found.iter().all(|it| !it.starts_with("load.") && !it.starts_with("validate.")), "{found:?}");
    assert!(ran.stderr.contains("nodes[0].name"), "{}", ran.text());
}

/// The file with the first letter behind a mark changed.
fn flipped(text: &str, mark: &str) -> String {
    let at = text.find(mark).expect("the mark is there") + mark.len();
    let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

/// The lines of the file, without those that `is_left_out` says.
fn without(text: &str, is_left_out: impl Fn(&str) -> bool) -> String {
    text.split_inclusive('\n').filter(|line| !is_left_out(line)).collect()
}

#[test]
fn every_bad_file_is_told_by_its_code_and_place() {
    let sealed = project();
    sealed.overlay("encrypted-inputs/beside");
    let line = |start: &str| {
        let text = sealed.read(FILE);
        text.lines().position(|line| line.trim_start().starts_with(start)).expect("the line is there") + 1
    };
    let mac = line("mac:");
    let cases: [(&str, String, Sandbox); 15] = [
        (
            "a changed value",
            "load.sops-forged cluster.sops.yaml:2:1".into(),
            with_changed(|it| flipped(it, "token: ENC[AES256_GCM,data:")),
        ),
        (
            "a value under another key",
            "load.sops-forged cluster.sops.yaml:2:1".into(),
            with_changed(|it| it.replace(TOKEN, "unifi_api_key")),
        ),
        (
            "a value in clear",
            "load.sops-plain-value cluster.sops.yaml:2:1".into(),
            with_changed(|it| {
                it.lines()
                    .map(|it| {
                        if it.starts_with(TOKEN) {
                            format!("{TOKEN}: canary-token-9f83b1c27d\n")
                        } else {
                            format!("{it}\n")
                        }
                    })
                    .collect()
            }),
        ),
        (
            "a removed value",
            format!("load.sops-mac-mismatch cluster.sops.yaml:{}:5", mac - 1),
            with_changed(|it| without(it, |line| line.starts_with(TOKEN))),
        ),
        (
            "a changed MAC",
            format!("load.sops-forged-mac cluster.sops.yaml:{mac}:5"),
            with_changed(|it| flipped(it, "mac: ENC[AES256_GCM,data:")),
        ),
        (
            "another time",
            format!("load.sops-forged-mac cluster.sops.yaml:{mac}:5"),
            with_changed(|it| it.replace("lastmodified: \"20", "lastmodified: \"19")),
        ),
        (
            "no MAC",
            "load.sops-no-mac cluster.sops.yaml:3:1".into(),
            with_changed(|it| without(it, |line| line.contains("mac: "))),
        ),
        (
            "no block",
            "load.not-encrypted cluster.sops.yaml:1:1".into(),
            with_changed(|it| it[..it.find("sops:").expect("it is there")].to_owned()),
        ),
        (
            "plain text",
            "load.not-encrypted cluster.sops.yaml:1:1".into(),
            with_changed(|_| format!("{TOKEN}: canary-token-9f83b1c27d\n")),
        ),
        (
            "a damaged block",
            "load.sops-damaged cluster.sops.yaml:3:1".into(),
            with_changed(|it| without(it, |line| line.contains("version: "))),
        ),
        (
            "a damaged data key",
            "load.sops-damaged cluster.sops.yaml:3:1".into(),
            with_changed(|it| it.replace("-----BEGIN AGE", "-----BEGUN AGE")),
        ),
        ("a truncated file", "load.not-a-mapping".into(), with_changed(|it| it[..20].to_owned())),
        ("an empty file", "load.not-a-mapping".into(), with_changed(|_| String::new())),
        (
            "a key twice",
            "load.duplicate-key cluster.sops.yaml:3:1".into(),
            with_changed(|it| {
                let line = it.lines().nth(1).expect("it has a value");
                it.replacen(line, &format!("{line}\n{line}"), 1)
            }),
        ),
        ("another key", "load.wrong-identity cluster.sops.yaml:4:5".into(), with("other-key")),
    ];
    for (what, expected, sandbox) in cases {
        for format in ["json", "sarif", "github"] {
            assert_eq!(run(&sandbox, &["configure", "--format", format]).code, 1, "{what}");
        }
        let ran = run(&sandbox, &["configure"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{what}: {}", ran.text());
        let found = findings(&ran);
        assert!(
            found.iter().any(|it| it.starts_with(&expected)),
            "{what}: {found:?}, expected {expected}\n{}",
            ran.text()
        );
    }
}

#[test]
fn without_a_key_the_findings_say_whose_it_is_and_where_it_was_looked_for() {
    let sandbox = with("beside");
    remove(&sandbox, "age.key");
    let ran = run(&sandbox, &["configure"]);
    assert_eq!(ran.code, 1);
    let found = findings(&ran);
    assert_eq!(found[0], "load.no-identity cluster.sops.yaml:4:5", "{}", ran.text());
    assert!(found.iter().any(|it| it.starts_with("load.missing-key-file")), "{}", ran.text());
    assert!(ran.stderr.contains("age1hjtmydzl07sl8e8mk5htytgnxkvycp8fdd93znlj9dp7lfq3j9zqzu66w5"));
    assert!(ran.stderr.contains("age.key, ") && ran.stderr.contains("SOPS_AGE_KEY"), "{}", ran.text());
}

/// A project that was configured, and lost its key files.
fn cloned() -> Sandbox {
    let sandbox = with("beside");
    let ran = run(&sandbox, &["configure"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    for file in KEY_FILES.lines() {
        remove(&sandbox, file);
    }
    sandbox
}

#[test]
fn validate_and_diff_need_no_key_and_say_what_they_did_not_compare() {
    let sandbox = cloned();
    for command in [&["validate"][..], &["diff", "--exit-code"]] {
        let ran = run(&sandbox, command);
        assert_eq!(ran.code, 0, "{}", ran.text());
        assert!(ran.stderr.contains("warning[load.no-identity]"), "{}", ran.text());
        assert!(
            ran.stderr.contains("warning[load.missing-key-file]: the key file `age.key`"),
            "{}",
            ran.text()
        );
        assert!(ran.stderr.contains("warning[plan.not-compared]"), "{}", ran.text());
        for path in NOT_COMPARED.lines() {
            assert!(ran.stderr.contains(&format!("not compared: `{path}`")), "{path}: {}", ran.text());
        }
        assert!(!ran.stderr.contains("not compared: `.sops.yaml`"), "{}", ran.text());
        assert!(ran.stdout.contains("0 to create, 0 to update, "), "{}", ran.text());
        assert!(!ran.stderr.contains("plan.stale"), "{}", ran.text());
    }
    let json = run(&sandbox, &["validate", "--format", "json"]);
    assert!(json.stdout.contains("\"not_compared\":[\"bootstrap/sops-age.sops.yaml\""), "{}", json.stdout);
    assert_eq!(run(&sandbox, &["configure"]).code, 1);
}

#[test]
fn without_a_key_a_change_of_what_is_in_clear_is_found() {
    let sandbox = cloned();
    let cluster = sandbox.read("cluster.yaml").replace("192.168.1.10", "192.168.1.9");
    sandbox.write("cluster.yaml", &cluster);
    let ran = run(&sandbox, &["diff", "--exit-code"]);
    assert_eq!(ran.code, 4, "{}", ran.text());
    assert!(ran.stdout.contains("+endpoint: https://192.168.1.9:6443"), "{}", ran.text());
    sandbox.write("cluster.yaml", &cluster.replace("192.168.1.9", "192.168.2.9"));
    let ran = run(&sandbox, &["validate"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(findings(&ran).iter().any(|it| it.starts_with("check.")), "{}", ran.text());
}

#[test]
fn a_key_in_the_environment_stands_in_for_the_key_file() {
    let sandbox = cloned();
    sandbox.write("elsewhere/keys.txt", KEY);
    let private = KEY.lines().last().expect("a key file has lines");
    let file = sandbox.root().join("elsewhere/keys.txt");
    let file = file.to_str().expect("the folder for tests has a name in UTF-8");
    for variable in [("SOPS_AGE_KEY", private), ("SOPS_AGE_KEY_FILE", file)] {
        let ran = run_with(&sandbox, &["diff", "--exit-code"], &[variable]);
        assert_eq!(ran.code, 0, "{}", ran.text());
        assert!(!ran.text().contains(private) && !ran.stderr.contains("`age.key`"), "{}", ran.text());
        assert!(!ran.stderr.contains("not compared: `bootstrap/sops-age.sops.yaml`"), "{}", ran.text());
        assert!(ran.stderr.contains("warning[plan.not-compared]"), "{}", ran.text());
    }
}

#[test]
fn a_key_that_the_rules_do_not_name_stands_in_for_nothing() {
    let sandbox = cloned();
    let foreign = Sandbox::example("minimal").read("age.key");
    let ran = run_with(&sandbox, &["configure"], &[("SOPS_AGE_KEY", &foreign)]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    let found = findings(&ran);
    assert!(found[0].starts_with("load.wrong-identity"), "{found:?}");
    assert!(ran.stderr.contains("error[load.missing-key-file]: the key file `age.key`"), "{}", ran.text());
}

#[test]
fn init_and_doctor_know_the_encrypted_file() {
    let sandbox = with("in-place");
    remove(&sandbox, "cluster.yaml");
    sandbox.write(".gitignore", "/age.key\n");
    let ran = run(&sandbox, &["init"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(!sandbox.root().join("cluster.yaml").exists());
    assert!(!ran.text().contains("`cluster."), "{}", ran.text());
    let ran = run(&sandbox, &["doctor"]);
    assert!(
        !ran.text().contains("`cluster.") && !ran.text().contains("doctor.invalid-data"),
        "{}",
        ran.text()
    );
}

#[test]
fn the_settings_may_name_the_encrypted_file() {
    let sandbox = with("beside");
    for data in [
        "[[data]]\nfile = 'cluster.yaml'\n[[data]]\nfile = 'nodes.yaml'\n",
        "[[data]]\nfile = 'cluster.yaml'\n[[data]]\nfile = 'cluster.sops.yaml'\n[[data]]\nfile = 'nodes.yaml'\n",
    ] {
        sandbox.write("kiln.toml", data);
        let ran = run(&sandbox, &["configure"]);
        assert_eq!(ran.code, 0, "{}", ran.text());
        holds_the_token(&sandbox);
    }
    let sandbox = with("in-place");
    remove(&sandbox, "cluster.yaml");
    sandbox.write("kiln.toml", "[[data]]\nfile = 'cluster.sops.yaml'\n[[data]]\nfile = 'nodes.yaml'\n");
    assert_eq!(run(&sandbox, &["configure"]).code, 0);
}

#[test]
fn mending_does_not_touch_an_encrypted_file_and_tells_nothing_of_it() {
    let sandbox = with("beside");
    let before = sandbox.read(FILE);
    let ran = sandbox.kiln(&["validate", "--fix"]);
    assert_eq!(sandbox.read(FILE), before);
    assert!(CANARIES.iter().all(|canary| !ran.text().contains(canary)), "{}", ran.text());
}

#[test]
fn a_comment_in_clear_silences_what_an_encrypted_file_is_warned_about() {
    let with_comment = |text: &str| {
        let key = text.lines().find(|line| line.contains(": ENC[")).expect("something is encrypted");
        text.replacen(key, &format!("# kiln: allow check.no-such-rule why\n{key}"), 1)
    };
    let sandbox = with_changed(with_comment);
    let ran = sandbox.kiln(&["validate"]);
    assert!(ran.stderr.contains("warning[load.allow-unknown]"), "the comment is read: {}", ran.text());
}
