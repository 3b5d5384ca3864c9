//! How long things are, and whether they say what they are.

use super::Finding;
use super::house::House;
use super::sources::{Repository, SourceFile};

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 80;

/// No source has too many lines outside of tests.
pub(super) fn files(repository: &Repository, _: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.rust() {
        let lines = file.shipped_lines().len();
        if lines > FILE_LINES {
            let text = format!("{lines} lines outside of tests, {FILE_LINES} at most: split it by concept");
            findings.push(Finding::new(&file.path, 1, text));
        }
    }
    findings
}

/// No function outside of tests has too many lines.
pub(super) fn functions(repository: &Repository, _: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.rust() {
        for (start, lines) in bodies(file) {
            if lines > FUNCTION_LINES {
                let text = format!("a function of {lines} lines, {FUNCTION_LINES} at most");
                findings.push(Finding::new(&file.path, start, text));
            }
        }
    }
    findings
}

/// Where each function begins and how many lines it has. The formatter puts the closing
/// brace of a function under its first character.
fn bodies(file: &SourceFile) -> Vec<(usize, usize)> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut bodies = Vec::new();
    for (number, line) in file.shipped_lines() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        if begins_function(code) {
            open.push((number, indent));
        }
        if code == "}" && open.last().is_some_and(|(_, column)| *column == indent) {
            bodies.extend(open.pop().map(|(start, _)| (start, number - start + 1)));
        }
        let ends_at_once = code.ends_with('}') || code.ends_with(';');
        if ends_at_once && open.last() == Some(&(number, indent)) {
            open.pop();
        }
    }
    bodies
}

fn begins_function(code: &str) -> bool {
    let mut words = code.split_whitespace();
    let modifiers =
        |word: &str| word.starts_with("pub") || matches!(word, "const" | "async" | "extern" | "in");
    words.find(|word| !modifiers(word)).is_some_and(|word| word == "fn")
}

/// The first line of a library is the first sentence of its description.
pub(super) fn crate_docs(repository: &Repository, _: &House) -> Vec<Finding> {
    repository
        .rust()
        .filter(|file| file.path.ends_with("/src/lib.rs") && !file.text.starts_with("//! "))
        .map(|file| Finding::new(&file.path, 1, "say in the first line what the crate does"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_to_their_own_brace() {
        let text = "pub(crate) fn a(\n    x: u8,\n) -> u8 {\n    if x {\n    }\n}\n\nimpl T {\n    const fn b() {\n    }\n}\n\
                    fn c() {}\nstruct S {\n}\n";
        let file = SourceFile::example("crates/x/src/a.rs", "x", text);
        assert_eq!(bodies(&file), [(1, 6), (9, 2)]);
    }

    #[test]
    fn a_long_function_is_found() {
        let text = format!("fn a() {{\n{}}}\n", "    b();\n".repeat(FUNCTION_LINES));
        let file = SourceFile::example("crates/x/src/lib.rs", "x", &text);
        let repository = Repository { paths: Vec::new(), files: vec![file] };
        let house = toml::from_str(
            "crates={}\nshared={}\ncalls={}\nwords={forbidden=[],allowed_in=[]}\ncodes={stages=[]}",
        );
        let house: House = house.unwrap();
        assert_eq!(functions(&repository, &house).len(), 1);
        assert_eq!(files(&repository, &house).len(), 0);
        assert_eq!(crate_docs(&repository, &house).len(), 1);
    }
}
