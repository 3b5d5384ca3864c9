//! Compares what kiln renders with what Jinja2 renders.
//!
//! The expectations of the corpus were given by Jinja2; a case of a file is rendered as kiln
//! would, and passes if the text is the same byte for byte, or if both raise an error.

mod case;
mod differential;
mod engine;
mod generate;
mod json;
mod known;
mod minimise;
mod oracle;
mod run;
mod shape;
mod tokens;
mod values;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::Result;
pub(crate) use case::{Case, Expected, Options, corpus};
pub(crate) use differential::run as differential;
pub(crate) use known::{Difference, Known, covers};
pub(crate) use oracle::Oracle;
pub(crate) use run::{Got, passes, render_all};

/// Where the cases of the repository lie.
const CORPUS: &str = "crates/kiln-jinja/tests/corpus/jinja2";

const USAGE: &str = "usage: cargo xtask conformance jinja2 FILE.jsonl [--failures] [--out OUT.jsonl]";

/// What is asked for.
struct Request {
    file: PathBuf,
    failures: bool,
    out: Option<PathBuf>,
}

/// Runs the cases of a file and prints how many pass; whether every failure is known.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<bool> {
    let request = Request::parse(arguments)?;
    let (cases, complaints) = case::read(&request.file)?;
    complaints.iter().for_each(|complaint| println!("{complaint}"));
    let known = Known::read(root)?;
    let got = render_all(&cases);
    if let Some(out) = &request.out {
        std::fs::write(out, answers(&cases, &got)?)?;
    }
    let mut areas: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut unknown = 0;
    for (case, got) in cases.iter().zip(&got) {
        let (passed, total) = areas.entry(&case.area).or_default();
        *total += 1;
        if passes(case, got) {
            *passed += 1;
            continue;
        }
        unknown += usize::from(!known.lists(&case.id));
        if request.failures {
            print!("{}", failure(case, got));
        }
    }
    areas.iter().for_each(|(area, (passed, total))| println!("{area:<22} {passed}/{total}"));
    let passed: usize = areas.values().map(|(passed, _)| passed).sum();
    println!("{passed} passed, {} failed", cases.len() - passed + complaints.len());
    Ok(unknown == 0 && complaints.is_empty())
}

impl Request {
    fn parse(arguments: &[String]) -> Result<Request> {
        let [engine, file, flags @ ..] = arguments else { return Err(USAGE.into()) };
        let mut request = Request { file: file.into(), failures: false, out: None };
        let mut flags = flags.iter();
        while let Some(flag) = flags.next() {
            match flag.as_str() {
                "--failures" => request.failures = true,
                "--out" => request.out = Some(flags.next().ok_or(USAGE)?.into()),
                _ => return Err(USAGE.into()),
            }
        }
        if engine == "jinja2" { Ok(request) } else { Err(USAGE.into()) }
    }
}

/// What kiln made of each case, a line each.
fn answers(cases: &[Case], got: &[Got]) -> Result<String> {
    let mut lines = String::new();
    for (case, got) in cases.iter().zip(got) {
        let answer = match got {
            Got::Text(out) => serde_json::json!({ "id": case.id, "out": out }),
            Got::Error(error) => serde_json::json!({ "id": case.id, "error": error }),
            Got::Panic(message) => {
                serde_json::json!({ "id": case.id, "error": format!("panic: {message}") })
            }
        };
        writeln!(lines, "{answer}")?;
    }
    Ok(lines)
}

/// A failing case in a few lines.
pub(crate) fn failure(case: &Case, got: &Got) -> String {
    let expected = match &case.expected {
        Some(Expected::Out { out }) => short(&format!("{out:?}")),
        Some(Expected::Error { error, msg }) => short(&format!("{error}: {msg}")),
        None => "no expectation".to_owned(),
    };
    let source = case.templates.0.iter().find(|(name, _)| *name == case.main).map_or("", |(_, text)| text);
    let template = short(&format!("{source:?}"));
    format!(
        "{}\n    template {template}\n    expected {expected}\n    got      {}\n",
        case.id,
        short(&got.to_string())
    )
}

fn short(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kiln_renders_what_jinja2_renders() {
        let root = crate::root();
        let (cases, known) = (corpus(&root).unwrap(), Known::read(&root).unwrap());
        let got = render_all(&cases);
        let failed: Vec<(&Case, &Got)> =
            cases.iter().zip(&got).filter(|(case, got)| !passes(case, got)).collect();
        let unknown: String = failed
            .iter()
            .filter(|(case, _)| !known.lists(&case.id))
            .map(|(case, got)| failure(case, got))
            .collect();
        assert!(unknown.is_empty(), "\n{unknown}");
        let ids: Vec<&str> = failed.iter().map(|(case, _)| case.id.as_str()).collect();
        assert_eq!(known.stale(&ids), Vec::<&str>::new(), "these are listed as known, and pass");
    }

    #[test]
    fn every_case_has_a_name_of_its_own() {
        let cases = corpus(&crate::root()).unwrap();
        let mut ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
        ids.sort_unstable();
        let twice: Vec<&&str> = ids.windows(2).filter(|two| two[0] == two[1]).map(|two| &two[0]).collect();
        assert!(!ids.is_empty() && twice.is_empty(), "{twice:?}");
    }
}
