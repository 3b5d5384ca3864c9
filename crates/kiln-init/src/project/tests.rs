use kiln_model::{MemoryFiles, Mode};

use super::*;

const SCHEMA: &str = r#"{"required": ["name"], "properties": {"name": {}, "token": {"writeOnly": true}}}"#;

/// The key that the test makes instead of age.
fn age_key() -> Option<Zeroizing<String>> {
    Some(Zeroizing::new("AGE-KEY\n".to_owned()))
}

fn plan() -> Plan<'static> {
    let key = |path: &str, generator| PlannedKey { path: path.to_owned(), generator };
    Plan {
        data: vec![PlannedData {
            paths: vec!["data.yaml".to_owned(), "data.toml".to_owned()],
            sealed: vec!["data.sops.yaml".to_owned()],
            schema: SCHEMA.to_owned(),
            schema_path: schema_path("data"),
        }],
        keys: vec![
            key("age.key", Some(Generator::AgeX25519)),
            key("ssh.key", Some(Generator::SshEd25519)),
            key("token.txt", Some(Generator::RandomToken)),
            key("tunnel.json", None),
        ],
        versions: Some("tools: {}\n".to_owned()),
        schemas: vec![("data".to_owned(), SCHEMA.to_owned())],
        rules: None,
        age_key: &age_key,
    }
}

fn run(plan: &Plan<'_>, project: &MemoryFiles) -> (Option<Fresh>, Vec<String>) {
    let mut sink = Diagnostics::new();
    let fresh = fresh(plan, project, &mut Sources::new(), &mut sink).ok();
    (fresh, sink.iter().map(|it| it.code.to_string()).collect())
}

fn paths(files: &[NewFile]) -> Vec<&str> {
    files.iter().map(NewFile::path).collect()
}

const ALL: [&str; 10] = [
    "data.yaml",
    "versions.yaml",
    "age.key",
    "ssh.key",
    "ssh.key.pub",
    "token.txt",
    ".gitignore",
    ".gitattributes",
    ".vscode/settings.json",
    ".kiln/schemas/data.schema.json",
];

#[test]
fn an_empty_folder_gets_everything() {
    let (fresh, codes) = run(&plan(), &MemoryFiles::new());
    let fresh = fresh.unwrap();
    assert_eq!(paths(&fresh.files), ALL);
    assert!(codes.is_empty() && fresh.kept.is_empty());
    let private: Vec<&str> =
        fresh.files.iter().filter(|file| file.mode() == Mode::Private).map(NewFile::path).collect();
    assert_eq!(private, ["data.yaml", "age.key", "ssh.key", "token.txt"]);
    assert_eq!(fresh.required, [("data.yaml".to_owned(), vec!["name".to_owned()])]);
    assert_eq!(fresh.secrets, ["data.yaml", "age.key", "ssh.key", "token.txt", "tunnel.json"]);
    let ignore = fresh.files.iter().find(|file| file.path() == ".gitignore").unwrap();
    for path in ["data.yaml", "data.toml", "age.key", "ssh.key", "token.txt", "tunnel.json"] {
        assert!(ignore.expose().contains(&format!("\n/{path}\n")), "{path}");
    }
}

#[test]
fn what_is_there_is_kept() {
    let mut project = MemoryFiles::new();
    ALL.iter().for_each(|path| project.insert(*path, "mine"));
    let (fresh, codes) = run(&plan(), &project);
    let fresh = fresh.unwrap();
    assert!(fresh.files.is_empty() && codes.is_empty());
    assert_eq!(fresh.kept.len(), ALL.len() - 1, "the public key is no file of the plan");
}

#[test]
fn a_data_file_counts_whatever_its_ending() {
    let mut project = MemoryFiles::new();
    project.insert("data.toml", "name = 'x'");
    let (fresh, _) = run(&plan(), &project);
    let fresh = fresh.unwrap();
    assert_eq!(
        (paths(&fresh.files)[0], fresh.kept.as_slice()),
        ("versions.yaml", &["data.toml".to_owned()][..])
    );
    assert_eq!(fresh.secrets[0], "data.toml");
}

#[test]
fn no_new_age_key_is_made_where_rules_name_one() {
    let mut plan = plan();
    plan.rules = Some((".sops.yaml".to_owned(), vec!["age1a".to_owned()]));
    let (fresh, codes) = run(&plan, &MemoryFiles::new());
    let fresh = fresh.unwrap();
    assert!(fresh.refused && fresh.files.is_empty());
    assert_eq!(codes, ["init.key-is-elsewhere"]);

    let mut project = MemoryFiles::new();
    project.insert("age.key", "mine");
    assert!(!run(&plan, &project).0.unwrap().refused, "the key is here");
    plan.rules = Some((".sops.yaml".to_owned(), Vec::new()));
    assert!(!run(&plan, &MemoryFiles::new()).0.unwrap().refused, "the rules name none");
}

#[test]
fn no_new_ssh_key_is_made_beside_the_public_half_of_another() {
    let mut project = MemoryFiles::new();
    project.insert("ssh.key.pub", "ssh-ed25519 AAAA");
    let (fresh, codes) = run(&plan(), &project);
    assert!(fresh.unwrap().refused);
    assert_eq!(codes, ["init.key-is-elsewhere"]);
}

#[test]
fn a_data_file_that_is_not_yaml_is_left_to_the_user() {
    let mut plan = plan();
    plan.data[0].paths = vec!["data.toml".to_owned()];
    let (fresh, codes) = run(&plan, &MemoryFiles::new());
    assert_eq!(codes, ["init.not-yaml"]);
    assert_eq!(paths(&fresh.unwrap().files), ALL[1..]);
}

#[test]
fn a_data_file_in_a_folder_finds_its_schema() {
    let mut plan = plan();
    plan.data[0].paths = vec!["conf/a/data.yaml".to_owned()];
    let (fresh, _) = run(&plan, &MemoryFiles::new());
    let text = fresh.unwrap().files[0].expose().to_owned();
    assert!(
        text.starts_with("# yaml-language-server: $schema=../../.kiln/schemas/data.schema.json\n"),
        "{text}"
    );
}

#[test]
fn no_randomness_is_an_error() {
    let mut plan = plan();
    plan.age_key = &|| None;
    let (fresh, codes) = run(&plan, &MemoryFiles::new());
    assert!(fresh.is_none());
    assert_eq!(codes, ["init.no-randomness"]);
}
