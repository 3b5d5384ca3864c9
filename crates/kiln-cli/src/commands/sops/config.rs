//! Finds and reads the `.sops.yaml`.

use std::path::{Path, PathBuf};

use kiln::live;
use kiln::sops::{Policy, Recipient, Rule, Stores};
use kiln::{Diagnostics, Severity, Sources};

use super::failure::Failure;
use super::{log, paths, wording};

/// How far up the file is looked for.
const MOST_FOLDERS: usize = 100;

const NAME: &str = ".sops.yaml";

/// A name that is easily taken for the right one.
const OTHER_NAME: &str = ".sops.yml";

/// A file of creation rules.
pub(super) struct Config {
    /// As it was found or named.
    path: PathBuf,
    /// The folder it lies in, from the root.
    folder: PathBuf,
    policy: Policy,
    sources: Sources,
}

/// Reads the file that is named, else the one in the working folder or above; none if there is
/// none.
///
/// # Errors
/// If it cannot be read.
pub(super) fn load(named: &str) -> Result<Option<Config>, Failure> {
    let path = if named.is_empty() { look_up() } else { Some(PathBuf::from(named)) };
    path.map(Config::read).transpose()
}

fn look_up() -> Option<PathBuf> {
    let mut other: Option<PathBuf> = None;
    let mut folder = PathBuf::new();
    for _ in 0..MOST_FOLDERS {
        let path = folder.join(NAME);
        if live::kind(&path).is_some() {
            warn_of(other.as_deref(), &format!("; using {path:?} instead"));
            return Some(path);
        }
        other = other.or_else(|| Some(folder.join(OTHER_NAME)).filter(|path| live::kind(path).is_some()));
        folder.push("..");
    }
    warn_of(other.as_deref(), "");
    None
}

fn warn_of(other: Option<&Path>, instead: &str) {
    if let Some(other) = other {
        log::warn(&format!(
            "ignoring {other:?} when searching for config file; the config file must be called {NAME:?}{instead}"
        ));
    }
}

impl Config {
    fn read(path: PathBuf) -> Result<Config, Failure> {
        let shown = path.display();
        let bytes = live::read(&path).map_err(|error| {
            Failure::generic(format!(
                "could not read config file: open {shown}: {}",
                wording::of_system(&error)
            ))
        })?;
        let unreadable = |why: &str| {
            Failure::generic(format!("error loading config: Could not unmarshal config file: {why}"))
        };
        let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8"))?;
        let mut sources = Sources::new();
        let source = sources.add(shown.to_string(), text.as_str());
        let mut found = Diagnostics::new();
        let policy = Policy::parse_as_needed(source, &text, &mut found);
        let policy = policy.map_err(|_| unreadable(&said(&found, &sources)))?;
        let file = paths::absolute(&path.to_string_lossy());
        let folder = file.parent().unwrap_or(Path::new("/")).to_owned();
        Ok(Config { path, folder, policy, sources })
    }

    /// As it was found or named.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The indentations it asks for.
    pub(super) fn stores(&self) -> Stores {
        *self.policy.stores()
    }

    /// Whether it has creation rules at all.
    pub(super) fn has_rules(&self) -> bool {
        self.policy.has_rules()
    }

    /// The rule for a file, whose path begins at the root.
    ///
    /// # Errors
    /// If there is none, or it cannot be obeyed.
    pub(super) fn rule(&self, file: &Path) -> Result<&Rule, Failure> {
        let below = file.strip_prefix(&self.folder).unwrap_or(file).to_string_lossy();
        let rule = self
            .policy
            .rule_for(&below)
            .ok_or_else(|| Failure::generic("error loading config: no matching creation rules found"))?;
        match said(rule.problems(), &self.sources).as_str() {
            "" => Ok(rule),
            why => Err(Failure::generic(format!("error loading config: {why}"))),
        }
    }

    /// To whom a rule encrypts.
    ///
    /// # Errors
    /// If it names keys of other kinds.
    pub(super) fn groups(rule: &Rule) -> Result<&[Vec<Recipient>], Failure> {
        let others: Vec<&str> = rule.other_kinds().collect();
        match others.as_slice() {
            [] => Ok(rule.terms().groups()),
            others => Err(Failure::generic(format!(
                "error loading config: the creation rule names keys that kiln cannot encrypt to: {}",
                others.join(", ")
            ))),
        }
    }
}

/// A rule without recipients is one that options may give some.
const NO_RECIPIENT: &str = "encrypt.no-recipient";

/// The errors, with their places.
fn said(found: &Diagnostics, sources: &Sources) -> String {
    let errors = found.iter().filter(|it| it.severity == Severity::Error && it.code != NO_RECIPIENT);
    let lines = errors.map(|error| {
        let span = error.span();
        if span.is_none() {
            return error.message.clone();
        }
        let from = sources.position(span.source, span.start);
        format!("{}:{}:{}: {}", sources.path(span.source), from.line, from.column, error.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}
