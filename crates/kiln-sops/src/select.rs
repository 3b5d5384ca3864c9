//! Which leaves of a document are encrypted.

use zeroize::Zeroizing;

use crate::pattern::Pattern;

/// The one selection option of a creation rule or a file.
#[derive(Clone)]
pub(crate) enum Selection {
    UnencryptedSuffix(String),
    EncryptedSuffix(String),
    UnencryptedRegex(Pattern),
    EncryptedRegex(Pattern),
    UnencryptedCommentRegex(Pattern),
    EncryptedCommentRegex(Pattern),
    /// Everything is encrypted, and no option says so: the way of binary files.
    Everything,
}

/// The six options by name.
pub(crate) const OPTIONS: [&str; 6] = [
    "unencrypted_suffix",
    "encrypted_suffix",
    "unencrypted_regex",
    "encrypted_regex",
    "unencrypted_comment_regex",
    "encrypted_comment_regex",
];

/// What SOPS takes, and writes down, where no option is set.
impl Default for Selection {
    fn default() -> Selection {
        Selection::UnencryptedSuffix("_unencrypted".to_owned())
    }
}

/// Where a leaf stands.
#[derive(Default)]
pub(crate) struct Place {
    /// The keys that lead to it; a list adds none.
    pub(crate) path: Vec<String>,
    /// For each level the comments right above.
    pub(crate) comments: Vec<Vec<Zeroizing<String>>>,
}

impl Selection {
    /// The selection of this option; `None` if its pattern is not valid.
    pub(crate) fn new(option: &str, value: &str) -> Option<Selection> {
        let pattern = || Pattern::new(value).ok();
        Some(match option {
            "unencrypted_suffix" => Selection::UnencryptedSuffix(value.to_owned()),
            "encrypted_suffix" => Selection::EncryptedSuffix(value.to_owned()),
            "unencrypted_regex" => Selection::UnencryptedRegex(pattern()?),
            "encrypted_regex" => Selection::EncryptedRegex(pattern()?),
            "unencrypted_comment_regex" => Selection::UnencryptedCommentRegex(pattern()?),
            _ => Selection::EncryptedCommentRegex(pattern()?),
        })
    }

    /// The name and the value of the option.
    pub(crate) fn option(&self) -> Option<(&'static str, &str)> {
        Some(match self {
            Selection::UnencryptedSuffix(suffix) => (OPTIONS[0], suffix),
            Selection::EncryptedSuffix(suffix) => (OPTIONS[1], suffix),
            Selection::UnencryptedRegex(pattern) => (OPTIONS[2], pattern.source()),
            Selection::EncryptedRegex(pattern) => (OPTIONS[3], pattern.source()),
            Selection::UnencryptedCommentRegex(pattern) => (OPTIONS[4], pattern.source()),
            Selection::EncryptedCommentRegex(pattern) => (OPTIONS[5], pattern.source()),
            Selection::Everything => return None,
        })
    }

    /// Whether the leaf at `place` is encrypted. The leaf may be a comment; then it is
    /// itself the last one of `place`.
    pub(crate) fn selects(&self, place: &Place, is_comment: bool) -> bool {
        let ends = |suffix: &String| place.path.iter().any(|key| key.ends_with(suffix.as_str()));
        let matches = |pattern: &Pattern| place.path.iter().any(|key| pattern.is_match(key));
        match self {
            Selection::UnencryptedSuffix(suffix) => !ends(suffix),
            Selection::EncryptedSuffix(suffix) => ends(suffix),
            Selection::UnencryptedRegex(pattern) => !matches(pattern),
            Selection::EncryptedRegex(pattern) => matches(pattern),
            Selection::UnencryptedCommentRegex(pattern) => !place.commented(pattern, false),
            Selection::EncryptedCommentRegex(pattern) => place.commented(pattern, is_comment),
            Selection::Everything => true,
        }
    }
}

impl Place {
    /// Whether a comment above matches; without the last one if `skip_last`, so that a
    /// comment does not select itself.
    fn commented(&self, pattern: &Pattern, skip_last: bool) -> bool {
        let innermost = self.comments.len().saturating_sub(1);
        self.comments.iter().enumerate().any(|(level, comments)| {
            let skipped = usize::from(skip_last && level == innermost);
            let seen = comments.len().saturating_sub(skipped);
            comments[..seen].iter().any(|comment| pattern.is_match(comment))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &[&str], comments: &[&[&str]]) -> Place {
        let comment = |it: &&str| Zeroizing::new((*it).to_owned());
        let levels = comments.iter().map(|level| level.iter().map(comment).collect());
        Place { path: path.iter().map(|key| (*key).to_owned()).collect(), comments: levels.collect() }
    }

    fn selects(option: &str, value: &str, place: &Place, is_comment: bool) -> bool {
        Selection::new(option, value).unwrap().selects(place, is_comment)
    }

    #[test]
    fn any_key_on_the_way_counts() {
        let inside = place(&["stringData", "url"], &[]);
        let outside = place(&["metadata", "name"], &[]);
        assert!(selects("encrypted_regex", "^(data|stringData)$", &inside, false));
        assert!(!selects("encrypted_regex", "^(data|stringData)$", &outside, false));
        assert!(!selects("unencrypted_regex", "^metadata$", &outside, false));
        assert!(selects("encrypted_suffix", "Data", &inside, false));
        assert!(!selects("unencrypted_suffix", "name", &outside, false));
    }

    #[test]
    fn without_an_option_the_default_suffix_holds() {
        assert!(Selection::default().selects(&place(&["a"], &[]), false));
        assert!(!Selection::default().selects(&place(&["a_unencrypted", "b"], &[]), false));
    }

    #[test]
    fn a_comment_selects_what_it_stands_above_but_not_itself() {
        let below = place(&["a"], &[&[" ENC"]]);
        assert!(selects("encrypted_comment_regex", "ENC", &below, false));
        assert!(!selects("encrypted_comment_regex", "ENC", &below, true));
        assert!(!selects("unencrypted_comment_regex", "ENC", &below, false));
        assert!(!selects("unencrypted_comment_regex", "ENC", &below, true));
        let second = place(&["a"], &[&[" ENC", " more"]]);
        assert!(selects("encrypted_comment_regex", "ENC", &second, true));
        let inner = place(&["a", "b"], &[&[" ENC"], &[" x"]]);
        assert!(selects("encrypted_comment_regex", "ENC", &inner, true));
    }
}
