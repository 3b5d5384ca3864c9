//! `kiln secrets`, with a real git.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::harness::{Ran, Sandbox, state};

/// The published key of the example.
const KEY: &str = include_str!("../../../../examples/homelab/age.key");
const RECIPIENT: &str = "age1zncwnvm5lhdp7yqmg6fzyn7wq07rjj6rv5nqamqsc0j5tej2ns0sxvy230";

/// What no message may contain.
const CANARY: &str = "hunter2-canary";

/// A git repository with a key and rules.
struct Repository {
    sandbox: Sandbox,
}

impl Repository {
    /// With rules for `*.sops.*`, and for `secret/`.
    fn new() -> Repository {
        let repository = Repository { sandbox: Sandbox::empty() };
        repository.write("age.key", KEY);
        repository.write(".gitignore", "/age.key\n*.old-*\n.kiln-*.tmp\n/home\n");
        repository.write(
            ".sops.yaml",
            &format!(
                "creation_rules:\n  - path_regex: \\.sops\\.yaml$\n    encrypted_regex: ^(data|stringData)$\n    \
                 mac_only_encrypted: true\n    age: {RECIPIENT}\n  - path_regex: ^secret/\n    age: {RECIPIENT}\n\
                 stores:\n  yaml:\n    indent: 2\n"
            ),
        );
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// A copy of the example, configured and committed.
    fn homelab() -> Repository {
        let repository = Repository { sandbox: Sandbox::example("homelab") };
        repository.write(".gitignore", "/age.key\n*.old-*\n.kiln-*.tmp\n/home\n/*.key\n/*.txt\n/*.json\n");
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        assert_eq!(repository.kiln(&["configure"]).code, 0);
        repository.commit("begin");
        repository
    }

    fn write(&self, path: &str, text: &str) {
        self.sandbox.write(path, text);
    }

    fn read(&self, path: &str) -> String {
        self.sandbox.read(path)
    }

    fn prepared(&self, mut command: Command) -> Command {
        let home = self.sandbox.root().join("home");
        command.current_dir(self.sandbox.root()).env_clear().env("HOME", home);
        #[allow(clippy::disallowed_methods, reason = "git is found by it")]
        let path = std::env::var_os("PATH").expect("there is one");
        command.env("PATH", path);
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_PAGER", "cat");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "t").env(format!("GIT_{role}_EMAIL"), "t@example.com");
        }
        command
    }

    fn try_git(&self, arguments: &[&str]) -> Ran {
        let mut git = Command::new("git");
        git.args(arguments);
        self.prepared(git).output().expect("git is installed").into()
    }

    #[track_caller]
    fn git(&self, arguments: &[&str]) -> String {
        let ran = self.try_git(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.text());
        ran.stdout
    }

    fn kiln(&self, arguments: &[&str]) -> Ran {
        self.prepared(self.sandbox.command(arguments)).output().expect("kiln was built").into()
    }

    /// `kiln sops` with the key of the repository, which it finds by itself only beside a
    /// `kiln.toml`.
    fn sops(&self, arguments: &[&str]) -> Ran {
        let arguments: Vec<&str> = std::iter::once("sops").chain(arguments.iter().copied()).collect();
        let mut command = self.prepared(self.sandbox.command(&arguments));
        command.env("SOPS_AGE_KEY_FILE", "age.key");
        command.output().expect("kiln was built").into()
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--no-verify", "--message", message]);
    }

    /// Writes a file and encrypts it as its rule says.
    #[track_caller]
    fn encrypted(&self, path: &str, plain: &str) {
        self.write(path, plain);
        let ran = self.sops(&["encrypt", "--in-place", path]);
        assert_eq!(ran.code, 0, "{}", ran.text());
    }

    #[track_caller]
    fn decrypted(&self, path: &str) -> String {
        let ran = self.sops(&["decrypt", path]);
        assert_eq!(ran.code, 0, "{}", ran.text());
        ran.stdout
    }

    /// Sets a value as `kiln sops set` does.
    #[track_caller]
    fn set(&self, path: &str, key: &str, json: &str) {
        let ran = self.sops(&["set", path, key, json]);
        assert_eq!(ran.code, 0, "{}", ran.text());
    }

    /// Code, file and line of every finding.
    fn findings(&self, arguments: &[&str]) -> Vec<(String, String, u64)> {
        let arguments: Vec<&str> =
            ["secrets", "verify", "--format", "json"].iter().chain(arguments).copied().collect();
        let ran = self.kiln(&arguments);
        let object: serde_json::Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
        let all = object["diagnostics"].as_array().expect("there is a list");
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        all.iter()
            .map(|it| (text(&it["code"]), text(&it["file"]), it["line"].as_u64().unwrap_or(0)))
            .collect()
    }
}

fn secret(value: &str) -> String {
    format!("kind: Secret\nmetadata:\n  name: x\nstringData:\n  password: {value}\n  user: root\n")
}

fn finding(code: &str, file: &str, line: u64) -> (String, String, u64) {
    (code.to_owned(), file.to_owned(), line)
}

#[test]
fn a_sound_tree_has_no_findings() {
    let repository = Repository::new();
    repository.encrypted("a/one.sops.yaml", &secret(CANARY));
    repository.encrypted("secret/two.env", "A=1\n");
    repository.write("templates/three.sops.yaml.j2", "{{ x }}\n");
    repository.write("out/four.sops.yaml", "a: 1\n");
    repository.write("out/.gitignore", "*\n");
    let ran = repository.kiln(&["secrets", "verify"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.text());
    assert!(ran.stderr.contains("2 files, values and MAC of 2 verified"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("no fault was found\n"), "{}", ran.stderr);
}

#[test]
fn without_a_key_structure_and_recipients_are_looked_at() {
    let repository = Repository::new();
    repository.encrypted("a/one.sops.yaml", &secret(CANARY));
    fs::remove_file(repository.sandbox.root().join("age.key")).expect("it is there");
    let ran = repository.kiln(&["secrets", "verify"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.stderr.contains("structure and recipients only, for there is no key"), "{}", ran.stderr);
    let other = RECIPIENT.replace("age1znc", "age1znd");
    let file = repository.read("a/one.sops.yaml").replace(RECIPIENT, &other);
    repository.write("a/one.sops.yaml", &file);
    let codes: Vec<String> = repository.findings(&[]).into_iter().map(|it| it.0).collect();
    assert_eq!(codes, ["secrets.wrong-recipients", "secrets.wrong-recipients"]);
}

/// A file for each fault, and what is to be found in it.
fn with_every_fault() -> (Repository, Vec<(String, String, u64)>) {
    let repository = Repository::new();
    let edit = |path: &str, edit: &dyn Fn(String) -> String| {
        repository.encrypted(path, &secret(CANARY));
        repository.write(path, &edit(repository.read(path)));
    };
    let line_of = |path: &str, start: &str| {
        let text = repository.read(path);
        1 + text.lines().position(|line| line.trim_start().starts_with(start)).expect("it is there") as u64
    };
    let mut expected = Vec::new();
    let value = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(key)).expect("it is there");
        line.split_once(": ").expect("it is an entry").1.to_owned()
    };
    repository.write("a-plain.sops.yaml", &secret(CANARY));
    expected.push(finding("secrets.not-encrypted", "a-plain.sops.yaml", 1));
    edit("b-clear.sops.yaml", &|text| text.replace(&value(&text, "password"), CANARY));
    expected.push(finding(
        "secrets.value-in-clear",
        "b-clear.sops.yaml",
        line_of("b-clear.sops.yaml", "password"),
    ));
    edit("c-moved.sops.yaml", &|text| text.replace("password:", "passwort:"));
    expected.push(finding("secrets.tampered", "c-moved.sops.yaml", line_of("c-moved.sops.yaml", "passwort")));
    edit("d-mac.sops.yaml", &|text| {
        let other = value(&text, "user");
        text.lines().filter(|line| !line.contains(&other)).map(|line| format!("{line}\n")).collect()
    });
    expected.push(finding("secrets.tampered", "d-mac.sops.yaml", line_of("d-mac.sops.yaml", "sops:")));
    edit("e-broken.sops.yaml", &|text| format!("{text}<<<<<<< ours\n"));
    let last = repository.read("e-broken.sops.yaml").lines().count() as u64;
    expected.push(finding("secrets.damaged", "e-broken.sops.yaml", last));
    edit("f-block.sops.yaml", &|text| text.replace("lastmodified", "modified"));
    expected.push(finding("secrets.damaged", "f-block.sops.yaml", line_of("f-block.sops.yaml", "sops:")));
    edit("g-options.sops.yaml", &|text| {
        text.replace("encrypted_regex: ^(data|stringData)$", "encrypted_regex: ^stringData$")
    });
    expected.push(finding(
        "secrets.wrong-options",
        "g-options.sops.yaml",
        line_of("g-options.sops.yaml", "sops:"),
    ));
    repository.write("secret/h.txt", CANARY);
    expected.push(finding("secrets.not-encrypted", "secret/h.txt", 1));
    repository.encrypted("i-no-rule.sops.yaml", &secret(CANARY));
    let text = repository.read("i-no-rule.sops.yaml");
    fs::remove_file(repository.sandbox.root().join("i-no-rule.sops.yaml")).expect("it is there");
    repository.write("i.sops.yml", &text);
    expected.push(finding("secrets.no-rule", "i.sops.yml", line_of("i.sops.yml", "sops:")));
    expected.sort_by(|one, other| one.1.cmp(&other.1));
    (repository, expected)
}

#[test]
fn every_fault_is_found_at_its_line() {
    let (repository, expected) = with_every_fault();
    let mut found = repository.findings(&[]);
    found.sort_by(|one, other| one.1.cmp(&other.1));
    assert_eq!(found, expected);
}

#[test]
fn no_format_shows_a_value() {
    let (repository, expected) = with_every_fault();
    for format in ["human", "json", "github", "sarif"] {
        let ran = repository.kiln(&["secrets", "verify", "--format", format]);
        assert_eq!(ran.code, 1, "{format}");
        assert!(!ran.text().contains(CANARY) && !ran.text().contains("root"), "{format}: {}", ran.text());
        let named = expected.iter().filter(|(_, file, _)| ran.text().contains(file.as_str())).count();
        assert_eq!(named, expected.len(), "{format}: {}", ran.text());
    }
}

#[test]
fn only_the_paths_that_are_named_are_looked_at() {
    let (repository, _) = with_every_fault();
    let found = repository.findings(&["secret"]);
    assert_eq!(found, [finding("secrets.not-encrypted", "secret/h.txt", 1)]);
    assert_eq!(repository.kiln(&["secrets", "verify", "no-such"]).code, 2);
    assert_eq!(repository.kiln(&["secrets", "verify", "../.."]).code, 2);
}

#[test]
fn a_hook_lets_no_plain_secret_into_a_commit() {
    let repository = Repository::new();
    let installed = repository.kiln(&["secrets", "install-git", "--hook"]);
    assert_eq!(installed.code, 0, "{}", installed.text());
    repository.encrypted("one.sops.yaml", &secret(CANARY));
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "one"]);
    // The index counts: the file on the disk is encrypted again.
    let sound = repository.read("one.sops.yaml");
    repository.write("one.sops.yaml", &secret(CANARY));
    repository.git(&["add", "one.sops.yaml"]);
    repository.write("one.sops.yaml", &sound);
    let refused = repository.try_git(&["commit", "--quiet", "--message", "two"]);
    assert_eq!(refused.code, 1, "{}", refused.text());
    assert!(
        refused.stderr.contains("secrets.not-encrypted") && !refused.text().contains(CANARY),
        "{}",
        refused.text()
    );
    // A plain file on the disk that is not staged is no reason.
    repository.git(&["add", "one.sops.yaml"]);
    repository.write("one.sops.yaml", &secret(CANARY));
    repository.write("b.txt", "b");
    repository.git(&["add", "b.txt"]);
    repository.git(&["commit", "--quiet", "--message", "three"]);
}

#[test]
fn git_is_set_up_once_and_what_is_there_stays() {
    let repository = Repository::new();
    repository.write(".gitattributes", "*.sops.* -merge");
    let first = repository.kiln(&["secrets", "install-git", "--hook"]);
    assert_eq!(first.code, 0, "{}", first.text());
    let attributes = "*.sops.* -merge\n*.sops.* diff=kiln-sops merge=kiln-sops\n";
    assert_eq!(repository.read(".gitattributes"), attributes);
    let before = state(repository.sandbox.root());
    let second = repository.kiln(&["secrets", "install-git", "--hook"]);
    assert_eq!(second.code, 0, "{}", second.text());
    assert!(second.stdout.lines().all(|line| line.starts_with("kept ")), "{}", second.stdout);
    assert!(before == state(repository.sandbox.root()), "the second run changed something");
    repository.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    let third = repository.kiln(&["secrets", "install-git", "--hook"]);
    assert_eq!(third.code, 3, "{}", third.text());
    assert_eq!(repository.read(".git/hooks/pre-commit"), "#!/bin/sh\nexit 0\n");
}

#[test]
fn git_can_be_set_up_for_all_repositories_of_a_user() {
    let repository = Repository::new();
    repository.write("home/.gitconfig", "[user]\n\tname = x\n");
    let ran = repository.kiln(&["secrets", "install-git", "--global"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert_eq!(repository.read("home/.config/git/attributes"), "*.sops.* diff=kiln-sops merge=kiln-sops\n");
    assert!(repository.read("home/.gitconfig").contains("[diff \"kiln-sops\"]"));
}

#[test]
fn git_diff_shows_what_files_say() {
    let repository = Repository::new();
    repository.kiln(&["secrets", "install-git"]);
    repository.encrypted("one.sops.yaml", &secret("before"));
    repository.commit("one");
    repository.set("one.sops.yaml", "[\"stringData\"][\"password\"]", "\"after\"");
    let diff = repository.git(&["diff"]);
    let changed: Vec<&str> =
        diff.lines().filter(|line| line.starts_with("- ") || line.starts_with("+ ")).collect();
    assert_eq!(changed, ["-    password: before", "+    password: after"], "{diff}");
    let key = repository.read("age.key");
    fs::remove_file(repository.sandbox.root().join("age.key")).expect("it is there");
    let locked = repository.try_git(&["diff"]);
    assert_eq!(locked.code, 0, "{}", locked.text());
    assert!(
        locked.stderr.contains("`one.sops.yaml` is not decrypted: there is no key at hand"),
        "{}",
        locked.text()
    );
    assert!(
        locked.stdout.contains("+  password: ENC[") && !locked.stdout.contains("after"),
        "{}",
        locked.text()
    );
    repository.write("age.key", &key);
    repository.write("one.sops.yaml", "<<<<<<<\na: ENC[AES256_GCM,data:a,iv:a,tag:a,type:str]\n");
    assert!(repository.git(&["diff"]).contains("# kiln: not decrypted: it is damaged"));
}

/// A repository in which two branches changed a file; `main` is checked out.
fn diverged(path: &str, ours: &dyn Fn(&Repository), theirs: &dyn Fn(&Repository)) -> Repository {
    let repository = Repository::new();
    assert_eq!(repository.kiln(&["secrets", "install-git"]).code, 0);
    repository.encrypted(path, &secret("before"));
    repository.commit("base");
    repository.git(&["checkout", "--quiet", "-b", "other"]);
    theirs(&repository);
    repository.commit("theirs");
    repository.git(&["checkout", "--quiet", "main"]);
    ours(&repository);
    repository.commit("ours");
    repository
}

#[test]
fn changes_of_two_branches_come_together() {
    let path = "a b/one's.sops.yaml";
    let repository = diverged(
        path,
        &|it| it.set(path, "[\"stringData\"][\"password\"]", &format!("\"{CANARY}\"")),
        &|it| it.set(path, "[\"stringData\"][\"user\"]", "\"admin\""),
    );
    let merged = repository.try_git(&["merge", "--quiet", "--no-edit", "other"]);
    assert_eq!(merged.code, 0, "{}", merged.text());
    assert_eq!(
        repository.decrypted(path),
        format!("kind: Secret\nmetadata:\n  name: x\nstringData:\n  password: {CANARY}\n  user: admin\n")
    );
    assert!(!merged.text().contains(CANARY) && !repository.read(path).contains(CANARY));
    assert_eq!(repository.kiln(&["secrets", "verify"]).code, 0);
}

#[test]
fn two_changes_of_one_value_are_a_conflict_in_a_sound_file() {
    let path = "one.sops.yaml";
    let repository = diverged(
        path,
        &|it| it.set(path, "[\"stringData\"][\"password\"]", &format!("\"{CANARY}\"")),
        &|it| {
            it.set(path, "[\"stringData\"][\"password\"]", "\"theirs-canary\"");
            it.set(path, "[\"stringData\"][\"user\"]", "\"admin\"");
        },
    );
    let merged = repository.try_git(&["merge", "--no-edit", "other"]);
    assert_eq!(merged.code, 1, "{}", merged.text());
    assert!(merged.stderr.contains("stringData.password"), "{}", merged.text());
    assert!(!merged.text().contains("canary"), "{}", merged.text());
    assert!(repository.git(&["status", "--porcelain"]).contains(&format!("UU {path}")));
    let text = repository.decrypted(path);
    assert!(text.contains(CANARY) && text.contains("user: admin"), "{text}");
    // As the message says.
    let theirs = repository.git(&["show", "--textconv", &format!(":3:{path}")]);
    assert!(theirs.contains("password: theirs-canary"), "{theirs}");
}

#[test]
fn what_was_tampered_with_is_not_merged() {
    let path = "one.sops.yaml";
    let repository = diverged(path, &|it| it.set(path, "[\"stringData\"][\"password\"]", "\"a\""), &|it| {
        it.write(path, &it.read(path).replace("user:", "usr:"))
    });
    let before = repository.read(path);
    let merged = repository.try_git(&["merge", "--no-edit", "other"]);
    assert_eq!(merged.code, 1, "{}", merged.text());
    assert!(merged.stderr.contains("their version cannot be opened"), "{}", merged.text());
    assert_eq!(repository.read(path), before);
}

#[test]
fn files_that_are_not_encrypted_are_merged_as_texts() {
    let path = "rules.sops.yaml.j2";
    let lines = |first: &str, last: &str| format!("{first}\n1\n2\n3\n4\n5\n{last}\n");
    let repository = Repository::new();
    assert_eq!(repository.kiln(&["secrets", "install-git"]).code, 0);
    repository.write(path, &lines("a", "b"));
    repository.commit("base");
    repository.git(&["checkout", "--quiet", "-b", "other"]);
    repository.write(path, &lines("a", "theirs"));
    repository.commit("theirs");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(path, &lines("ours", "b"));
    repository.commit("ours");
    repository.git(&["merge", "--quiet", "--no-edit", "other"]);
    assert_eq!(repository.read(path), lines("ours", "theirs"));
}

/// Somebody's key, from the documentation of age.
const OTHER: &str = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg";

/// A branch adds a recipient to a file, and another changes a value of it.
fn with_a_new_recipient(is_ruled: bool) -> Repository {
    let path = "one.sops.yaml";
    let add_to_rules = |it: &Repository| {
        it.write(".sops.yaml", &it.read(".sops.yaml").replace(RECIPIENT, &format!("{RECIPIENT},{OTHER}")));
    };
    diverged(
        path,
        &|it| {
            it.set(path, "[\"stringData\"][\"password\"]", "\"a\"");
            if is_ruled {
                add_to_rules(it);
            }
        },
        &|it| {
            add_to_rules(it);
            let ran = it.kiln(&["secrets", "rotate", "--yes"]);
            assert_eq!(ran.code, 0, "{}", ran.text());
        },
    )
}

#[test]
fn a_recipient_that_our_rules_name_comes_with_a_merge() {
    let repository = with_a_new_recipient(true);
    repository.git(&["merge", "--quiet", "--no-edit", "other"]);
    assert!(repository.read("one.sops.yaml").contains(OTHER));
    assert_eq!(repository.kiln(&["secrets", "verify"]).code, 0);
}

#[test]
fn a_merge_gives_secrets_to_nobody_whom_our_rules_do_not_name() {
    let repository = with_a_new_recipient(false);
    let merged = repository.try_git(&["merge", "--no-edit", "other"]);
    assert_eq!(merged.code, 1, "{}", merged.text());
    assert!(
        merged.stderr.contains(&format!("the recipient `{OTHER}`, which no rule here names")),
        "{}",
        merged.text()
    );
    assert!(!repository.read("one.sops.yaml").contains(OTHER));
    // The merge brought the rules; whoever agrees with them says so.
    assert_eq!(repository.kiln(&["secrets", "rotate", "--yes"]).code, 0);
    assert_eq!(repository.kiln(&["secrets", "verify"]).code, 0);
}

#[test]
fn a_merge_takes_no_option_that_leaves_more_in_clear() {
    let path = "one.sops.yaml";
    let repository = diverged(
        path,
        &|it| it.set(path, "[\"data\"]", &format!("{{\"k\": \"{CANARY}\"}}")),
        // No MAC covers the option.
        &|it| it.write(path, &it.read(path).replace("^(data|stringData)$", "^stringData$")),
    );
    let merged = repository.try_git(&["merge", "--no-edit", "other"]);
    assert_eq!(merged.code, 1, "{}", merged.text());
    assert!(!repository.read(path).contains(CANARY));
}

#[test]
fn a_new_key_takes_over_and_configure_has_nothing_left_to_do() {
    let repository = Repository::homelab();
    let old = repository.read("age.key");
    let told = repository.kiln(&["secrets", "rotate", "--new-key", "--yes"]);
    assert_eq!(told.code, 0, "{}", told.text());
    let command = "create secret generic sops-age --from-file=age.agekey=age.key";
    assert!(told.stdout.contains(command), "{}", told.stdout);
    let new = repository.read("age.key");
    assert_ne!(new, old);
    for key in [&old, &new] {
        let private = key.lines().last().expect("it has lines");
        assert!(private.starts_with("AGE-SECRET-KEY-") && !told.text().contains(private));
    }
    assert!(!new.contains(old.lines().last().expect("it has lines")));
    let mode = fs::metadata(repository.sandbox.root().join("age.key")).expect("it is there").permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    let status = repository.git(&["status", "--porcelain"]);
    assert!(!status.contains("age.key"), "{status}");
    let kept: Vec<String> = state(repository.sandbox.root())
        .into_iter()
        .filter(|(path, _)| path.starts_with("age.key.old-"))
        .map(|(_, (bytes, ..))| String::from_utf8(bytes).expect("it is text"))
        .collect();
    assert_eq!(kept, std::slice::from_ref(&old));
    let verified = repository.kiln(&["secrets", "verify"]);
    assert_eq!(verified.code, 0, "{}", verified.text());
    let before = state(repository.sandbox.root());
    let configured = repository.kiln(&["configure"]);
    assert_eq!(configured.code, 0, "{}", configured.text());
    assert!(before == state(repository.sandbox.root()), "{}", configured.text());
    // The old key opens nothing any more.
    repository.write("age.key", &old);
    assert_eq!(repository.sops(&["decrypt", "bootstrap/sops-age.sops.yaml"]).code, 128);
}

#[test]
fn an_old_and_a_new_key_overlap() {
    let repository = Repository::homelab();
    let old = repository.read("age.key");
    let first = repository.kiln(&["secrets", "rotate", "--new-key", "--keep-old", "--yes"]);
    assert_eq!(first.code, 0, "{}", first.text());
    let configured = repository.kiln(&["configure"]);
    assert_eq!(configured.code, 0, "{}", configured.text());
    assert!(configured.stdout.contains("0 created, 0 updated"), "{}", configured.text());
    let new = repository.read("age.key");
    let path = "kubernetes/components/sops/cluster-secrets.sops.yaml";
    for key in [&old, &new] {
        repository.write("age.key", key);
        assert_eq!(repository.sops(&["decrypt", path]).code, 0);
    }
    let rules = repository.read(".sops.yaml");
    let line = rules.lines().find(|line| line.contains(RECIPIENT)).expect("the old key is a recipient still");
    let recipient = line.trim().rsplit(',').next().expect("there are two").to_owned();
    let second = repository.kiln(&["secrets", "rotate", "--to", &recipient, "--yes"]);
    assert_eq!(second.code, 0, "{}", second.text());
    assert!(!repository.read(path).contains(RECIPIENT) && !repository.read(".sops.yaml").contains(RECIPIENT));
    let configured = repository.kiln(&["configure"]);
    assert_eq!(configured.code, 0, "{}", configured.text());
    assert!(configured.stdout.contains("0 created, 0 updated"), "{}", configured.text());
    assert_eq!(repository.kiln(&["secrets", "verify"]).code, 0);
}

#[test]
fn one_file_that_cannot_be_opened_keeps_all_as_they_are() {
    let repository = Repository::new();
    repository.encrypted("one.sops.yaml", &secret(CANARY));
    repository.encrypted("two.sops.yaml", &secret(CANARY));
    repository.write("two.sops.yaml", &repository.read("two.sops.yaml").replace("password:", "passwort:"));
    let before = state(repository.sandbox.root());
    let ran = repository.kiln(&["secrets", "rotate", "--new-key", "--yes"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stderr.contains("two.sops.yaml") && !ran.text().contains(CANARY), "{}", ran.text());
    assert!(before == state(repository.sandbox.root()), "something was written");
}

#[test]
fn no_key_is_written_where_git_would_see_it() {
    let repository = Repository::new();
    repository.encrypted("one.sops.yaml", &secret(CANARY));
    repository.write(".gitignore", "/age.key\n.kiln-*.tmp\n");
    let before = state(repository.sandbox.root());
    let ran = repository.kiln(&["secrets", "rotate", "--new-key", "--yes"]);
    assert_eq!(ran.code, 3, "{}", ran.text());
    assert!(ran.stderr.contains("secrets.visible-key"), "{}", ran.text());
    assert!(before == state(repository.sandbox.root()), "something was written");
}

#[test]
fn without_yes_or_with_dry_run_nothing_is_written() {
    let repository = Repository::new();
    repository.encrypted("one.sops.yaml", &secret(CANARY));
    let before = state(repository.sandbox.root());
    let dry = repository.kiln(&["secrets", "rotate", "--new-key", "--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.text());
    assert!(
        dry.stdout.starts_with("change .sops.yaml\nrotate one.sops.yaml\n2 files to write, 0 kept\n"),
        "{}",
        dry.stdout
    );
    assert_eq!(repository.kiln(&["secrets", "rotate", "--new-key"]).code, 3);
    assert!(before == state(repository.sandbox.root()), "something was written");
}

#[test]
fn a_recipient_that_comes_changes_no_value_and_one_that_goes_changes_all() {
    let repository = Repository::new();
    repository.encrypted("one.sops.yaml", &secret(CANARY));
    repository.commit("one");
    let other = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg";
    let both = format!("{RECIPIENT},{other}");
    let ran = repository.kiln(&["secrets", "rotate", "--to", &both, "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(repository.read(".sops.yaml").contains(&format!("age: {both}\n")));
    let removed = |it: &Repository| {
        it.git(&["diff", "--no-textconv", "one.sops.yaml"]).lines().any(|line| line.starts_with("- "))
    };
    assert!(!removed(&repository));
    repository.commit("two");
    assert_eq!(repository.kiln(&["secrets", "rotate", "--to", RECIPIENT, "--yes"]).code, 0);
    assert!(removed(&repository) && !repository.read("one.sops.yaml").contains(other));
    assert!(repository.decrypted("one.sops.yaml").contains(CANARY));
    // Nobody locks themselves out.
    let before = state(repository.sandbox.root());
    let ran = repository.kiln(&["secrets", "rotate", "--to", other, "--yes"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stderr.contains("secrets.locked-out"), "{}", ran.text());
    assert!(before == state(repository.sandbox.root()), "something was written");
}

#[test]
fn a_post_quantum_key_takes_over_too() {
    let repository = Repository::new();
    repository.encrypted("one.sops.yaml", &secret(CANARY));
    let ran = repository.kiln(&["secrets", "rotate", "--new-key", "--post-quantum", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(repository.read("one.sops.yaml").contains("age1pq1"));
    assert!(repository.decrypted("one.sops.yaml").contains(CANARY));
    assert_eq!(repository.kiln(&["secrets", "verify"]).code, 0);
}

#[test]
fn a_merge_encrypts_only_what_is_not_ours() {
    // What `configure` wrote proves its data key.
    let path = "kubernetes/components/sops/cluster-secrets.sops.yaml";
    let repository = Repository::homelab();
    assert_eq!(repository.kiln(&["secrets", "install-git"]).code, 0);
    repository.commit("install");
    repository.git(&["checkout", "--quiet", "-b", "other"]);
    repository.set(path, "[\"stringData\"][\"THEIRS\"]", "\"b\"");
    repository.commit("theirs");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.set(path, "[\"stringData\"][\"OURS\"]", "\"a\"");
    repository.commit("ours");
    let ours = repository.read(path);
    let merged = repository.try_git(&["merge", "--quiet", "--no-edit", "other"]);
    assert_eq!(merged.code, 0, "{}", merged.text());
    let text = repository.read(path);
    let new: Vec<&str> = text.lines().filter(|line| !ours.lines().any(|it| it == *line)).collect();
    let keys: Vec<&str> = new.iter().map(|line| line.trim().split(':').next().unwrap_or_default()).collect();
    // Two runs may share a second.
    let keys: Vec<&str> = keys.into_iter().filter(|key| *key != "lastmodified").collect();
    assert_eq!(keys, ["THEIRS", "mac"], "{new:?}");
    let plain = repository.decrypted(path);
    assert!(plain.contains("OURS: a") && plain.contains("THEIRS: b"), "{plain}");
}

#[test]
fn a_change_of_keys_that_was_cut_short_is_done_again() {
    let repository = Repository::new();
    repository.encrypted("one.sops.yaml", &secret(CANARY));
    repository.encrypted("two.sops.yaml", &secret(CANARY));
    let (old, first) = (repository.read("age.key"), repository.read("one.sops.yaml"));
    let rules = repository.read(".sops.yaml");
    assert_eq!(repository.kiln(&["secrets", "rotate", "--new-key", "--yes"]).code, 0);
    // As if it had been killed before the last files: the key file holds both keys.
    let both = format!("{}{old}", repository.read("age.key"));
    repository.write("age.key", &both);
    repository.write("one.sops.yaml", &first);
    repository.write(".sops.yaml", &rules);
    for path in ["one.sops.yaml", "two.sops.yaml"] {
        assert!(repository.decrypted(path).contains(CANARY), "{path}");
    }
    let again = repository.kiln(&["secrets", "rotate", "--new-key", "--yes"]);
    assert_eq!(again.code, 0, "{}", again.text());
    let verified = repository.kiln(&["secrets", "verify"]);
    assert_eq!(verified.code, 0, "{}", verified.text());
    assert_eq!(repository.read("age.key").matches("AGE-SECRET-KEY-1").count(), 1);
}

#[test]
fn a_key_that_the_old_one_can_read_is_worth_a_warning() {
    let repository = Repository::homelab();
    let warned = repository.kiln(&["secrets", "rotate", "--new-key", "--keep-old", "--dry-run"]);
    assert!(warned.stderr.contains("warning[secrets.readable-to-old-key]"), "{}", warned.text());
    assert!(!repository.kiln(&["secrets", "rotate", "--new-key", "--dry-run"]).stderr.contains("warning"));
}

#[test]
fn a_page_of_the_manual_is_there_for_each_command() {
    let repository = Repository::new();
    for command in ["verify", "rotate", "textconv", "merge", "install-git"] {
        let page = repository.kiln(&["man", "secrets", command]);
        assert_eq!(page.code, 0, "{}", page.text());
        assert!(page.stdout.contains("Examples:") || page.stdout.contains("EXTRA"), "{command}");
        let help = repository.kiln(&["secrets", command, "--help"]);
        assert!(help.code == 0 && help.stdout.contains("Examples:"), "{command}");
    }
}

#[test]
fn a_recipient_that_somebody_wrote_into_a_file_does_not_get_the_new_key() {
    let path = "one.sops.yaml";
    let repository = Repository::new();
    repository.encrypted(path, &secret(CANARY));
    // No MAC covers the recipients.
    let text = repository.read(path);
    let start = text.find("    - enc:").expect("there is a recipient");
    let end = text.find("  encrypted_regex").expect("the option follows");
    let entry = text[start..end].replace(RECIPIENT, OTHER);
    repository.write(path, &format!("{}{entry}{}", &text[..end], &text[end..]));
    assert_eq!(repository.findings(&[])[0].0, "secrets.wrong-recipients");
    let ran = repository.kiln(&["secrets", "rotate", "--new-key", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.stdout.contains(&format!("- {OTHER}\n")), "{}", ran.stdout);
    assert!(!repository.read(path).contains(OTHER));
    assert_eq!(repository.kiln(&["secrets", "verify"]).code, 0);
}

#[test]
fn a_rule_that_cannot_be_obeyed_keeps_all_as_they_are() {
    let repository = Repository::new();
    repository.encrypted("one.sops.yaml", &secret(CANARY));
    let rules =
        repository.read(".sops.yaml").replace("    mac_only", "    encrypted_suffix: _x\n    mac_only");
    repository.write(".sops.yaml", &rules);
    let before = state(repository.sandbox.root());
    let ran = repository.kiln(&["secrets", "rotate", "--new-key", "--yes"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(before == state(repository.sandbox.root()), "something was written");
}

#[test]
fn files_of_every_format_are_merged() {
    let formats: [(&str, &str, &str, &str, &str); 3] = [
        ("x.env", "A=1\nB=2\n", "[\"A\"]", "[\"B\"]", "A=o\nB=t\n"),
        ("x.ini", "[s]\na = 1\nb = 2\n", "[\"s\"][\"a\"]", "[\"s\"][\"b\"]", "[s]\na = o\nb = t\n"),
        (
            "x.json",
            "{\"a\":\"1\",\"b\":[1]}",
            "[\"a\"]",
            "[\"b\"][0]",
            "{\n\t\"a\": \"o\",\n\t\"b\": [\n\t\t\"t\"\n\t]\n}\n",
        ),
    ];
    for (name, plain, ours, theirs, expected) in formats {
        let repository = Repository::new();
        assert_eq!(repository.kiln(&["secrets", "install-git"]).code, 0);
        repository.write(".gitattributes", "* diff=kiln-sops merge=kiln-sops\n");
        let path = format!("secret/{name}");
        repository.encrypted(&path, plain);
        repository.commit("base");
        repository.git(&["checkout", "--quiet", "-b", "other"]);
        repository.set(&path, theirs, "\"t\"");
        repository.commit("theirs");
        repository.git(&["checkout", "--quiet", "main"]);
        repository.set(&path, ours, "\"o\"");
        repository.commit("ours");
        repository.git(&["merge", "--quiet", "--no-edit", "other"]);
        assert_eq!(repository.decrypted(&path), expected, "{name}");
        assert_eq!(repository.kiln(&["secrets", "verify"]).code, 0, "{name}");
    }
}
