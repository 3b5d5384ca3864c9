use kiln_model::MemoryFiles;

use super::*;

const CLUSTER: &str = concat!(
    include_str!("../../../../examples/homelab/cluster.yaml"),
    "\ningress_mode: none\nwebhook_provider: none\n"
);

/// The homelab without a way in from outside, with a `.gitignore` for its secrets.
fn homelab() -> MemoryFiles {
    let mut files = MemoryFiles::new();
    for (path, text) in [
        ("cluster.yaml", CLUSTER),
        ("nodes.yaml", include_str!("../../../../examples/homelab/nodes.yaml")),
        ("age.key", include_str!("../../../../examples/homelab/age.key")),
        ("github-deploy.key", include_str!("../../../../examples/homelab/github-deploy.key")),
        (".gitignore", "*.key\n/cluster.yaml\n"),
    ] {
        files.insert(path, text);
    }
    files
}

#[track_caller]
fn check(files: &MemoryFiles, expected: &[&str]) -> Checkup {
    let checkup = doctor(files);
    let found: Vec<&str> = checkup.diagnostics.iter().map(|it| it.code.as_ref()).collect();
    assert_eq!(found, expected, "{:?}", checkup.diagnostics);
    assert!(checkup.diagnostics.iter().all(|it| it.help.is_some()), "every finding has its fix");
    checkup
}

fn recipient() -> String {
    let file = include_str!("../../../../examples/homelab/age.key");
    file.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap().to_owned()
}

#[test]
fn a_project_in_order_has_no_findings() {
    let checkup = check(&homelab(), &[]);
    assert_eq!(checkup.secrets, ["cluster.yaml", "age.key", "github-deploy.key"]);
    assert_eq!((checkup.keys.len(), checkup.needed), (2, (4, 0)));
    assert_eq!(checkup.recipient, Some(recipient()));
    assert!(checkup.tools.iter().any(|tool| tool.name == "sops"));
}

#[test]
fn every_missing_file_is_found() {
    let mut files = homelab();
    for path in ["nodes.yaml", "age.key", "github-deploy.key"] {
        files.remove(path);
    }
    let checkup = check(&files, &["doctor.missing-file"; 3]);
    assert_eq!((checkup.needed, checkup.recipient), ((4, 3), None));
}

#[test]
fn a_deploy_key_is_needed_by_a_private_repository_alone() {
    let mut files = homelab();
    files.remove("github-deploy.key");
    let public = CLUSTER.replace("private", "public");
    files.insert("cluster.yaml", public);
    check(&files, &[]);
}

#[test]
fn mistakes_in_the_data_are_left_to_validate() {
    let mut files = homelab();
    files.insert("nodes.yaml", "nodes: []\nmore: 1\n");
    let checkup = check(&files, &["doctor.invalid-data"]);
    assert!(
        checkup.diagnostics.iter().any(|it| it.message.contains("2 errors")),
        "{:?}",
        checkup.diagnostics
    );
}

#[test]
fn a_required_key_that_is_missing_is_a_mistake_in_the_data() {
    let mut files = homelab();
    let without = |key: &str| CLUSTER.lines().filter(|line| !line.starts_with(key)).collect::<Vec<_>>();
    files.insert("cluster.yaml", without("node_cidr:").join("\n"));
    check(&files, &["doctor.invalid-data"]);
}

#[test]
fn secrets_that_git_would_take_are_found() {
    let mut files = homelab();
    files.insert(".gitignore", "age.key\n");
    check(&files, &["doctor.not-ignored"; 2]);
}

#[test]
fn rules_for_another_key_are_found() {
    let mut files = homelab();
    files.insert(".sops.yaml", "creation_rules:\n  - age: age1other\n");
    check(&files, &["doctor.key-mismatch"]);
    files.insert(".sops.yaml", format!("creation_rules:\n  - age: age1other,{}\n", recipient()));
    check(&files, &[]);
    files.insert(".sops.yaml", "creation_rules:\n  - pgp: ABC\n");
    check(&files, &[]);
    files.insert(".sops.yaml", b"age: age1other\xff".to_vec());
    assert_eq!(check(&files, &["load.not-text"]).recipient, Some(recipient()));
}

#[test]
fn a_key_file_made_of_two_halves_is_found() {
    let mut files = homelab();
    let key = include_str!("../../../../examples/homelab/age.key").replace(&recipient(), "age1other");
    files.insert("age.key", key);
    check(&files, &["doctor.key-halves-differ"]);
    let private = include_str!("../../../../examples/homelab/age.key");
    let private = private.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap();
    files.insert("age.key", format!("# public key: {private}\n{private}\n"));
    let checkup = check(&files, &["doctor.key-halves-differ"]);
    assert!(!format!("{:?}", checkup.diagnostics).contains(private), "a private key is shown");
    files.insert("age.key", "# public key: age1other\nAGE-SECRET-KEY-1QQ\n");
    check(&files, &["doctor.bad-identity"]);
}

#[test]
fn a_schema_of_another_kiln_is_found() {
    let mut files = homelab();
    let path = kiln_init::schema_path("cluster");
    files.insert(path.as_str(), "{}");
    check(&files, &["doctor.old-schema"]);
    files.insert(path.as_str(), kiln_pack::builtin_schema("cluster").unwrap());
    check(&files, &[]);
}

#[test]
fn a_key_is_known_among_others() {
    let file = include_str!("../../../../examples/homelab/age.key");
    let other = kiln_sops::generate(0).expect("the system has random bytes");
    assert!(holds_key_of(&format!("{}{file}", *other), &recipient()));
    // One line that is no key, and `sops` takes none of the file.
    assert!(!holds_key_of(&format!("AGE-SECRET-KEY-1QQ\n{file}"), &recipient()));
    assert!(!holds_key_of("AGE-SECRET-KEY-1QQ\n", &recipient()));
    assert!(!holds_key_of("", &recipient()));
}
