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
