//! What comes in from outside, compared with `deny.toml`.

use std::path::Path;

use cargo_metadata::{MetadataCommand, Package};
use serde::Deserialize;

use super::Finding;
use crate::Result;
use crate::command::Run;

#[derive(Deserialize)]
struct Policy {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

/// Packages from elsewhere than the registry, and packages under a licence that is not
/// allowed.
///
/// # Errors
/// If cargo cannot tell the packages.
pub(super) fn breaches(root: &Path) -> Result<Vec<Finding>> {
    let policy: Policy = toml::from_str(&std::fs::read_to_string(root.join("deny.toml"))?)?;
    let host = Run::new("rustc").args(["--print", "host-tuple"]).text()?;
    let mut command = MetadataCommand::new();
    command.manifest_path(root.join("Cargo.toml"));
    // Other platforms have packages that nothing here has downloaded.
    command.other_options(["--locked".to_owned(), "--filter-platform".to_owned(), host]);
    let metadata = command.exec()?;
    let packages = metadata.packages.iter();
    let texts = packages.filter_map(|package| complaint(package, &policy.licenses.allow));
    Ok(texts.map(|text| Finding::new("Cargo.lock", 1, text)).collect())
}

fn complaint(package: &Package, allowed: &[String]) -> Option<String> {
    let (name, version) = (&package.name, &package.version);
    if let Some(source) = package.source.as_ref().filter(|source| !source.is_crates_io()) {
        return Some(format!("{name} {version} comes from {source}"));
    }
    let license = package.license.as_deref().unwrap_or("no licence");
    (!is_allowed(license, allowed)).then(|| format!("{name} {version} is under {license}"))
}

/// Whether an SPDX expression can be met with the licences allowed; a slash is the old way
/// to write OR. AND binds more tightly.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    any_of(&mut rest, allowed) && rest.is_empty()
}

fn any_of(tokens: &mut &[&str], allowed: &[String]) -> bool {
    let mut holds = all_of(tokens, allowed);
    while take(tokens, "OR") {
        holds |= all_of(tokens, allowed);
    }
    holds
}

fn all_of(tokens: &mut &[&str], allowed: &[String]) -> bool {
    let mut holds = one(tokens, allowed);
    while take(tokens, "AND") {
        holds &= one(tokens, allowed);
    }
    holds
}

fn one(tokens: &mut &[&str], allowed: &[String]) -> bool {
    if take(tokens, "(") {
        return any_of(tokens, allowed) && take(tokens, ")");
    }
    let Some((name, rest)) = tokens.split_first() else { return false };
    *tokens = rest;
    if take(tokens, "WITH") {
        let Some((exception, rest)) = tokens.split_first() else { return false };
        *tokens = rest;
        return allowed.iter().any(|it| *it == format!("{name} WITH {exception}"));
    }
    allowed.iter().any(|it| it == name)
}

fn take(tokens: &mut &[&str], word: &str) -> bool {
    let is_next = tokens.first() == Some(&word);
    if is_next {
        *tokens = &tokens[1..];
    }
    is_next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_met_or_not() {
        let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned(), "GPL-2.0 WITH Classpath".to_owned()];
        for good in [
            "MIT",
            "Apache-2.0/MIT",
            "(GPL-2.0 OR MIT) AND Unicode-3.0",
            "X WITH Y OR MIT",
            "GPL-2.0 WITH Classpath",
        ] {
            assert!(is_allowed(good, &allowed), "{good}");
        }
        for bad in
            ["GPL-2.0", "MIT AND GPL-2.0", "MIT WITH Y", "MIT WITH", "no licence", "(MIT", "MIT MIT", ""]
        {
            assert!(!is_allowed(bad, &allowed), "{bad}");
        }
    }
}
