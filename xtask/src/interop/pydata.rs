//! Python reads every data file of the corpus.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Bench, Tally};
use crate::Result;
use crate::command::Run;

const CORPUS: &str = "crates/kiln-pydata/tests/corpus";

/// What Python says to a case.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Answer {
    Value { value: String },
    Error { error: Option<[u64; 2]> },
}

impl Answer {
    /// Writes the answer into a case.
    fn write(&self, case: &mut Map<String, Value>) {
        case.remove("value");
        case.remove("error");
        match self {
            Answer::Value { value } => case.insert("value".to_owned(), json!(value)),
            Answer::Error { error } => case.insert("error".to_owned(), json!(error)),
        };
    }
}

/// Asks Python whether the expectations of the corpus are its own; with `UPDATE` in the
/// environment, they become so.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    for format in ["yaml", "toml", "json"] {
        let path = bench.root.join(CORPUS).join(format!("{format}.jsonl"));
        let text = std::fs::read_to_string(&path)?;
        let cases: Vec<Map<String, Value>> =
            text.lines().map(serde_json::from_str).collect::<std::result::Result<_, _>>()?;
        let answers = ask(bench, format, &cases)?;
        let mut written = String::new();
        for (index, (case, answer)) in cases.iter().zip(&answers).enumerate() {
            let mut expected = case.clone();
            answer.write(&mut expected);
            let agrees =
                if expected == *case { Ok(()) } else { Err(format!("Python gives {answer:?}").into()) };
            tally.claim(&format!("{format}.jsonl:{} expects what Python reads", index + 1), agrees);
            written.push_str(&serde_json::to_string(&expected)?);
            written.push('\n');
        }
        update(&path, &written)?;
    }
    Ok(())
}

fn ask(bench: &Bench<'_>, format: &str, cases: &[Map<String, Value>]) -> Result<Vec<Answer>> {
    let mut input = Vec::new();
    for case in cases {
        let text = case.get("text").and_then(Value::as_str).unwrap_or_default();
        let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        let hex = case.get("hex").and_then(Value::as_str).unwrap_or(&hex);
        serde_json::to_writer(&mut input, &json!({ "format": format, "hex": hex }))?;
        input.push(b'\n');
    }
    let script = bench.root.join("xtask/peers/pydata/read.py");
    let output = Run::new(bench.cache.python()).arg(script).input(input).stdout()?;
    let answers: Vec<Answer> = std::str::from_utf8(&output)?
        .lines()
        .map(serde_json::from_str)
        .collect::<std::result::Result<_, _>>()?;
    if answers.len() == cases.len() { Ok(answers) } else { Err("Python has not answered every case".into()) }
}

fn update(path: &Path, text: &str) -> Result<()> {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text)?;
    }
    Ok(())
}
