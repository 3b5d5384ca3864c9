//! One JSON object.

use kiln::{Diagnostic, Fix, Label, Mending};
use serde_json::{Value, json};

use crate::difference::ShownValue;
use crate::report::Outcome;

/// The version of the object's form; a field may be added without a new one.
const VERSION: u32 = 1;

/// The outcome as a JSON object and a line break.
///
/// Lines and columns count from 1, columns in characters; the end is the place after the
/// last character. They are `null` where a finding has no place.
pub(super) fn object(outcome: &Outcome) -> String {
    let stages = outcome.stages.iter().map(|stage| {
        let time = stage.time.as_secs_f64() * 1000.0;
        json!({"name": stage.name, "summary": stage.summary, "milliseconds": time})
    });
    let changes = outcome.changes.iter().map(|change| {
        let mut object = json!({"path": change.path, "action": change.word()});
        if let Some(values) = outcome.values.get(&change.path) {
            object["values"] = values.iter().map(value).collect();
        }
        object
    });
    let object = json!({
        "version": VERSION,
        "mode": outcome.mode,
        "pack": outcome.pack,
        "output": outcome.output,
        "stages": stages.collect::<Vec<_>>(),
        "diagnostics": findings(outcome),
        "changes": changes.collect::<Vec<_>>(),
        "not_compared": outcome.not_compared,
        "fixed": outcome.fixed.iter().map(mended).collect::<Vec<_>>(),
        "silenced": outcome.silenced,
        "written": outcome.written,
        "exit_code": outcome.exit as u8,
    });
    format!("{object}\n")
}

/// A value of an encrypted file that differs.
fn value(value: &ShownValue) -> Value {
    json!({"key": value.path, "secret": value.is_secret, "old": value.old, "new": value.new})
}

/// The findings alone.
pub(super) fn findings(outcome: &Outcome) -> Vec<Value> {
    outcome.diagnostics.iter().map(|it| finding(outcome, it)).collect()
}

fn finding(outcome: &Outcome, diagnostic: &Diagnostic) -> Value {
    let mut value = json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.name(),
        "message": diagnostic.message,
        "labels": diagnostic.labels.iter().map(|it| label(outcome, it)).collect::<Vec<_>>(),
        "help": diagnostic.help,
        "notes": diagnostic.notes,
        "fixes": diagnostic.fix.iter().map(|it| fix(outcome, it)).collect::<Vec<_>>(),
    });
    place(outcome, diagnostic.span(), &mut value);
    value
}

fn label(outcome: &Outcome, label: &Label) -> Value {
    let mut value = json!({"text": label.text});
    place(outcome, label.span, &mut value);
    value
}

/// What is to stand in a place instead.
fn fix(outcome: &Outcome, fix: &Fix) -> Value {
    let mut value = json!({"replacement": fix.text});
    place(outcome, fix.span, &mut value);
    value
}

fn mended(mending: &Mending) -> Value {
    json!({
        "file": mending.file,
        "line": mending.place.line,
        "column": mending.place.column,
        "code": mending.code,
        "old": mending.old,
        "new": mending.new,
    })
}

fn place(outcome: &Outcome, span: kiln::Span, value: &mut Value) {
    let region = outcome.region(span);
    let region = region.as_ref();
    value["file"] = json!(region.map(|it| it.file));
    value["line"] = json!(region.map(|it| it.start.line));
    value["column"] = json!(region.map(|it| it.start.column));
    value["end_line"] = json!(region.map(|it| it.end.line));
    value["end_column"] = json!(region.map(|it| it.end.column));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{with_changes, with_findings};

    #[test]
    fn the_object_is_as_agreed() {
        let found: Value = serde_json::from_str(&object(&with_findings())).unwrap();
        let expected: Value = serde_json::from_str(include_str!("../../tests/corpus/findings.json")).unwrap();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_object_is_as_the_published_schema_says() {
        let bug = crate::session::guarded(|| panic!("nobody reads this"));
        for outcome in [with_findings(), with_changes(), bug, Outcome::default()] {
            let found: Value = serde_json::from_str(&object(&outcome)).unwrap();
            let schema: Value =
                serde_json::from_str(include_str!("../../../../schemas/report.schema.json")).unwrap();
            let schema = jsonschema::draft7::new(&schema).unwrap();
            let errors: Vec<String> = schema.iter_errors(&found).map(|it| it.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
    }

    #[test]
    fn changes_are_listed_by_path() {
        let found: Value = serde_json::from_str(&object(&with_changes())).unwrap();
        assert_eq!(
            found["changes"],
            json!([
                {"path": "a/new.yaml", "action": "create"},
                {"path": "b.yaml", "action": "update"},
                {"path": "kiln.lock", "action": "update"},
            ])
        );
        assert_eq!((&found["written"], &found["exit_code"]), (&json!(true), &json!(0)));
    }

    #[test]
    fn it_is_one_line_without_the_secret() {
        let text = object(&with_findings());
        assert_eq!(text.matches('\n').count(), 1);
        assert!(!text.contains("hunter2"));
    }
}
