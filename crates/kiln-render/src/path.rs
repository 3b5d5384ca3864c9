//! Which paths an output may have.

/// Why a path cannot be an output's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It leads out of the output root.
    Outside,
    /// It is not a path that every system can have; says why.
    Unusable(&'static str),
}

/// Whether `path` is a relative path below the root that every system can have.
pub(crate) fn check(path: &str) -> Result<(), Problem> {
    if path.is_empty() {
        return Err(Problem::Unusable("it is empty"));
    }
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if path.starts_with('/') || path.split('/').any(|part| part == "..") || drive {
        return Err(Problem::Outside);
    }
    if path.contains(['\\', ':', '<', '>', '"', '|', '?', '*']) || path.chars().any(char::is_control) {
        return Err(Problem::Unusable("it contains one of `\\:<>\"|?*` or a control character"));
    }
    if path.split('/').any(|part| part.ends_with(' ') || (part.ends_with('.') && part != ".")) {
        return Err(Problem::Unusable("a part of it ends in a space or a dot"));
    }
    if path.split('/').any(is_device) {
        return Err(Problem::Unusable("a part of it is the name of a device on Windows"));
    }
    if path.split('/').any(|part| part.is_empty() || part == ".") {
        return Err(Problem::Unusable("it has an empty part or a part `.`"));
    }
    let is_own = path == "kiln.lock" || path.split('/').next() == Some(".kiln");
    if is_own || path.split('/').any(|part| part == ".git") {
        return Err(Problem::Unusable("this name is not for outputs"));
    }
    Ok(())
}

/// Whether Windows takes this name for a device, whatever its ending.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || numbered.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_root() {
        assert_eq!(check("a/b.yaml"), Ok(()));
        assert_eq!(check(".sops.yaml"), Ok(()));
        assert_eq!(check("console/comb.yaml"), Ok(()));
        for outside in ["/etc/passwd", "../x", "a/../../x", "C:/x", "a/.."] {
            assert_eq!(check(outside), Err(Problem::Outside), "{outside}");
        }
        for unusable in [
            "",
            "a//b",
            "./a",
            "a/",
            "a\\b",
            "a\nb",
            "ab:c",
            "kiln.lock",
            ".git/config",
            ".kiln/schemas/x",
            "q?",
            "a/con.yaml",
            "LPT1",
            "a. ",
            "a./b",
        ] {
            assert!(matches!(check(unusable), Err(Problem::Unusable(_))), "{unusable}");
        }
    }
}
