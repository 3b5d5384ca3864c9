//! Projects of makejinja through `configure`, `validate` and `diff`.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::harness::{Ran, Sandbox, state};

fn project(corpus: &str) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.overlay(corpus);
    sandbox
}

/// Runs the command with the variables that Python and the list of trust need.
fn run(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    let mut command = sandbox.command(arguments);
    #[allow(clippy::disallowed_methods, reason = "Python is found where the caller finds it")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    // What is trusted is recorded outside of the project, but inside of what the test may write.
    command.env("PATH", path).env("XDG_DATA_HOME", sandbox.root().with_extension("home"));
    command.output().expect("kiln was built").into()
}

#[test]
fn a_project_is_rendered_encrypted_and_kept() {
    let sandbox = project("makejinja-project");
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.stderr.contains("1 encrypted, 0 of them kept"), "{}", ran.stderr);
    let configmap = sandbox.read("kubernetes/app/configmap.yaml");
    assert_eq!(
        configmap,
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: home\ndata:\n  replicas: \"2\"\n"
    );
    let secret = sandbox.read("kubernetes/app/secret.sops.yaml");
    assert!(secret.contains("    token: ENC[AES256_GCM,data:") && !secret.contains("hunter2"), "{secret}");
    let script = fs::metadata(sandbox.root().join("scripts/greet.sh")).expect("it was copied");
    assert_eq!(script.permissions().mode() & 0o777, 0o755);
    assert_eq!(sandbox.read("follow-up.txt"), "done\n");
    fs::remove_file(sandbox.root().join("follow-up.txt")).expect("it is there");
    let before = state(sandbox.root());
    let again = sandbox.kiln(&["configure"]);
    assert_eq!(again.code, 0, "{}", again.text());
    assert!(again.stderr.contains("nothing to write"), "{}", again.stderr);
    fs::remove_file(sandbox.root().join("follow-up.txt")).expect("it is there");
    assert!(state(sandbox.root()) == before, "a second run changed a file");
}

#[test]
fn what_made_an_output_is_told_and_recorded() {
    let sandbox = project("makejinja-project");
    let template = "templates/kubernetes/app/configmap.yaml.j2";
    for _ in 0..2 {
        let ran = sandbox.kiln(&["why", "kubernetes/app/configmap.yaml"]);
        assert_eq!(ran.code, 0, "{}", ran.text());
        assert!(ran.stdout.contains(&format!("\n  `{template}` of this project\n")), "{}", ran.stdout);
        let ran = sandbox.kiln(&["why", "kubernetes/app/configmap.yaml", "--format", "json"]);
        assert!(ran.stdout.contains(&format!("\"template\":\"{template}\"")), "{}", ran.stdout);
        assert_eq!(sandbox.kiln(&["configure"]).code, 0);
    }
    let lock = sandbox.read("kiln.lock");
    for path in ["kubernetes/app/configmap.yaml.j2", "kubernetes/app/secret.sops.yaml.j2", "scripts/greet.sh"]
    {
        assert!(lock.contains(&format!("template = \"templates/{path}\"")), "{path}: {lock}");
    }
    let status = sandbox.kiln(&["status", "--format", "json"]);
    assert!(status.stdout.contains(template), "{}", status.stdout);
    for (arguments, said) in [
        (["why", "configmap.yaml"], "did you mean `kubernetes/app/configmap.yaml`?"),
        (["why", "--key=token"], "what depends on a key is known in projects with a pack alone"),
    ] {
        let ran = sandbox.kiln(&arguments);
        assert!(ran.code == 2 && ran.stderr.contains(said), "{}", ran.text());
    }
}

#[test]
fn force_and_clean_of_makejinja_overwrite_nothing() {
    let sandbox = project("makejinja-project");
    sandbox.write("kubernetes/app/configmap.yaml", "mine: true\n");
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!(ran.code, 3, "{}", ran.text());
    assert!(ran.stderr.contains("plan.conflict") && ran.stderr.contains("configmap.yaml"), "{}", ran.stderr);
    assert_eq!(sandbox.read("kubernetes/app/configmap.yaml"), "mine: true\n");
    assert!(!sandbox.root().join("scripts").exists(), "something was written");
}

#[test]
fn the_folder_that_outputs_go_to_can_be_named_by_the_command_alone() {
    let sandbox = project("makejinja-project");
    sandbox.write("makejinja.toml", &sandbox.read("makejinja.toml").replace("output = \"./\"\n", ""));
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stderr.contains("there is no output folder"), "{}", ran.stderr);
    let ran = sandbox.kiln(&["configure", "--output", "rendered"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(sandbox.read("rendered/kubernetes/app/configmap.yaml").contains("name: home"));
}

#[test]
fn the_project_is_not_cleaned_away() {
    let sandbox = project("makejinja-project");
    let ran = sandbox.kiln(&["makejinja", "--clean"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stderr.contains("`.` is not removed: it holds the current folder"), "{}", ran.stderr);
}

#[test]
fn data_is_held_against_the_schema_of_its_modeline() {
    let sandbox = project("makejinja-project");
    let data = sandbox.read("cluster.yaml").replace("replicas: 2", "replicas: 0\nreplica: 1");
    sandbox.write("cluster.yaml", &data);
    let ran = sandbox.kiln(&["validate"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stderr.contains("cluster.yaml:3:11"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `replicas`"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[test]
fn all_broken_templates_are_reported_in_one_run() {
    let sandbox = project("makejinja-project");
    sandbox.write("templates/one.yaml.j2", "a: #{ nme }#\n");
    sandbox.write("templates/two.yaml.j2", "#% if %#\n");
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stderr.contains("templates/one.yaml.j2:1:7"), "{}", ran.stderr);
    assert!(ran.stderr.contains("templates/two.yaml.j2:1:7"), "{}", ran.stderr);
    assert!(ran.stderr.contains("2 errors; nothing was written"), "{}", ran.stderr);
}

#[test]
fn a_secret_reaches_no_output_in_clear() {
    let sandbox = project("makejinja-project");
    sandbox.write("templates/notes.txt.j2", "the token is #{ token }#\n");
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stderr.contains("encrypt.secret-copied"), "{}", ran.stderr);
    assert!(!ran.text().contains("hunter2") && !sandbox.root().join("notes.txt").exists());
}

#[test]
fn an_output_that_is_named_as_encrypted_needs_a_rule() {
    let sandbox = project("makejinja-project");
    sandbox.write("templates/other/token.sops.yaml.j2", "token: x\n");
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(
        ran.stderr.contains("encrypt.no-rule") && !sandbox.root().join("other").exists(),
        "{}",
        ran.stderr
    );
}

#[test]
fn nothing_new_is_written_in_plain_text_where_a_rule_covers_it() {
    let sandbox = project("makejinja-project");
    let rules =
        sandbox.read("templates/.sops.yaml.j2").replace(r"kubernetes/.*\.sops\.ya?ml", "kubernetes/.*");
    sandbox.write("templates/.sops.yaml.j2", &rules);
    sandbox.write("kubernetes/app/configmap.yaml", "old: text\n");
    let ran = sandbox.kiln(&["configure", "--force"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stderr.contains("error[encrypt.rule-not-applied]"), "{}", ran.stderr);
    assert_eq!(sandbox.read("kubernetes/app/configmap.yaml"), "old: text\n");
}

#[test]
fn looking_at_a_project_runs_nothing_in_it() {
    let sandbox = project("hostile-makejinja");
    let before = state(sandbox.root());
    for command in ["validate", "diff"] {
        let ran = run(&sandbox, &[command]);
        assert_eq!(ran.code, 1, "{}", ran.text());
        assert!(ran.stderr.contains("makejinja.not-trusted"), "{}", ran.stderr);
    }
    let doctor = run(&sandbox, &["doctor"]);
    assert_ne!(doctor.code, 101, "{}", doctor.text());
    assert!(state(sandbox.root()) == before, "something in it was run");
}

#[test]
fn a_trusted_project_runs_when_it_is_looked_at() {
    let sandbox = project("hostile-makejinja");
    let trusted = run(&sandbox, &["trust"]);
    assert_eq!(trusted.code, 0, "{}", trusted.text());
    assert!(run(&sandbox, &["trust", "--list"]).stdout.contains(&sandbox.root().display().to_string()));
    let ran = run(&sandbox, &["validate"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(sandbox.root().join("asked").exists(), "the plugin was not run");
    assert!(!sandbox.root().join("out").exists(), "something was written");
    assert!(!sandbox.root().join("ran-after").exists(), "what follows a commit was run without one");
    assert_eq!(run(&sandbox, &["trust", "--remove"]).code, 0);
    assert_eq!(run(&sandbox, &["validate"]).code, 1);
}

#[test]
fn an_output_folder_outside_of_the_project_is_for_the_user_to_name() {
    let sandbox = project("makejinja-project");
    let outside = sandbox.root().with_extension("elsewhere");
    let outside = outside.to_str().expect("the folder for tests is text");
    let config =
        sandbox.read("makejinja.toml").replace("output = \"./\"", &format!("output = \"{outside}\""));
    sandbox.write("makejinja.toml", &config);
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(ran.stderr.contains("makejinja.output-outside"), "{}", ran.stderr);
    assert!(!fs::exists(outside).expect("it can be looked at"), "something was written");
    let named = sandbox.kiln(&["configure", "--output", outside]);
    assert_eq!(named.code, 0, "{}", named.text());
    assert!(fs::exists(format!("{outside}/scripts/greet.sh")).expect("it can be looked at"));
}

#[test]
fn no_output_leaves_the_output_folder() {
    let sandbox = project("makejinja-project");
    let outside = sandbox.root().with_extension("outside");
    fs::create_dir_all(&outside).expect("the folder for tests can be written");
    sandbox.write("templates/linked/a.yaml.j2", "a: 1\n");
    symlink(&outside, sandbox.root().join("linked")).expect("the folder for tests can be written");
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    assert!(!outside.join("a.yaml").exists(), "{}", ran.text());
}

#[test]
fn a_mistake_in_the_data_is_told_once_and_without_secrets() {
    let sandbox = Sandbox::empty();
    sandbox.overlay("makejinja-project");
    let text = sandbox.read("cluster.yaml");
    for (line, finding) in [
        ("token hunter2hunter2", "error[load.yaml-syntax]: expected `:` after a key"),
        ("more: {{ name }}", "error[load.template]: template text in a file that is no template"),
        ("<<<<<<< HEAD", "error[load.merge-conflict]: marks of a merge that was not finished"),
        ("more: \"\\d\"", "error[load.yaml-syntax]: an escape that YAML does not have"),
        ("more: [1, 2", "error[load.yaml-syntax]: expected `,` or `]`, found `:`"),
    ] {
        sandbox.write("cluster.yaml", &format!("{text}{line}\nlast: 1\n"));
        let ran = sandbox.kiln(&["validate"]);
        assert_eq!(ran.code, 1, "{}", ran.text());
        assert_eq!(ran.stderr.matches("error[").count(), 1, "{}", ran.text());
        assert!(ran.stderr.contains(finding), "{}", ran.text());
        assert!(!ran.text().contains("hunter2"), "{}", ran.text());
    }
}
