//! Creation rules: which one is for a path, and what is refused.

use crate::common::{output, policy, recipient, try_encrypt};
use kiln_model::{Diagnostics, Sources};
use kiln_sops::Policy;

/// The codes of what is found in rules; `RECIPIENT` stands for a valid one.
fn findings(rules: &str) -> (bool, Vec<String>) {
    let rules = rules.replace("RECIPIENT", &recipient());
    let mut sink = Diagnostics::new();
    let source = Sources::new().add(".sops.yaml", rules.as_str());
    let valid = Policy::parse(source, &rules, &mut sink).is_ok();
    (valid, sink.iter().map(|finding| finding.code.to_string()).collect())
}

#[test]
fn the_first_rule_that_matches_is_taken() {
    let recipient = recipient();
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
        "key_groups: [{merge: [{age: [RECIPIENT]}]}]",
        "{key_groups: [{age: [RECIPIENT]}, {age: [RECIPIENT]}], shamir_threshold: 2}",
        "{key_groups: [{age: [RECIPIENT]}, {age: [RECIPIENT]}]}",
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
        ("age: age1pq1xyz", "encrypt.bad-recipient"),
        ("age: ssh-ed25519 AAAA", "encrypt.bad-recipient"),
        ("key_groups: [{age: [RECIPIENT]}, {}]", "encrypt.no-recipient"),
        ("key_groups: [{age: [RECIPIENT]}, x]", "encrypt.bad-rule"),
        ("{age: RECIPIENT, shamir_threshold: two}", "encrypt.bad-rule"),
        ("{key_groups: [{age: [RECIPIENT]}, {age: [RECIPIENT]}], shamir_threshold: 3}", "encrypt.bad-rule"),
        ("{key_groups: [{age: [RECIPIENT]}, {age: [RECIPIENT]}], shamir_threshold: 1}", "encrypt.bad-rule"),
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
fn post_quantum_recipients_beside_others_protect_nothing() {
    let key = kiln_sops::generate_post_quantum(0).unwrap();
    let safe = key.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap();
    let found = |age: &str| findings(&format!("creation_rules:\n- age: {age}\n"));
    assert_eq!(found(safe), (true, vec![]));
    assert_eq!(found(&format!("{safe},RECIPIENT")), (true, vec!["encrypt.mixed-recipients".to_owned()]));
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
    let rules = format!("creation_rules:\n  - age: {}\n    encrypted_regx: ^data$\n", recipient());
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

#[test]
fn what_is_wrong_with_a_rule_can_wait_until_it_is_used() {
    let rules = format!("creation_rules:\n- path_regex: a\n  age: x\n- age: {}\n", recipient());
    let mut sink = Diagnostics::new();
    let source = Sources::new().add(".sops.yaml", rules.as_str());
    let policy = Policy::parse_as_needed(source, &rules, &mut sink).unwrap_or_else(|_| panic!("{sink:?}"));
    let has_errors = |path: &str| policy.rule_for(path).unwrap().problems().has_errors();
    assert!(has_errors("a") && !has_errors("b"));
}

#[test]
fn keys_of_other_kinds_are_named_where_their_rule_is_used() {
    for (fields, kinds) in [
        ("pgp: ABCD", "pgp"),
        ("{age: RECIPIENT, kms: 'arn:x', azure_keyvault: y}", "kms azure_kv"),
        ("key_groups: [{age: [RECIPIENT], hc_vault: [A]}]", "hc_vault"),
    ] {
        let rules = format!("creation_rules:\n  - {fields}\n").replace("RECIPIENT", &recipient());
        let policy = policy(&rules);
        let found: Vec<_> = policy.rule_for("x").unwrap().other_kinds().collect();
        assert_eq!(found.join(" "), kinds);
        let codes = try_encrypt(&output("a: 1\n"), &policy, None).err().unwrap();
        assert_eq!(codes, vec!["encrypt.unsupported-key-type"; found.len()]);
    }
}

#[test]
fn stores_set_the_indentation_of_each_format() {
    for (stores, expected) in [
        ("yaml: {indent: 2}", (2, None, None)),
        ("yaml: {indent: 0}", (4, None, None)),
        ("json: {indent: 3}, json_binary: {indent: 0}", (4, Some(3), Some(0))),
        ("json: {indent: -1}", (4, None, None)),
    ] {
        let rules = format!("stores: {{{stores}}}\n");
        let stores = *policy(&rules).stores();
        assert_eq!((stores.yaml_indent, stores.json_indent, stores.binary_indent), expected, "{rules}");
    }
}
