//! Key paths as `sops` writes them: `["a"]["b"][0]`.

use std::fmt;

/// Where a value stands: keys and positions, from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPath {
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    /// The position in a list, where comments do not count.
    At(usize),
}

/// A text that is no key path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPath;

impl KeyPath {
    /// Reads `["a"]['b'][0]`; the empty text is the whole document.
    ///
    /// A key in quotes has no escapes and no bracket.
    ///
    /// # Errors
    /// If a step is not in brackets, not closed, or neither quoted nor a number.
    pub fn parse(text: &str) -> Result<KeyPath, BadPath> {
        let steps = text.split('[').filter(|part| !part.is_empty()).map(|part| {
            let inside = part.strip_suffix(']').ok_or(BadPath)?;
            let quoted = |quote: char| inside.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
            match quoted('"').or_else(|| quoted('\'')) {
                Some(key) => Ok(Step::Key(key.to_owned())),
                None => inside.parse().map(Step::At).map_err(|_| BadPath),
            }
        });
        Ok(KeyPath { steps: steps.collect::<Result<_, _>>()? })
    }

    /// Whether it is the whole document.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl fmt::Display for BadPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key path is written `[\"key\"][0]`")
    }
}

impl std::error::Error for BadPath {}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Key(key) => write!(f, "['{key}']"),
            Step::At(at) => write!(f, "[{at}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_quoted_keys_and_numbers() {
        let path = KeyPath::parse("[\"a b\"]['c'][0]").unwrap();
        assert_eq!(path.steps, [Step::Key("a b".to_owned()), Step::Key("c".to_owned()), Step::At(0)]);
        assert!(KeyPath::parse("").unwrap().steps.is_empty());
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["a", "[a]", "[\"a\"", "[-1]", "[]", "[\"]", "[\"a\"]b"] {
            assert_eq!(KeyPath::parse(text), Err(BadPath), "{text}");
        }
    }
}
