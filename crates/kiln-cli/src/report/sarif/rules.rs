//! What a log says of the rules behind its findings.

use kiln::Severity;
use kiln::explain::{self, Page};
use serde_json::{Value, json};

use crate::report::Outcome;

/// The rule of a code, with the properties that GitHub's code scanning asks for.
pub(super) fn rule(outcome: &Outcome, code: &str) -> Value {
    let of_pack = || outcome.rules.iter().find(|page| page.code == code).cloned();
    let Some(page) = of_pack().or_else(|| explain::page(code)) else {
        let text = json!({"text": code});
        return json!({"id": code, "shortDescription": text, "fullDescription": text, "help": text});
    };
    let (level, kind) = match page.severity {
        Severity::Error => ("error", "error"),
        Severity::Warning => ("warning", "warning"),
        Severity::Info => ("note", "recommendation"),
    };
    let stage = code.split('.').next().unwrap_or_default();
    json!({
        "id": code,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": full(&page)},
        "help": {"text": help(&page, ""), "markdown": help(&page, "**")},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["kiln", stage],
            "precision": "very-high",
            "problem.severity": kind,
        },
    })
}

fn full(page: &Page) -> &str {
    page.meaning.as_deref().or(page.why.as_deref()).unwrap_or(&page.title)
}

/// The page as text, or as Markdown with `strong` around its headings.
fn help(page: &Page, strong: &str) -> String {
    let part = |head: &str, text: &Option<String>| {
        text.as_ref().map(|text| format!("{strong}{head}:{strong} {text}"))
    };
    let parts = [
        part("What it means", &page.meaning),
        part("Why it matters", &page.why),
        part("How to fix it", &page.fix),
        Some(format!("`kiln explain {}` says more.", page.code)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}
