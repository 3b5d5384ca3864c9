//! What the tests of this crate share.

use kiln_model::{Diagnostics, Rendered, Reveal, Secret, Sources, Span};
use kiln_sops::{Encrypted, Identity, Policy, encrypt};

/// A throw-away key that exists for these tests alone.
pub(crate) const TEST_KEY: &str = include_str!("../corpus/test-key.txt");

/// 2026-11-20T12:00:00Z.
pub(crate) const NOW: u64 = 1_795_176_000;

/// The owner of the test key.
pub(crate) fn identity() -> Identity {
    Identity::parse(&Secret::new("test key", TEST_KEY)).expect("the test key is a key")
}

/// Rules that are valid.
pub(crate) fn policy(rules: &str) -> Policy {
    let mut sink = Diagnostics::new();
    let source = Sources::new().add(".sops.yaml", rules);
    Policy::parse(source, rules, &mut sink).unwrap_or_else(|_| panic!("{sink:?}"))
}

/// One rule for every path, with more fields than the recipient.
pub(crate) fn rule(fields: &str) -> Policy {
    policy(&format!("creation_rules:\n  - age: {}\n{fields}", identity().recipient()))
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
    let done = encrypt(output, rule, previous, Some(&identity()), NOW, &mut sink);
    done.map_err(|_| sink.iter().map(|finding| finding.code.to_string()).collect())
}
