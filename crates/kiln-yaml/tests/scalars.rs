//! The three readings of scalars against what the real readers say.

use kiln_model::{Diagnostics, Sources, Value};
use kiln_yaml::{Resolution, compose};

/// Every row of the corpus: the scalar, then what each reader makes of it.
fn rows() -> Vec<Vec<&'static str>> {
    let lines = include_str!("corpus/scalars.tsv").lines().filter(|line| !line.starts_with("# "));
    lines.skip(1).map(|line| line.split('\t').collect()).collect()
}

fn read(scalar: &str, resolution: Resolution) -> Value {
    let text = if scalar == "(empty)" { "k: \n".to_owned() } else { format!("k: {scalar}\n") };
    let id = Sources::new().add("a.yaml", text.as_str());
    let tree = compose(id, &text, resolution, &mut Diagnostics::new());
    tree.unwrap_or_else(|_| panic!("`{scalar}` is YAML"))
        .get("k")
        .expect("the text has this key")
        .value
        .clone()
}

fn agrees(value: &Value, expected: &str) -> bool {
    let (kind, text) = expected.split_once(' ').unwrap_or((expected, ""));
    match value {
        Value::Null => kind == "null",
        Value::Bool(it) => kind == "bool" && text == it.to_string(),
        Value::Int(it) => kind == "int" && text == it.to_string(),
        Value::Float(it) if it.is_nan() => kind == "float" && text == "nan",
        Value::Float(it) => kind == "float" && text.parse().map(f64::to_bits) == Ok(it.to_bits()),
        Value::String(it) => kind == "str" && text == it,
        Value::Invalid => kind == "error",
        other => panic!("{other:?} is no scalar"),
    }
}

fn check(resolution: Resolution, column: usize) {
    let rows = rows();
    assert!(rows.len() >= 170, "the corpus is whole");
    let wrong: Vec<String> = rows
        .iter()
        .map(|row| (row, read(row[0], resolution)))
        .filter(|(row, value)| !agrees(value, row[column]))
        .map(|(row, value)| format!("{}: {} expected, {value:?} found", row[0], row[column]))
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn core_reads_as_the_yaml_1_2_specification_says() {
    check(Resolution::Core, 1);
}

#[test]
fn pyyaml_reads_as_pyyaml_does() {
    check(Resolution::PyYaml, 2);
}

#[test]
fn kubernetes_reads_as_its_own_tools_do() {
    check(Resolution::Kubernetes, 3);
}
