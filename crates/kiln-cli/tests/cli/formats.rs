//! What machines read: every JSON output is as the published schema says, every code has a page.

use serde_json::Value;

use crate::harness::Sandbox;

/// Holds what a command printed with `--format json` against the schema of that.
pub(crate) fn hold_against_schema(command: &str, text: &str) {
    let schema = match command {
        "explain" => include_str!("../../../../schemas/explain.schema.json"),
        // A project with errors gives a report of them.
        "why" if !text.contains("\"diagnostics\":") => {
            include_str!("../../../../schemas/why.schema.json")
        }
        "status" => include_str!("../../../../schemas/status.schema.json"),
        _ => include_str!("../../../../schemas/report.schema.json"),
    };
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    let schema = jsonschema::draft7::new(&schema).expect("it is a schema");
    let found: Value = serde_json::from_str(text).expect("kiln prints JSON");
    let errors: Vec<String> = schema.iter_errors(&found).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    for finding in found["diagnostics"].as_array().into_iter().flatten() {
        let code = finding["code"].as_str().expect("a code is text");
        let is_rule = code.starts_with("check.");
        assert!(is_rule || kiln::explain::page(code).is_some(), "there is no page about {code}");
    }
}

/// The harness holds each of them against the schema.
#[test]
fn every_kind_of_json_output_is_as_the_schema_says() {
    let sandbox = Sandbox::example("homelab");
    for (arguments, expected) in [
        (&["validate", "--format", "json"][..], 0),
        (&["diff", "--format", "json"], 0),
        (&["diff", "--exit-code", "--format", "json"], 4),
        (&["status", "--format", "json"], 0),
        (&["configure", "--format", "json"], 0),
        (&["configure", "--format", "json"], 0),
        (&["status", "--format", "json"], 0),
        (&["adopt", "kubernetes/apps/kustomization.yaml", "--format", "json"], 0),
        (&["adopt", "nowhere", "--format", "json"], 2),
        (&["configure", "--force=kubernetes/apps/kustomization.yaml", "--format", "json"], 0),
        (&["doctor", "--format", "json"], 0),
        (&["secrets", "verify", ".", "--format", "json"], 0),
        (&["secrets", "verify", "nowhere", "--format", "json"], 2),
        (&["init", "new", "--format", "json"], 0),
        (&["init", "kiln.lock", "--format", "json"], 2),
        (&["validate", "--project", "nowhere", "--format", "json"], 2),
        (&["explain", "--format", "json"], 0),
        (&["explain", "load.two-files", "--format", "json"], 0),
        (&["explain", "check.node-is-api", "--format", "json"], 0),
    ] {
        let ran = sandbox.kiln(arguments);
        assert_eq!(ran.code, expected, "{arguments:?}: {}", ran.text());
    }
    sandbox.write("kubernetes/apps/kustomization.yaml", "mine: true\n");
    assert_eq!(sandbox.kiln(&["configure", "--format", "json"]).code, 3);
    sandbox.overlay("ten-bad-inputs/project");
    let ran = sandbox.kiln(&["validate", "--format", "json"]);
    let found: Value = serde_json::from_str(&ran.stdout).expect("kiln prints JSON");
    assert!(found["diagnostics"].as_array().is_some_and(|it| it.len() > 8), "{}", ran.stdout);
}

/// GitHub's code scanning refuses a log with a line 0 or -1.
#[test]
fn a_log_for_code_scanning_describes_every_rule_it_names() {
    let sandbox = Sandbox::example("homelab");
    sandbox.overlay("ten-bad-inputs/project");
    let ran = sandbox.kiln(&["validate", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&ran.stdout).expect("kiln prints JSON");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("there are rules");
    assert!(rules.len() > 8, "{}", ran.stdout);
    for rule in rules {
        for key in ["shortDescription", "fullDescription", "help"] {
            let text = rule[key]["text"].as_str().unwrap_or_default();
            assert!(text.contains(' '), "{key} of {rule}");
        }
        assert!(rule["defaultConfiguration"]["level"].is_string(), "{rule}");
    }
    let mut prints = std::collections::BTreeSet::new();
    for result in run["results"].as_array().expect("there are results") {
        let print = result["partialFingerprints"]["fileCodeMessage/v1"].as_str().expect("it has one");
        assert!(prints.insert(print), "two findings have one fingerprint: {result}");
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64() > Some(0), "{result}");
    }
}
