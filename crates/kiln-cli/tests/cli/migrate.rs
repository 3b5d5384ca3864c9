//! `kiln migrate` on a project of makejinja.

#![allow(clippy::disallowed_methods, reason = "a test writes its own projects")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::harness::Sandbox;

fn kiln(sandbox: &Sandbox, arguments: &[&str]) -> Output {
    let mut kiln = Command::new(env!("CARGO_BIN_EXE_kiln"));
    kiln.args(arguments).current_dir(sandbox.root()).output().expect("kiln can be run")
}

fn project() -> Sandbox {
    let sandbox = Sandbox::empty();
    let write =
        |path: &str, text: &str| fs::write(sandbox.root().join(path), text).expect("it can be written");
    fs::create_dir(sandbox.root().join("in")).expect("it can be made");
    write(
        "makejinja.toml",
        "[makejinja]\ninputs = [\"in\"]\noutput = \"out\"\ndata = [\"a.yaml\"]\nforce = true\n",
    );
    write("a.yaml", "name: x\n");
    write("a.cue", "#Config: {\n\tname: =~\"^[a-z]+$\"\n}\n");
    write("in/a.jinja", "{{ name }}");
    sandbox
}

fn text(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.root().join(Path::new(path))).expect("it is there")
}

#[test]
fn a_check_makes_nothing() {
    let sandbox = project();
    let ran = kiln(&sandbox, &["migrate", "--check"]);
    assert!(ran.status.success());
    assert!(String::from_utf8_lossy(&ran.stdout).contains("would create    kiln.toml"));
    assert!(!sandbox.root().join("kiln.toml").exists());
}

#[test]
fn what_is_made_changes_no_output_and_is_not_made_again() {
    let sandbox = project();
    assert!(kiln(&sandbox, &["makejinja"]).status.success());
    let before = text(&sandbox, "out/a");
    assert!(kiln(&sandbox, &["migrate"]).status.success());
    assert!(kiln(&sandbox, &["makejinja"]).status.success());
    assert_eq!(text(&sandbox, "out/a"), before);
    fs::write(sandbox.root().join("kiln.toml"), "[makejinja]\n").expect("it can be written");
    let again = kiln(&sandbox, &["migrate"]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("kept            kiln.toml"));
    assert_eq!(text(&sandbox, "kiln.toml"), "[makejinja]\n");
}

#[test]
fn the_schemas_that_were_made_are_used() {
    let sandbox = project();
    assert!(kiln(&sandbox, &["migrate"]).status.success());
    assert!(kiln(&sandbox, &["validate"]).status.success());
    fs::write(sandbox.root().join("a.yaml"), "name: X\n").expect("it can be written");
    let ran = kiln(&sandbox, &["validate"]);
    assert!(String::from_utf8_lossy(&ran.stderr).contains("a.yaml:1:7"));
    assert_eq!(ran.status.code(), Some(1));
}

#[test]
fn a_folder_without_makejinja_is_refused() {
    let ran = kiln(&Sandbox::empty(), &["migrate"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("there is no `makejinja.toml`"));
}
