//! The key file of a project.

use kiln_age::Identities;
use kiln_model::{Diagnostics, Files, Secret, Sources};
use kiln_pack::Generator;
use zeroize::Zeroizing;

use crate::files::text_of;
use crate::init;

/// How a key file names the public half of its key.
const PUBLIC: &str = "# public key: ";

/// How a line with a private key begins.
const PRIVATE: &str = "AGE-SECRET-KEY-";

/// The text of a key file, and what it opens.
pub(super) struct KeyFile {
    pub(super) path: String,
    /// `None` if there is none.
    pub(super) text: Option<Secret>,
    pub(super) identities: Identities,
}

impl KeyFile {
    /// The age key file of the project; `age.key` where nothing says otherwise.
    pub(super) fn of(files: &dyn Files) -> KeyFile {
        let path = path(files).unwrap_or_else(|| "age.key".to_owned());
        KeyFile::new(&path, text_of(files, &path).map(|text| Secret::new(path.as_str(), text)))
    }

    /// A key file with this text.
    pub(super) fn new(path: &str, text: Option<Secret>) -> KeyFile {
        let mut identities = Identities::new();
        text.iter().for_each(|text| identities.add_keys(path, text));
        KeyFile { path: path.to_owned(), text, identities }
    }

    /// The lines that are private keys.
    pub(super) fn private_lines(&self) -> Vec<Zeroizing<String>> {
        // They are looked for in the files that hold a copy of them.
        let text = self.text.as_ref().map_or("", Secret::expose);
        text.lines()
            .map(str::trim)
            .filter(|line| line.starts_with(PRIVATE))
            .map(|line| line.to_owned().into())
            .collect()
    }

    /// The text with these recipients as its public half, which is what the rules of a project
    /// are rendered from.
    pub(super) fn naming(&self, recipients: &[String]) -> Zeroizing<String> {
        // The text is a key file's, and becomes one.
        let text = self.text.as_ref().map_or("", Secret::expose);
        let mut out = Zeroizing::new(String::with_capacity(text.len() + 2048));
        for line in text.split_inclusive('\n') {
            if line.starts_with(PUBLIC) {
                out.push_str(PUBLIC);
                out.push_str(&recipients.join(","));
                out.push('\n');
            } else {
                out.push_str(line);
            }
        }
        out
    }

    /// The text with the keys of another file behind its own.
    pub(super) fn with(&self, other: &KeyFile) -> Zeroizing<String> {
        let text = |file: &KeyFile| file.text.clone();
        let mut out = Zeroizing::new(String::new());
        for text in [text(self), text(other)].into_iter().flatten() {
            // Both are key files, and so is what they make.
            let text = text.expose();
            out.reserve(text.len() + 1);
            out.push_str(text);
            if !text.ends_with('\n') {
                out.push('\n');
            }
        }
        out
    }
}

/// The file that holds the age key, as the pack of the project and its `kiln.toml` say.
fn path(files: &dyn Files) -> Option<String> {
    let (settings, pack, _) = init::pack_of(files, &mut Sources::new(), &mut Diagnostics::new()).ok()?;
    let (id, key) = pack.secrets.iter().find(|(_, key)| key.generator == Some(Generator::AgeX25519))?;
    Some(settings.secrets.get(id).map_or(&key.file.text, |(path, _)| path).clone())
}
