//! What may change in a file if its document or its recipients change: as few lines as is
//! safe, and never more.

use std::collections::BTreeSet;

use crate::common::{NOW, decrypt, identities, keys, output, policy, recipient, rule};
use kiln_age::{Identities, NoDialog};
use kiln_model::{Diagnostics, Rendered, Secret, Span};
use kiln_sops::{Encrypted, Format, Keys, MacCheck, Outcome, Policy, Sealed, Without, encrypt};

const LATER: u64 = NOW + 60;

const DOCUMENT: &str = "# about\na: one\nb: two # why\nlist:\n- x\n- x\n- y\nnumber: 1\n";

/// A recipient whose private key nobody has kept.
const STRANGER: &str = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg";

fn at(
    now: u64,
    output: &Rendered,
    policy: &Policy,
    previous: Option<&[u8]>,
    identities: &Identities,
) -> Encrypted {
    let mut sink = Diagnostics::new();
    let keys = Keys { now, ..keys(identities) };
    let rule = policy.rule_for(output.path()).expect("a rule for the path");
    encrypt(output, rule, previous, &keys, &mut sink).unwrap_or_else(|_| panic!("{sink:?}"))
}

fn first(text: &str, policy: &Policy) -> String {
    let done = at(NOW, &output(text), policy, None, &identities());
    String::from_utf8(done.artifact.bytes().to_vec()).expect("YAML is text")
}

fn again(text: &str, policy: &Policy, previous: &str) -> String {
    let done = at(LATER, &output(text), policy, Some(previous.as_bytes()), &identities());
    let (changed, new) = (decrypt(done.artifact.bytes()), decrypt(first(text, policy).as_bytes()));
    assert_eq!(changed.expect("it is ours"), new.expect("it is ours"));
    String::from_utf8(done.artifact.bytes().to_vec()).expect("YAML is text")
}

/// The lines that a diff would show: of the old file, and of the new one, each up to its `:`.
fn diff(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    let name = |line: &str| line.split(": ").next().unwrap_or_default().trim().to_owned();
    let missing = |from: &str, other: &str| {
        let lines: BTreeSet<&str> = other.lines().collect();
        from.lines().filter(|line| !lines.contains(line)).map(name).collect()
    };
    (missing(old, new), missing(new, old))
}

fn same(changed: &[&str]) -> (Vec<String>, Vec<String>) {
    let lines: Vec<String> = changed.iter().map(|line| (*line).to_owned()).collect();
    (lines.clone(), lines)
}

fn wraps(file: &str) -> Vec<&str> {
    file.split("-----BEGIN").skip(1).filter_map(|part| part.split("-----END").next()).collect()
}

#[test]
fn nothing_changed_changes_nothing() {
    let file = first(DOCUMENT, &rule(""));
    assert_eq!(again(DOCUMENT, &rule(""), &file), file);
}

#[test]
fn one_value_changes_its_line_the_time_and_the_mac() {
    let file = first(DOCUMENT, &rule(""));
    let changed = again(&DOCUMENT.replace("one", "three"), &rule(""), &file);
    assert_eq!(diff(&file, &changed), same(&["a", "lastmodified", "mac"]));
    let inline = again(&DOCUMENT.replace("why", "because"), &rule(""), &file);
    assert_eq!(diff(&file, &inline), same(&["b", "lastmodified", "mac"]));
}

#[test]
fn a_value_of_a_list_changes_alone_wherever_it_moves() {
    let file = first(DOCUMENT, &rule(""));
    let changed = again(&DOCUMENT.replace("- x\n- x\n- y\n", "- y\n- x\n- z\n- x\n"), &rule(""), &file);
    let (gone, new) = diff(&file, &changed);
    assert_eq!(gone, ["lastmodified", "mac"]);
    assert_eq!((new.len(), &new[1..]), (3, ["lastmodified".to_owned(), "mac".to_owned()].as_slice()));
}

#[test]
fn equal_values_of_a_list_never_become_equal_ciphertexts() {
    let file = first("list: [x]\n", &rule(""));
    let changed = again("list: [x, x]\n", &rule(""), &file);
    let items: BTreeSet<&str> = changed.lines().filter(|line| line.contains("- ENC[")).collect();
    assert_eq!(items.len(), 2);
}

#[test]
fn added_and_removed_values_leave_the_others_alone() {
    let file = first(DOCUMENT, &rule(""));
    let changed = again(&DOCUMENT.replace("number: 1\n", "other: 2\n"), &rule(""), &file);
    let (gone, new) = diff(&file, &changed);
    assert_eq!(gone, ["number", "lastmodified", "mac"]);
    assert_eq!(new, ["other", "lastmodified", "mac"]);
}

#[test]
fn another_type_or_place_is_another_value() {
    let file = first("a: '1'\nb: x\n", &rule(""));
    let (gone, _) = diff(&file, &again("a: 1\nc: x\n", &rule(""), &file));
    assert_eq!(gone, ["a", "b", "lastmodified", "mac"]);
}

#[test]
fn a_value_that_returns_gets_a_new_nonce() {
    let file = first(DOCUMENT, &rule(""));
    let changed = again(&DOCUMENT.replace("one", "three"), &rule(""), &file);
    let back = again(DOCUMENT, &rule(""), &changed);
    assert_eq!(diff(&file, &back), same(&["a", "lastmodified", "mac"]));
}

#[test]
fn a_new_recipient_gets_a_stanza_and_the_others_keep_theirs() {
    let file = first(DOCUMENT, &rule(""));
    let both = policy(&format!("creation_rules:\n- age: {},{STRANGER}\n", recipient()));
    let changed = again(DOCUMENT, &both, &file);
    let (gone, new) = diff(&file, &changed);
    assert_eq!(gone, ["lastmodified", "mac"]);
    assert!(new.contains(&"recipient".to_owned()) && !new.contains(&"a".to_owned()), "{new:?}");
    assert_eq!((wraps(&changed).len(), wraps(&changed)[0]), (2, wraps(&file)[0]));
}

#[test]
fn a_removed_recipient_means_a_new_data_key() {
    let both = policy(&format!("creation_rules:\n- age: {},{STRANGER}\n", recipient()));
    let file = first(DOCUMENT, &both);
    let changed = again(DOCUMENT, &rule(""), &file);
    let (gone, _) = diff(&file, &changed);
    assert!(["a", "b", "number", "mac"].iter().all(|it| gone.contains(&(*it).to_owned())), "{gone:?}");
    assert!(gone[0].starts_with("#ENC["), "{gone:?}");
    assert_ne!(wraps(&changed)[0], wraps(&file)[0]);
}

#[test]
fn recipients_in_another_order_are_the_same() {
    let one = policy(&format!("creation_rules:\n- age: {},{STRANGER}\n", recipient()));
    let other = policy(&format!("creation_rules:\n- age: {STRANGER},{}\n", recipient()));
    let file = first(DOCUMENT, &one);
    assert_eq!(again(DOCUMENT, &other, &file), file);
}

#[test]
fn another_selection_keeps_what_stays_encrypted() {
    let file = first("a: x\nb: y\n", &rule(""));
    let changed = again("a: x\nb: y\n", &rule("    encrypted_regex: ^a$\n"), &file);
    let (gone, new) = diff(&file, &changed);
    assert_eq!(gone, ["b", "lastmodified", "mac", "unencrypted_suffix"]);
    assert_eq!(new, ["b", "encrypted_regex", "lastmodified", "mac"]);
}

/// Without the proof nobody knows who chose the data key.
#[test]
fn a_file_without_proof_gets_a_new_data_key_when_it_changes() {
    let file = first(DOCUMENT, &rule(""));
    let unproven: String = file
        .lines()
        .filter(|line| !line.contains("kiln_data_key_proof"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(again(DOCUMENT, &rule(""), &unproven), unproven, "unchanged, it stays");
    let changed = again(&DOCUMENT.replace("one", "three"), &rule(""), &unproven);
    let (gone, new) = diff(&unproven, &changed);
    assert!(gone.contains(&"number".to_owned()) && new.contains(&"kiln_data_key_proof".to_owned()));
    let next = again(DOCUMENT, &rule(""), &changed);
    // Both were made at the same time.
    assert_eq!(diff(&changed, &next), same(&["a", "mac"]));
}

/// Somebody who can write to the repository, and knows the recipient alone, plants a file.
#[test]
fn a_planted_data_key_is_never_used_for_new_values() {
    let policy = rule("");
    let planted = at(NOW, &output(DOCUMENT), &policy, None, &Identities::new());
    let planted = String::from_utf8(planted.artifact.bytes().to_vec()).unwrap();
    assert!(!planted.contains("kiln_data_key_proof"), "who has no identity has no proof");
    for forged in ["", "AAAA", "kiln"] {
        let planted = planted
            .replace("    lastmodified", &format!("    kiln_data_key_proof: {forged}\n    lastmodified"));
        let changed = again(&DOCUMENT.replace("one", "three"), &policy, &planted);
        assert_ne!(wraps(&changed)[0], wraps(&planted)[0]);
    }
}

#[test]
fn a_proof_holds_at_its_path_alone() {
    let policy = rule("");
    let moved = Rendered::new("elsewhere.sops.yaml", "a: x\n", Span::NONE, Vec::new());
    let file = at(NOW, &moved, &policy, None, &identities());
    let changed = at(LATER, &output("a: y\n"), &policy, Some(file.artifact.bytes()), &identities());
    let texts = [&file, &changed].map(|it| String::from_utf8_lossy(it.artifact.bytes()).into_owned());
    assert_ne!(wraps(&texts[0])[0], wraps(&texts[1])[0]);
}

#[test]
fn what_sops_wrote_in_another_layout_stays_too() {
    let sops = include_str!("../corpus/sops/types.sops.yaml");
    let plain = include_str!("../corpus/sops/types.plain.yaml");
    // A release before 3.13 put the block in another order and indented by two.
    let (document, block) = sops.split_at(sops.find("sops:\n").unwrap());
    let mut lines: Vec<&str> = block.lines().collect();
    let version = lines.pop().unwrap();
    let older = format!("---\n\n{document}{}\n{version}\n", lines.join("\n"));
    let rules = policy(include_str!("../corpus/sops/rules.yaml"));
    let output = Rendered::new("types.x.yaml", plain, Span::NONE, Vec::new());
    let done = at(LATER, &output, &rules, Some(older.as_bytes()), &identities());
    assert_eq!((done.outcome, done.artifact.bytes()), (Outcome::Kept, older.as_bytes()));
}

#[test]
fn a_comment_above_a_line_is_the_one_that_stood_behind_it() {
    // Releases before 3.13 moved it there.
    let file = first("a: x\n# why\nb: y\n", &rule(""));
    let done = at(LATER, &output("a: x\nb: y # why\n"), &rule(""), Some(file.as_bytes()), &identities());
    assert_eq!(done.outcome, Outcome::Kept);
}

#[test]
fn without_an_identity_a_run_that_writes_nothing_keeps_the_file() {
    let policy = rule("");
    let file = first(DOCUMENT, &policy);
    let nobody = Identities::new();
    let keys = Keys { without: Without::Keep, identities: &nobody, dialog: &NoDialog, now: LATER };
    let mut sink = Diagnostics::new();
    let new = output("a: other\n");
    let done = encrypt(&new, policy.rule_for("a").unwrap(), Some(file.as_bytes()), &keys, &mut sink);
    let done = done.unwrap_or_else(|_| panic!("{sink:?}"));
    assert_eq!((done.outcome, done.artifact.bytes()), (Outcome::NotCompared, file.as_bytes()));
}

#[test]
fn unknown_fields_of_the_block_stay() {
    let file =
        first(DOCUMENT, &rule("")).replace("    lastmodified", "    later_field: {a: [1]}\n    lastmodified");
    let changed = again(&DOCUMENT.replace("one", "three"), &rule(""), &file);
    assert!(changed.contains("    later_field:\n        a:\n            - 1\n"), "{changed}");
}

/// A group of keys needs two of three here, one of which is ours twice.
#[test]
fn shares_of_the_key_stay_as_long_as_the_groups_do() {
    let own = recipient();
    let rules = format!(
        "creation_rules:\n- shamir_threshold: 2\n  key_groups: [{{age: [{own}]}}, {{age: [{STRANGER}]}}, {{age: [{own}]}}]\n"
    );
    let file = first(DOCUMENT, &policy(&rules));
    assert!(file.contains("    shamir_threshold: 2\n") && file.contains("    key_groups:\n"), "{file}");
    let changed = again(&DOCUMENT.replace("one", "three"), &policy(&rules), &file);
    assert_eq!(diff(&file, &changed), same(&["a", "lastmodified", "mac"]));
    let all = rules.replace("shamir_threshold: 2", "shamir_threshold: 3");
    let mut sink = Diagnostics::new();
    let policy = policy(&all);
    let encrypted = at(LATER, &output(DOCUMENT), &policy, None, &identities());
    let sealed = Sealed::read(encrypted.artifact.bytes(), Format::Yaml).unwrap();
    assert!(sealed.open(&identities(), MacCheck::Verify, &NoDialog).is_err(), "two of three are not enough");
    let keys_of_mine = identities();
    let rule = policy.rule_for("a").unwrap();
    assert!(
        encrypt(&output("a: 1\n"), rule, Some(encrypted.artifact.bytes()), &keys(&keys_of_mine), &mut sink)
            .is_err()
    );
    let code = sink.iter().next().unwrap().code.to_string();
    assert_eq!(code, "encrypt.previous-unreadable");
}

#[test]
fn the_first_identity_with_a_secret_makes_the_proof_and_any_verifies_it() {
    let mut several = identities();
    let other = kiln_sops::generate(NOW).unwrap();
    several.add_keys("other", &Secret::new("other", other.as_str()));
    let policy = rule("");
    let file = at(NOW, &output(DOCUMENT), &policy, None, &identities());
    let new = DOCUMENT.replace("one", "three");
    let changed = at(LATER, &output(&new), &policy, Some(file.artifact.bytes()), &several);
    let texts = [&file, &changed].map(|it| String::from_utf8_lossy(it.artifact.bytes()).into_owned());
    assert_eq!(wraps(&texts[0]), wraps(&texts[1]));
}
