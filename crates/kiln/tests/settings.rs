//! What `kiln.toml` and `overrides/` may say, and what happens to what they may not.

mod toy;

use kiln::{MemoryFiles, Request};
use toy::Toy;

/// A project whose `kiln.toml` says this beside the pack.
fn with(settings: &str) -> Toy {
    Toy::new().without("kiln.toml").project("kiln.toml", &format!("pack = 'pack'\n{settings}"))
}

#[test]
fn an_output_does_not_replace_what_kiln_reads() {
    for path in ["data.yaml", "Data.yaml", "kiln.toml", "versions.yaml", "overrides/x", "pack/pack.toml"] {
        Toy::new()
            .template("x.j2", "x: 1\n")
            .generate("x", &format!("template = 'x.j2'\npath = '{path}'"))
            .finds(&["render.output-is-input pack/pack.toml:*"]);
    }
    Toy::new()
        .project("overrides/templates/data.yaml", "x: 1\n")
        .finds(&["render.output-is-input overrides/templates/data.yaml:1:1"]);
}

#[test]
fn an_output_of_another_folder_may_have_the_name_of_an_input() {
    let mut files = MemoryFiles::new();
    let settings = "pack = 'pack'\noutput = 'out'\n";
    for (path, text) in [
        ("kiln.toml", settings),
        (
            "pack/pack.toml",
            "[pack]\nname = 'toy'\nversion = '1'\nformat = 1\n[[data]]\nfile = 'data'\nschema = 'data'\n",
        ),
        ("pack/schemas/data.schema.json", "{}"),
        ("pack/versions.yaml", ""),
        ("data.yaml", "a: 1\n"),
        ("overrides/templates/data.yaml", "x: 1\n"),
    ] {
        files.insert(path, text);
    }
    let report = kiln::run(&Request::new(&files, 0));
    assert_eq!(toy::findings(&report), [""; 0]);
    assert_eq!(report.artifacts.iter().map(kiln::Artifact::path).collect::<Vec<_>>(), ["data.yaml"]);
}

#[test]
fn every_path_stays_below_the_project() {
    with("output = '../out'\n[secrets]\nkey = '/etc/key'\n[[data]]\nfile = 'a/../../data.yaml'\n[[clear]]\npath = 'C:\\x'\nreason = 'no'\n")
        .finds(&[
            "load.path-outside-project kiln.toml:2:10",
            "load.path-outside-project kiln.toml:6:8",
            "load.path-outside-project kiln.toml:8:8",
            "load.path-outside-project kiln.toml:4:7",
        ]);
}

#[test]
fn a_key_file_that_the_pack_does_not_have_is_refused() {
    with("[secrets]\nage_kye = 'x'\n").with_encryption().finds(&["load.unknown-key-file kiln.toml:3:11"]);
}

#[test]
fn what_kiln_toml_names_and_is_not_there_is_told_there() {
    with("[secrets]\nage_key = 'x'\n").with_encryption().finds(&["load.missing-key-file kiln.toml:3:11"]);
    with("[[data]]\nfile = 'x.yaml'\nschema = 'data'\n").finds(&["load.missing-file kiln.toml:3:8"]);
    with("[[data]]\nfile = 'data.yaml'\nschema = 'x'\n").finds(&["load.no-schema kiln.toml:4:10"]);
    with("[[data]]\nfile = 'data.yaml'\nschema = 'x.json'\n").finds(&["load.no-schema kiln.toml:4:10"]);
    let nowhere = Toy::new().without("kiln.toml").project("kiln.toml", "pack = 'other'\n");
    nowhere.finds(&["pack.missing kiln.toml:1:8"]);
}

#[test]
fn a_plain_output_is_ignored_by_git_where_it_is_written() {
    let toy = with("output = 'out'\n[[clear]]\npath = 'secret.txt'\nreason = 'needed'\n");
    toy.clone().project(".gitignore", "/out/secret.txt\n").check("apps/a.txt", "a\n");
    toy.clone().project("out/.gitignore", "/secret.txt\n").check("apps/a.txt", "a\n");
    toy.project(".gitignore", "/secret.txt\n").finds(&["load.clear-not-ignored kiln.toml:4:8"]);
}

#[test]
fn what_is_allowed_is_not_shown_beside_errors_either() {
    let rule = "small:\n  severity: warning\n  assert: name == 'x'\n  at: [name]\n  message: small\n";
    let toy = with("[[allow]]\ncode = 'check.small'\nreason = 'so be it'\n").file("checks/x.yaml", rule);
    toy.clone().check("apps/a.txt", "a\n");
    toy.data("name: toy\nnet: 10.0.0.0/24\nnmae: toy\n").finds(&["validate.unknown-key data.yaml:3:1"]);
}

#[test]
fn all_schemas_that_cannot_be_had_are_reported() {
    with("[[data]]\nfile = 'data.yaml'\nschema = 'a.json'\n[[data]]\nfile = 'b.yaml'\nschema = 'nope'\n")
        .project("a.json", "{")
        .finds(&["load.bad-schema kiln.toml:4:10", "load.no-schema kiln.toml:7:10"]);
}

#[test]
fn a_file_of_overrides_that_means_nothing_is_worth_a_warning() {
    let toy = Toy::new()
        .project("overrides/template/x.yaml", "x: 1\n")
        .project("overrides/apps/a.yaml", "# nothing yet\n")
        .project("overrides/checks/x.yaml", "no-such-rule: null\n")
        .project("overrides/README.md", "why\n");
    let report = toy.run();
    assert!(!report.diagnostics.has_errors() && !report.artifacts.is_empty());
    assert_eq!(
        toy::findings(&report),
        [
            "pack.unused-file :1:1",
            "pack.unused-file :1:1",
            "pack.nothing-to-remove overrides/checks/x.yaml:1:1"
        ]
    );
}

#[test]
fn a_schema_can_be_overridden() {
    let schema = r#"{"additionalProperties": false, "properties": {"name": {"type": "integer"}, "net": {}}}"#;
    Toy::new()
        .project("overrides/schemas/data.schema.json", schema)
        .finds(&["validate.wrong-type data.yaml:1:7"]);
}

#[test]
fn the_bounds_of_templates_can_be_set() {
    let toy = |limits: &str, template: &str| {
        let toy = with(&format!("[limits]\n{limits}\n"));
        toy.template("x.j2", template).generate("x", "template = 'x.j2'\npath = 'x'")
    };
    let counts = "{% for n in range(100) %}{{ n }}{% endfor %}\n";
    toy("steps = 50", counts).finds(&["render.too-much-work pack/templates/x.j2:1:13"]);
    toy("output = 50", counts).finds(&["render.too-much-text pack/templates/x.j2:1:29"]);
    let recurses = "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(20) }}.\n";
    toy("depth = 10", recurses).finds(&["render.too-deep pack/templates/x.j2:1:30"]);
    toy("depth = 30", recurses).check("x", ".\n");
}

#[test]
fn data_files_are_the_yaml_that_is_asked_for() {
    let data = "name: yes\nnet: 10.0.0.0/24\n";
    let report = with("").data(data).run();
    assert_eq!(toy::findings(&report), ["load.two-readings data.yaml:1:7"]);
    assert!(!report.artifacts.is_empty());
    with("yaml = '1.1'\n").data(data).finds(&["validate.wrong-type data.yaml:1:7"]);
    let report = with("yaml = '1.1'\n").data("name: on\nname: toy\nnet: 10.0.0.0/24\n").run();
    assert_eq!(toy::findings(&report), ["load.duplicate-key data.yaml:2:1"]);
    assert!(!report.artifacts.is_empty());
    with("yaml = '1.2'\n[makejinja]\n").finds(&["load.yaml-of-makejinja kiln.toml:2:8"]);
}

#[test]
fn the_readings_of_a_secret_are_not_shown() {
    let report = with("").data("name: toy\nnet: 10.0.0.0/24\ntoken: 12:34:56\nitmes: 23:45:01\n").run();
    let said = format!("{:?}", report.diagnostics);
    assert_eq!(said.matches("YAML 1.2 reads text, YAML 1.1 a number").count(), 2, "{said}");
    for value in ["12:34:56", "45296", "23:45:01", "85501"] {
        assert!(!said.contains(value), "{said}");
    }
}

#[test]
fn a_value_that_is_wrong_anyway_has_one_finding() {
    let schema = r#"{"properties": {"name": {"type": "boolean"}, "net": {}}}"#;
    let toy =
        with("").project("overrides/schemas/data.schema.json", schema).data("name: yes\nnet: 10.0.0.0/24\n");
    let report = toy.run();
    assert_eq!(toy::findings(&report), ["validate.wrong-type data.yaml:1:7"]);
    let notes: Vec<_> = report.diagnostics.iter().flat_map(|it| &it.notes).collect();
    assert!(notes.contains(&&"YAML 1.1 reads the boolean `true` here".to_owned()), "{notes:?}");
}
