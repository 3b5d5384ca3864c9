//! Every rule with a project that keeps it and one that breaks it.
//!
//! The YAML files of this folder hold the cases by the code that they are about; a file is
//! called like the file of the pack's `checks/` that has the rules, or like the stage:
//!
//! ```yaml
//! check.node-is-api:
//!   accept:
//!     nodes: {k8s-1: {address: 192.168.1.24}}
//!   reject:
//!     nodes: {k8s-1: {address: 192.168.1.10}}
//!     says: |
//!       error: node `k8s-1` has the address `192.168.1.10`, which is `cluster_api_addr`
//!         nodes.yaml:3:14 `192.168.1.10`: also the address of the API
//!         cluster.yaml:2:19 `192.168.1.10`: `cluster_api_addr` is set here
//!         help: give the API a free address of `192.168.1.0/24`; …
//! ```
//!
//! `accept` and `reject` are a change to the project in `base/`, which says nothing at all, or a
//! list of changes:
//!
//! - `cluster`: the value of each key as it is written, in one line; null removes the key
//! - `nodes`: what changes, by the name of the node; null removes the node or the key, and an
//!   unknown name is a new node. A list stands for all nodes.
//! - `files`: the text of each file of the project; null removes it
//! - `append`: what is written behind the text of a file
//!
//! Key files are those of `examples/homelab`. A project that is accepted has no error and not one
//! finding with the code. Of one that is rejected, `says` holds every finding with the code, and
//! `also` the codes of all others. The pack and the schemas are read from the disk, so a change to
//! one of them is seen without building anything.
//!
//! A case that fails prints what was found in the form in which `says` and `also` are written:
//! leave them out first, then read what was found, and only then paste it. `CASE=node-is` runs the
//! codes with `node-is` in them alone.
//!
//! A code that several numbers of the catalogue share has a list in place of `accept` and
//! `reject`: `- {source: [R048], accept: …, reject: …}`.

#![allow(clippy::disallowed_methods, reason = "a test reads its own data")]

mod case;
mod listing;
mod project;
mod register;

use std::collections::BTreeSet;

use case::{Case, Expected};
use kiln::Severity;
use rayon::prelude::*;

/// What is wrong with a case; nothing if it is as written.
fn judge(case: &Case) -> Option<String> {
    let report = case.project.check(false);
    let found = listing::of_code(&report, &case.code);
    let others = listing::other_codes(&report, &case.code);
    match &case.expected {
        Expected::Accepted if found.is_empty() && !report.diagnostics.has_errors() => None,
        Expected::Accepted => {
            Some(format!("is not accepted; all that was found:\n{}", listing::all(&report)))
        }
        Expected::Rejected { says, also } if *says == found && *also == others => None,
        Expected::Rejected { also, .. } => {
            let rest = if *also == others { String::new() } else { listing::all(&report) };
            let rest = if rest.is_empty() { rest } else { format!("all that was found:\n{rest}") };
            Some(format!("is rejected otherwise:\n{}{rest}", as_written(&found, &others)))
        }
    }
}

/// What was found, as a case has it.
fn as_written(found: &str, others: &[String]) -> String {
    let mut text = String::from("    says: |\n");
    found.lines().for_each(|line| text += &format!("      {line}\n"));
    if !others.is_empty() {
        text += &format!("    also: [{}]\n", others.join(", "));
    }
    text
}

#[test]
fn every_case_is_as_written() {
    let wanted = std::env::var("CASE").unwrap_or_default();
    let cases: Vec<Case> = case::all().into_iter().filter(|case| case.code.contains(&wanted)).collect();
    assert!(!cases.is_empty(), "no code contains `{wanted}`");
    let failed: Vec<String> = cases
        .par_iter()
        .filter_map(|case| judge(case).map(|fault| format!("{} {}\n{fault}", case.place, case.code)))
        .collect();
    assert!(failed.is_empty(), "{} of {} cases\n\n{}", failed.len(), cases.len(), failed.join("\n"));
}

#[test]
fn the_base_project_has_no_finding() {
    assert_eq!(listing::all(&project::Project::base().check(false)), "");
}

#[test]
fn a_rule_that_says_so_only_warns_for_the_sake_of_compatibility() {
    let eased = register::eased_rules();
    let cases = case::all();
    let rejected = cases.iter().filter(|case| !case.is_accepted() && eased.contains(&case.code));
    let mut seen = BTreeSet::new();
    for case in rejected {
        let report = case.project.check(true);
        let mut own = report.diagnostics.iter().filter(|found| found.code == case.code).peekable();
        assert!(own.peek().is_some(), "{}", case.place);
        assert!(own.all(|found| found.severity == Severity::Warning), "{}", case.place);
        seen.insert(case.code.as_str());
    }
    assert_eq!(seen.len(), eased.len());
}

#[test]
fn no_secret_of_the_schema_takes_a_second_line() {
    let keys = register::secret_keys();
    assert!(!keys.is_empty());
    let taken: Vec<&String> = keys
        .par_iter()
        .filter(|key| {
            let report = project::Project::base().with(key, "\"one\\ntwo\"").check(false);
            let start = format!("`{key}` ");
            !report
                .diagnostics
                .iter()
                .any(|it| it.code.starts_with("validate.") && it.message.starts_with(&start))
        })
        .collect();
    assert_eq!(taken, [""; 0]);
}

#[test]
fn every_rule_has_its_two_cases() {
    let cases = case::all();
    let codes = |accepted: bool| -> BTreeSet<&str> {
        cases.iter().filter(|it| it.is_accepted() == accepted).map(|it| it.code.as_str()).collect()
    };
    let (rules, own) = (register::rules(), register::own_codes());
    let all: BTreeSet<&str> = rules.iter().chain(&own).map(String::as_str).collect();
    for (kind, codes) in [("accepting", codes(true)), ("rejecting", codes(false))] {
        let lacking: Vec<_> = all.difference(&codes).collect();
        assert!(lacking.is_empty(), "no {kind} case for {lacking:#?}");
        let unknown: Vec<_> = codes.difference(&all).collect();
        assert!(unknown.is_empty(), "neither a rule nor in xtask/rules.toml: {unknown:#?}");
    }
}

#[test]
fn every_number_held_elsewhere_has_its_two_cases() {
    let cases = case::all();
    for accepted in [true, false] {
        let sources: BTreeSet<&str> = cases
            .iter()
            .filter(|case| case.is_accepted() == accepted)
            .flat_map(|case| case.source.iter().map(String::as_str))
            .collect();
        let lacking: Vec<String> =
            register::own_numbers().into_iter().filter(|number| !sources.contains(number.as_str())).collect();
        assert!(lacking.is_empty(), "no case (accepted: {accepted}) has the source {lacking:?}");
    }
}
