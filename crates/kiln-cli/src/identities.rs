//! The age keys that are at hand: those that [`sops` looks for], in its order, and the key of the
//! project.
//!
//! [`sops` looks for]: https://getsops.io/docs/#encrypting-using-age

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kiln::live::{self, EntryKind, LiveError};
use kiln::sops::{Dialog, FileKey, Identities, MacCheck, OpenError, Opened, Sealed};
use kiln::{KeySource, Secret};
use zeroize::Zeroizing;

use crate::dialog::Terminal;
use crate::environment::{filled, text, variable};

const SSH_FILE: &str = "SOPS_AGE_SSH_PRIVATE_KEY_FILE";
const SSH_COMMAND: &str = "SOPS_AGE_SSH_PRIVATE_KEY_CMD";
const KEY: &str = "SOPS_AGE_KEY";
const KEY_FILE: &str = "SOPS_AGE_KEY_FILE";
const KEY_COMMAND: &str = "SOPS_AGE_KEY_CMD";
/// What a command that prints a key is told.
const RECIPIENT: &str = "SOPS_AGE_RECIPIENT";

/// Why a file was not opened, and with what it was tried.
pub(crate) struct NotOpened {
    pub(crate) error: OpenError,
    pub(crate) identities: Identities,
}

/// Opens a file with the keys at hand. Commands that print keys are asked last, for each recipient
/// of the file, until one of them helps.
///
/// # Errors
/// If no key opens it, or what is in it was changed.
pub(crate) fn open(sealed: &Sealed, check: MacCheck, dialog: &dyn Dialog) -> Result<Opened, Box<NotOpened>> {
    let mut identities = find();
    let mut opened = sealed.open(&identities, check, dialog);
    for recipient in recipients(sealed) {
        if !matches!(opened, Err(OpenError::Key(_))) || !ask_commands(&mut identities, &recipient) {
            break;
        }
        opened = sealed.open(&identities, check, dialog);
    }
    opened.map_err(|error| Box::new(NotOpened { error, identities }))
}

/// The keys at hand that need no command, and the places where there are none.
pub(crate) fn find() -> Identities {
    let mut found = Identities::new();
    match variable(SSH_FILE) {
        Some(path) => add_ssh(&mut found, Path::new(&path)),
        None => found.missing(SSH_FILE),
    }
    note_command(&mut found, SSH_COMMAND);
    add_ssh_of_home(&mut found);
    match text(KEY).map(Zeroizing::new) {
        Some(keys) => found.add_file(KEY, keys.as_bytes()),
        None => found.missing(KEY),
    }
    match variable(KEY_FILE) {
        Some(path) => add_file(&mut found, KEY_FILE, Path::new(&path)),
        None => found.missing(KEY_FILE),
    }
    note_command(&mut found, KEY_COMMAND);
    add_default_file(&mut found);
    add_key_of_project(&mut found);
    found
}

/// The keys at hand, also those that commands print who are not told for whom.
pub(crate) fn find_all() -> Identities {
    let mut found = find();
    ask_commands(&mut found, "");
    found
}

/// The keys at hand, for the encrypted data files of a project.
pub(crate) struct KeysAround;

impl KeySource for KeysAround {
    fn open(&self, sealed: &Sealed) -> Result<Opened, Box<kiln::NotOpened>> {
        let opened = open(sealed, MacCheck::Verify, &Terminal);
        opened.map_err(|why| Box::new(kiln::NotOpened { error: why.error, identities: why.identities }))
    }

    fn given(&self) -> Option<Secret> {
        if let Some(keys) = text(KEY).filter(|keys| !keys.is_empty()) {
            return Some(Secret::new(KEY, keys));
        }
        let bytes = Zeroizing::new(live::read(Path::new(&filled(KEY_FILE)?)).ok()?);
        Some(Secret::new(KEY_FILE, str::from_utf8(&bytes).ok()?))
    }
}

fn add_file(found: &mut Identities, place: &str, path: &Path) {
    match live::read(path).map(Zeroizing::new) {
        Ok(bytes) => found.add_file(place, &bytes),
        Err(error) => found.failed(place, not_read(path, &error)),
    }
}

fn add_ssh(found: &mut Identities, path: &Path) {
    let place = path.display().to_string();
    match live::read(path).map(|bytes| String::from_utf8_lossy(&Zeroizing::new(bytes)).into_owned()) {
        Ok(text) => found.add_ssh(&place, &Secret::new(place.as_str(), text)),
        Err(error) => found.failed(&place, not_read(path, &error)),
    }
}

fn not_read(path: &Path, error: &LiveError) -> String {
    format!("open {}: {}", path.display(), error.reason)
}

fn add_ssh_of_home(found: &mut Identities) {
    let Some(home) = filled("HOME") else { return found.failed("~/.ssh", "$HOME is not defined") };
    for name in ["id_ed25519", "id_rsa"] {
        let path = Path::new(&home).join(".ssh").join(name);
        match live::kind(&path) {
            Some(_) => add_ssh(found, &path),
            None => found.missing(&path.display().to_string()),
        }
    }
}

fn note_command(found: &mut Identities, name: &str) {
    if variable(name).is_none() {
        found.missing(name);
    }
}

/// That the file is missing matters only where there is no key at all.
fn add_default_file(found: &mut Identities) {
    let Some(path) = default_file() else {
        if found.is_empty() {
            found.failed("user config directory", "could not be determined");
        }
        return;
    };
    let place = path.display().to_string();
    match live::kind(&path) {
        Some(_) => add_file(found, &place, &path),
        None if found.is_empty() => found.missing(&place),
        None => {}
    }
}

/// The key beside the `kiln.toml` of the folder or of one above it.
fn add_key_of_project(found: &mut Identities) {
    let Ok(folder) = std::env::current_dir() else { return };
    let is_project = |folder: &&Path| live::kind(&folder.join("kiln.toml")) == Some(EntryKind::File);
    let key = folder.ancestors().find(is_project).map(|root| root.join("age.key"));
    if let Some(path) = key.filter(|path| live::kind(path).is_some()) {
        add_file(found, &path.display().to_string(), &path);
    }
}

/// Lets the commands print keys for a recipient; says whether there are commands.
fn ask_commands(found: &mut Identities, recipient: &str) -> bool {
    let mut is_asked = false;
    for name in [SSH_COMMAND, KEY_COMMAND] {
        let Some(line) = text(name) else { continue };
        is_asked = true;
        match printed(&line, recipient) {
            Ok(bytes) if name == SSH_COMMAND => {
                found.add_ssh(name, &Secret::new(name, String::from_utf8_lossy(&bytes).into_owned()));
            }
            Ok(bytes) => found.add_file(name, &bytes),
            Err(why) => found.failed(name, why),
        }
    }
    is_asked
}

/// The file that is looked for where nothing is said.
pub(crate) fn default_file() -> Option<PathBuf> {
    let own = filled("XDG_CONFIG_HOME").map(PathBuf::from);
    let home = filled("HOME").map(PathBuf::from);
    let usual = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" };
    own.or_else(|| home.map(|home| home.join(usual))).map(|folder| folder.join("sops/age/keys.txt"))
}

/// What a command prints. It may hold a key itself, so no message shows it.
fn printed(line: &str, recipient: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let words = shlex::split(line).filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| "it cannot be split into words".to_owned())?;
    let ran = Command::new(&words[0])
        .args(&words[1..])
        .env(RECIPIENT, recipient)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|_| "it cannot be started".to_owned())?;
    let printed = Zeroizing::new(ran.stdout);
    if ran.status.success() {
        return Ok(printed);
    }
    Err(ran.status.code().map_or("it was killed".to_owned(), |code| format!("exit status {code}")))
}

fn recipients(sealed: &Sealed) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for key in sealed.groups().into_iter().flatten() {
        if let FileKey::Age(recipient) = key
            && !all.contains(&recipient)
        {
            all.push(recipient);
        }
    }
    all
}
