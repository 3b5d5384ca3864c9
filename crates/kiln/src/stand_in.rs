//! A key from outside in the place of the project's age key file.
//!
//! Where the file cannot be, as in continuous integration, its key may come from the
//! environment. It stands in only if the project's creation rules name its public half: with
//! any other key, what is encrypted here would become that key's.

use kiln_age::Identities;
use kiln_config::Settings;
use kiln_model::{Diagnostics, FileError, Files, Secret, Sources};
use kiln_pack::Pack;
use zeroize::Zeroizing;

use crate::files::text_of;
use crate::sealed_inputs::age_key_files;

/// The files of a project, with an age key that stands in for its key file.
pub(crate) struct WithKey<'a> {
    files: &'a dyn Files,
    key: Option<(String, Zeroizing<String>)>,
}

impl<'a> WithKey<'a> {
    /// Lets one of `keys`, the text of a key file, stand in for the project's, if that is
    /// missing and `recipients`, whom the rules name, have one of them.
    pub(crate) fn new(
        files: &'a dyn Files,
        pack: &Pack,
        settings: &Settings,
        keys: Option<&Secret>,
        recipients: &[String],
    ) -> WithKey<'a> {
        let mut paths = age_key_files(pack, settings).map(|(_, path)| path);
        let missing = paths.find(|path| matches!(files.read(path), Ok(None)));
        let key = missing.zip(keys.and_then(|keys| key_file(keys, recipients)));
        WithKey { files, key: key.map(|(path, text)| (path.to_owned(), text)) }
    }
}

/// A key file with the one of `keys` whose public half is among `recipients`.
fn key_file(keys: &Secret, recipients: &[String]) -> Option<Zeroizing<String>> {
    // The text is needed to make a key file of it.
    keys.expose().lines().map(str::trim).find_map(|line| {
        let mut identities = Identities::new();
        identities.add_keys(keys.label(), &Secret::new(keys.label(), line));
        let recipient = identities.recipients().into_iter().find(|own| recipients.contains(own))?;
        Some(Zeroizing::new(format!("# public key: {recipient}\n{line}\n")))
    })
}

/// The recipients that the creation rules on the disk name; none if there are none, or if they
/// cannot be read, which is said where they matter.
pub(crate) fn recipients(config: &str, output: &dyn Files) -> Vec<String> {
    let Some(text) = text_of(output, config) else { return Vec::new() };
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let source = sources.add(config, text.as_str());
    let mut found = kiln_sops::recipients_in(source, &text, &mut sink).unwrap_or_default();
    found.sort_unstable();
    found.dedup();
    found
}

impl Files for WithKey<'_> {
    fn read(&self, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
        match &self.key {
            Some((file, text)) if file == path => Ok(Some(Zeroizing::new(text.as_bytes().to_vec()))),
            _ => self.files.read(path),
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        self.files.list(folder)
    }

    fn display(&self, path: &str) -> String {
        self.files.display(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_that_the_rules_name_becomes_a_key_file() {
        let file = |at| kiln_sops::generate(at).expect("the system has random bytes");
        let (own, other) = (file(0), file(1));
        let mut identities = Identities::new();
        identities.add_keys("own", &Secret::new("own", own.as_str()));
        let both = Secret::new("SOPS_AGE_KEY", format!("{}\n{}", other.as_str(), own.as_str()));
        let made = key_file(&both, &identities.recipients()).expect("one of them is named");
        let secret = own.lines().last().expect("a key file has lines");
        assert_eq!(*made, format!("# public key: {}\n{secret}\n", identities.recipients()[0]));
        let foreign = Secret::new("SOPS_AGE_KEY", other.as_str());
        assert!(key_file(&foreign, &identities.recipients()).is_none());
    }
}
