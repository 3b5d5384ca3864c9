//! A document, and how it is to be encrypted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;
use kiln::Secret;
use kiln::sops::{Format, Identities, Recipient, Stores, Terms, generate};
use serde_json::{Value, json};

use super::generate::{self, Comments};
use crate::Result;

/// The time at which kiln encrypts, in seconds since 1970.
pub(super) const NOW: u64 = 1_785_000_000;

/// Options that select, with values that match some of what is generated.
const SELECTIONS: [(&str, &str); 7] = [
    ("", ""),
    ("unencrypted_suffix", "_unencrypted"),
    ("encrypted_suffix", "0"),
    ("unencrypted_regex", "^key"),
    ("encrypted_regex", "^(password|data|k)"),
    ("unencrypted_comment_regex", "note"),
    ("encrypted_comment_regex", "secret"),
];

/// Keys for one run.
pub(super) struct Keys {
    recipients: Vec<String>,
    text: String,
    /// All of them.
    pub(super) identities: Identities,
}

impl Keys {
    /// Fresh keys.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub(super) fn new() -> Result<Keys> {
        let mut identities = Identities::new();
        let mut text = String::new();
        for index in 0..3 {
            let file = generate(NOW).ok_or("there are no random bytes")?;
            identities.add_keys("a generated key", &Secret::new(format!("key {index}"), file.as_str()));
            text.push_str(&file);
        }
        Ok(Keys { recipients: identities.recipients(), text, identities })
    }
}

/// One document and its options.
pub(super) struct Case {
    format: &'static str,
    /// The plain document.
    pub(super) text: Vec<u8>,
    /// What kiln is told.
    pub(super) terms: Terms,
    /// How it is indented.
    pub(super) stores: Stores,
    /// Whether kiln writes what sops writes: sops loses comments in lists.
    pub(super) is_strict: bool,
    /// Whether it is for the newest release.
    pub(super) is_newest: bool,
    groups: Vec<Vec<String>>,
    selection: (&'static str, &'static str),
    identities: String,
}

impl Case {
    /// The case of this number. Old releases treat comments in their own way.
    pub(super) fn new(format: &'static str, seed: u64, is_newest: bool, keys: &Keys) -> Case {
        let mut rng = Rng::with_seed(seed);
        let comments = match rng.u32(..3) {
            _ if !is_newest => Comments::None,
            0 => Comments::None,
            1 => Comments::InMaps,
            _ => Comments::Anywhere,
        };
        let text = generate::document(format, comments, &mut rng);
        let is_strict = format != "yaml" || comments != Comments::Anywhere;
        let groups = groups(&mut rng, &keys.recipients);
        let selection = SELECTIONS[rng.usize(..SELECTIONS.len())];
        let mut terms = Terms::new(groups.iter().map(|group| parsed(group)).collect());
        terms.set_threshold(if groups.len() > 1 { 2 } else { 0 });
        terms.set_mac_only_encrypted(rng.bool());
        if format != "binary" && !selection.0.is_empty() {
            terms.select(selection.0, selection.1).expect("the options and patterns are those of sops");
        }
        let yaml_indent = if rng.bool() { 4 } else { rng.usize(2..10) };
        let json_indent = if rng.bool() { None } else { Some(rng.usize(..5)) };
        Case {
            format,
            text,
            terms,
            stores: Stores { yaml_indent, json_indent, binary_indent: json_indent },
            is_strict,
            is_newest,
            groups,
            selection,
            identities: keys.text.clone(),
        }
    }

    /// Whether an older release changes the document by itself: numbers of JSON that are
    /// not exact as floats, before 3.13.2.
    pub(super) fn is_beyond(&self) -> bool {
        let mut runs = self.text.split(|it| !it.is_ascii_digit());
        !self.is_newest && self.format == "json" && runs.any(|digits| digits.len() > 15)
    }

    /// The format of the document.
    pub(super) fn format(&self) -> Format {
        Format::named(self.format).expect("the formats have the names that sops gives them")
    }

    /// What the harness is asked.
    pub(super) fn request(&self, task: &str, data: &[u8]) -> Value {
        let selection = if self.format == "binary" { ("", "") } else { self.selection };
        json!({
            "Task": task,
            "Format": self.format,
            "Data": STANDARD.encode(data),
            "Groups": self.groups,
            "Threshold": self.terms.threshold(),
            "Option": selection.0,
            "Pattern": selection.1,
            "MacOnlyEncrypted": self.terms.mac_only_encrypted(),
            "YAMLIndent": self.stores.yaml_indent,
            "JSONIndent": self.stores.json_indent.map_or(-1, |columns| columns as i64),
            "Identities": self.identities,
        })
    }
}

/// One group of some recipients, or several groups.
fn groups(rng: &mut Rng, recipients: &[String]) -> Vec<Vec<String>> {
    match rng.u32(..4) {
        0 => recipients.iter().map(|it| vec![it.clone()]).collect(),
        1 => vec![recipients.to_vec()],
        2 => vec![recipients[..2].to_vec(), recipients[2..].to_vec()],
        _ => vec![recipients[..1].to_vec()],
    }
}

fn parsed(group: &[String]) -> Vec<Recipient> {
    group.iter().map(|it| Recipient::parse(it).expect("it is the recipient of a generated key")).collect()
}
