//! Every diagnostic code has a page, and every page a code.

use std::collections::BTreeMap;

use kiln::explain::{self, Page};

use super::Finding;
use super::house::House;
use super::sources::{Repository, SourceFile};

/// The chapter of the codes that a failed template or expression has in whatever stage.
const SHARED: &str = "template";

/// What gives a fault its name, which a stage makes a code of.
const NAMING: &[&str] = &[".coded(", "Failure::new(", "Problem::new("];

/// The folder of the pages, for findings about them.
const PAGES: &str = "crates/kiln/diagnostics";

/// What a code cannot end in: these are names of files.
const ENDINGS: &[&str] = &["toml", "lock", "yaml", "md", "key"];

pub(super) fn hold(repository: &Repository, house: &House) -> Vec<Finding> {
    compare(&Written::of(repository, &house.codes.stages), &explain::pages())
}

/// What the sources say, each with the first place where.
#[derive(Default)]
struct Written {
    codes: BTreeMap<String, (String, usize)>,
    names: BTreeMap<String, (String, usize)>,
    /// Every literal of a crate.
    literals: BTreeMap<String, (String, usize)>,
}

impl Written {
    fn of(repository: &Repository, stages: &[String]) -> Written {
        let mut written = Written::default();
        let is_crate = |file: &&SourceFile| file.path.starts_with("crates/");
        repository.rust().filter(is_crate).for_each(|file| written.add(file, stages));
        written
    }

    fn add(&mut self, file: &SourceFile, stages: &[String]) {
        let mut before = "";
        for (number, line) in file.shipped_lines() {
            let place = || (file.path.clone(), number);
            for (start, literal) in literals(line) {
                self.literals.entry(literal.to_owned()).or_insert_with(place);
                if is_code(literal, stages) {
                    self.codes.entry(literal.to_owned()).or_insert_with(place);
                }
                // An argument may stand on a line of its own.
                let head = if line[..start].trim().is_empty() { before } else { &line[..start] };
                if NAMING.iter().any(|it| head.trim_end().ends_with(it)) {
                    self.names.entry(literal.to_owned()).or_insert_with(place);
                }
            }
            before = line;
        }
    }
}

fn is_code(literal: &str, stages: &[String]) -> bool {
    let Some((stage, rest)) = literal.split_once('.') else { return false };
    let is_word =
        |it: &str| !it.is_empty() && it.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    stages.iter().any(|it| it == stage) && rest.split('-').all(is_word) && !ENDINGS.contains(&rest)
}

/// The texts in quotes on a line, each with the place of its first quote. No code has an escape
/// in it, so a line with one may be read wrongly without harm.
fn literals(line: &str) -> Vec<(usize, &str)> {
    let line = line.split("//").next().unwrap_or(line);
    let quotes: Vec<usize> = line.match_indices('"').map(|(at, _)| at).collect();
    let pairs = quotes.windows(2);
    pairs.map(|pair| (pair[0], &line[pair[0] + 1..pair[1]])).collect()
}

fn compare(written: &Written, pages: &[Page]) -> Vec<Finding> {
    let has_page = |code: &str| pages.iter().any(|it| it.code == code || it.also.iter().any(|it| it == code));
    let mut findings = Vec::new();
    for (code, (path, line)) in &written.codes {
        if !has_page(code) {
            findings.push(Finding::new(path, *line, format!("`{code}` has no page in {PAGES}")));
        }
    }
    for (name, (path, line)) in &written.names {
        if !has_page(&format!("render.{name}")) && !has_page(&format!("makejinja.{name}")) {
            findings.push(Finding::new(path, *line, format!("`{name}` has no page in {PAGES}")));
        }
    }
    for page in pages {
        let (_, name) = page.code.split_once('.').unwrap_or_default();
        let is_shared = page.chapter == Some(SHARED) || page.code.starts_with("makejinja.");
        let is_named = is_shared && written.literals.contains_key(name);
        if !is_named && !written.codes.contains_key(&page.code) {
            let text = format!("`{}` has a page, and nothing reports it", page.code);
            findings.push(Finding::new(PAGES, 0, text));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Written {
        let mut written = Written::default();
        let file = SourceFile::example("crates/x/src/a.rs", "x", text);
        written.add(&file, &["load".to_owned(), "makejinja".to_owned()]);
        written
    }

    #[test]
    fn codes_and_names_are_read_from_literals() {
        let found = written(
            "fn a() {\n    let code = \"load.bad\";\n    fault.coded(\"too-deep\").help(\"x\");\n    \
             Failure::new(\n        \"not-a-list\",\n    )\n    // \"load.said\"\n    read(\"makejinja.toml\")\n}\n",
        );
        assert_eq!(found.codes.keys().collect::<Vec<_>>(), ["load.bad"]);
        assert_eq!(found.names.keys().collect::<Vec<_>>(), ["not-a-list", "too-deep"]);
    }

    #[test]
    fn a_code_without_a_page_and_a_page_without_a_code_are_found() {
        let texts = |text, pages: &[Page]| {
            let found = compare(&written(text), pages);
            found.into_iter().map(|it| it.text).collect::<Vec<_>>()
        };
        let missing = texts("fn a() {\n    error(\"load.bad\").coded(\"worse\")\n}\n", &[]);
        assert_eq!(
            missing,
            [
                "`load.bad` has no page in crates/kiln/diagnostics",
                "`worse` has no page in crates/kiln/diagnostics"
            ]
        );
        let page = explain::page("load.two-files").expect("there is such a page");
        let left = texts("fn a() {}\n", std::slice::from_ref(&page));
        assert_eq!(left, ["`load.two-files` has a page, and nothing reports it"]);
        assert!(texts("fn a() {\n    error(\"load.two-files\")\n}\n", &[page]).is_empty());
    }
}
