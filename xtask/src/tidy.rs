//! Rules about the code that a machine can hold.
//!
//! A rule takes the repository and gives its findings; it neither stops at the first nor
//! prints. Rules that need data find it in `house.toml`.

mod codes;
mod confinement;
mod graph;
mod house;
mod links;
mod marks;
mod pages;
mod rules;
mod shape;
mod sources;
mod supply;

use std::fmt;
use std::path::Path;

use crate::Result;
use house::House;
use sources::Repository;

/// One breach of a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    text: String,
}

impl Finding {
    fn new(path: impl Into<String>, line: usize, text: impl Into<String>) -> Finding {
        Finding { path: path.into(), line, text: text.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

type Rule = fn(&Repository, &House) -> Vec<Finding>;

/// Every rule over the files, with its claim.
const RULES: &[(&str, Rule)] = &[
    ("words of a cluster stay in the packs", confinement::words),
    ("guarded functions are called by one crate", confinement::calls),
    ("nothing is marked as unfinished", marks::unfinished),
    ("every test can fail and is run", marks::tests_that_do_not_test),
    ("no path of a machine is written down", marks::machine_paths),
    ("files are short", shape::files),
    ("functions are short", shape::functions),
    ("every library says what it does", shape::crate_docs),
    ("diagnostic codes have one form", codes::form),
    ("every diagnostic code has a page", pages::hold),
    ("links lead somewhere", links::resolve),
    ("every number of the rule catalogue stands somewhere", rules::numbers),
];

/// Checks every rule and prints what breaks one; whether none is broken.
pub(crate) fn run(root: &Path) -> Result<bool> {
    let findings = findings(root)?;
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} rules, {} findings", RULES.len() + 2, findings.len());
    Ok(findings.is_empty())
}

fn findings(root: &Path) -> Result<Vec<Finding>> {
    let house = House::read(&root.join("xtask/house.toml"))?;
    let repository = Repository::read(root)?;
    let mut findings = graph::breaches(root, &house)?;
    findings.extend(supply::breaches(root)?);
    findings.extend(RULES.iter().flat_map(|(_, rule)| rule(&repository, &house)));
    findings.sort();
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_keeps_its_rules() {
        let findings = findings(&crate::root()).unwrap();
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "\n{}", lines.join("\n"));
    }
}
