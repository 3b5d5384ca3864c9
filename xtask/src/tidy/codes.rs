//! Diagnostic codes.

use super::Finding;
use super::house::House;
use super::sources::{Repository, SourceFile};

const BUILDERS: &[&str] = &["Diagnostic::new(", "Diagnostic::error(", "Diagnostic::warning("];

/// Every code that is written down in a call is `stage.what-is-wrong`.
pub(super) fn form(repository: &Repository, house: &House) -> Vec<Finding> {
    let stages = &house.codes.stages;
    let mut findings = Vec::new();
    for file in repository.rust() {
        for (line, code) in codes(file) {
            if !is_code(&code, stages) {
                let text = format!("`{code}` is not of the form stage.what-is-wrong");
                findings.push(Finding::new(&file.path, line, text));
            }
        }
    }
    findings
}

fn is_code(code: &str, stages: &[String]) -> bool {
    let Some((stage, rest)) = code.split_once('.') else { return false };
    let is_word =
        |it: &str| !it.is_empty() && it.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    stages.iter().any(|it| it == stage) && rest.split('-').all(is_word)
}

/// The codes in calls of the builders, with their lines. Other arguments than a literal
/// come from a call that has one; a builder in quotes, as above, is none.
fn codes(file: &SourceFile) -> Vec<(usize, String)> {
    let shipped = file.shipped_lines();
    let text: String = shipped.iter().map(|(_, line)| format!("{line}\n")).collect();
    let mut codes = Vec::new();
    for builder in BUILDERS {
        for (at, _) in text.match_indices(builder) {
            if text[..at].ends_with('"') {
                continue;
            }
            let arguments = text[at + builder.len()..].trim_start();
            let code = match builder.ends_with("new(") {
                true => arguments.split_once(',').map_or("", |(_, rest)| rest).trim_start(),
                false => arguments,
            };
            let code = code.strip_prefix('"').and_then(|rest| rest.split_once('"'));
            let line = text[..at].lines().count().saturating_sub(1);
            codes.extend(code.map(|(code, _)| (shipped[line].0, code.to_owned())));
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_from_calls() {
        let text = "fn a() {\n    Diagnostic::error(\n        \"load.bad\",\n        \"no\",\n    )\n}\n\
                    fn b() -> D {\n    Diagnostic::new(Severity::Info, \"Load.Odd\", \"no\")\n}\n\
                    fn c() {\n    Diagnostic::error(code, \"not.this\")\n}\n";
        let file = SourceFile::example("crates/x/src/a.rs", "x", text);
        assert_eq!(codes(&file), [(8, "Load.Odd".to_owned()), (2, "load.bad".to_owned())]);
    }

    #[test]
    fn a_code_is_a_stage_and_words() {
        let stages = ["load".to_owned()];
        for code in ["load.bad", "load.two-words", "load.not-utf8"] {
            assert!(is_code(code, &stages), "{code}");
        }
        for code in ["load", "load.", "load.Bad", "load.two_words", "load.-a", "other.bad", "load.a.b"] {
            assert!(!is_code(code, &stages), "{code}");
        }
    }
}
