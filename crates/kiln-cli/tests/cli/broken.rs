//! Broken templates, and what kiln says of each.
//!
//! A case of `corpus/broken-templates` is a template `NAME.j2`, or a folder `NAME` of templates;
//! those whose names begin with `_` are there for the others. Each stands in the pack of
//! `corpus/toy`, with the project around it. `NAME.txt` is what people read: the findings of
//! `kiln validate`, without the lines before them, which say how long it took.
//!
//! `UPDATE=1` writes what is said now.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use crate::corpus;
use crate::harness::Sandbox;

const BROKEN: &str = "broken-templates";

/// What is in every value of the project that no message may show.
const VALUE: &str = "v4lue";

#[test]
fn every_broken_template_is_explained() {
    let names = cases();
    assert!(names.len() >= 75, "only {} templates", names.len());
    corpus::hold(names, said, |name| corpus::folder(BROKEN).join(format!("{name}.txt")));
}

fn cases() -> BTreeSet<String> {
    let names = corpus::entries(&corpus::folder(BROKEN));
    names.into_iter().filter(|name| !name.ends_with(".txt")).map(|name| name.replace(".j2", "")).collect()
}

/// What kiln says of a case.
fn said(name: &str) -> String {
    let sandbox = Sandbox::empty();
    sandbox.overlay("toy");
    let templates = sandbox.root().join("pack/templates");
    fs::create_dir_all(&templates).expect("the folder for tests can be written");
    let folder = corpus::folder(BROKEN).join(name);
    if folder.is_dir() {
        sandbox.overlay_at(&format!("{BROKEN}/{name}"), "pack/templates");
    } else {
        let file = format!("{name}.j2");
        fs::copy(corpus::folder(BROKEN).join(&file), templates.join(&file))
            .expect("the folder for tests can be written");
    }
    let mut pack = sandbox.read("pack/pack.toml");
    for template in corpus::entries(&templates).iter().filter(|it| !it.starts_with('_')) {
        let id = template.trim_end_matches(".j2");
        write!(pack, "\n[[generate]]\nid = '{id}'\ntemplate = '{template}'\npath = '{id}.yaml'\n")
            .expect("a string takes all that is written to it");
    }
    sandbox.write("pack/pack.toml", &pack);
    let ran = sandbox.kiln(&["validate"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{name}: {}", ran.text());
    assert!(!ran.stderr.contains(VALUE), "{name} shows a value:\n{}", ran.stderr);
    let (_, findings) = ran.stderr.split_once("\n\n").expect("the findings follow an empty line");
    findings.to_owned()
}
