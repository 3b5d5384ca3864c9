//! What is forgotten, is found.

use std::env;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::{Ran, Sandbox};

/// The programs that the pack asks for, and a version that is new enough.
const TOOLS: &str = include_str!("../corpus/doctor/tools.txt");

/// A project in order, on a computer in order.
fn healthy() -> Sandbox {
    let sandbox = Sandbox::empty();
    let example = Sandbox::example("homelab");
    for path in ["cluster.yaml", "nodes.yaml", "age.key", "github-deploy.key"] {
        sandbox.write(&format!("project/{path}"), &example.read(path));
        set_mode(&sandbox, &format!("project/{path}"), 0o600);
    }
    // Without a way in from outside, no key files are needed but these.
    let data = example.read("cluster.yaml") + "\ningress_mode: none\nwebhook_provider: none\n";
    sandbox.write("project/cluster.yaml", &data);
    sandbox.write("project/.gitignore", "*.key\n/cluster.yaml\n");
    fs::create_dir(sandbox.root().join("bin")).expect("the folder for tests can be written");
    symlink(git(), sandbox.root().join("bin/git")).expect("git can be linked");
    let tools = TOOLS.lines().map(|line| line.split_once(' ').expect("a name and a version"));
    tools.for_each(|(name, version)| tool(&sandbox, name, version));
    let init =
        Command::new(git()).args(["init", "--quiet"]).current_dir(sandbox.root().join("project")).status();
    assert!(init.expect("git can be started").success());
    sandbox
}

/// The git of this computer.
fn git() -> PathBuf {
    #[allow(clippy::disallowed_methods, reason = "the test has to find git")]
    let path = env::var_os("PATH").expect("there is a path");
    let mut places = env::split_paths(&path).map(|folder| folder.join("git"));
    places.find(|place| place.is_file()).expect("git is installed")
}

/// A program that prints its version.
fn tool(sandbox: &Sandbox, name: &str, version: &str) {
    sandbox.write(&format!("bin/{name}"), &format!("#!/bin/sh\necho '{version}'\n"));
    set_mode(sandbox, &format!("bin/{name}"), 0o755);
}

fn set_mode(sandbox: &Sandbox, path: &str, mode: u32) {
    let mode = fs::Permissions::from_mode(mode);
    fs::set_permissions(sandbox.root().join(path), mode).expect("the mode can be set");
}

fn doctor(sandbox: &Sandbox) -> Ran {
    let mut command = sandbox.command(&["doctor", "--project", "project"]);
    command.env("PATH", sandbox.root().join("bin")).env("HOME", sandbox.root().join("home"));
    command.output().expect("kiln was built").into()
}

/// Asserts the exit code and the findings, each of which says how to mend it.
#[track_caller]
fn check(sandbox: &Sandbox, code: i32, expected: &[&str]) -> Ran {
    let ran = doctor(sandbox);
    let findings: Vec<&str> = ran.stderr.split("\n\n").filter(|part| part.contains("[doctor.")).collect();
    let head = |finding: &str| finding.trim_start().lines().next().unwrap_or_default().to_owned();
    let heads: Vec<String> = findings.iter().map(|finding| head(finding)).collect();
    assert_eq!(heads, expected, "{}", ran.text());
    assert!(findings.iter().all(|finding| finding.contains("= help: ")), "{}", ran.stderr);
    assert_eq!((ran.code, ran.stdout.as_str()), (code, ""));
    ran
}

#[test]
fn a_healthy_project_ends_well() {
    let ran = check(&healthy(), 0, &[]);
    assert!(ran.stderr.ends_with("nothing is forgotten\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("4 of 4 needed files are there"), "{}", ran.stderr);
    assert!(ran.stderr.contains("8 of 8 are there"), "{}", ran.stderr);
}

#[test]
fn a_key_that_others_can_read_is_a_warning() {
    let sandbox = healthy();
    set_mode(&sandbox, "project/age.key", 0o640);
    let warning = "warning[doctor.open-key-file]: others on this computer can read `age.key`";
    check(&sandbox, 0, &[warning]);
}

#[test]
fn a_secret_in_git_is_an_error() {
    let sandbox = healthy();
    let add = ["add", "--force", "age.key", "nodes.yaml"];
    let added = Command::new(git()).args(add).current_dir(sandbox.root().join("project")).status();
    assert!(added.expect("git can be started").success());
    check(&sandbox, 1, &["error[doctor.tracked-secret]: git tracks `age.key`, which is secret"]);
}

#[test]
fn a_repository_that_nobody_can_look_at_is_a_warning() {
    let sandbox = healthy();
    fs::remove_file(sandbox.root().join("bin/git")).expect("it is there");
    let message = "git does not say whether it tracks secrets of this folder";
    check(&sandbox, 0, &[&format!("warning[doctor.unknown-repository]: {message}")]);
}

#[test]
fn a_secret_is_found_in_the_repository_of_the_folder_whatever_the_environment_says() {
    let sandbox = healthy();
    let add = ["add", "--force", "age.key"];
    let added = Command::new(git()).args(add).current_dir(sandbox.root().join("project")).status();
    assert!(added.expect("git can be started").success());
    let mut command = sandbox.command(&["doctor", "--project", "project"]);
    command.env("PATH", sandbox.root().join("bin")).env("GIT_INDEX_FILE", "nothing").env("GIT_DIR", "/");
    let ran: Ran = command.output().expect("kiln was built").into();
    assert!(ran.stderr.contains("git tracks `age.key`"), "{}", ran.stderr);
}

#[test]
fn the_settings_of_a_repository_start_no_program() {
    let sandbox = healthy();
    let ran = sandbox.root().join("ran");
    sandbox.write("bin/hook", &format!("#!/bin/sh\n: > '{}'\n", ran.display()));
    set_mode(&sandbox, "bin/hook", 0o755);
    let project = sandbox.root().join("project");
    let git = |arguments: &[&str]| {
        let ran = Command::new(git()).args(arguments).current_dir(&project).output();
        assert!(ran.expect("git can be started").status.success());
    };
    git(&["add", "nodes.yaml"]);
    git(&["config", "core.fsmonitor", sandbox.root().join("bin/hook").to_str().expect("it is UTF-8")]);
    git(&["ls-files", "nodes.yaml"]);
    assert!(ran.exists(), "git itself starts the program, so this test can fail");
    fs::remove_file(&ran).expect("it is there");
    check(&sandbox, 0, &[]);
    assert!(!ran.exists(), "kiln let git start a program");
}

#[test]
fn programs_do_not_start_in_the_project() {
    let sandbox = healthy();
    sandbox.write("bin/helm", "#!/bin/sh\n[ -e project ] && echo v0.0.1 || echo v3.18.4\n");
    sandbox.write("sops", "#!/bin/sh\necho sops 0.0.1\n");
    set_mode(&sandbox, "sops", 0o755);
    let mut command = sandbox.command(&["doctor", "--project", "project"]);
    command.env("PATH", format!(".:{}", sandbox.root().join("bin").display()));
    let ran: Ran = command.output().expect("kiln was built").into();
    assert_eq!((ran.code, ran.stderr.contains("old-tool")), (0, false), "{}", ran.stderr);
}

#[test]
fn no_layer_gives_a_program_other_words_than_those_for_its_version() {
    let sandbox = healthy();
    for word in ["--force", "-r", "install", "-c"] {
        let tool = format!("[[tool]]\nid = 'helm'\nwhy = 'x'\nversion = ['version', '{word}']\n");
        sandbox.write("project/overrides/pack.toml", &tool);
        let ran = doctor(&sandbox);
        assert_eq!(ran.code, 1, "{word}: {}", ran.text());
        assert!(ran.stderr.contains(&format!("version[1]` cannot be `{word}`")), "{}", ran.text());
    }
}

#[test]
fn nobody_waits_for_what_a_program_leaves_running() {
    let sandbox = healthy();
    sandbox.write("bin/helm", "#!/bin/sh\n/bin/sleep 60 &\necho v0.0.1\n");
    let start = Instant::now();
    check(&sandbox, 0, &["warning[doctor.old-tool]: `helm` is 0.0.1, and 3.8.0 is needed"]);
    assert!(start.elapsed() < Duration::from_secs(30), "kiln waited");
}

#[test]
fn one_number_is_a_version_that_is_needed() {
    let sandbox = healthy();
    let helm = "[[tool]]\nid = 'helm'\nwhy = 'x'\nversion = ['version']\nat_least = '4'\n";
    sandbox.write("project/overrides/pack.toml", helm);
    check(&sandbox, 0, &["warning[doctor.old-tool]: `helm` is 3.18.4, and 4 is needed"]);
}

#[test]
fn programs_that_are_missing_old_or_silent_are_found() {
    let sandbox = healthy();
    let tools: Vec<&str> = TOOLS.lines().filter_map(|line| line.split(' ').next()).collect();
    tool(&sandbox, tools[0], "Client v1.9.5");
    tool(&sandbox, "kubectl", "who knows");
    fs::remove_file(sandbox.root().join("bin/helmfile")).expect("it is there");
    let expected: Vec<&str> = include_str!("../corpus/doctor/programs.txt").lines().collect();
    check(&sandbox, 0, &expected);
}

#[test]
fn a_foreign_key_in_the_usual_place_is_a_warning_until_ours_is_there_too() {
    let sandbox = healthy();
    let place = "home/.config/sops/age/keys.txt";
    let foreign = kiln::sops::generate(0).expect("the system gives random bytes");
    sandbox.write(place, &foreign);
    let shown = sandbox.root().join(place);
    let warning = "warning[doctor.foreign-identity]: ";
    let ran = check(
        &sandbox,
        0,
        &[&format!("{warning}`{}` does not hold this project's age key", shown.display())],
    );
    assert!(!ran.text().contains("AGE-SECRET-KEY"), "{}", ran.text());
    let ours = sandbox.read("project/age.key");
    sandbox.write(place, &format!("{}{ours}", *foreign));
    check(&sandbox, 0, &[]);
    fs::remove_file(&shown).expect("it is there");
    // One line that is no key, and `sops` takes none of the file.
    sandbox.write("elsewhere.txt", &format!("AGE-SECRET-KEY-1QQ\n{ours}"));
    symlink(sandbox.root().join("elsewhere.txt"), &shown).expect("it can be made");
    let message = format!("{warning}`{}` does not hold this project's age key", shown.display());
    check(&sandbox, 0, &[&message]);
}

#[test]
fn all_that_is_wrong_is_found_at_once() {
    let sandbox = healthy();
    fs::remove_file(sandbox.root().join("project/github-deploy.key")).expect("it is there");
    sandbox.write("project/.gitignore", "");
    sandbox.write("project/.sops.yaml", "creation_rules: [{age: age1other}]\n");
    let recipient = sandbox.read("project/age.key");
    let recipient =
        recipient.lines().find_map(|line| line.strip_prefix("# public key: ")).expect("it names it");
    let mismatch = format!("`.sops.yaml` does not name the project's age key `{recipient}`");
    check(
        &sandbox,
        1,
        &[
            "error[doctor.missing-file]: the key file `github-deploy.key` is missing",
            &format!("error[doctor.key-mismatch]: {mismatch}"),
            "warning[doctor.not-ignored]: `cluster.yaml` is secret, and git does not ignore it",
            "warning[doctor.not-ignored]: `age.key` is secret, and git does not ignore it",
        ],
    );
}

#[test]
fn machines_get_the_same_facts() {
    let sandbox = healthy();
    set_mode(&sandbox, "project/age.key", 0o644);
    let mut command = sandbox.command(&["doctor", "--project", "project", "--format", "json"]);
    let ran: Ran = command.env("PATH", sandbox.root().join("bin")).output().expect("kiln was built").into();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains(r#""code":"doctor.open-key-file""#), "{}", ran.stdout);
}
