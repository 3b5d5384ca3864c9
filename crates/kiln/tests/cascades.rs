//! One mistake gives one finding: a value that is wrong is told once, and nothing that needs it says
//! anything.
//!
//! In an example every key of the schema gets a value that it cannot have, one after the other, in
//! groups that are rendered, and many at once.

mod example;

use std::collections::BTreeSet;

use kiln::{MemoryFiles, Report, Request};
use rayon::prelude::*;
use serde_json::Value;

use self::example::{example, schema, text};

/// The keys of the schema that have one type, each with a value of another.
fn mistakes() -> Vec<(String, &'static str)> {
    let schema = schema("cluster");
    let properties = schema["properties"].as_object().expect("a mapping");
    let wrong = |property: &Value| match property["type"].as_str()? {
        "array" | "object" => Some("true"),
        _ => Some("[[]]"),
    };
    properties.iter().filter_map(|(key, property)| Some((key.clone(), wrong(property)?))).collect()
}

/// The project with these values.
fn with(mistakes: &[&(String, &str)]) -> MemoryFiles {
    let mut files = example("ha");
    let mut all = text(&files, "cluster.yaml");
    for (key, value) in mistakes {
        let mut is_gone = false;
        let mut kept = String::new();
        for line in all.lines() {
            // A value may go on over lines that are indented.
            is_gone = line.starts_with(&format!("{key}:")) || (is_gone && line.starts_with([' ', '-']));
            if !is_gone {
                kept += &format!("{line}\n");
            }
        }
        all = format!("{kept}{key}: {value}\n");
    }
    files.insert("cluster.yaml", all);
    files
}

/// The findings as people tell them apart: code and message.
fn findings(report: &Report) -> BTreeSet<(String, String)> {
    report.diagnostics.iter().map(|it| (it.code.to_string(), it.message.clone())).collect()
}

/// What is said that was not said of the project as it is, without what is about `key` itself.
fn consequences(
    mistakes: &[&(String, &str)],
    before: &BTreeSet<(String, String)>,
    run: fn(&Request<'_>) -> Report,
) -> Vec<String> {
    let files = with(mistakes);
    let report = run(&Request::new(&files, 0));
    let is_own = |code: &str, message: &str| {
        code.starts_with("validate.") && mistakes.iter().any(|(key, _)| message.contains(&format!("`{key}")))
    };
    let all = findings(&report);
    let told =
        all.iter().filter(|(code, message)| code == "validate.wrong-type" && is_own(code, message)).count();
    assert_eq!(told, mistakes.len(), "{mistakes:?}: {all:#?}");
    let new = all.difference(before).filter(|(code, message)| !is_own(code, message));
    new.map(|(code, message)| format!("{mistakes:?}: {code}: {message}")).collect()
}

#[test]
fn nothing_follows_from_a_value_of_the_wrong_type() {
    let before = findings(&kiln::check(&Request::new(&example("ha"), 0)));
    let all = mistakes();
    assert!(all.len() > 60, "{}", all.len());
    let of_one = |mistake| consequences(&[mistake], &before, kiln::check);
    let found: Vec<String> = all.par_iter().flat_map_iter(of_one).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nothing_follows_from_several_of_them_in_any_stage() {
    let before = findings(&kiln::run(&Request::new(&example("ha"), 0)));
    let all = mistakes();
    let mut groups: Vec<Vec<_>> = all.chunks(8).map(|group| group.iter().collect()).collect();
    groups.extend([2, 3, 7].map(|step| all.iter().step_by(step).collect()));
    let of_group = |group: &Vec<_>| consequences(group, &before, kiln::run);
    let found: Vec<String> = groups.par_iter().flat_map_iter(of_group).collect();
    assert!(found.is_empty(), "{found:#?}");
}
