//! The linter of an older editor for TOML on documents that ask about every key.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::{Bench, Tally};
use super::Style;
use crate::Result;
use crate::command::Run;

/// Lines that have to be named are, and others are not.
pub(super) fn judge(bench: &Bench<'_>, root: &Path, name: &str, tally: &mut Tally) -> Result<()> {
    let path = root.join(format!("{name}.toml"));
    for document in super::documents(root, name, Style::Toml)? {
        std::fs::write(&path, document["text"].as_str().unwrap_or_default())?;
        let program = bench.cache.node_program("taplo");
        let outcome = Run::new(program).dir(root).args(["lint", "--no-auto-config"]).arg(&path).outcome()?;
        let named = lines(&String::from_utf8_lossy(&outcome.stderr));
        // An unknown key is told where its table begins, so nothing is asked about one.
        for (group, is_named) in [("flagged", true), ("right", false)] {
            for claim in document[group].as_array().into_iter().flatten() {
                let line = claim["line"].as_u64().unwrap_or_default() + 1;
                let about = format!("taplo: {}", claim["about"].as_str().unwrap_or_default());
                let holds = named.contains(&line) == is_named;
                tally.claim(
                    &about,
                    if holds { Ok(()) } else { Err(format!("it names the lines {named:?}").into()) },
                );
            }
        }
    }
    std::fs::remove_file(&path)?;
    Ok(())
}

/// The lines that a report names, as in `┌─ cluster.toml:2:13`. What is missing is told of all
/// lines, so it does not count.
fn lines(report: &str) -> BTreeSet<u64> {
    let mut is_about_a_line = false;
    let mut found = BTreeSet::new();
    for line in report.lines() {
        if line.starts_with("error") {
            is_about_a_line = !line.contains("is a required property");
        }
        if let Some((_, place)) = line.split_once("┌─ ").filter(|_| is_about_a_line) {
            found.extend(place.trim_end().rsplit(':').nth(1).and_then(|it| it.parse::<u64>().ok()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_are_found_in_a_report() {
        let report = "error: \"a\" is a required property\n  ┌─ cluster.toml:1:1\n  │\n\
                      error: no\n   ┌─ /a b/cluster.toml:12:13\n   │\n12 │ a = 1\n";
        assert_eq!(Vec::from_iter(super::lines(report)), [12]);
    }
}
