//! sops and age open what kiln encrypted.

use std::collections::BTreeMap;
use std::path::Path;

use super::homelab::{copy, documents, read_tree};
use super::{Bench, Tally};
use crate::Result;
use crate::command::Run;

/// Asks sops for the plain text of every encrypted file, and kiln for what sops encrypted.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let tree = bench.homelab.tree();
    for path in bench.homelab.encrypted() {
        tally.claim(&format!("sops gives {path} back"), gives_back(bench, path));
    }
    tally.claim("what looks encrypted is encrypted", agree(bench));
    tally.claim("a second run changes no byte", is_kept(bench, tree));
    tally.claim("kiln keeps what sops has encrypted anew", keeps_foreign_ciphertext(bench));
    Ok(())
}

fn gives_back(bench: &Bench<'_>, path: &str) -> Result<()> {
    let sops = bench.homelab.sops(bench.cache).dir(bench.homelab.tree());
    let opened = sops.args(["decrypt", path]).stdout()?;
    let plain = bench.homelab.plain(path)?;
    same(documents(&opened)? == documents(plain.as_bytes())?, "other values came back")
}

/// kiln's word for what is encrypted, compared with the files themselves.
fn agree(bench: &Bench<'_>) -> Result<()> {
    let mut found = Vec::new();
    for (path, content) in read_tree(bench.homelab.tree())? {
        let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
        if is_yaml && documents(&content)?.iter().any(|it| it.get("sops").is_some()) {
            found.push(path);
        }
    }
    same(found == bench.homelab.encrypted(), &format!("{found:?} have a stanza of sops"))
}

/// Configures into a folder once more and compares the bytes.
fn is_kept(bench: &Bench<'_>, folder: &Path) -> Result<()> {
    let before = read_tree(folder)?;
    bench.homelab.configure_into(folder)?;
    let after = read_tree(folder)?;
    let changed = |it: &&String| before.get(*it) != after.get(*it);
    let paths: Vec<&String> = before.keys().chain(after.keys()).filter(changed).collect();
    same(paths.is_empty(), &format!("{paths:?} changed"))
}

/// sops encrypts the plain files under the rules that kiln rendered, with keys of its own;
/// kiln opens them, finds nothing new, and leaves them alone.
fn keeps_foreign_ciphertext(bench: &Bench<'_>) -> Result<()> {
    let foreign = copy(bench.homelab.tree())?;
    for path in bench.homelab.encrypted() {
        std::fs::write(foreign.path().join(path), bench.homelab.plain(path)?)?;
        let sops = bench.homelab.sops(bench.cache).dir(foreign.path());
        sops.args(["encrypt", "--in-place", path]).stdout()?;
    }
    is_kept(bench, foreign.path())
}

/// Asks age for the data key of every encrypted file.
pub(super) fn judge_data_keys(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    for path in bench.homelab.encrypted() {
        tally.claim(&format!("age opens the data key of {path}"), has_data_key(bench, path));
    }
    Ok(())
}

fn has_data_key(bench: &Bench<'_>, path: &str) -> Result<()> {
    let content = std::fs::read(bench.homelab.tree().join(path))?;
    let documents = documents(&content)?;
    let stanza = documents.first().and_then(|it| it.get("sops")).and_then(|it| it.get("age"));
    let recipients: Vec<BTreeMap<String, String>> =
        serde_yaml::from_value(stanza.cloned().unwrap_or_default())?;
    same(!recipients.is_empty(), "it has no recipient")?;
    for recipient in recipients {
        let armor = recipient.get("enc").cloned().unwrap_or_default();
        let age = Run::new(bench.cache.program("age")).arg("--decrypt").arg("--identity");
        let key = age.arg(bench.homelab.age_key()).input(armor).stdout()?;
        same(key.len() == 32, &format!("the key has {} bytes instead of 32", key.len()))?;
    }
    Ok(())
}

fn same(holds: bool, otherwise: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}
