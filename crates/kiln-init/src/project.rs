//! The files of a new project.

use kiln_model::{Diagnostics, Files, NewFile, Reported, Sources};
use kiln_pack::Generator;
use zeroize::Zeroizing;

use crate::outline::{Outline, outline};
use crate::{findings, keys, texts};

/// What a project needs, as its pack and its `kiln.toml` say.
pub struct Plan<'a> {
    /// The data files.
    pub data: Vec<PlannedData>,
    /// The key files.
    pub keys: Vec<PlannedKey>,
    /// The text of the pack's `versions.yaml`, if it has one.
    pub versions: Option<String>,
    /// The schemas that the project gets a copy of: names and texts.
    pub schemas: Vec<(String, String)>,
    /// The creation rules that are there already: their path and the age recipients in them.
    pub rules: Option<(String, Vec<String>)>,
    /// Makes the text of a new age key file; `None` if the system gives no random bytes.
    pub age_key: &'a dyn Fn() -> Option<Zeroizing<String>>,
}

/// A data file that a project needs.
pub struct PlannedData {
    /// The paths under which the file is looked for; the first is made.
    pub paths: Vec<String>,
    /// The paths under which its encrypted part is looked for.
    pub sealed: Vec<String>,
    /// The JSON text of its schema.
    pub schema: String,
    /// The path of the schema in the project.
    pub schema_path: String,
}

/// A key file that a project needs.
pub struct PlannedKey {
    /// Its path.
    pub path: String,
    /// How to make it.
    pub generator: Option<Generator>,
}

/// What a project lacks, and what it has.
#[derive(Default)]
pub struct Fresh {
    /// The files that are to be created.
    pub files: Vec<NewFile>,
    /// The paths of those that are there.
    pub kept: Vec<String>,
    /// The created data files with the keys that have to be filled in.
    pub required: Vec<(String, Vec<String>)>,
    /// The created key files that have to be kept safe.
    pub keys: Vec<String>,
    /// The created public keys, by path.
    pub public: Vec<(String, String)>,
    /// The files that hold secrets, there or not.
    pub secrets: Vec<String>,
    /// Whether nothing is created because a key must be somewhere else.
    pub refused: bool,
}

/// The path of the copy of a schema in a project. Everything below `.kiln` is kiln's own.
pub fn schema_path(name: &str) -> String {
    format!(".kiln/schemas/{name}.schema.json")
}

/// The copy of a schema in a project.
pub fn schema_file(name: &str, text: &str) -> NewFile {
    NewFile::open(schema_path(name), text)
}

/// Looks at the project and gives what it lacks.
///
/// Where a key must be somewhere else, that is reported, and nothing at all is to be
/// created.
///
/// # Errors
/// If a path of the project cannot be looked at, a schema is not JSON, or the system gives
/// no random bytes.
pub fn fresh(
    plan: &Plan<'_>,
    project: &dyn Files,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Fresh, Reported> {
    let mut work = Work { project, fresh: Fresh::default(), sink };
    let mut ignored = Vec::new();
    for data in &plan.data {
        work.data(data, sources, &mut ignored)?;
    }
    if let Some(versions) = &plan.versions {
        let text = || texts::versions(versions, &schema_path("versions"));
        work.add("versions.yaml", text)?;
    }
    for key in &plan.keys {
        work.key(key, plan)?;
    }
    let keys: Vec<&str> = plan.keys.iter().map(|key| key.path.as_str()).collect();
    work.add(".gitignore", || texts::gitignore(&keys, &ignored))?;
    work.add(".gitattributes", || texts::GITATTRIBUTES.to_owned())?;
    work.add(".vscode/settings.json", || texts::settings(&plan.data))?;
    for (name, text) in &plan.schemas {
        work.add(&schema_path(name), || text.clone())?;
    }
    let mut fresh = work.fresh;
    if fresh.refused {
        fresh.files.clear();
    }
    Ok(fresh)
}

struct Work<'a> {
    project: &'a dyn Files,
    fresh: Fresh,
    sink: &'a mut Diagnostics,
}

impl Work<'_> {
    /// A file without secrets, unless it is there.
    fn add(&mut self, path: &str, text: impl FnOnce() -> String) -> Result<(), Reported> {
        if !self.keeps(path)? {
            self.fresh.files.push(NewFile::open(path, text()));
        }
        Ok(())
    }

    fn data(
        &mut self,
        data: &PlannedData,
        sources: &mut Sources,
        ignored: &mut Vec<String>,
    ) -> Result<(), Reported> {
        let Outline { text, required, is_secret } = self.outline(data, sources)?;
        let mut is_sealed = false;
        for candidate in &data.sealed {
            is_sealed |= self.keeps(candidate)?;
        }
        // What is secret stands in the encrypted file, then.
        let is_secret = is_secret && !is_sealed;
        if is_secret {
            ignored.extend(data.paths.iter().cloned());
        }
        let mut path = None;
        for candidate in &data.paths {
            if path.is_none() && self.keeps(candidate)? {
                path = Some(candidate.clone());
            }
        }
        let first = data.paths.first().cloned().unwrap_or_default();
        if is_secret {
            self.fresh.secrets.push(path.clone().unwrap_or_else(|| first.clone()));
        }
        if path.is_some() || is_sealed {
            return Ok(());
        }
        if !first.ends_with(".yaml") && !first.ends_with(".yml") {
            self.sink.push(findings::not_yaml(&first));
            return Ok(());
        }
        let file = if is_secret {
            NewFile::private(first.as_str(), text.into())
        } else {
            NewFile::open(first.as_str(), text)
        };
        self.fresh.files.push(file);
        self.fresh.required.push((first, required));
        Ok(())
    }

    fn outline(&mut self, data: &PlannedData, sources: &mut Sources) -> Result<Outline, Reported> {
        let source = sources.add(data.schema_path.as_str(), data.schema.as_str());
        let schema = kiln_yaml::json::compose(source, &data.schema, self.sink)?;
        let folders = data.paths.first().map_or(0, |path| path.matches('/').count());
        let place = match folders {
            0 => format!("./{}", data.schema_path),
            _ => format!("{}{}", "../".repeat(folders), data.schema_path),
        };
        Ok(outline(&schema, &place))
    }

    fn key(&mut self, key: &PlannedKey, plan: &Plan<'_>) -> Result<(), Reported> {
        let path = key.path.as_str();
        self.fresh.secrets.push(path.to_owned());
        if self.keeps(path)? {
            return Ok(());
        }
        match key.generator {
            None => Ok(()),
            Some(Generator::AgeX25519) => {
                match &plan.rules {
                    Some((config, recipients)) if !recipients.is_empty() => {
                        self.refuse(findings::age_key_is_elsewhere(path, config, recipients));
                        return Ok(());
                    }
                    _ => {}
                }
                self.add_key(path, (plan.age_key)())
            }
            Some(Generator::RandomToken) => self.add_key(path, keys::random_token()),
            Some(Generator::SshEd25519) => self.ssh_key(path),
        }
    }

    fn ssh_key(&mut self, path: &str) -> Result<(), Reported> {
        let public = format!("{path}.pub");
        if self.exists(&public)? {
            self.refuse(findings::ssh_key_is_elsewhere(path, &public));
            return Ok(());
        }
        let pair = keys::ssh_ed25519();
        let line = pair.as_ref().map(|pair| pair.public.clone());
        self.add_key(path, pair.map(|pair| pair.private))?;
        if let Some(line) = line {
            self.fresh.files.push(NewFile::open(public.as_str(), line.as_str()));
            self.fresh.public.push((public, line));
        }
        Ok(())
    }

    fn add_key(&mut self, path: &str, content: Option<Zeroizing<String>>) -> Result<(), Reported> {
        let content = content.ok_or_else(|| self.sink.error(findings::no_randomness(path)))?;
        self.fresh.files.push(NewFile::private(path, content));
        self.fresh.keys.push(path.to_owned());
        Ok(())
    }

    fn refuse(&mut self, finding: kiln_model::Diagnostic) {
        self.sink.error(finding);
        self.fresh.refused = true;
    }

    /// Whether a file is there; then it is kept.
    fn keeps(&mut self, path: &str) -> Result<bool, Reported> {
        let exists = self.exists(path)?;
        if exists {
            self.fresh.kept.push(path.to_owned());
        }
        Ok(exists)
    }

    fn exists(&mut self, path: &str) -> Result<bool, Reported> {
        match self.project.read(path) {
            Ok(content) => Ok(content.is_some()),
            Err(error) => Err(self.sink.error(findings::unreadable(path, &error.reason))),
        }
    }
}

#[cfg(test)]
mod tests;
