//! Links between documents.

use super::Finding;
use super::house::House;
use super::sources::{Repository, SourceFile};

/// Every link of a Markdown file to another file leads to one that is tracked.
pub(super) fn resolve(repository: &Repository, _: &House) -> Vec<Finding> {
    let exists = |path: &str| {
        let folder = format!("{path}/");
        path.is_empty() || repository.paths.iter().any(|it| it == path || it.starts_with(&folder))
    };
    let mut findings = Vec::new();
    for file in repository.files.iter().filter(|file| file.path.ends_with(".md")) {
        for (line, target) in targets(file) {
            if !join(&file.path, &target).is_some_and(|path| exists(&path)) {
                findings.push(Finding::new(&file.path, line, format!("`{target}` does not exist")));
            }
        }
    }
    findings
}

/// The files that a document links to, with the lines of the links.
fn targets(file: &SourceFile) -> Vec<(usize, String)> {
    let mut in_code = false;
    let mut targets = Vec::new();
    for (number, line) in file.lines() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let Some((target, _)) = line[at + 2..].split_once(')') else { continue };
            let path = target.split('#').next().unwrap_or_default();
            if !path.is_empty() && !path.contains(':') {
                targets.push((number, path.to_owned()));
            }
        }
    }
    targets
}

/// `target` as seen from the file `from`, relative to the workspace; `None` outside of it.
fn join(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_are_found() {
        let text =
            "see [a](a.md#top), [b](https://example.org) and [c](#here)\n```\n[d](d.md)\n```\n[e](../e)\n";
        let file = SourceFile::example("docs/x.md", "", text);
        assert_eq!(targets(&file), [(1, "a.md".to_owned()), (5, "../e".to_owned())]);
    }

    #[test]
    fn paths_join_inside_the_workspace() {
        assert_eq!(join("docs/x.md", "../README.md").as_deref(), Some("README.md"));
        assert_eq!(join("docs/x.md", "./a/b.md").as_deref(), Some("docs/a/b.md"));
        assert_eq!(join("x.md", "../out.md"), None);
    }
}
