//! Functions that are data, in place of a plugin: what kiln makes without Python is what
//! makejinja made with the plugin.

#![allow(clippy::disallowed_methods, reason = "a test writes its own projects")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::harness::Sandbox;

fn corpus(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../kiln-makejinja/tests/corpus/functions").join(name)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read").path();
        let target = to.join(entry.file_name().expect("it has a name"));
        if entry.is_dir() {
            copy(&entry, &target)
        } else {
            fs::copy(&entry, &target).map(drop).expect("it can be copied")
        }
    }
}

/// The texts of all files below a folder, by path.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it is below").display().to_string();
                found.insert(name, fs::read_to_string(&path).expect("it is text"));
            }
        }
    }
    found
}

fn ran(sandbox: &Sandbox) -> (bool, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kiln"))
        .args(["makejinja", "--quiet"])
        .current_dir(sandbox.root())
        .output()
        .expect("kiln can be run");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_set_of_functions_makes_what_the_plugin_made() {
    let sandbox = Sandbox::empty();
    copy(&corpus("project"), sandbox.root());
    let (done, said) = ran(&sandbox);
    assert!(done, "{said}");
    let (made, expected) = (texts(&sandbox.root().join("out")), texts(&corpus("expected")));
    assert!(expected.len() > 3);
    assert_eq!(made, expected);
}

#[test]
fn a_set_that_is_not_there_is_refused_by_name() {
    let sandbox = Sandbox::empty();
    copy(&corpus("project"), sandbox.root());
    fs::write(sandbox.root().join("kiln.toml"), "[makejinja.plugins]\n\"plugin:Plugin\" = \"nope\"\n")
        .expect("written");
    let (done, said) = ran(&sandbox);
    assert!(!done && said.contains("there is no set of functions `nope`"), "{said}");
}

#[test]
fn a_set_may_be_a_file_of_the_project() {
    let sandbox = Sandbox::empty();
    copy(&corpus("project"), sandbox.root());
    let root = sandbox.root();
    fs::write(root.join("kiln.toml"), "[makejinja.plugins]\n\"plugin:Plugin\" = \"./own.toml\"\n")
        .expect("written");
    fs::write(root.join("own.toml"), "[functions.greet]\nparams = [\"name\", \"mark\"]\ndefaults = { mark = \"!\" }\nvalue = \"'hello ' ~ name ~ mark\"\n").expect("written");
    fs::write(
        root.join("templates/config/all.yaml.j2"),
        "#{ greet('you') }# #{ greet(name='all', mark='?') }#\n",
    )
    .expect("written");
    let (done, said) = ran(&sandbox);
    assert!(done, "{said}");
    assert_eq!(
        fs::read_to_string(root.join("out/all.yaml")).expect("it is there"),
        "hello you! hello all?\n"
    );
    fs::write(root.join("own.toml"), "[functions.greet]\nvalue = \"1 +\"\n").expect("written");
    let (done, said) = ran(&sandbox);
    assert!(!done && said.contains("`greet`"), "{said}");
}
