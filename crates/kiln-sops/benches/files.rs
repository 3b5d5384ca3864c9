//! How long 1,000 files of 20 values take, on one core: `cargo bench -p kiln-sops --bench files`.
//!
//! `encrypt` makes each anew, `keep` opens each and finds nothing changed, `change` opens
//! each and encrypts one value of it. `cargo xtask bench sops` has the whole program beside
//! the real one.

#![allow(missing_docs, reason = "a benchmark has no users")]

use divan::Bencher;
use divan::counter::ItemsCount;
use kiln_age::{Identities, NoDialog};
use kiln_model::{Diagnostics, Rendered, Secret, Sources, Span};
use kiln_sops::{Keys, Policy, Without, encrypt};

const FILES: usize = 1_000;

const VALUES: usize = 20;

const KEY: &str = include_str!("../tests/corpus/test-key.txt");

fn main() {
    divan::main();
}

fn identities() -> Identities {
    let mut identities = Identities::new();
    identities.add_keys("test key", &Secret::new("test key", KEY));
    identities
}

fn policy(recipient: &str) -> Policy {
    let rules = format!("creation_rules:\n- encrypted_regex: ^(data|stringData)$\n  age: {recipient}\n");
    let source = Sources::new().add(".sops.yaml", rules.as_str());
    Policy::parse(source, &rules, &mut Diagnostics::new()).unwrap_or_else(|_| panic!("the rules are valid"))
}

fn output(number: usize) -> Rendered {
    let values: Vec<String> =
        (0..VALUES).map(|at| format!("  key-{at}: the value {at} of secret {number}\n")).collect();
    let text = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: secret-{number}\nstringData:\n{}",
        values.concat()
    );
    Rendered::new(format!("secret-{number}.sops.yaml"), text, Span::NONE, Vec::new())
}

fn outputs() -> Vec<Rendered> {
    (0..FILES).map(output).collect()
}

fn encrypt_all(outputs: &[Rendered], previous: Option<&[Vec<u8>]>) -> Vec<Vec<u8>> {
    let identities = identities();
    let policy = policy(&identities.recipients()[0]);
    let keys = Keys { identities: &identities, dialog: &NoDialog, now: 0, without: Without::Refuse };
    let all = outputs.iter().enumerate().map(|(at, output)| {
        let rule = policy.rule_for(output.path()).expect("one rule is for all");
        let previous = previous.map(|all| all[at].as_slice());
        let done = encrypt(output, rule, previous, &keys, &mut Diagnostics::new());
        done.unwrap_or_else(|_| panic!("it can be encrypted")).artifact.bytes().to_vec()
    });
    all.collect()
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn encrypt_1000(bencher: Bencher<'_, '_>) {
    let outputs = outputs();
    bencher.counter(ItemsCount::new(FILES)).bench(|| encrypt_all(&outputs, None));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn keep_1000(bencher: Bencher<'_, '_>) {
    let outputs = outputs();
    let previous = encrypt_all(&outputs, None);
    bencher.counter(ItemsCount::new(FILES)).bench(|| encrypt_all(&outputs, Some(&previous)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn change_1000(bencher: Bencher<'_, '_>) {
    let previous = encrypt_all(&outputs(), None);
    let changed: Vec<Rendered> = (0..FILES)
        .map(|number| {
            // One value of twenty.
            let text = output(number).expose().replacen("the value 0", "another value", 1);
            Rendered::new(format!("secret-{number}.sops.yaml"), text, Span::NONE, Vec::new())
        })
        .collect();
    bencher.counter(ItemsCount::new(FILES)).bench(|| encrypt_all(&changed, Some(&previous)));
}
