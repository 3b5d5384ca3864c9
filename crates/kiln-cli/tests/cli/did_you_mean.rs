//! Names that are misspelt, of everything that is chosen from a known set.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::harness::Sandbox;

#[derive(Deserialize)]
struct Corpus {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    about: String,
    example: Option<String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    run: Option<Vec<String>>,
    help: String,
}

#[test]
fn the_one_that_was_meant_is_named() {
    let corpus: Corpus =
        toml::from_str(include_str!("../corpus/did-you-mean.toml")).expect("the corpus is as described");
    let mut wrong = Vec::new();
    for case in corpus.case {
        let sandbox = case.example.as_deref().map_or_else(Sandbox::empty, Sandbox::example);
        if case.example.is_none() {
            sandbox.overlay("explained");
        }
        case.files.iter().for_each(|(path, text)| sandbox.write(path, text));
        let run = case.run.unwrap_or_else(|| vec!["validate".to_owned()]);
        let run: Vec<&str> = run.iter().map(String::as_str).collect();
        let ran = sandbox.kiln(&run);
        if !ran.stderr.contains(&case.help) {
            wrong.push(format!("{}: expected {}\n{}", case.about, case.help, ran.text()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
