//! The readings of scalars against what the real readers say.

use kiln_model::{Diagnostics, Sources, Value};
use kiln_yaml::{Reader, Reading, Resolution, compose, compose_noting, reading};

/// A row of the corpus: the scalar, then what each reader makes of it.
struct Row {
    scalar: &'static str,
    core: &'static str,
    pyyaml: &'static str,
    kubernetes: &'static str,
    kustomize: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = include_str!("corpus/scalars.tsv").lines().filter(|line| !line.starts_with("# "));
    let row = |line: &'static str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [scalar, core, pyyaml, kubernetes, kustomize] = columns[..] else {
            panic!("five columns: {line}")
        };
        Row { scalar, core, pyyaml, kubernetes, kustomize }
    };
    let rows: Vec<Row> = lines.skip(1).map(row).collect();
    assert!(rows.len() >= 500, "the corpus is whole");
    rows
}

fn text(scalar: &str) -> String {
    if scalar == "(empty)" { "k: \n".to_owned() } else { format!("k: {scalar}\n") }
}

fn read(scalar: &str, resolution: Resolution) -> Value {
    let text = text(scalar);
    let id = Sources::new().add("a.yaml", text.as_str());
    match compose(id, &text, resolution, &mut Diagnostics::new()) {
        Ok(tree) => tree.get("k").map_or(Value::Invalid, |node| node.value.clone()),
        Err(_) => Value::Invalid,
    }
}

/// Kind and value of a column.
fn parts(column: &str) -> (&str, &str) {
    column.split_once(' ').unwrap_or((column, ""))
}

fn agrees(value: &Value, expected: &str) -> bool {
    let (kind, text) = parts(expected);
    match value {
        Value::Null => kind == "null",
        Value::Bool(it) => kind == "bool" && text == it.to_string(),
        Value::Int(it) => kind == "int" && text == it.to_string(),
        Value::Float(it) if it.is_nan() => kind == "float" && text == "nan",
        Value::Float(it) => kind == "float" && text.parse().map(f64::to_bits) == Ok(it.to_bits()),
        Value::String(it) => matches!(kind, "str" | "date") && text == it,
        Value::Invalid => kind == "error",
        other => panic!("{other:?} is no scalar"),
    }
}

#[track_caller]
fn check(resolution: Resolution, column: fn(&Row) -> &'static str) {
    let wrong: Vec<String> = rows()
        .iter()
        .map(|row| (row, read(row.scalar, resolution)))
        .filter(|(row, value)| !agrees(value, column(row)))
        .map(|(row, value)| format!("{}: {} expected, {value:?} found", row.scalar, column(row)))
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn core_reads_as_the_yaml_1_2_specification_says() {
    check(Resolution::Core, |row| row.core);
}

#[test]
fn pyyaml_reads_as_pyyaml_does() {
    check(Resolution::PyYaml, |row| row.pyyaml);
}

#[test]
fn kubernetes_reads_as_its_own_tools_do() {
    check(Resolution::Kubernetes, |row| row.kubernetes);
}

/// Whether a scalar has neither quotes nor a tag, and is one.
fn is_plain(scalar: &str) -> bool {
    scalar != "(empty)" && !scalar.starts_with(['!', '"', '\'', '|', '>', '&', '*'])
}

#[test]
fn kustomize_reads_as_its_library_does() {
    let wrong = |row: &Row| {
        let (kind, text) = parts(row.kustomize);
        let found = reading(Reader::Kustomize, row.scalar);
        let agrees = match &found {
            Reading::Null => kind == "null",
            Reading::Bool(it) => kind == "bool" && text == it.to_string(),
            Reading::Number(it) => it.parse() == text.parse::<f64>(),
            Reading::Text => kind == "str" && text == row.scalar,
            Reading::Date => kind == "date",
            Reading::Refused => kind == "error",
        };
        (!agrees).then(|| format!("{}: {} expected, {found:?} found", row.scalar, row.kustomize))
    };
    // What is no scalar by itself is not for a reader of scalars.
    let is_scalar = |row: &&Row| is_plain(row.scalar) && row.core != "error" && !row.scalar.contains(" #");
    let wrong: Vec<String> = rows().iter().filter(is_scalar).filter_map(wrong).collect();
    assert_eq!(wrong, [""; 0]);
}

/// Whether two columns are the same value. Numbers are, if they are equal.
fn same(one: &str, other: &str) -> bool {
    let plain = |column| match parts(column) {
        ("float", text) => match text.parse::<f64>().expect("it is a number") {
            it if it.fract() == 0.0 && it.abs() < 2_f64.powi(63) => format!("int {}", it as i64),
            _ => column.to_owned(),
        },
        _ => column.to_owned(),
    };
    plain(one) == plain(other)
}

#[track_caller]
fn check_notes(resolution: Resolution, differs: fn(&Row) -> bool) {
    let wrong = rows().into_iter().filter_map(|row| {
        let text = text(row.scalar);
        let id = Sources::new().add("a.yaml", text.as_str());
        let composed = compose_noting(id, &text, resolution, &mut Diagnostics::new());
        let noted = composed.is_ok_and(|it| !it.ambiguous.is_empty());
        let expected = is_plain(row.scalar) && differs(&row);
        (noted != expected).then(|| format!("{}: noted {noted}", row.scalar))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn exactly_what_yaml_1_1_reads_otherwise_is_noted() {
    check_notes(Resolution::Core, |row| row.core != "error" && !same(row.core, row.pyyaml));
}

#[test]
fn exactly_what_readers_of_manifests_read_otherwise_is_noted() {
    check_notes(Resolution::Kubernetes, |row| {
        row.kubernetes != "error"
            && !(same(row.kubernetes, row.kustomize) && same(row.kubernetes, row.pyyaml))
    });
}
