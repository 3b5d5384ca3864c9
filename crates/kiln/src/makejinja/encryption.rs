//! Which outputs of a makejinja project are encrypted, and how.
//!
//! The rules are those of the nearest `.sops.yaml` above an output, rendered or there before. An
//! output is encrypted if its name says so (`*.sops.*`), or a rule with a pattern covers it; one
//! that stands on the disk in plain text stays so unless its name says otherwise.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kiln_age::{Identities, NoDialog};
use kiln_config::Settings;
use kiln_makejinja::Disk;
use kiln_model::{Artifact, Diagnostics, Map, Rendered, Reveal, Secret, Sources};
use kiln_sops::{Format, Keys, Policy, Scanner, Sealed, Without};
use rayon::prelude::*;

use super::schemas::shown;
use crate::encrypt::{self, Encrypted, Made, known_secrets};
use crate::findings;

const RULES: &str = ".sops.yaml";

/// How every private age key begins.
const PRIVATE_KEY: &str = "AGE-SECRET-KEY-";

/// What encrypts the outputs of a run.
pub(super) struct Encryption<'a> {
    /// The project and what was made in it.
    pub(super) disk: &'a dyn Disk,
    /// The file system before the run.
    pub(super) before: &'a dyn Disk,
    /// The output folder.
    pub(super) output: &'a Path,
    pub(super) settings: &'a Settings,
    pub(super) identities: Identities,
    pub(super) now: u64,
    /// What becomes of encrypted files that are there if there is no key.
    pub(super) without: Without,
    /// The rules of each folder.
    policies: BTreeMap<PathBuf, Option<Policy>>,
}

/// An output: its path below the output folder, and what it holds.
pub(super) struct Plain {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
    /// The path of its template in the project; empty if it lies outside.
    pub(super) template: String,
    pub(super) is_executable: bool,
}

impl<'a> Encryption<'a> {
    pub(super) fn new(
        disk: &'a dyn Disk,
        before: &'a dyn Disk,
        output: &'a Path,
        settings: &'a Settings,
        identities: Identities,
        now: u64,
        without: Without,
    ) -> Encryption<'a> {
        Encryption { disk, before, output, settings, identities, now, without, policies: BTreeMap::new() }
    }

    /// Turns every output into an artifact. `data` may hold secrets, which no output in clear may
    /// contain.
    pub(super) fn all(
        &mut self,
        outputs: Vec<Plain>,
        data: &[Map],
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Encrypted {
        let known: Vec<Reveal> = data.iter().flat_map(known_secrets).collect();
        let scanner = Scanner::new(&known);
        let rules: Vec<Option<Rules>> =
            outputs.iter().map(|output| self.rules_for(&output.path, sources, sink)).collect();
        let results: Vec<(Option<Made>, Diagnostics)> = outputs
            .into_par_iter()
            .zip(rules)
            .map(|(output, rules)| {
                let mut sink = Diagnostics::new();
                let template = output.template.clone();
                let made = rules.and_then(|rules| self.one(output, &rules, &scanner, &mut sink));
                (made.map(|made| made.by(template)), sink)
            })
            .collect();
        let mut all = Encrypted::default();
        for (artifact, found) in results {
            all.found.append(found);
            artifact.into_iter().for_each(|made| all.push(made));
        }
        all
    }

    fn one(
        &self,
        output: Plain,
        rules: &Rules,
        scanner: &Scanner<'_>,
        sink: &mut Diagnostics,
    ) -> Option<Made> {
        let Plain { path, bytes, is_executable, .. } = output;
        let is_done = is_encrypted(&path, &bytes);
        let text = match String::from_utf8(bytes) {
            Ok(text) if !is_done => text,
            Ok(text) => return Some(Made::Clear(Artifact::copied(path, text.into_bytes()))),
            Err(error) => {
                let copied = Artifact::copied(path, error.into_bytes());
                return Some(Made::Clear(as_program(copied, is_executable)));
            }
        };
        let rendered = Rendered::new(path.as_str(), text, kiln_model::Span::NONE, Vec::new());
        let previous = self.before.read(&self.output.join(&path)).ok();
        let was_encrypted = previous.as_deref().is_some_and(|bytes| is_encrypted(&path, bytes));
        let says_so = named_as_encrypted(&path);
        let policy = rules.folder.as_ref().and_then(|folder| self.policies.get(folder)?.as_ref());
        let rule =
            policy.and_then(|policy| policy.rule_for(&rules.path)).filter(|_| file_name(&path) != RULES);
        match rule {
            Some(rule) if says_so || was_encrypted || (rule.has_pattern() && previous.is_none()) => {
                let done = kiln_sops::encrypt(&rendered, rule, previous.as_deref(), &self.keys(), sink);
                return done.ok().map(Made::Encrypted);
            }
            // What stands there in plain text may stay; nothing new may join it.
            Some(rule) if rule.has_pattern() && !self.is_exempt(&path) => {
                let stays = previous.as_deref() == Some(rendered.expose().as_bytes());
                sink.push(findings::rule_not_applied(&path, stays));
            }
            None if says_so => {
                sink.error(findings::named_as_encrypted(&path));
                return None;
            }
            _ => {}
        }
        if self.is_exempt(&path) {
            return Some(Made::Clear(Artifact::clear_by_exception(&rendered)));
        }
        encrypt::refuse_copies(&rendered, scanner, sink);
        // It is searched for a key.
        if rendered.expose().contains(PRIVATE_KEY) {
            sink.error(findings::private_key_in_clear(&path));
        }
        Artifact::clear(&rendered).map(|artifact| Made::Clear(as_program(artifact, is_executable)))
    }

    fn keys(&self) -> Keys<'_> {
        Keys { identities: &self.identities, dialog: &NoDialog, now: self.now, without: self.without }
    }

    /// Whether the user wrote down that the output may be in plain text.
    fn is_exempt(&self, path: &str) -> bool {
        self.settings.clear.iter().any(|clear| clear.path == path)
    }

    /// Which rules are for an output. `None` if they are wrong, which has been reported.
    fn rules_for(&mut self, path: &str, sources: &mut Sources, sink: &mut Diagnostics) -> Option<Rules> {
        let file = self.output.join(path);
        let root = self.disk.current_folder();
        let top = if self.output.starts_with(&root) { root.as_path() } else { self.output };
        let mut folders = file.ancestors().skip(1).take_while(|folder| folder.starts_with(top));
        let Some(folder) = folders.find(|folder| self.disk.kind(&folder.join(RULES)).is_some()) else {
            return Some(Rules { folder: None, path: path.to_owned() });
        };
        if !self.policies.contains_key(folder) {
            let rules = folder.join(RULES);
            let text = self.disk.read(&rules).unwrap_or_default();
            let text = String::from_utf8_lossy(&text).into_owned();
            let source = sources.add(shown(&rules, &root), text.as_str());
            let policy = Policy::parse(source, &text, sink).ok();
            self.policies.insert(folder.to_owned(), policy);
        }
        self.policies.get(folder)?.as_ref()?;
        let relative = file.strip_prefix(folder).ok()?.to_str()?.to_owned();
        Some(Rules { folder: Some(folder.to_owned()), path: relative })
    }
}

/// The rules for an output.
struct Rules {
    /// Where they stand; none if there are none.
    folder: Option<PathBuf>,
    /// The path of the output from there.
    path: String,
}

/// Whether a name says that the file is encrypted, as `a.sops.yaml` does.
fn named_as_encrypted(path: &str) -> bool {
    file_name(path).find(".sops.").is_some_and(|at| at > 0)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn as_program(artifact: Artifact, is_executable: bool) -> Artifact {
    if is_executable { artifact.executable() } else { artifact }
}

/// The age key of the project, or the one that the environment names as it does for `sops`.
pub(super) fn identities(
    disk: &dyn Disk,
    environ: &[(String, String)],
    sink: &mut Diagnostics,
) -> Identities {
    let variable =
        |name: &str| environ.iter().rev().find(|(it, _)| it == name).map(|(_, value)| value.as_str());
    if let Some(key) = variable("SOPS_AGE_KEY") {
        return parse("SOPS_AGE_KEY", key, sink);
    }
    let root = disk.current_folder();
    let file = variable("SOPS_AGE_KEY_FILE").map_or_else(|| root.join("age.key"), |path| root.join(path));
    let text = disk.read(&file).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match text.map(zeroize::Zeroizing::new) {
        Some(text) => parse(&shown(&file, &root), &text, sink),
        None => Identities::new(),
    }
}

fn parse(label: &str, text: &str, sink: &mut Diagnostics) -> Identities {
    let mut identities = Identities::new();
    identities.add_keys(label, &Secret::new(label, text));
    if identities.is_empty() {
        sink.error(findings::bad_identity_file(label));
    }
    identities
}

fn is_encrypted(path: &str, bytes: &[u8]) -> bool {
    Sealed::read(bytes, Format::of_path(path)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whether_a_file_is_encrypted() {
        assert!(named_as_encrypted("a/secret.sops.yaml"));
        assert!(!named_as_encrypted(".sops.yaml"));
        assert!(!named_as_encrypted("a.sops.d/plain.yaml"));
    }
}
