//! The page of a code.

use std::fmt::Write as _;

use kiln::Severity;
use kiln::explain::{Example, Page};
use serde_json::{Value, json};

const SURE: &str = "writing to a String cannot fail";

/// How long a line of prose is.
const WIDTH: usize = 88;

/// The page for people, coloured.
pub(crate) fn human(page: &Page) -> String {
    let colour = match page.severity {
        Severity::Error => "\x1b[1;91m",
        Severity::Warning => "\x1b[1;33m",
        Severity::Info => "\x1b[1;96m",
    };
    let severity = page.severity.name();
    let mut text = format!("{colour}{severity}[{}]\x1b[0m\x1b[1m: {}\x1b[0m\n", page.code, page.title);
    let lenient = page.is_lenient.then(|| "With `--compat` it is a warning.".to_owned());
    let keys = (!page.keys.is_empty()).then(|| format!("It points at {}.", listed(&page.keys)));
    let also = (!page.also.is_empty()).then(|| format!("Elsewhere it is {}.", listed(&page.also)));
    let rest: Vec<String> = keys.into_iter().chain(lenient).chain(also).collect();
    let rest = (!rest.is_empty()).then(|| rest.join(" "));
    let parts = [
        ("What it means", &page.meaning),
        ("Why it matters", &page.why),
        ("How to fix it", &page.fix),
        ("Where", &rest),
    ];
    for (head, prose) in parts {
        let Some(prose) = prose else { continue };
        let prose = if page.chapter.is_none() { sentence(prose) } else { prose.clone() };
        write!(text, "\n\x1b[1m{head}\x1b[0m\n{}", wrapped(&prose)).expect(SURE);
    }
    if let Some(example) = &page.example {
        write!(text, "\n\x1b[1mExample\x1b[0m\n{}", shown(example)).expect(SURE);
    }
    text
}

/// All codes with their titles, one to a line.
pub(crate) fn list(pages: &[Page]) -> String {
    let width = pages.iter().map(|page| page.code.len()).max().unwrap_or_default();
    pages.iter().map(|page| format!("\x1b[1m{:<width$}\x1b[0m  {}\n", page.code, page.title)).collect()
}

/// The page as a JSON object and a line break.
pub(crate) fn json(page: &Page) -> String {
    format!("{}\n", object(page))
}

/// All pages as a JSON object and a line break.
pub(crate) fn json_of_all(pages: &[Page]) -> String {
    format!("{}\n", json!({"version": 1, "codes": pages.iter().map(object).collect::<Vec<_>>()}))
}

fn object(page: &Page) -> Value {
    let example = page.example.as_ref().map(|example| {
        let files = example.files.iter().map(|(path, text)| (path.clone(), json!(text)));
        json!({
            "files": files.collect::<serde_json::Map<String, Value>>(),
            "run": format!("kiln {}", example.run),
            "output": example.output,
        })
    });
    json!({
        "code": page.code,
        "severity": page.severity.name(),
        "lenient": page.is_lenient,
        "title": page.title,
        "meaning": page.meaning,
        "why": page.why,
        "fix": page.fix,
        "keys": page.keys,
        "also": page.also,
        "example": example,
    })
}

fn shown(example: &Example) -> String {
    let mut text = String::new();
    for (path, content) in &example.files {
        write!(text, "  {path}:\n{}\n", indented(content)).expect(SURE);
    }
    write!(text, "  $ kiln {}\n{}", example.run, indented(&example.output)).expect(SURE);
    text
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The help of a rule begins small and has no full stop; a page is made of sentences.
fn sentence(prose: &str) -> String {
    let mut letters = prose.chars();
    let first = letters.next().map(|it| it.to_uppercase().collect::<String>()).unwrap_or_default();
    let end = if prose.ends_with(['.', '?', '!', ':']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// Prose in lines of a readable length, indented by two.
fn wrapped(prose: &str) -> String {
    let mut text = String::new();
    for paragraph in prose.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
                writeln!(text, "  {line}").expect(SURE);
                line.clear();
            }
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
        writeln!(text, "  {line}").expect(SURE);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::plain;

    #[test]
    fn a_page_has_its_parts_in_order() {
        let page = kiln::explain::page("load.duplicate-key").expect("there is such a page");
        let text = plain(&human(&page));
        assert!(
            text.starts_with("error[load.duplicate-key]: A key is given twice\n\nWhat it means\n  A mapping")
        );
        let heads = ["What it means", "Why it matters", "How to fix it", "Example"];
        let places: Vec<_> =
            heads.iter().map(|head| text.find(&format!("\n\n{head}\n  ")).expect(head)).collect();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn prose_is_wrapped_between_words() {
        let text = wrapped(&"word ".repeat(40));
        assert!(text.lines().all(|line| line.len() <= WIDTH + 2 && line.starts_with("  word")), "{text}");
        assert_eq!(text.split_whitespace().count(), 40);
    }

    #[test]
    fn a_help_text_becomes_a_sentence() {
        assert_eq!(sentence("give it a name"), "Give it a name.");
        assert_eq!(sentence("Done."), "Done.");
    }
}
