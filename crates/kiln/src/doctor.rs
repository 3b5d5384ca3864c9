//! What a user forgets, as far as the files of the project show it.

use kiln_age::Identities;
use kiln_config::{Document, Ignored, KeyFiles, MissingKeys, Settings};
use kiln_jinja::{Engine, Scope};
use kiln_model::{Diagnostic, Diagnostics, Files, Map, Reported, Secret, Severity, Sources, Value};
use kiln_pack::{Generator, Pack};
use kiln_sops::Without;

use crate::files::text_of;
use crate::pipeline::{check_rules, threads};
use crate::sealed_inputs::Keyring;
use crate::{findings, init};

/// The codes of files that are not there, which are findings of this look itself.
const ABSENT: [&str; 2] = ["load.missing-file", "load.missing-key-file"];

/// What a look at a project found, and what is to be looked at outside of its files.
#[derive(Default)]
#[non_exhaustive]
pub struct Checkup {
    /// The pack's name and version.
    pub pack: String,
    /// The files that hold secrets and are there.
    pub secrets: Vec<String>,
    /// The key files that are there.
    pub keys: Vec<String>,
    /// How many files the project needs, and how many of them are missing.
    pub needed: (usize, usize),
    /// The public half of the project's age key, if it has a sound one.
    pub recipient: Option<String>,
    /// The programs that the project needs beside kiln.
    pub tools: Vec<Tool>,
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// All findings.
    pub diagnostics: Diagnostics,
}

/// A program that a project needs beside kiln.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it is needed for, as it follows "needed to".
    pub why: String,
    /// The arguments with which it prints its version.
    pub version: Vec<String>,
    /// The oldest version that will do.
    pub at_least: Option<String>,
}

/// Looks at the files of a project: whether all are there, fit each other, and are kept out
/// of git where they are secret.
pub fn doctor(project: &dyn Files) -> Checkup {
    let mut checkup = Checkup::default();
    // `Err` says that an error in the checkup kept it from going on.
    let _ = examine(project, &mut checkup);
    checkup
}

/// Whether the text of an age key file holds the key whose public half is `recipient`.
pub fn holds_key_of(text: &str, recipient: &str) -> bool {
    let mut identities = Identities::new();
    identities.add_keys("key file", &Secret::new("key file", text));
    identities.recipients().iter().any(|own| own == recipient)
}

fn examine(project: &dyn Files, checkup: &mut Checkup) -> Result<(), Reported> {
    let Checkup { sources, diagnostics: sink, .. } = checkup;
    let (settings, pack, _) = init::pack_of(project, sources, sink)?;
    checkup.pack = format!("{} {}", pack.name, pack.version);
    let patient = Patient::of(&settings, &pack, project, sources, sink)?;
    data_files(&patient, checkup);
    key_files(&patient, checkup);
    // What is wrong with the age key is a finding; the rest is looked at nevertheless.
    let _ = age_key(&patient, checkup);
    let ignored = Ignored::read(project, ".gitignore", &mut checkup.diagnostics)?;
    for path in checkup.secrets.iter().filter(|path| !ignored.covers(path)) {
        checkup.diagnostics.push(findings::not_ignored("doctor.not-ignored", path));
    }
    schema_copies(&patient, checkup);
    let needed = |when| kiln_config::holds(&patient.engine, when, &patient.data);
    let tools = pack.tools.iter().filter(|(_, tool)| needed(&tool.when) == Some(true));
    checkup.tools = tools
        .map(|(name, tool)| Tool {
            name: name.clone(),
            why: tool.why.clone(),
            version: tool.version.clone(),
            at_least: tool.at_least.clone(),
        })
        .collect();
    Ok(())
}

/// A project, read as far as it can be.
struct Patient<'a> {
    project: &'a dyn Files,
    settings: &'a Settings,
    pack: &'a Pack,
    engine: Engine,
    data: Map,
    /// The data files, as they are found, and which of them can hold secrets in clear.
    files: Vec<(Vec<String>, Option<String>)>,
    /// How many errors the stages found, other than a missing file.
    errors: usize,
}

impl<'a> Patient<'a> {
    fn of(
        settings: &'a Settings,
        pack: &'a Pack,
        project: &'a dyn Files,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<Patient<'a>, Reported> {
        let mut found = Diagnostics::new();
        let keyring = Keyring::new(pack, settings, project, None, Without::Keep);
        let documents = match kiln_config::load(pack, settings, project, &keyring, sources, &mut found) {
            Ok(documents) => documents,
            Err(reported) => {
                sink.append(found);
                return Err(reported);
            }
        };
        let files = documents.iter().map(found_as).collect();
        let engine = kiln_config::engine(pack, settings.limits, sources, sink)?;
        let mut given = kiln_config::validate(documents, pack, false, sources, &mut found);
        let keys = KeyFiles { files: project, missing: MissingKeys::Refuse };
        let programs = engine.programs();
        kiln_config::read_keys(&mut given, pack, settings, &programs, &keys, sources, &mut found);
        let data = kiln_config::derive(given, pack, &programs, sources, threads(), &mut found);
        check_rules(&data, pack, &programs, sources, false, &mut found);
        let counts = |it: &&Diagnostic| it.severity == Severity::Error && !ABSENT.contains(&&*it.code);
        let errors = found.iter().filter(counts).count();
        Ok(Patient { project, settings, pack, engine, data, files, errors })
    }

    fn has(&self, path: &str) -> bool {
        self.project.read(path).is_ok_and(|content| content.is_some())
    }
}

/// The files of a document, and the one of them that can hold secrets in clear. What is secret
/// stands in an encrypted file, if there is one.
fn found_as(document: &Document) -> (Vec<String>, Option<String>) {
    let is_sealed = document.paths.iter().any(|path| kiln_config::is_sealed_name(path));
    let can_hold = !is_sealed && !document.schema.secret_keys().is_empty();
    (document.paths.clone(), document.paths.first().filter(|_| can_hold).cloned())
}

fn data_files(patient: &Patient<'_>, checkup: &mut Checkup) {
    for ((paths, secret), (file, _)) in
        patient.files.iter().zip(kiln_config::data_files(patient.pack, patient.settings))
    {
        checkup.needed.0 += 1;
        if !paths.iter().any(|path| patient.has(path)) {
            checkup.needed.1 += 1;
            let mut usual = kiln_config::candidates(&file).into_iter();
            checkup.diagnostics.push(findings::missing_data(&usual.next().unwrap_or(file)));
        } else if let Some(secret) = secret {
            checkup.secrets.push(secret.clone());
        }
    }
    if patient.errors > 0 {
        checkup.diagnostics.push(findings::invalid_data(patient.errors));
    }
}

fn key_files(patient: &Patient<'_>, checkup: &mut Checkup) {
    for (id, key) in &patient.pack.secrets {
        let path = patient.settings.secrets.get(id).map_or(&key.file.text, |(path, _)| path);
        let is_needed = kiln_config::holds(&patient.engine, &key.when, &patient.data);
        checkup.needed.0 += usize::from(is_needed == Some(true));
        if patient.has(path) {
            checkup.secrets.push(path.clone());
            checkup.keys.push(path.clone());
        } else if is_needed == Some(true) {
            checkup.needed.1 += 1;
            checkup.diagnostics.push(findings::missing_key(path, key.generator.is_some()));
        }
    }
}

/// Whether the age key is one, and the one that the creation rules name.
fn age_key(patient: &Patient<'_>, checkup: &mut Checkup) -> Result<(), Reported> {
    let Some(sops) = &patient.pack.sops else { return Ok(()) };
    let evaluated = patient.engine.eval(&sops.identity.text, &Scope::new(&patient.data));
    // A key file that is missing or holds no such value is a finding already.
    let Ok(Value::Secret(secret)) = evaluated.map(|evaluated| evaluated.value) else { return Ok(()) };
    let mut identities = Identities::new();
    identities.add_keys(secret.label(), &secret);
    let Some(recipient) = identities.recipients().into_iter().next() else {
        return Err(checkup.diagnostics.error(findings::bad_identity(secret.label())));
    };
    compare_halves(patient, &recipient, &mut checkup.diagnostics);
    checkup.recipient = Some(recipient.clone());
    let Checkup { sources, diagnostics: sink, .. } = checkup;
    let rules = init::rules(patient.settings, patient.pack, patient.project, sources, sink)?;
    if let Some((path, named)) = rules.filter(|(_, named)| !named.is_empty() && !named.contains(&recipient)) {
        sink.push(findings::key_mismatch(&path, &named, &recipient));
    }
    Ok(())
}

/// Whether the public key that stands in a key file is that of its private key.
fn compare_halves(patient: &Patient<'_>, recipient: &str, sink: &mut Diagnostics) {
    let secrets = patient.data.get("secrets");
    let keys = patient.pack.secrets.iter().filter(|(_, key)| key.generator == Some(Generator::AgeX25519));
    for (id, key) in keys {
        let path = patient.settings.secrets.get(id).map_or(&key.file.text, |(path, _)| path);
        for (name, _) in key.values.iter().filter(|(_, value)| value.public) {
            let written = secrets.and_then(|all| all.get(id)?.get(name)?.as_str());
            // While two keys overlap, the file names the other one, too.
            let names = |written: &str| written.split(',').any(|it| it.trim() == recipient);
            if written.is_some_and(|written| !names(written)) {
                sink.push(findings::halves_differ(path, recipient));
            }
        }
    }
}

/// Whether the schemas that editors look at are those that kiln uses.
fn schema_copies(patient: &Patient<'_>, checkup: &mut Checkup) {
    for name in patient.pack.schema_names() {
        let path = kiln_init::schema_path(&name);
        let copy = text_of(patient.project, &path);
        if copy.is_some_and(|copy| patient.pack.schema(&name) != Some(&copy)) {
            checkup.diagnostics.push(findings::old_schema(&path, &name));
        }
    }
}

#[cfg(test)]
mod tests;
