//! What the tests of this crate share.

use kiln_age::{Identities, NoDialog};
use kiln_model::{Diagnostics, Rendered, Reveal, Secret, Sources, Span};
use kiln_sops::{
    Encrypted, Format, Keys, MacCheck, OpenError, Outcome, Policy, Sealed, Stores, Without, encrypt,
};

/// A throw-away key that exists for these tests alone.
pub(crate) const TEST_KEY: &str = include_str!("../corpus/test-key.txt");

/// 2026-11-20T12:00:00Z.
pub(crate) const NOW: u64 = 1_795_176_000;

/// What the owner of the test key has.
pub(crate) fn identities() -> Identities {
    let mut identities = Identities::new();
    identities.add_keys("test key", &Secret::new("test key", TEST_KEY));
    assert!(!identities.is_empty(), "the test key is a key");
    identities
}

/// The public half of the test key.
pub(crate) fn recipient() -> String {
    identities().recipients().remove(0)
}

/// What opens files for the owner of the test key.
pub(crate) fn keys(identities: &Identities) -> Keys<'_> {
    Keys { identities, dialog: &NoDialog, now: NOW, without: Without::Refuse }
}

/// The plain text of a YAML file for the owner of the test key.
pub(crate) fn decrypt(bytes: &[u8]) -> Result<String, OpenError> {
    let sealed = Sealed::read(bytes, Format::Yaml).unwrap_or_else(|error| panic!("{error}"));
    let opened = sealed.open(&identities(), MacCheck::Verify, &NoDialog)?;
    let plain = opened.plain().write(Format::Yaml, &Stores::default()).expect("YAML holds YAML");
    Ok(String::from_utf8(plain.to_vec()).expect("YAML is text"))
}

/// Whether a file kept the bytes it had.
pub(crate) fn is_kept(encrypted: &Encrypted) -> bool {
    encrypted.outcome == Outcome::Kept
}

/// Rules that are valid.
pub(crate) fn policy(rules: &str) -> Policy {
    let mut sink = Diagnostics::new();
    let source = Sources::new().add(".sops.yaml", rules);
    Policy::parse(source, rules, &mut sink).unwrap_or_else(|_| panic!("{sink:?}"))
}

/// One rule for every path, with more fields than the recipient.
pub(crate) fn rule(fields: &str) -> Policy {
    policy(&format!("creation_rules:\n  - age: {}\n{fields}", recipient()))
}

/// An output without secrets that anyone keeps track of.
pub(crate) fn output(text: &str) -> Rendered {
    Rendered::new("a.sops.yaml", text, Span::NONE, Vec::new())
}

/// An output that contains these secrets.
pub(crate) fn output_with(text: &str, secrets: &[&str]) -> Rendered {
    let reveal = |(at, text): (usize, &&str)| Reveal {
        secret: Secret::new(format!("secret {at}"), *text),
        span: Span::NONE,
    };
    Rendered::new("a.sops.yaml", text, Span::NONE, secrets.iter().enumerate().map(reveal).collect())
}

/// Encrypts, or gives the codes of what was found.
pub(crate) fn try_encrypt(
    output: &Rendered,
    policy: &Policy,
    previous: Option<&[u8]>,
) -> Result<Encrypted, Vec<String>> {
    let mut sink = Diagnostics::new();
    let rule = policy.rule_for(output.path()).expect("a rule for the path");
    let identities = identities();
    let done = encrypt(output, rule, previous, &keys(&identities), &mut sink);
    done.map_err(|_| sink.iter().map(|finding| finding.code.to_string()).collect())
}
