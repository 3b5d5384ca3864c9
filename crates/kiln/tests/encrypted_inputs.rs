//! An encrypted data file is data, and what is encrypted in it is secret.

mod toy;

use kiln::sops::{Format, Identities, NoDialog, Plain, Recipient, Stores, Terms, seal};
use kiln::{Report, Secret};
use toy::{AGE_KEY, Toy};

/// The text of a file, encrypted to the project's key.
fn sealed(text: &str) -> String {
    let mut identities = Identities::new();
    identities.add_keys("age.key", &Secret::new("age.key", AGE_KEY));
    let recipient = Recipient::parse(&identities.recipients()[0]).expect("it is a public key");
    let plain = Plain::read(text.as_bytes(), Format::Yaml).expect("it is YAML");
    let sealed = seal(plain, &Terms::new(vec![vec![recipient]]), 0, &NoDialog).expect("it can be encrypted");
    let bytes = sealed.write(Format::Yaml, &Stores::default()).expect("YAML holds it");
    String::from_utf8(bytes).expect("it is text")
}

fn project(data: &str, encrypted: &str) -> Toy {
    Toy::new().with_encryption().without("data.yaml").data(data).project("data.sops.yaml", &sealed(encrypted))
}

fn shown(report: &Report) -> String {
    report.diagnostics.iter().map(|it| format!("{it:?}\n")).collect()
}

#[test]
fn a_token_of_an_encrypted_file_is_used_as_one_of_a_clear_file() {
    let toy = project("name: toy\nnet: 10.0.0.0/24\n", "token: hunter2-hunter2\n")
        .template("out.j2", "data:\n  token: {{ token }}\n")
        .generate("out", "template = 'out.j2'\npath = 'out.sops.yaml'");
    toy.check("out.sops.yaml", "data:\n  token: hunter2-hunter2\n");
    toy.template("clear.j2", "{{ token }}\n")
        .generate("clear", "template = 'clear.j2'\npath = 'clear.txt'")
        .finds(&["encrypt.no-rule pack/templates/clear.j2:1:4"]);
}

#[test]
fn text_that_the_schema_calls_no_secret_is_one_while_it_is_encrypted() {
    project("net: 10.0.0.0/24\n", "name: hunter2-hunter2\n")
        .template("clear.j2", "{{ name }}\n")
        .generate("clear", "template = 'clear.j2'\npath = 'clear.txt'")
        .template("more.j2", "{{ name ~ '!' }}\n")
        .generate("more", "template = 'more.j2'\npath = 'more.txt'")
        .finds(&["encrypt.encrypted-input data.sops.yaml:1:7"]);
}

#[test]
fn what_follows_from_an_encrypted_value_is_refused_under_the_name_of_its_key() {
    project("name: toy\n", "net: 10.0.0.0/24\n")
        .template("clear.j2", "{{ gateway }}\n")
        .generate("clear", "template = 'clear.j2'\npath = 'clear.txt'")
        .finds(&["encrypt.encrypted-input data.sops.yaml:1:6"]);
}

#[test]
fn a_wrong_value_is_reported_at_its_line_and_not_shown() {
    for (text, code) in [
        ("name: a\nnet: hunter2-hunter2\n", "validate.format data.sops.yaml:2:6"),
        ("name: 8361927\n", "validate.wrong-type data.sops.yaml:1:7"),
        ("name: a\nitems:\n    - id: b\n    - id: 8361927\n", "validate.wrong-type data.sops.yaml:4:11"),
        ("name: a\nhunter: hunter2-hunter2\n", "validate.unknown-key data.sops.yaml:2:1"),
    ] {
        let report = project("gateway: 10.0.0.1\n", text).run();
        assert_eq!(toy::findings(&report), [code], "{text}");
        assert!(!shown(&report).contains("hunter2") && !shown(&report).contains("8361927"), "{text}");
        for diagnostic in report.diagnostics.iter() {
            let excerpt = report.sources.masked_text(diagnostic.span().source);
            let values = excerpt.split("sops:").next().unwrap_or_default();
            assert!(!values.contains("type:str]") && !values.contains("type:int]"), "{excerpt}");
        }
    }
}

#[test]
fn a_broken_rule_keeps_silent_about_what_is_encrypted() {
    let report = project("name: toy\nnet: 10.0.0.0/24\n", "token: hunter2-hunter2\nitems:\n    - id: hunter3-hunter3\n")
        .file(
            "checks/x.yaml",
            "x:\n  each: items\n  as: item\n  assert: item.id == 'x'\n  at: [item.id]\n  message: 'no {{ item.id }}'\n  help: '{{ token }}'\n",
        )
        .run();
    assert_eq!(toy::findings(&report), ["check.x data.sops.yaml:3:11"]);
    assert!(!shown(&report).contains("hunter"), "{}", shown(&report));
}

#[test]
fn mappings_of_both_files_are_merged_and_a_key_in_both_is_an_error() {
    project("name: toy\nnet: 10.0.0.0/24\ntoken: a\n", "token: hunter2-hunter2\n")
        .finds(&["validate.key-in-two-files data.sops.yaml:1:1"]);
    let schema = r#"{"type": "object", "properties": {"name": {"type": "string"}, "net": {"type": "string"}, "token": {"type": "string", "writeOnly": true}, "in": {"type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}}}"#;
    project("name: toy\nnet: 10.0.0.0/24\nin:\n  a: clear\n", "in:\n    b: hunter2-hunter2\n")
        .without("pack/schemas/data.schema.json")
        .file("schemas/data.schema.json", schema)
        .template("out.j2", "a: {{ in.a }}\ndata:\n  b: {{ in.b }}\n")
        .generate("out", "template = 'out.j2'\npath = 'out.sops.yaml'")
        .check("out.sops.yaml", "a: clear\ndata:\n  b: hunter2-hunter2\n");
}

#[test]
fn a_number_of_an_encrypted_file_stays_a_number() {
    let schema = r#"{"type": "object", "properties": {"name": {}, "net": {}, "mtu": {"type": "integer"}}}"#;
    project("name: toy\nnet: 10.0.0.0/24\n", "mtu: 1500\n")
        .without("pack/schemas/data.schema.json")
        .file("schemas/data.schema.json", schema)
        .template("out.j2", "{{ mtu + 1 }}\n")
        .generate("out", "template = 'out.j2'\npath = 'out.txt'")
        .check("out.txt", "1501\n");
}
