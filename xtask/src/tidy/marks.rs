//! Words that tell of unfinished or private work.

use super::Finding;
use super::house::House;
use super::sources::{Repository, SourceFile};

// Taken apart, so that this file does not find itself.
const UNFINISHED: &[&str] = &[
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("XX", "X"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("dbg", "!("),
];
const IDLE_TESTS: &[&str] = &[concat!("#[", "ignore"), concat!("should_", "panic")];
const MACHINE: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

/// No mark says that something is still to be done.
pub(super) fn unfinished(repository: &Repository, _: &House) -> Vec<Finding> {
    let files = repository.files.iter().filter(|file| !file.path.ends_with(".md"));
    files.flat_map(|file| marks(file, UNFINISHED, "finish what is marked")).collect()
}

/// No test is skipped or content with any panic.
pub(super) fn tests_that_do_not_test(repository: &Repository, _: &House) -> Vec<Finding> {
    repository.rust().flat_map(|file| marks(file, IDLE_TESTS, "assert what happens instead of")).collect()
}

/// No file names a folder of somebody's machine.
pub(super) fn machine_paths(repository: &Repository, _: &House) -> Vec<Finding> {
    repository.files.iter().flat_map(|file| marks(file, MACHINE, "a path of some machine:")).collect()
}

fn marks(file: &SourceFile, marks: &[&str], complaint: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.lines() {
        let found = marks.iter().filter(|mark| contains_word(line, mark));
        findings.extend(found.map(|mark| Finding::new(&file.path, number, format!("{complaint} `{mark}`"))));
    }
    findings
}

/// Whether `line` contains `mark` and no letter or digit that belongs to it stands beside it.
fn contains_word(line: &str, mark: &str) -> bool {
    let joins = |it: char| it.is_alphanumeric() || it == '_';
    line.match_indices(mark).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + mark.len()..].chars().next();
        let open_start = mark.starts_with(joins) && before.is_some_and(joins);
        let open_end = mark.ends_with(joins) && after.is_some_and(joins);
        // A folder of a machine begins at the root, not inside a longer path or an address.
        let inside_path = mark.starts_with('/') && before.is_some_and(|it| joins(it) || ".-}#*".contains(it));
        !open_start && !open_end && !inside_path
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_a_word_of_its_own() {
        assert!(contains_word(concat!("// TO", "DO: later"), UNFINISHED[1]));
        assert!(contains_word(concat!("    dbg", "!(x);"), UNFINISHED[5]));
        assert!(!contains_word(concat!("mktemp XX", "XXXX"), UNFINISHED[2]));
    }

    #[test]
    fn a_machine_path_begins_at_the_root() {
        assert!(contains_word(concat!("see /ro", "ot/notes"), MACHINE[1]));
        assert!(contains_word(concat!("file:///ho", "me/someone"), MACHINE[2]));
        assert!(!contains_word(concat!("apps/ro", "ot/file"), MACHINE[1]));
    }
}
