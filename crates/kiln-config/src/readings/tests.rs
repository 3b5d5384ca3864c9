use kiln_model::Span;
use kiln_yaml::{Resolution, compose_noting};

use super::*;

/// What is said of a text in which `secret` is hidden, a finding a line.
fn said(text: &str, secret: &str, wrong: Diagnostics) -> Vec<String> {
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text);
    if let Some(at) = text.find(secret).filter(|_| !secret.is_empty()) {
        sources.mask(Span::new(id, at, at + secret.len()));
    }
    let composed = compose_noting(id, text, Resolution::Core, &mut Diagnostics::new()).unwrap();
    let mut sink = Diagnostics::new();
    report(&composed.ambiguous, wrong, &sources, &mut sink);
    let shown = sink.iter().map(|it| {
        let labels: Vec<String> = it.labels.iter().map(|label| label.text.clone()).collect();
        let rest = [it.help.clone(), it.notes.first().cloned()].into_iter().flatten().collect::<Vec<_>>();
        format!("{} [{}] {}", it.message, labels.join("; "), rest.join("; "))
    });
    shown.collect()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(said(text, "", Diagnostics::new()), [expected]);
}

#[test]
fn both_readings_are_said_and_how_to_mend_it() {
    check(
        "a: yes\n",
        "YAML 1.2 reads the text `yes`, YAML 1.1 the boolean `true` [read in two ways] \
         put it into quotes if it is text, or write `true`",
    );
    check(
        "a: 0777\n",
        "YAML 1.2 reads the number `777`, YAML 1.1 the number `511` [read in two ways] \
         write `777` if it is a number, or put it into quotes",
    );
    check(
        "a: 1e3\n",
        "YAML 1.2 reads the number `1000`, YAML 1.1 the text `1e3` [read in two ways] \
         write `1000` if it is a number, or put it into quotes",
    );
    check(
        "a: 1e99\n",
        "YAML 1.2 reads the number `1e+99`, YAML 1.1 the text `1e99` [read in two ways] \
         write the number with a point and a signed exponent, such as `1.0e+30`",
    );
    check(
        "a: 52:54:00:12:34:56\n",
        "YAML 1.2 reads the text `52:54:00:12:34:56`, YAML 1.1 the number `41135085296` [read in two ways] \
         put it into quotes",
    );
    check(
        "on: a\n",
        "of this key YAML 1.2 reads the text `on`, YAML 1.1 the boolean `true` [read in two ways] \
         put it into quotes",
    );
}

#[test]
fn of_a_secret_the_kind_alone_is_said() {
    let found = said("token: 0777_1234\n", "0777_1234", Diagnostics::new());
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("YAML 1.2 reads text, YAML 1.1 a number"), "{found:?}");
    for digits in ["0777", "1234", "262"] {
        assert!(!found[0].contains(digits), "{found:?}");
    }
}

#[test]
fn what_is_wrong_anyway_gets_a_note() {
    let span = Span::new(Sources::new().add("a.yaml", ""), 3, 6);
    let mut wrong = Diagnostics::new();
    wrong.push(Diagnostic::error("validate.wrong-type", "wrong").label(span, "here"));
    let found = said("a: yes\n", "", wrong);
    assert_eq!(found, ["wrong [here] YAML 1.1 reads the boolean `true` here"]);
}

#[test]
fn values_under_the_same_keys_share_a_finding() {
    let nodes: String = (10..60).map(|it| format!("- {{mac: 52:54:00:12:34:{it}, name: n{it}}}\n")).collect();
    let found = said(&format!("nodes:\n{nodes}"), "", Diagnostics::new());
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("50 values of `nodes[].mac` are read in two ways ["), "{found:?}");
    assert!(found[0].ends_with("and 40 more places"), "{found:?}");
    assert_eq!(found[0].matches("to YAML 1.1 the number").count(), MAX_LABELS);
}

#[test]
fn a_file_gets_few_findings() {
    let many: String = (0..500).map(|it| format!("k{it}: yes\n")).collect();
    let found = said(&many, "", Diagnostics::new());
    assert_eq!(found.len(), MAX_FINDINGS + 1);
    assert!(
        found[MAX_FINDINGS].starts_with("480 more scalars of this file are read in two ways"),
        "{found:?}"
    );
}
