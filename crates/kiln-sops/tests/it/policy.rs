//! Creation rules: which one is for a path, and what is refused.

use crate::common::{identity, policy};
use kiln_model::{Diagnostics, Sources};
use kiln_sops::Policy;

/// The codes of what is found in rules; `RECIPIENT` stands for a valid one.
fn findings(rules: &str) -> (bool, Vec<String>) {
    let rules = rules.replace("RECIPIENT", &identity().recipient());
    let mut sink = Diagnostics::new();
    let source = Sources::new().add(".sops.yaml", rules.as_str());
    let valid = Policy::parse(source, &rules, &mut sink).is_ok();
    (valid, sink.iter().map(|finding| finding.code.to_string()).collect())
}

#[test]
fn the_first_rule_that_matches_is_taken() {
    let recipient = identity().recipient();
    let rules = format!(
        r"creation_rules:
  - path_regex: machines/.*\.sops\.ya?ml
    age: {recipient}
  - path_regex: (bootstrap|kubernetes)/.*\.sops\.ya?ml
    age: {recipient}
    encrypted_regex: ^(data|stringData)$
"
    );
    let policy = policy(&rules);
    assert!(policy.rule_for("machines/secrets.sops.yaml").is_some());
    assert!(policy.rule_for("kubernetes/apps/x/secret.sops.yaml").is_some());
    assert!(policy.rule_for("kubernetes/apps/x/secret.yaml").is_none());
    assert!(policy.rule_for("machines/secretsXsops.yaml").is_none());
}

#[test]
fn recipients_come_in_all_forms_that_sops_reads() {
    for age in [
        "age: RECIPIENT",
        "age: 'RECIPIENT, RECIPIENT,'",
        "age: >-\n      RECIPIENT,\n      RECIPIENT",
        "age: [RECIPIENT]",
        "key_groups: [{age: [RECIPIENT]}]",
        "age: not-looked-at\n    key_groups: [{age: ['RECIPIENT,RECIPIENT']}]",
    ] {
        assert_eq!(findings(&format!("creation_rules:\n  - {age}\n")), (true, vec![]), "{age}");
    }
}

#[test]
fn a_rule_that_cannot_be_obeyed_is_refused() {
    for (fields, code) in [
        ("path_regex: x", "encrypt.no-recipient"),
        ("age: ''", "encrypt.no-recipient"),
        ("encrypted_regxe: x", "encrypt.unknown-rule-key encrypt.no-recipient"),
        ("age: age1nope", "encrypt.bad-recipient"),
        ("age: age1pq1xyz", "encrypt.unsupported-key-type"),
        ("age: ssh-ed25519 AAAA", "encrypt.unsupported-key-type"),
        ("pgp: ABCD", "encrypt.unsupported-key-type"),
        ("{age: RECIPIENT, kms: 'arn:x'}", "encrypt.unsupported-key-type"),
        ("key_groups: [{age: [RECIPIENT]}, {age: [RECIPIENT]}]", "encrypt.unsupported-key-type"),
        ("key_groups: [{age: [RECIPIENT], pgp: [A]}]", "encrypt.unsupported-key-type"),
        ("{age: RECIPIENT, shamir_threshold: 2}", "encrypt.unsupported-key-type"),
        ("{age: RECIPIENT, path_regex: '('}", "encrypt.bad-rule"),
        ("{age: RECIPIENT, encrypted_regex: '^(?!x)'}", "encrypt.bad-rule"),
        ("{age: RECIPIENT, encrypted_regex: a, encrypted_suffix: b}", "encrypt.bad-rule"),
        ("{age: RECIPIENT, mac_only_encrypted: sure}", "encrypt.bad-rule"),
        ("{age: {a: b}}", "encrypt.bad-rule"),
    ] {
        let (valid, codes) = findings(&format!("creation_rules:\n  - {fields}\n"));
        assert_eq!((valid, codes.join(" ").as_str()), (false, code), "{fields}");
    }
}

#[test]
fn rules_that_are_not_rules_are_refused() {
    for rules in ["creation_rules: [", "creation_rules: x", "creation_rules: [x]", "- a", "a: 1\na: 2\n"] {
        assert_eq!(findings(rules), (false, vec!["encrypt.bad-rule".to_owned()]), "{rules}");
    }
    assert_eq!(findings("stores: {yaml: {indent: -1}}"), (false, vec!["encrypt.bad-rule".to_owned()]));
    assert_eq!(findings(""), (true, vec![]));
    assert_eq!(findings("creation_rules:\n"), (true, vec![]));
}

#[test]
fn every_rule_is_checked() {
    let (_, codes) = findings("creation_rules:\n- {}\n- {age: x}\n- {age: RECIPIENT, path_regex: '['}\n");
    assert_eq!(codes, ["encrypt.no-recipient", "encrypt.bad-recipient", "encrypt.bad-rule"]);
}

#[test]
fn a_misspelt_option_is_pointed_out() {
    let rules = format!("creation_rules:\n  - age: {}\n    encrypted_regx: ^data$\n", identity().recipient());
    let mut sink = Diagnostics::new();
    let source = Sources::new().add(".sops.yaml", rules.as_str());
    assert!(Policy::parse(source, &rules, &mut sink).is_ok());
    let finding = sink.iter().next().unwrap();
    assert_eq!(finding.help.as_deref(), Some("did you mean `encrypted_regex`?"));
}

#[test]
fn a_private_key_among_the_rules_is_not_pointed_at() {
    let rules = "creation_rules:\n  - age: AGE-SECRET-KEY-1QQQ\n";
    let mut sink = Diagnostics::new();
    let source = Sources::new().add(".sops.yaml", rules);
    assert!(Policy::parse(source, rules, &mut sink).is_err());
    let finding = sink.iter().next().unwrap();
    assert_eq!((finding.code.as_ref(), finding.labels.len()), ("encrypt.bad-recipient", 0));
    assert!(!format!("{finding:?}").contains("QQQ"));
}
