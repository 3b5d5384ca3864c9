//! Text that may stand in some crates only.

use super::Finding;
use super::house::House;
use super::sources::Repository;

/// No Rust source names a product that the engine knows nothing of.
pub(super) fn words(repository: &Repository, house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.rust().filter(|file| !house.words.allowed_in.contains(&file.package)) {
        for (number, line) in file.lines() {
            let line = line.to_lowercase();
            let found = house.words.forbidden.iter().filter(|word| line.contains(word.as_str()));
            findings.extend(found.map(|word| {
                Finding::new(&file.path, number, format!("{} knows nothing of {word}", file.package))
            }));
        }
    }
    findings
}

/// A guarded function is called by the crate it is meant for.
pub(super) fn calls(repository: &Repository, house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.rust() {
        for (number, line) in file.shipped_lines() {
            let line = line.trim_start();
            let is_comment = line.starts_with("//");
            let found = house.calls.iter().filter(|(call, owner)| {
                !is_comment && line.contains(call.as_str()) && file.package != **owner
            });
            findings.extend(found.map(|(call, owner)| {
                Finding::new(&file.path, number, format!("only {owner} may call {call})"))
            }));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sources::SourceFile;

    const HOUSE: &str = r#"
        crates = {}
        shared = {}
        calls = { "Artifact::wild(" = "owner" }
        words = { forbidden = ["pelican"], allowed_in = ["bird"] }
        codes = { stages = [] }
    "#;

    fn check(package: &str, text: &str, expected: usize) {
        let file = SourceFile::example(&format!("crates/{package}/src/a.rs"), package, text);
        let repository = Repository { paths: vec![file.path.clone()], files: vec![file] };
        let house: House = toml::from_str(HOUSE).unwrap();
        let found = words(&repository, &house).len() + calls(&repository, &house).len();
        assert_eq!(found, expected, "{package}: {text}");
    }

    #[test]
    fn a_word_is_found_in_any_case_and_in_names() {
        check("engine", "struct PelicanConfig; // PELICAN\n", 1);
        check("bird", "struct PelicanConfig;\n", 0);
    }

    #[test]
    fn a_guarded_call_is_found_outside_its_crate() {
        check("engine", "    Artifact::wild(path)\n", 1);
        check("owner", "    Artifact::wild(path)\n", 0);
        check("engine", "#[cfg(test)]\nmod tests {\n    Artifact::wild(path)\n}\n", 0);
    }
}
