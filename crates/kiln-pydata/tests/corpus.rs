//! What Python reads is what kiln reads; see `corpus/README.md`.

use kiln_pydata::DataError;
use kiln_python::Py;
use serde_json::Value;

/// Which part of the place of an error Python and kiln agree on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    LineAndColumn,
    Line,
}

fn bytes(case: &Value) -> Vec<u8> {
    match case["hex"].as_str() {
        None => case["text"].as_str().expect("a case has a text").into(),
        Some(hex) => (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("two digits"))
            .collect(),
    }
}

/// What is wrong with what was read, if anything is.
fn fault(case: &Value, got: &Result<Py, DataError>, places: Place) -> Option<String> {
    let refused = !case["refused"].is_null();
    match (got, case["value"].as_str()) {
        (Ok(_), _) if refused => Some("it is read, though it says `refused`".to_owned()),
        (Ok(value), Some(expected)) => {
            let text = value.repr().expect("the values of the corpus can be shown");
            (text != expected).then(|| format!("expected {expected}, got {text}"))
        }
        (Ok(_), None) => Some("it is read, but Python refuses it".to_owned()),
        (Err(_), _) if refused => None,
        (Err(error), Some(expected)) => Some(format!("expected {expected}, got: {error}")),
        (Err(error), None) => {
            let place = [error.line, error.column];
            let parts = if places == Place::Line { 1 } else { 2 };
            let named = case["error"].as_array()?;
            let agrees =
                named.iter().zip(place).take(parts).all(|(named, own)| named.as_u64() == Some(own as u64));
            (!agrees).then(|| format!("expected the place {named:?}, got: {error}"))
        }
    }
}

fn check(cases: &str, least: usize, places: Place, read: impl Fn(&[u8]) -> Result<Py, DataError>) {
    let cases: Vec<Value> =
        cases.lines().map(|line| serde_json::from_str(line).expect("a line is a case")).collect();
    assert!(cases.len() >= least, "there are {} cases", cases.len());
    let faults: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{case}\n  {}\n", fault(case, &read(&bytes(case)), places)?)))
        .collect();
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults.concat());
}

#[test]
fn yaml_is_read_as_pyyaml_reads_it() {
    let read = |bytes: &[u8]| kiln_pydata::yaml(bytes).map(Py::list);
    check(include_str!("corpus/yaml.jsonl"), 1600, Place::LineAndColumn, read);
}

#[test]
fn toml_is_read_as_tomllib_reads_it() {
    check(include_str!("corpus/toml.jsonl"), 1000, Place::Line, kiln_pydata::toml);
}

#[test]
fn json_is_read_as_python_reads_it() {
    check(include_str!("corpus/json.jsonl"), 240, Place::LineAndColumn, kiln_pydata::json);
}
