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
    if path.contains(['\\', ':']) || path.chars().any(char::is_control) {
        return Err(Problem::Unusable("it contains `\\`, `:` or a control character"));
    }
    if path.split('/').any(|part| part.is_empty() || part == ".") {
        return Err(Problem::Unusable("it has an empty part or a part `.`"));
    }
    if path == "kiln.lock" || path.split('/').any(|part| part == ".git") {
        return Err(Problem::Unusable("this name is not for outputs"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_root() {
        assert_eq!(check("a/b.yaml"), Ok(()));
        assert_eq!(check(".sops.yaml"), Ok(()));
        for outside in ["/etc/passwd", "../x", "a/../../x", "C:/x", "a/.."] {
            assert_eq!(check(outside), Err(Problem::Outside), "{outside}");
        }
        for unusable in ["", "a//b", "./a", "a/", "a\\b", "a\nb", "ab:c", "kiln.lock", ".git/config"] {
            assert!(matches!(check(unusable), Err(Problem::Unusable(_))), "{unusable}");
        }
    }
}
