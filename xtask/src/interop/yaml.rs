//! PyYAML, a reader of YAML 1.2, and the readers of Kubernetes read every case of the corpus.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Bench, Tally};
use crate::Result;
use crate::command::Run;

const CORPUS: &str = "crates/kiln-yaml/tests/corpus";
const PEERS: &str = "xtask/peers/yaml";

/// The readers, in the order of the columns.
const READERS: [&str; 4] = ["core", "pyyaml", "kubernetes", "kustomize"];

/// What kiln reads otherwise on purpose.
#[derive(Deserialize)]
struct Differences {
    difference: Vec<Difference>,
}

#[derive(Deserialize)]
struct Difference {
    reader: String,
    cases: Vec<String>,
    reason: String,
}

/// The answers of all readers to some texts.
struct Answers {
    core: Vec<Value>,
    pyyaml: Vec<Value>,
    kubernetes: Vec<Value>,
}

/// Asks every reader whether the expectations of the corpus are its own; with `UPDATE` in the
/// environment, they become so, but for the differences that are listed.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let folder = bench.root.join(CORPUS);
    let text = std::fs::read_to_string(folder.join("differences.toml"))?;
    let known: Differences = toml::from_str(&text)?;
    let mut listed = BTreeMap::new();
    for Difference { reader, cases, reason } in &known.difference {
        tally.claim(&format!("a difference to {reader} has a reason"), non_empty(reason));
        listed.extend(cases.iter().map(|case| ((reader.as_str(), case.as_str()), false)));
    }
    let mut differs =
        |reader: &'static str, case: &str| match listed.iter_mut().find(|(it, _)| **it == (reader, case)) {
            Some((_, seen)) => {
                *seen = true;
                true
            }
            None => false,
        };
    scalars(bench, &folder, &mut differs, tally)?;
    documents(bench, &folder, &mut differs, tally)?;
    for ((reader, case), seen) in listed {
        let outcome = if seen { Ok(()) } else { Err("there is none any more".into()) };
        tally.claim(&format!("kiln differs from {reader} in `{case}`"), outcome);
    }
    Ok(())
}

fn non_empty(reason: &str) -> Result<()> {
    if reason.is_empty() { Err("it is empty".into()) } else { Ok(()) }
}

type Differs<'a> = &'a mut dyn FnMut(&'static str, &str) -> bool;

fn scalars(bench: &Bench<'_>, folder: &Path, differs: Differs<'_>, tally: &mut Tally) -> Result<()> {
    let path = folder.join("scalars.tsv");
    let text = std::fs::read_to_string(&path)?;
    let is_head = |line: &&str| line.starts_with("# ") || line.starts_with("scalar\t");
    let mut written: String = text.lines().filter(is_head).map(|line| format!("{line}\n")).collect();
    let rows: Vec<Vec<&str>> =
        text.lines().filter(|line| !is_head(line)).map(|it| it.split('\t').collect()).collect();
    let shown = |scalar: &str| if scalar == "(empty)" { String::new() } else { scalar.to_owned() };
    let texts: Vec<String> = rows.iter().map(|row| format!("k: {}\n", shown(row[0]))).collect();
    let answers = ask(bench, &texts)?;
    for (index, row) in rows.iter().enumerate() {
        let said = [
            column(&answers.core[index], "value"),
            column(&answers.pyyaml[index], "value"),
            column(&answers.kubernetes[index], "kubectl"),
            column(&answers.kubernetes[index], "kustomize"),
        ];
        let mut line = vec![row[0].to_owned()];
        for (position, (reader, said)) in READERS.into_iter().zip(said).enumerate() {
            let expected = row.get(position + 1).copied().unwrap_or_default();
            let agrees = same(expected, &said);
            let is_known = !agrees && differs(reader, row[0]);
            let outcome = if agrees || is_known {
                Ok(())
            } else {
                Err(format!("it reads {said}, not {expected}").into())
            };
            tally.claim(&format!("to {reader}, `{}` is what the corpus says", row[0]), outcome);
            line.push(if agrees || is_known { expected.to_owned() } else { said });
        }
        written.push_str(&format!("{}\n", line.join("\t")));
    }
    update(&path, &written)?;
    built(bench, &rows, tally)
}

/// What kustomize itself makes of an object of all scalars that it does not refuse.
fn built(bench: &Bench<'_>, rows: &[Vec<&str>], tally: &mut Tally) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let rows: Vec<&Vec<&str>> = rows.iter().filter(|row| row[4] != "error" && row[0] != "(empty)").collect();
    let mut object = "apiVersion: a/v1\nkind: A\nmetadata: {name: a}\nspec:\n".to_owned();
    for (index, row) in rows.iter().enumerate() {
        // An anchor is given once, and some scalars go on behind a blank.
        object.push_str(&format!("  k{index}: {}\n", row[0]));
    }
    std::fs::write(folder.path().join("a.yaml"), object)?;
    std::fs::write(folder.path().join("kustomization.yaml"), "resources: [a.yaml]\n")?;
    let text = Run::new(bench.cache.program("kustomize")).arg("build").arg(folder.path()).text()?;
    let answer = kubernetes(bench, &[text])?;
    for (index, row) in rows.iter().enumerate() {
        let said = word(&answer[0]["kubectl"]["spec"][format!("k{index}")]);
        let agrees = if row[4] == "date" { said.starts_with("str ") } else { same(row[4], &said) };
        let outcome = if agrees { Ok(()) } else { Err(format!("it writes {said}, not {}", row[4]).into()) };
        tally.claim(&format!("kustomize builds `{}` as the corpus says", row[0]), outcome);
    }
    Ok(())
}

fn documents(bench: &Bench<'_>, folder: &Path, differs: Differs<'_>, tally: &mut Tally) -> Result<()> {
    let path = folder.join("documents.jsonl");
    let text = std::fs::read_to_string(&path)?;
    let mut cases: Vec<Value> =
        text.lines().map(serde_json::from_str).collect::<std::result::Result<_, _>>()?;
    let text_of = |case: &Value| case["text"].as_str().unwrap_or_default().to_owned();
    let answers = ask(bench, &cases.iter().map(text_of).collect::<Vec<_>>())?;
    let mut written = String::new();
    for (index, case) in cases.iter_mut().enumerate() {
        let name = case["name"].as_str().unwrap_or_default().to_owned();
        for (reader, answer) in [("core", &answers.core[index]), ("pyyaml", &answers.pyyaml[index])] {
            let agrees = case[reader] == *answer;
            let is_known = !agrees && differs(reader, &name);
            let outcome = if agrees || is_known { Ok(()) } else { Err(format!("it reads {answer}").into()) };
            tally.claim(&format!("to {reader}, {name} is what the corpus says"), outcome);
            if !is_known {
                case[reader] = answer.clone();
            }
        }
        written.push_str(&format!("{}\n", serde_json::to_string(case)?));
    }
    update(&path, &written)
}

fn ask(bench: &Bench<'_>, texts: &[String]) -> Result<Answers> {
    let peers = bench.root.join(PEERS);
    let core = bench.cache.place("npm").join("yaml");
    let core = Run::new("node").arg(peers.join("read.mjs")).arg(core);
    let pyyaml = Run::new(bench.cache.python()).arg(peers.join("read.py"));
    Ok(Answers {
        core: answers(core, texts)?,
        pyyaml: answers(pyyaml, texts)?,
        kubernetes: kubernetes(bench, texts)?,
    })
}

fn kubernetes(bench: &Bench<'_>, texts: &[String]) -> Result<Vec<Value>> {
    answers(Run::new(bench.cache.program("yaml-kubernetes")), texts)
}

/// One answer a text.
fn answers(run: Run, texts: &[String]) -> Result<Vec<Value>> {
    let lines: Vec<String> =
        texts.iter().map(serde_json::to_string).collect::<std::result::Result<_, _>>()?;
    let output = run.input(format!("{}\n", lines.join("\n"))).stdout()?;
    let answers: Vec<Value> = std::str::from_utf8(&output)?
        .lines()
        .map(serde_json::from_str)
        .collect::<std::result::Result<_, _>>()?;
    if answers.len() == texts.len() {
        Ok(answers)
    } else {
        Err("a reader has not answered every case".into())
    }
}

/// The answer about `k: SCALAR` as a column.
fn column(answer: &Value, field: &str) -> String {
    match answer[field].as_object().and_then(|it| it.get("k")) {
        Some(value) if answer["lacks"] != true => word(value),
        _ => "error".to_owned(),
    }
}

fn word(value: &Value) -> String {
    let of = |kind: &str| value[kind].as_str().map(|text| format!("{kind} {text}"));
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(it) => format!("bool {it}"),
        Value::String(text) => format!("str {text}"),
        _ if value["date"] == true => "date".to_owned(),
        _ => ["int", "float", "date"].into_iter().find_map(of).unwrap_or_else(|| json!(value).to_string()),
    }
}

/// Whether two columns are the same; each reader has its own way to write a number.
fn same(one: &str, other: &str) -> bool {
    let number = |column: &str| {
        let text = column.strip_prefix("float ").or(column.strip_prefix("int "))?;
        text.parse::<f64>().ok()
    };
    let kind = |column: &str| column.split(' ').next().map(str::to_owned);
    match (number(one), number(other)) {
        (Some(a), Some(b)) if kind(one) == Some("float".to_owned()) || a == 0.0 => {
            kind(one) == kind(other)
                && (a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan() || a == 0.0 && b == 0.0)
        }
        _ => one == other,
    }
}

fn update(path: &PathBuf, text: &str) -> Result<()> {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text)?;
    }
    Ok(())
}
