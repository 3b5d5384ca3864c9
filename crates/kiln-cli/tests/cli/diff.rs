//! What `kiln diff` shows.

use crate::harness::Sandbox;

/// An output with the token.
const FILE: &str = "kubernetes/apps/cert-manager/cert-manager/issuers/secret.sops.yaml";

/// A project whose files are as they should be, all but the value of a token.
fn changed() -> Sandbox {
    let sandbox = Sandbox::example("homelab");
    assert_eq!(sandbox.kiln(&["configure"]).code, 0);
    let cluster = sandbox.read("cluster.yaml");
    let token = cluster.lines().find_map(|line| Some(line.split_once("_token: ")?.1)).expect("there is one");
    sandbox.write("cluster.yaml", &cluster.replace(token, "hunter2-and-twenty-more"));
    sandbox
}

#[test]
fn values_of_encrypted_files_are_compared_one_by_one_and_not_shown() {
    let ran = changed().kiln(&["diff"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    let part = format!(
        "--- a/{FILE}\n+++ b/{FILE}\n@@ encrypted: 1 value changes @@\n\
         -stringData.api-token: ********\n+stringData.api-token: ********\n"
    );
    assert!(ran.stdout.contains(&part), "{}", ran.stdout);
    assert_eq!(ran.stdout.matches("@@ encrypted: 1 value changes @@").count(), 2, "{}", ran.stdout);
    assert!(!ran.text().contains("hunter2"), "{}", ran.text());
}

#[test]
fn programs_read_which_values_change_and_no_secret() {
    let sandbox = changed();
    let ran = sandbox.kiln(&["diff", "--format", "json"]);
    let value = r#"{"key":"stringData.api-token","new":"********","old":"********","secret":true}"#;
    let change = format!(r#"{{"action":"update","path":"{FILE}","values":[{value}]}}"#);
    assert!(ran.stdout.contains(&change), "{}", ran.stdout);
    assert!(!ran.text().contains("hunter2"), "{}", ran.text());
    sandbox.write(FILE, "kind: Other\n");
    let ran = sandbox.kiln(&["diff", "--format", "json"]);
    assert!(
        ran.stdout.contains(r#"{"key":"kind","new":"Secret","old":null,"secret":false}"#),
        "{}",
        ran.stdout
    );
}

#[test]
fn of_a_new_encrypted_file_all_values_are_new() {
    let ran = Sandbox::example("homelab").kiln(&["diff"]);
    let head = format!("--- /dev/null\n+++ b/{FILE}\n@@ encrypted: ");
    let after = ran.stdout.split_once(&head).expect("the file is new").1;
    let part = after.split("\n--- ").next().expect("there is a first part");
    assert!(part.contains("+kind: Secret\n") && part.contains("+stringData.api-token: ********"), "{part}");
}

#[test]
fn secrets_are_shown_to_somebody_who_looks_and_to_nobody_else() {
    for format in ["human", "json"] {
        let ran = changed().kiln(&["diff", "--show-secrets", "--format", format]);
        assert_eq!(ran.code, 2, "{}", ran.text());
        assert!(ran.text().contains("kiln.no-terminal") && !ran.text().contains("hunter2"), "{}", ran.text());
    }
}

#[test]
fn on_a_terminal_secrets_are_shown_to_who_asks() {
    let (code, shown) =
        changed().on_terminal(&["diff", "--show-secrets"], &[("NO_COLOR", "1"), ("PAGER", "touch paged")]);
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("+stringData.api-token: hunter2-and-twenty-more\n"), "{shown}");
}

#[test]
fn on_a_terminal_the_difference_goes_through_the_pager() {
    let sandbox = changed();
    let pagers =
        [("PAGER", "sed s/^/paged:/"), ("KILN_PAGER", "sed s/^/paged:/"), ("PAGER", "no-such-pager")];
    for (variable, pager) in pagers {
        let variables = [("NO_COLOR", "1"), ("PATH", "/usr/bin:/bin"), (variable, pager)];
        let (code, shown) = sandbox.on_terminal(&["diff", "--exit-code"], &variables);
        assert_eq!(code, 4, "{shown}");
        let start = if pager.starts_with("sed") { "paged:" } else { "" };
        assert!(shown.contains(&format!("\n{start}@@ encrypted: 1 value changes @@\n")), "{shown}");
        assert!(!shown.contains('\x1b'), "{shown}");
    }
}

/// A project with an output that holds a secret in plain text, as `kiln.toml` allows.
fn with_secret_in_clear() -> Sandbox {
    let sandbox = Sandbox::empty();
    let pack = "[pack]\nname = \"toy\"\nversion = \"1.0.0\"\nformat = 1\n\n\
        [[data]]\nfile = \"data\"\nschema = \"data\"\n\n\
        [[generate]]\nid = \"secret\"\nwhen = \"shown\"\ntemplate = \"secret.j2\"\npath = \"secret.conf\"\n\n\
        [[generate]]\nid = \"other\"\ntemplate = \"other.j2\"\npath = \"other.conf\"\n";
    let schema = r#"{"type": "object", "properties": {
        "token": {"type": "string", "writeOnly": true}, "shown": {"type": "boolean"}}}"#;
    sandbox.write("kiln.toml", "pack = \"pack\"\n[[clear]]\npath = \"secret.conf\"\nreason = \"a test\"\n");
    sandbox.write(".gitignore", "secret.conf\n");
    sandbox.write("pack/pack.toml", pack);
    sandbox.write("pack/schemas/data.schema.json", schema);
    sandbox.write("pack/templates/secret.j2", "{% if shown %}token {{ token }}{% else %}none{% endif %}\n");
    sandbox.write("pack/templates/other.j2", "other\n");
    sandbox.write("data.yaml", "token: hunter2-and-more\nshown: true\n");
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert_eq!(sandbox.read("secret.conf"), "token hunter2-and-more");
    sandbox
}

#[test]
fn a_secret_of_a_former_run_is_not_shown_with_the_file_that_goes() {
    let sandbox = with_secret_in_clear();
    sandbox.write("data.yaml", "shown: false\n");
    for format in ["human", "json", "github"] {
        let ran = sandbox.kiln(&["diff", "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.text());
        assert!(!ran.text().contains("hunter2"), "{}", ran.text());
    }
    let ran = sandbox.kiln(&["diff"]);
    assert!(ran.stdout.contains("with secrets, removed: secret.conf\n"), "{}", ran.stdout);
}

#[test]
fn a_secret_of_a_former_run_is_not_shown_where_the_file_holds_none_any_more() {
    let sandbox = with_secret_in_clear();
    let pack = sandbox.read("pack/pack.toml").replace("when = \"shown\"\n", "");
    sandbox.write("pack/pack.toml", &pack);
    sandbox.write("data.yaml", "shown: false\n");
    let ran = sandbox.kiln(&["diff"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.stdout.contains("with secrets, changed: secret.conf\n"), "{}", ran.stdout);
    assert!(!ran.text().contains("hunter2"), "{}", ran.text());
    // The user's own edit of it is none for everybody to see, either.
    sandbox.write("secret.conf", "token hunter2-and-more, mine\n");
    let ran = sandbox.kiln(&["configure"]);
    assert_eq!(ran.code, 3, "{}", ran.text());
    assert!(!ran.text().contains("hunter2"), "{}", ran.text());
}
