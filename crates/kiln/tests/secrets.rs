//! A secret reaches encrypted outputs and nothing else.

mod toy;

use toy::{AGE_KEY, Toy};

/// A project whose output `out.sops.yaml` holds a token under `data`, covered by a rule.
fn project() -> Toy {
    Toy::new()
        .with_encryption()
        .data("name: toy\nnet: 10.0.0.0/24\ntoken: hunter2-hunter2\n")
        .template("out.j2", "kind: Secret\ndata:\n  token: {{ token | yaml_str }}\n")
        .generate("out", "template = 'out.j2'\npath = 'out.sops.yaml'")
}

#[test]
fn a_covered_secret_is_encrypted() {
    let report = project().run();
    assert_eq!(toy::findings(&report), [""; 0]);
    let artifact = report.artifacts.iter().find(|it| it.path() == "out.sops.yaml").unwrap();
    let text = String::from_utf8(artifact.bytes().to_vec()).unwrap();
    assert!(artifact.is_encrypted() && text.contains("ENC[AES256_GCM") && text.contains("kind: Secret"));
    assert!(!text.contains("hunter2"));
}

#[test]
fn a_secret_that_no_rule_covers_is_an_error_at_its_line() {
    project()
        .template("clear.j2", "a: 1\nb: {{ 'x' ~ token }}\n")
        .generate("clear", "template = 'clear.j2'\npath = 'clear.yaml'")
        .finds(&["encrypt.no-rule pack/templates/clear.j2:2:13"]);
}

#[test]
fn a_secret_beside_the_encrypted_keys_is_an_error() {
    project()
        .template("out.j2", "kind: Secret\nmetadata:\n  note: {{ token }}\ndata:\n  token: {{ token }}\n")
        .finds(&["encrypt.secret-in-clear pack/templates/out.j2:3:12"]);
}

#[test]
fn a_copy_of_a_secret_in_a_clear_output_is_an_error() {
    project()
        .project("overrides/templates/more/notes.txt", "do not forget: hunter2-hunter2\n")
        .finds(&["encrypt.secret-copied overrides/templates/more/notes.txt:1:1"]);
}

#[test]
fn a_value_derived_from_a_secret_is_secret() {
    project()
        .file(
            "derive/basic.yaml",
            "basic:\n  value: name ~ ':' ~ token\nhas_token:\n  value: token is not none\n",
        )
        .template("clear.j2", "b: {{ basic }}\n")
        .generate("clear", "template = 'clear.j2'\npath = 'clear.yaml'")
        .template("flag.j2", "b: {{ has_token }}\n")
        .generate("flag", "template = 'flag.j2'\npath = 'flag.yaml'")
        .finds(&["encrypt.no-rule pack/templates/clear.j2:1:*"]);
}

#[test]
fn an_exception_needs_a_reason_and_gitignore() {
    let toy = project()
        .template("clear.j2", "b: {{ token }}\n")
        .generate("clear", "template = 'clear.j2'\npath = 'clear.yaml'")
        .project("kiln.toml", "pack = 'pack'\n[[clear]]\npath = 'clear.yaml'\nreason = 'a test'\n");
    toy.clone().finds(&["load.clear-not-ignored kiln.toml:3:8"]);
    let report = toy.project(".gitignore", "/clear.yaml\n").run();
    assert_eq!(toy::findings(&report), [""; 0]);
    let artifact = report.artifacts.iter().find(|it| it.path() == "clear.yaml").unwrap();
    assert_eq!(artifact.mode(), kiln::Mode::Private);
}

#[test]
fn an_unchanged_secret_keeps_its_bytes_and_a_changed_one_does_not() {
    let first = project().run();
    let old = first.artifacts.iter().find(|it| it.path() == "out.sops.yaml").unwrap().bytes().to_vec();
    let again = |toy: Toy| {
        let report = toy.previous("out.sops.yaml", &old).run();
        assert_eq!(toy::findings(&report), [""; 0]);
        report.artifacts.iter().find(|it| it.path() == "out.sops.yaml").unwrap().bytes() == old
    };
    assert!(again(project()));
    assert!(!again(project().data("name: toy\nnet: 10.0.0.0/24\ntoken: another-secret\n")));
}

#[test]
fn a_missing_key_file_is_reported_once() {
    project().without("age.key").finds(&["load.missing-key-file pack/pack.toml:*"]);
}

#[test]
fn no_finding_shows_a_secret() {
    let secret = AGE_KEY.lines().last().unwrap();
    let broken = [
        project().data("name: toy\nnet: 10.0.0.0/24\ntoken: [hunter2-hunter2]\n"),
        project().data("name: toy\nnet: 10.0.0.0/24\ntoken: \"hunter2-hunter2\nx: 1\n"),
        project().data("name: toy\ntoken: hunter2-hunter2\ntoken: hunter2-hunter2\n"),
        project().template("out.j2", "data: {{ token + 1 }}\n"),
        project().template("out.j2", "data: [{{ token }}\n"),
        project().template("out.j2", "hunter: {{ token }}\nkey: {{ secrets.age_key.private }}\n"),
        project()
            .file("checks/x.yaml", "x:\n  assert: token == 'x'\n  at: [token]\n  message: '{{ token }}'\n"),
    ];
    for toy in broken {
        let report = toy.run();
        assert!(report.diagnostics.has_errors());
        let mut shown = format!("{:?}", report.diagnostics);
        for diagnostic in report.diagnostics.iter() {
            shown += &report.sources.masked_text(diagnostic.span().source);
        }
        assert!(!shown.contains("hunter2-hunter2") && !shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_public_key_that_is_not_that_of_the_identity_is_an_error() {
    let other = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let own = AGE_KEY.lines().next().unwrap();
    project()
        .without("age.key")
        .project("age.key", &AGE_KEY.replace(own, &format!("# public key: {other}")))
        .finds(&["encrypt.not-a-recipient pack/templates/sops.j2:1:1"]);
}
