//! SARIF 2.1.0 (OASIS), as code scanning reads it.

mod rules;

use std::collections::{BTreeMap, BTreeSet};

use kiln::{Diagnostic, Fix, Label, Severity};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::exit::Exit;
use crate::report::{Outcome, Region};
use crate::session::VERSION;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name of our fingerprints; their form is the number.
const FINGERPRINT: &str = "fileCodeMessage/v1";

/// The outcome as a SARIF log and a line break.
///
/// A finding without a place is a notification of the tool: code scanning takes no result
/// without one.
pub(super) fn log(outcome: &Outcome) -> String {
    let (results, rest): (Vec<_>, Vec<_>) =
        outcome.diagnostics.iter().partition(|it| outcome.region(it.span()).is_some());
    let codes: BTreeSet<&str> = results.iter().map(|it| &*it.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let mut seen = BTreeMap::new();
    let results: Vec<Value> = results.into_iter().map(|it| result(outcome, it, &codes, &mut seen)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "kiln",
                "version": VERSION,
                "rules": codes.iter().map(|code| rules::rule(outcome, code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": outcome.exit != Exit::Failed,
                "exitCode": outcome.exit as u8,
                "toolExecutionNotifications": rest.into_iter().map(notification).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    });
    format!("{log}\n")
}

fn notification(diagnostic: &Diagnostic) -> Value {
    json!({
        "descriptor": {"id": diagnostic.code},
        "level": level(diagnostic),
        "message": {"text": text(diagnostic)},
    })
}

/// `seen` counts the findings that are the same but for their lines.
fn result(
    outcome: &Outcome,
    diagnostic: &Diagnostic,
    codes: &[&str],
    seen: &mut BTreeMap<String, usize>,
) -> Value {
    let mut places = diagnostic.labels.iter().filter_map(|label| location(outcome, label));
    let mut result = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": codes.binary_search(&&*diagnostic.code).unwrap_or_default(),
        "level": level(diagnostic),
        "message": {"text": text(diagnostic)},
        "locations": places.next().into_iter().collect::<Vec<_>>(),
        "partialFingerprints": {FINGERPRINT: fingerprint(outcome, diagnostic, seen)},
    });
    let related: Vec<Value> = places.collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if let Some(fix) = diagnostic.fix.as_ref().and_then(|it| fix(outcome, it)) {
        result["fixes"] = json!([fix]);
    }
    result
}

/// What is to stand in a place instead.
fn fix(outcome: &Outcome, fix: &Fix) -> Option<Value> {
    let region = outcome.region(fix.span)?;
    Some(json!({"artifactChanges": [{
        "artifactLocation": {"uri": uri(region.file)},
        "replacements": [{
            "deletedRegion": lines(&region),
            "insertedContent": {"text": fix.text},
        }],
    }]}))
}

/// Tells a finding from others as long as file, code and message stay, on whatever line it is.
/// Nothing in a message is secret, so nothing can be guessed from it.
fn fingerprint(outcome: &Outcome, diagnostic: &Diagnostic, seen: &mut BTreeMap<String, usize>) -> String {
    let file = outcome.region(diagnostic.span()).map_or("", |it| it.file);
    let hash = Sha256::digest([&diagnostic.code, file, &diagnostic.message].join("\0"));
    let hash: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let count = seen.entry(hash.clone()).or_default();
    *count += 1;
    format!("{hash}:{count}")
}

fn level(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn text(diagnostic: &Diagnostic) -> String {
    let notes = diagnostic.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    notes.chain(help).fold(diagnostic.message.clone(), |text, more| text + &more)
}

fn location(outcome: &Outcome, label: &Label) -> Option<Value> {
    let region = outcome.region(label.span)?;
    let mut place = json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(region.file)},
        "region": lines(&region),
    }});
    if !label.text.is_empty() {
        place["message"] = json!({"text": label.text});
    }
    Some(place)
}

fn lines(region: &Region<'_>) -> Value {
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    })
}

/// A path as a URI reference (RFC 3986): relative, or of the scheme `file`.
fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    path.bytes().fold(scheme.to_owned(), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::with_findings;

    #[test]
    fn the_log_is_as_code_scanning_reads_it() {
        let found: Value = serde_json::from_str(&log(&with_findings())).unwrap();
        let expected: Value =
            serde_json::from_str(include_str!("../../tests/corpus/findings.sarif")).unwrap();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_result_names_its_rule_and_counts_from_one() {
        let log: Value = serde_json::from_str(&log(&with_findings())).unwrap();
        let run = &log["runs"][0];
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
            for location in result["locations"].as_array().into_iter().flatten() {
                let region = &location["physicalLocation"]["region"];
                for key in ["startLine", "startColumn", "endLine", "endColumn"] {
                    assert!(region[key].as_u64() > Some(0), "{result}");
                }
            }
        }
    }

    #[test]
    fn a_path_becomes_a_uri() {
        assert_eq!(uri("a b/ä#1.yaml"), "a%20b/%C3%A4%231.yaml");
        assert_eq!(uri("/srv/x.yaml"), "file:///srv/x.yaml");
    }
}
