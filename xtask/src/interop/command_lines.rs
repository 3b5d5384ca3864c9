//! Command lines that the real sops and kiln under its name answer side by side.
//!
//! Each is run twice, in folders that begin the same. Exit code, standard output and every file
//! have to be the same afterwards, random bytes and times apart; standard error too, where scripts
//! rely on it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde::Deserialize;
use tempfile::TempDir;

use super::example::{copy, read_tree};
use super::{Bench, Tally};
use crate::Result;
use crate::command::Run;

/// Key files, by the names that cases know them by.
const KEYS: [&str; 2] = ["first", "second"];

/// Lets both answer every case of `xtask/peers/sops/commands.toml`.
///
/// # Errors
/// If the cases cannot be read or laid out.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let example = bench.examples.first().ok_or("nothing was built")?;
    let text = fs::read_to_string(bench.root.join("xtask/peers/sops/commands.toml"))?;
    let cases: Cases = toml::from_str(&text)?;
    let table = Table::lay(&cases.setup, &bench.cache.program("sops"), example.program())?;
    for case in &cases.case {
        tally.claim(&format!("side by side: {}", case.run), table.compare(case));
    }
    Ok(())
}

/// The file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    setup: String,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    run: String,
    stderr: Option<Same>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Same {
    Same,
}

/// The two programs, the keys, and the folder that each case begins with.
struct Table {
    root: TempDir,
    begin: TempDir,
    recipients: Vec<String>,
    masks: Vec<(Regex, &'static str)>,
}

/// What a case left behind.
#[derive(PartialEq)]
struct Answer {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    files: BTreeMap<String, String>,
}

impl Table {
    fn lay(setup: &str, sops: &Path, kiln: &Path) -> Result<Table> {
        let root = tempfile::tempdir()?;
        for (name, program) in [("sops", sops), ("kiln", kiln)] {
            fs::create_dir_all(root.path().join(name))?;
            symlink(program, root.path().join(name).join("sops"))?;
        }
        fs::create_dir(root.path().join("home"))?;
        let mut recipients = Vec::new();
        for name in KEYS {
            let key = kiln::sops::generate(0).ok_or("the system gives no random bytes")?;
            let recipient = key.lines().find_map(|line| line.strip_prefix("# public key: "));
            recipients.push(recipient.ok_or("a new key names no recipient")?.to_owned());
            fs::write(root.path().join(name), key.as_bytes())?;
        }
        let masks = [
            (r"data:[^,]*,iv:[^,]*,tag:[^,]*,", "data,"),
            (r"(?s)-----BEGIN AGE ENCRYPTED FILE-----.*?-----END AGE ENCRYPTED FILE-----", "armor"),
            (r"20\d\d[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\dZ?", "time"),
            (r"/(tmp|dev/shm)/\.?(sops|tmp)?[A-Za-z0-9]+/", "/folder/"),
        ];
        let masks = masks.into_iter().map(|(pattern, word)| Ok((Regex::new(pattern)?, word)));
        let table =
            Table { root, begin: tempfile::tempdir()?, recipients, masks: masks.collect::<Result<_>>()? };
        let done = table.run("sops", setup, table.begin.path())?;
        if done.succeeded() { Ok(table) } else { Err(done.complaint().into()) }
    }

    /// Runs a script with one of the two as `sops`, and nothing of this environment.
    fn run(&self, which: &str, script: &str, folder: &Path) -> Result<crate::command::Outcome> {
        let at = |name: &str| self.root.path().join(name).display().to_string();
        let variables = [
            format!("PATH={}:/usr/bin:/bin", at(which)),
            format!("HOME={}", at("home")),
            format!("KEYS={}", self.root.path().display()),
            format!("FIRST={}", self.recipients[0]),
            format!("SECOND={}", self.recipients[1]),
            format!("SOPS_AGE_KEY_FILE={}", at(KEYS[0])),
            "LC_ALL=C".to_owned(),
        ];
        Run::new("env").arg("-i").args(variables).args(["sh", "-c", script]).dir(folder).limit(1).outcome()
    }

    fn compare(&self, case: &Case) -> Result<()> {
        let (mut sops, mut kiln) = (self.answer("sops", case)?, self.answer("kiln", case)?);
        if case.stderr.is_none() {
            sops.stderr.clear();
            kiln.stderr.clear();
        }
        if sops == kiln { Ok(()) } else { Err(difference(&sops, &kiln).into()) }
    }

    fn answer(&self, which: &str, case: &Case) -> Result<Answer> {
        let folder = copy(self.begin.path())?;
        // What the setup gave a mode of its own keeps it.
        fs::set_permissions(
            folder.path().join("sealed.yaml"),
            fs::metadata(self.begin.path().join("sealed.yaml"))?.permissions(),
        )?;
        let done = self.run(which, &case.run, folder.path())?;
        let files = read_tree(folder.path())?.into_iter();
        let place: PathBuf = folder.path().canonicalize()?;
        let shown = |bytes: &[u8]| self.masked(bytes, which, &place);
        Ok(Answer {
            code: done.code(),
            stdout: shown(&done.stdout),
            stderr: shown(&done.stderr),
            files: files.map(|(path, bytes)| (path, shown(&bytes))).collect(),
        })
    }

    fn masked(&self, bytes: &[u8], which: &str, folder: &Path) -> String {
        // Bytes that are no text count, too.
        let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let own = self.root.path().join(which).display().to_string();
        let text = text.replace(&folder.display().to_string(), "folder").replace(&own, "programs");
        self.masks.iter().fold(text, |text, (pattern, word)| pattern.replace_all(&text, *word).into_owned())
    }
}

fn difference(sops: &Answer, kiln: &Answer) -> String {
    let mut lines = Vec::new();
    if sops.code != kiln.code {
        lines.push(format!("exit code: {:?} with sops, {:?} with kiln", sops.code, kiln.code));
    }
    let mut both = |what: &str, sops: Option<&String>, kiln: Option<&String>| {
        if sops != kiln {
            let shown = |it: Option<&String>| it.cloned().unwrap_or_else(|| "nothing".to_owned());
            lines.push(format!("{what} with sops:\n{}\nwith kiln:\n{}", shown(sops), shown(kiln)));
        }
    };
    both("standard output", Some(&sops.stdout), Some(&kiln.stdout));
    both("standard error", Some(&sops.stderr), Some(&kiln.stderr));
    let names = sops.files.keys().chain(kiln.files.keys().filter(|name| !sops.files.contains_key(*name)));
    names.for_each(|name| both(name, sops.files.get(name), kiln.files.get(name)));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_can_be_read() {
        let cases: Cases = toml::from_str(include_str!("../../peers/sops/commands.toml")).unwrap();
        assert!(cases.case.len() > 50);
    }
}
