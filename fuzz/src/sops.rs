//! What the targets for SOPS files share.

use kiln_age::Recipient;
use kiln_sops::{Format, Terms};

/// The formats, in the order in which the first byte of an input counts them.
pub const FORMATS: [Format; 5] = [Format::Yaml, Format::Json, Format::Dotenv, Format::Ini, Format::Binary];

/// A throw-away key that exists for tests alone.
pub const KEY: &str = include_str!("../../crates/kiln-sops/tests/corpus/test-key.txt");

/// One of the ways to encrypt a file.
pub fn terms(kind: usize, recipient: &Recipient) -> Terms {
    let group = vec![recipient.clone()];
    let groups = if kind % 7 == 6 { vec![group.clone(), group] } else { vec![group] };
    let mut terms = Terms::new(groups);
    let selection = match kind % 7 {
        1 => Some(("encrypted_regex", "^(data|a)")),
        2 => Some(("unencrypted_regex", "^(b|metadata)")),
        3 => Some(("encrypted_suffix", "a")),
        4 => Some(("encrypted_comment_regex", "c")),
        5 => Some(("unencrypted_comment_regex", "clear")),
        _ => None,
    };
    if let Some((option, value)) = selection {
        terms.select(option, value).expect("the patterns are valid");
    }
    terms.set_mac_only_encrypted(kind % 2 == 1);
    terms
}

/// The lines of a file that have to come back: SOPS loses marks at the start of INI comments.
pub fn lines(file: &[u8], format: Format) -> Vec<&[u8]> {
    let is_kept = |line: &&[u8]| format != Format::Ini || !line.starts_with(b";") && !line.starts_with(b"#");
    file.split(|byte| *byte == b'\n').filter(is_kept).collect()
}
