//! What a project can do about a finding: mend it, silence it, or take it as a warning.

use serde_json::Value;

use crate::harness::{Sandbox, state};

const CHECKS: &str = "\
not-lower-case:
  compat: true
  assert: name == name | lower
  at: [name]
  message: the name is not in lower case
  help: write it in lower case
  fix: name | lower
many:
  severity: warning
  assert: count < 3
  at: [count]
  message: there are many
";

const SCHEMA: &str = r#"{"type": "object", "additionalProperties": false, "required": ["name"], "properties": {
  "name": {"type": "string"}, "count": {"type": "integer", "default": 1},
  "token": {"type": "string", "writeOnly": true}}}"#;

const PACK: &str = "[pack]\nname = \"toy\"\nversion = \"1.0.0\"\nformat = 1\n\n[[data]]\nfile = \"data\"\nschema = \"data\"\n\n\
    [[generate]]\nid = \"out\"\ntemplate = \"out.j2\"\npath = \"out.txt\"\n";

fn project(data: &str) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("kiln.toml", "pack = \"pack\"\n");
    sandbox.write("pack/pack.toml", PACK);
    sandbox.write("pack/schemas/data.schema.json", SCHEMA);
    sandbox.write("pack/checks/all.yaml", CHECKS);
    sandbox.write("pack/templates/out.j2", "{{ name }}\n");
    sandbox.write("data.yaml", data);
    sandbox
}

#[test]
fn mending_writes_the_value_and_looks_again() {
    let sandbox = project("# Ours\r\nname:  'Toy' # the name\r\ntoken: hunter2\r\n");
    let before = sandbox.kiln(&["validate"]);
    assert_eq!(before.code, 1, "{}", before.text());
    assert!(before.stderr.contains("= help: `kiln validate --fix` does this"), "{}", before.stderr);

    let fixed = sandbox.kiln(&["validate", "--fix"]);
    assert_eq!(fixed.code, 0, "{}", fixed.text());
    let told = "fixed data.yaml:2:8: 'Toy' is now 'toy' (check.not-lower-case)\n";
    assert!(fixed.stdout.starts_with(told), "{}", fixed.stdout);
    assert_eq!(sandbox.read("data.yaml"), "# Ours\r\nname:  'toy' # the name\r\ntoken: hunter2\r\n");
    assert!(!fixed.text().contains("hunter2"));

    let before = state(sandbox.root());
    let again = sandbox.kiln(&["validate", "--fix"]);
    assert_eq!((again.code, again.stdout.contains("fixed")), (0, false), "{}", again.text());
    assert_eq!(state(sandbox.root()), before, "nothing is written the second time");
}

#[test]
fn what_cannot_be_mended_is_reported_beside_what_was() {
    let sandbox = project("name: Toy\nkount: 4\n");
    let ran = sandbox.kiln(&["validate", "--fix", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.text());
    let report: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    assert_eq!(
        report["fixed"],
        serde_json::json!([{
            "file": "data.yaml", "line": 1, "column": 7, "code": "check.not-lower-case", "old": "Toy", "new": "toy",
        }])
    );
    let codes: Vec<_> =
        report["diagnostics"].as_array().expect("a list").iter().map(|it| &it["code"]).collect();
    assert_eq!(codes, ["validate.unknown-key"]);
    assert_eq!(sandbox.read("data.yaml"), "name: toy\nkount: 4\n");
}

#[test]
fn permissions_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = project("name: Toy\n");
    let path = sandbox.root().join("data.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("it is ours");
    assert_eq!(sandbox.kiln(&["validate", "--fix"]).code, 0);
    let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn machine_formats_carry_the_remedy() {
    let sandbox = project("name: Toy\n");
    let ran = sandbox.kiln(&["validate", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    assert_eq!(
        report["diagnostics"][0]["fixes"],
        serde_json::json!([
            {"replacement": "toy", "file": "data.yaml", "line": 1, "column": 7, "end_line": 1, "end_column": 10}
        ])
    );
    let ran = sandbox.kiln(&["validate", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    let change = &log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "data.yaml");
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "toy");
}

#[test]
fn compatibility_lets_the_outputs_be_written() {
    let sandbox = project("name: Toy\n");
    assert_eq!(sandbox.kiln(&["configure"]).code, 1);
    assert_eq!(sandbox.kiln(&["diff"]).code, 1);
    for command in ["validate", "diff", "configure"] {
        let ran = sandbox.kiln(&[command, "--compat"]);
        assert_eq!(ran.code, 0, "{}", ran.text());
        assert!(ran.stderr.contains("warning[check.not-lower-case]"), "{}", ran.stderr);
        assert!(ran.stderr.contains("this is an error without `--compat`"), "{}", ran.stderr);
    }
    // What is written is what the fix would give; the file itself stays as it is.
    assert_eq!(sandbox.read("out.txt"), "toy\n");
    assert_eq!(sandbox.read("data.yaml"), "name: Toy\n");
}

#[test]
fn what_is_silenced_is_counted() {
    let sandbox = project("name: toy\n# kiln: allow check.many we need them\ncount: 4\n");
    let ran = sandbox.kiln(&["validate"]);
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert!(ran.stderr.ends_with("\n1 finding silenced\n"), "{}", ran.stderr);
    let ran = sandbox.kiln(&["validate", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    assert_eq!((&report["silenced"], &report["diagnostics"]), (&1.into(), &Value::Array(Vec::new())));

    sandbox.write("data.yaml", "name: toy\ncount: 4\n");
    sandbox
        .write("kiln.toml", "pack = \"pack\"\n[[allow]]\ncode = \"check.many\"\nreason = \"we need them\"\n");
    let ran = sandbox.kiln(&["validate"]);
    assert!(ran.stderr.ends_with("\n1 finding silenced\n"), "{}", ran.stderr);
}

/// A project of the built-in pack with other texts for some of its files; a file without text is
/// taken away.
fn of_the_pack(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.overlay("projects/shared");
    for (path, text) in files {
        match *text {
            "" => std::fs::remove_file(sandbox.root().join(path)).expect("it was laid there"),
            text => sandbox.write(path, text),
        }
    }
    sandbox
}

/// The settings of such a project, all but `node_cidr`, each written by `line`.
fn cluster(line: impl Fn(&str, &str) -> String) -> String {
    let text = of_the_pack(&[]).read("cluster.yaml");
    let keys = text.lines().filter_map(|line| line.split_once(": "));
    keys.filter(|(key, _)| *key != "node_cidr").map(|(key, value)| line(key, value)).collect()
}

#[track_caller]
fn mends(sandbox: &Sandbox, path: &str, right: &[(&str, &str)], told: &[&str]) {
    let before = sandbox.read(path);
    let expected = right.iter().fold(before, |text, (wrong, right)| {
        assert_eq!(text.matches(wrong).count(), 1, "{wrong}");
        text.replace(wrong, right)
    });
    let ran = sandbox.kiln(&["validate", "--fix"]);
    let fixed: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("fixed ")).collect();
    assert_eq!(fixed, told, "{}", ran.text());
    assert_eq!(ran.code, 0, "{}", ran.text());
    assert_eq!(sandbox.read(path), expected);
    assert!(!ran.text().contains("c4nary"), "{}", ran.text());
}

#[test]
fn the_built_in_pack_mends_networks_and_versions_in_every_format() {
    let yaml = "# Ours\nnode_cidr:   192.168.1.7/24   # the LAN\nkubernetes_version: 'v1.35.2'\n".to_owned()
        + &cluster(|key, value| format!("{key}: {value}\n"));
    let sandbox = of_the_pack(&[("cluster.yaml", &yaml)]);
    let told = [
        "fixed cluster.yaml:2:14: 192.168.1.7/24 is now 192.168.1.0/24 (check.node-cidr-not-canonical)",
        "fixed cluster.yaml:3:21: 'v1.35.2' is now '1.35.2' (check.kubernetes-version-with-letter)",
    ];
    mends(&sandbox, "cluster.yaml", &[("1.7/24", "1.0/24"), ("v1.35.2", "1.35.2")], &told);

    let toml = "# Ours\nnode_cidr   = '192.168.1.7/24' # the LAN\nkubernetes_version = \"v1.35.2\"\n"
        .to_owned()
        + &cluster(|key, value| format!("{key} = \"{value}\"\n"));
    let sandbox = of_the_pack(&[("cluster.yaml", ""), ("cluster.toml", &toml)]);
    let told = [
        "fixed cluster.toml:2:15: '192.168.1.7/24' is now '192.168.1.0/24' (check.node-cidr-not-canonical)",
        "fixed cluster.toml:3:22: \"v1.35.2\" is now \"1.35.2\" (check.kubernetes-version-with-letter)",
    ];
    mends(&sandbox, "cluster.toml", &[("1.7/24", "1.0/24"), ("v1.35.2", "1.35.2")], &told);

    let json = "{\n".to_owned()
        + &cluster(|key, value| format!("\t\"{key}\":\"{value}\",\n"))
        + "\t\"kubernetes_version\" : \"v1.35.2\" , \"node_cidr\":\"192.168.1.7/24\"}";
    let sandbox = of_the_pack(&[("cluster.yaml", ""), ("cluster.json", &json)]);
    let told = [
        "fixed cluster.json:12:49: \"192.168.1.7/24\" is now \"192.168.1.0/24\" (check.node-cidr-not-canonical)",
        "fixed cluster.json:12:25: \"v1.35.2\" is now \"1.35.2\" (check.kubernetes-version-with-letter)",
    ];
    mends(&sandbox, "cluster.json", &[("1.7/24", "1.0/24"), ("v1.35.2", "1.35.2")], &told);
}

#[test]
fn the_built_in_pack_mends_the_addresses_of_nodes() {
    let yaml = "nodes:\r\n  # the old one\r\n  - {name: k8s-1, address: 192.168.1.11, controller: true, \
                disk: S5H9NS0N123451, mac_addr: \"BC:24:11:00:00:0A\"} # why\r\n  - name: k8s-2\r\n    \
                address: 192.168.1.12\r\n    controller: false\r\n    disk: S5H9NS0N123452\r\n    \
                mac_addr: BC:24:11:00:00:0b   # the new one\r\n";
    let sandbox = of_the_pack(&[("nodes.yaml", yaml)]);
    let told = [
        "fixed nodes.yaml:3:92: \"BC:24:11:00:00:0A\" is now \"bc:24:11:00:00:0a\" (check.mac-in-upper-case)",
        "fixed nodes.yaml:8:15: BC:24:11:00:00:0b is now bc:24:11:00:00:0b (check.mac-in-upper-case)",
    ];
    let right = [("BC:24:11:00:00:0A", "bc:24:11:00:00:0a"), ("BC:24:11:00:00:0b", "bc:24:11:00:00:0b")];
    mends(&sandbox, "nodes.yaml", &right, &told);
}

#[test]
fn a_makejinja_project_is_told_that_nothing_is_mended() {
    let sandbox = Sandbox::empty();
    sandbox.overlay("makejinja-project");
    let before = state(sandbox.root());
    let ran = sandbox.kiln(&["validate", "--fix"]);
    assert!(
        ran.stderr.contains("info[makejinja.nothing-to-mend]: `--fix` changes nothing"),
        "{}",
        ran.text()
    );
    assert_eq!(state(sandbox.root()), before);
    let ran = sandbox.kiln(&["validate"]);
    assert!(!ran.text().contains("nothing-to-mend"), "{}", ran.text());
}
