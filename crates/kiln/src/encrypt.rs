//! From plain outputs to artifacts: what is encrypted, what may be clear, what is refused.

use std::collections::{BTreeMap, BTreeSet};

use kiln_age::{Identities, NoDialog};
use kiln_model::{Artifact, Diagnostic, Diagnostics, Files, Map, Mode, Rendered, Reveal, Span, Value};
use kiln_sops::{Keys, Outcome, Policy, Scanner, ValueChange, Without};
use rayon::prelude::*;

use crate::pipeline::Prepared;

/// How outputs are encrypted.
pub(crate) struct Encryption {
    pub(crate) policy: Option<Policy>,
    /// Whether there is no policy because nobody knows what it would say.
    pub(crate) is_unknown: bool,
    pub(crate) identities: Identities,
    /// The time that new files record.
    pub(crate) now: u64,
    /// What becomes of encrypted files that are there if there is no identity.
    pub(crate) without: Without,
}

impl Encryption {
    /// What opens the files that are there.
    pub(crate) fn keys(&self) -> Keys<'_> {
        Keys { identities: &self.identities, dialog: &NoDialog, now: self.now, without: self.without }
    }
}

/// What became of an output.
pub(crate) enum Made {
    /// It stays in clear.
    Clear(Artifact),
    Encrypted(kiln_sops::Encrypted),
}

impl Made {
    /// The same, with the name of what made it.
    pub(crate) fn by(self, template: String) -> Made {
        match self {
            Made::Clear(artifact) => Made::Clear(artifact.made_by(template)),
            Made::Encrypted(done) => {
                Made::Encrypted(kiln_sops::Encrypted { artifact: done.artifact.made_by(template), ..done })
            }
        }
    }
}

/// The artifacts of a run.
#[derive(Default)]
pub(crate) struct Encrypted {
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) found: Diagnostics,
    /// How many are encrypted.
    pub(crate) count: usize,
    /// How many of those kept the bytes they had.
    pub(crate) kept: usize,
    /// The paths of those that could not be opened to compare them, or not encrypted.
    pub(crate) not_compared: Vec<String>,
    /// By path, the values of encrypted outputs that are not those of the file before.
    pub(crate) value_changes: BTreeMap<String, Vec<ValueChange>>,
}

impl Encrypted {
    /// Takes in one artifact.
    pub(crate) fn push(&mut self, made: Made) {
        let done = match made {
            Made::Clear(artifact) => return self.artifacts.push(artifact),
            Made::Encrypted(done) => done,
        };
        let path = done.artifact.path();
        self.count += 1;
        match done.outcome {
            Outcome::Kept => self.kept += 1,
            Outcome::NotCompared => self.not_compared.push(path.to_owned()),
            Outcome::Written => {
                self.value_changes.insert(path.to_owned(), done.changes);
            }
        }
        self.artifacts.push(done.artifact);
    }

    /// What the stage did, for people.
    pub(crate) fn summary(&self) -> String {
        let locked = match self.not_compared.len() {
            0 => String::new(),
            count => format!(", {count} not compared for want of a key"),
        };
        format!("{} encrypted, {} of them kept{locked}", self.count, self.kept)
    }
}

/// Every secret of a run, to look for in what stays in clear.
pub(crate) fn known_secrets(data: &Map) -> Vec<Reveal> {
    fn collect(value: &Value, found: &mut Vec<Reveal>) {
        match value {
            Value::Secret(secret) => found.push(Reveal { secret: secret.clone(), span: Span::NONE }),
            Value::List(items) => items.iter().for_each(|item| collect(&item.value, found)),
            Value::Map(map) => map.iter().for_each(|(_, entry)| collect(&entry.node.value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    data.iter().for_each(|(_, entry)| collect(&entry.node.value, &mut found));
    found
}

/// Turns every output into an artifact, in the order of the outputs.
pub(crate) fn all(
    rendered: &[Rendered],
    encryption: &Encryption,
    prepared: &Prepared,
    previous: &dyn Files,
) -> Encrypted {
    let known = known_secrets(&prepared.data);
    let scanner = Scanner::new(&known);
    let results: Vec<(Option<Made>, Diagnostics)> = rendered
        .par_iter()
        .map(|rendered| {
            let mut sink = Diagnostics::new();
            let artifact = one(rendered, encryption, prepared, previous, &mut sink);
            if let Some(Made::Clear(clear)) = &artifact
                && clear.mode() == Mode::Normal
            {
                refuse_copies(rendered, &scanner, &mut sink);
            }
            (artifact, sink)
        })
        .collect();
    let mut all = Encrypted::default();
    for (artifact, found) in results {
        all.found.append(found);
        artifact.into_iter().for_each(|made| all.push(made));
    }
    let made: BTreeSet<&str> = all.artifacts.iter().map(Artifact::path).collect();
    if encryption.is_unknown {
        let left = rendered.iter().map(Rendered::path).filter(|path| !made.contains(path));
        all.not_compared.extend(left.map(str::to_owned));
    } else {
        refuse_encrypted_keys(rendered, &made, prepared, &mut all.found);
    }
    all
}

/// The artifact of an output.
fn one(
    rendered: &Rendered,
    encryption: &Encryption,
    prepared: &Prepared,
    previous: &dyn Files,
    sink: &mut Diagnostics,
) -> Option<Made> {
    let path = rendered.path();
    let is_config = prepared.pack.sops.as_ref().is_some_and(|sops| sops.config == path);
    let rule = encryption.policy.as_ref().filter(|_| !is_config).and_then(|policy| policy.rule_for(path));
    if let Some(rule) = rule {
        let previous = match previous.read(path) {
            Ok(previous) => previous,
            Err(error) => {
                sink.error(unreadable(path, &error.reason));
                return None;
            }
        };
        let previous = previous.as_ref().map(|bytes| bytes.as_slice());
        return kiln_sops::encrypt(rendered, rule, previous, &encryption.keys(), sink)
            .ok()
            .map(Made::Encrypted);
    }
    if rendered.reveals().is_empty() {
        return Artifact::clear(rendered).map(Made::Clear);
    }
    if prepared.settings.clear.iter().any(|clear| clear.path == path) {
        return Some(Made::Clear(Artifact::clear_by_exception(rendered)));
    }
    let mut named = BTreeSet::new();
    for reveal in rendered.reveals().iter().filter(|it| !is_of_encrypted_keys(it.secret.label(), prepared)) {
        if !encryption.is_unknown && named.insert(reveal.secret.label()) {
            sink.error(no_rule(path, reveal.secret.label(), reveal.span));
        }
    }
    None
}

/// The names in the label of a secret; one that was computed has those of all that it comes from.
fn names(label: &str) -> impl Iterator<Item = &str> {
    label.split(", ")
}

/// Whether a secret is one only because its keys stand in an encrypted data file.
fn is_of_encrypted_keys(label: &str, prepared: &Prepared) -> bool {
    names(label).all(|name| prepared.encrypted.contains_key(name))
}

/// Keys of an encrypted data file that reach outputs in clear, once for each key.
fn refuse_encrypted_keys(
    rendered: &[Rendered],
    made: &BTreeSet<&str>,
    prepared: &Prepared,
    sink: &mut Diagnostics,
) {
    let mut uses: BTreeMap<&str, Vec<(&str, Span)>> = BTreeMap::new();
    for output in rendered.iter().filter(|output| !made.contains(output.path())) {
        for reveal in output.reveals() {
            for name in names(reveal.secret.label()) {
                uses.entry(name).or_default().push((output.path(), reveal.span));
            }
        }
    }
    for (key, place) in &prepared.encrypted {
        if let Some(uses) = uses.get_mut(key.as_str()) {
            uses.dedup_by_key(|(path, _)| *path);
            sink.error(encrypted_key(key, *place, uses));
        }
    }
}

/// An output in clear may hold a copy of a secret that no template asked for, such as one
/// that was typed into a file.
pub(crate) fn refuse_copies(rendered: &Rendered, scanner: &Scanner<'_>, sink: &mut Diagnostics) {
    // It is searched for secrets.
    for label in scanner.labels_in(rendered.expose()) {
        sink.error(copied(rendered.path(), label, rendered.template()));
    }
}

fn copied(path: &str, secret: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "encrypt.secret-copied",
        format!("the output `{path}` stays in plain text and contains a copy of the secret `{secret}`"),
    )
    .label(span, "this makes the output")
    .help(
        "take the secret out, or use the key it is set with in an output that a rule of `.sops.yaml` covers",
    )
}

fn no_rule(path: &str, secret: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "encrypt.no-rule",
        format!("the output `{path}` contains the secret `{secret}`, and no creation rule covers it"),
    )
    .label(span, "the secret is used here")
    .help(format!(
        "name the output `*.sops.yaml` so that a rule of `.sops.yaml` matches; if it must be in plain \
         text, list `{path}` under `[[clear]]` in `kiln.toml` with a reason"
    ))
}

fn encrypted_key(key: &str, place: Span, uses: &[(&str, Span)]) -> Diagnostic {
    let outputs = if uses.len() == 1 { "1 output".to_owned() } else { format!("{} outputs", uses.len()) };
    let (first, used) = uses.first().copied().unwrap_or(("", Span::NONE));
    Diagnostic::error(
        "encrypt.encrypted-input",
        format!("`{key}` is encrypted in its data file, and {outputs} in plain text would show it"),
    )
    .label(place, "what stands encrypted in a data file is secret")
    .label(used, format!("used here for `{first}`"))
    .help(format!(
        "if it is no secret, move `{key}` to the data file in clear, or leave it in clear where it is"
    ))
}

fn unreadable(path: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        "encrypt.unreadable",
        format!("the output `{path}` of the last run cannot be read: {reason}"),
    )
    .help("make the file readable; kiln compares it with the new one to keep what did not change")
}

/// `file` is the key file that the identity comes from, if the pack has one for it.
pub(crate) fn bad_identity(label: &str, file: Option<&str>, span: Span) -> Diagnostic {
    let message = match file {
        Some(path) => format!("the age key in `{path}` is damaged or of a kind that kiln cannot use"),
        None => format!("`{label}` is not an age identity that kiln can use"),
    };
    Diagnostic::error("encrypt.bad-identity", message)
        .label(span, "the identity is taken from here")
        .help("put yours back from your backup, or one that `age-keygen` made")
}

pub(crate) fn not_a_recipient(config: &Rendered, recipient: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "encrypt.not-a-recipient",
        format!("the identity could not open what `{}` has encrypted: `{recipient}` is no recipient", config.path()),
    )
    .label(config.template(), "the creation rules come from here")
    .label(span, "the identity is taken from here")
    .help("name this recipient in the rules; if it comes from a key file, see whether its public key belongs to its private one")
}
