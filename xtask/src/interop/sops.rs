//! sops and age open what kiln encrypted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::example::{Example, copy, documents, read_tree};
use super::install::Cache;
use super::{Bench, Tally, command_lines};
use crate::Result;
use crate::command::Run;

/// Installs `sops`, and gives the program.
///
/// # Errors
/// If it cannot be installed.
pub(crate) fn installed(root: &Path) -> Result<PathBuf> {
    let cache = Cache::open(root)?;
    for package in super::packages().filter(|it| it.name == "sops") {
        cache.install(package)?;
    }
    Ok(cache.program("sops"))
}

/// Asks sops for the plain text of every encrypted file, and kiln for what sops encrypted.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    command_lines::judge(bench, tally)?;
    for example in bench.examples {
        let name = example.name();
        for path in example.encrypted() {
            tally.claim(&format!("{name}: sops gives {path} back"), gives_back(bench.cache, example, path));
        }
        tally.claim(&format!("{name}: what looks encrypted is encrypted"), agree(example));
        tally.claim(&format!("{name}: a second run changes no byte"), changes_nothing(example));
        let kept = keeps_foreign_ciphertext(bench.cache, example);
        tally.claim(&format!("{name}: kiln keeps what sops has encrypted anew"), kept);
    }
    Ok(())
}

fn gives_back(cache: &Cache, example: &Example, path: &str) -> Result<()> {
    let opened = example.sops(cache).dir(example.tree()).args(["decrypt", path]).stdout()?;
    let plain = example.plain(path)?;
    same(documents(&opened)? == documents(plain.as_bytes())?, "other values came back")
}

/// kiln's word for what is encrypted, compared with the files themselves.
fn agree(example: &Example) -> Result<()> {
    let mut found = Vec::new();
    for (path, content) in read_tree(example.tree())? {
        let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
        if is_yaml && documents(&content)?.iter().any(|it| it.get("sops").is_some()) {
            found.push(path);
        }
    }
    same(found == example.encrypted(), &format!("{found:?} have a stanza of sops"))
}

fn changes_nothing(example: &Example) -> Result<()> {
    let changed = changed_by_a_run(example, example.tree())?;
    same(changed.is_empty(), &format!("{changed:?} changed"))
}

/// sops encrypts the plain files under the rules that kiln rendered, with keys of its own;
/// kiln opens them, finds nothing new, and leaves them alone. Only its record of the bytes
/// is new.
fn keeps_foreign_ciphertext(cache: &Cache, example: &Example) -> Result<()> {
    let foreign = copy(example.tree())?;
    for path in example.encrypted() {
        std::fs::write(foreign.path().join(path), example.plain(path)?)?;
        example.sops(cache).dir(foreign.path()).args(["encrypt", "--in-place", path]).stdout()?;
    }
    let changed = changed_by_a_run(example, foreign.path())?;
    same(changed == [kiln::LOCK_FILE], &format!("{changed:?} changed"))
}

/// The files of a folder that change if the project is configured into it.
fn changed_by_a_run(example: &Example, folder: &Path) -> Result<Vec<String>> {
    let before = read_tree(folder)?;
    example.configure_into(folder)?;
    let after = read_tree(folder)?;
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    Ok(paths.into_iter().filter(|it| before.get(*it) != after.get(*it)).cloned().collect())
}

/// Asks age for the data key of every encrypted file.
pub(super) fn judge_data_keys(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    for example in bench.examples {
        for path in example.encrypted() {
            let claim = format!("{}: age opens the data key of {path}", example.name());
            tally.claim(&claim, has_data_key(bench.cache, example, path));
        }
    }
    Ok(())
}

fn has_data_key(cache: &Cache, example: &Example, path: &str) -> Result<()> {
    let content = std::fs::read(example.tree().join(path))?;
    let documents = documents(&content)?;
    let stanza = documents.first().and_then(|it| it.get("sops")).and_then(|it| it.get("age"));
    let recipients: Vec<BTreeMap<String, String>> =
        serde_yaml::from_value(stanza.cloned().unwrap_or_default())?;
    same(!recipients.is_empty(), "it has no recipient")?;
    for recipient in recipients {
        let armor = recipient.get("enc").cloned().unwrap_or_default();
        let age = Run::new(cache.program("age")).arg("--decrypt").arg("--identity");
        let key = age.arg(example.age_key()).input(armor).stdout()?;
        same(key.len() == 32, &format!("the key has {} bytes instead of 32", key.len()))?;
    }
    Ok(())
}

fn same(holds: bool, otherwise: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}
