//! Secrets under keys that are for something else.

use kiln_model::{Node, Sources, Value};

/// Hides the places of texts that are private keys, or addresses with a password, whatever their
/// keys are for: a finding about such a value, or about its neighbour, would show it.
pub(crate) fn hide_given_away(node: &Node, sources: &mut Sources) {
    match &node.value {
        Value::String(text) if is_secret(text) => sources.mask(node.span()),
        Value::List(items) => items.iter().for_each(|item| hide_given_away(item, sources)),
        Value::Map(map) => map.iter().for_each(|(_, entry)| hide_given_away(&entry.node, sources)),
        _ => {}
    }
}

fn is_secret(text: &str) -> bool {
    text.contains("AGE-SECRET-KEY-") || text.contains("PRIVATE KEY-----") || has_password(text)
}

/// Whether a text is a URL with a password, `https://name:password@host`.
fn has_password(text: &str) -> bool {
    let authority = text.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or(""));
    authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_with_a_password_is_a_secret_and_one_with_a_name_is_none() {
        assert!(is_secret("https://octocat:hunter2@example.com/a.git"));
        assert!(!is_secret("ssh://git@example.com:2222/a.git"));
        assert!(!is_secret("https://example.com/a:b@c"));
    }

    #[test]
    fn a_private_key_is_a_secret_and_a_public_one_is_none() {
        assert!(is_secret("AGE-SECRET-KEY-1XYZ"));
        assert!(is_secret("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl"));
        assert!(!is_secret("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"));
    }
}
