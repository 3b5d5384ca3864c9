//! strace sees every byte that kiln writes, and no secret is among them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value as Json;
use tempfile::TempDir;

use super::example::{Example, read_tree};
use super::{Bench, Tally};
use crate::Result;
use crate::command::Run;

/// Shorter lines say nothing; they occur by chance.
const SHORTEST: usize = 8;

/// Watches the system calls of a first run, of one that makes a lost file anew, and of every
/// way to look without writing; then looks for the secrets in what was written and printed.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    for example in bench.examples {
        let name = example.name();
        let secrets = secrets(bench.root, example)?;
        tally.claim(&format!("{name}: a search would find a secret"), control(&secrets));
        let runs = watch(example)?;
        for (what, bytes) in &runs {
            tally.claim(&format!("{name}: {what} holds no secret"), absent(&secrets, bytes));
        }
    }
    Ok(())
}

/// Every secret of an example, whole and line by line, and the base64 of each at all three
/// offsets. They are read from the project, not asked of kiln: the key files, and the values
/// that the schema of `cluster.yaml` marks.
fn secrets(root: &Path, example: &Example) -> Result<BTreeSet<Vec<u8>>> {
    let mut found = BTreeSet::new();
    // Key files lie in the project's own folder; below it are schemas and settings.
    let own = read_tree(example.project())?.into_iter().filter(|(path, _)| !path.contains('/'));
    for (path, content) in own {
        let text = String::from_utf8(content)?;
        match path.rsplit('.').next() {
            Some("key" | "txt") => add(&mut found, &text),
            Some("json") => {
                // Of a tunnel's credentials, the account and the tunnel are named in public records.
                let fields: BTreeMap<String, String> = serde_json::from_str(&text)?;
                fields
                    .iter()
                    .filter(|(name, _)| name.contains("Secret"))
                    .for_each(|(_, it)| add(&mut found, it));
            }
            _ => {}
        }
    }
    let schema: Json = serde_json::from_slice(&std::fs::read(root.join("schemas/cluster.schema.json"))?)?;
    let data: Json = serde_yaml::from_slice(&std::fs::read(example.project().join("cluster.yaml"))?)?;
    for (key, property) in schema["properties"].as_object().ok_or("the schema has no properties")? {
        if property["writeOnly"] == true {
            data[key].as_str().into_iter().for_each(|text| add(&mut found, text));
        }
    }
    if found.is_empty() { Err("the example has no secrets".into()) } else { Ok(found) }
}

fn add(found: &mut BTreeSet<Vec<u8>>, text: &str) {
    let is_secret = |line: &&str| !line.starts_with("-----") && !line.starts_with('#');
    let lines = text.lines().map(str::trim).filter(is_secret);
    for part in
        std::iter::once(text.trim()).filter(is_secret).chain(lines).filter(|part| part.len() >= SHORTEST)
    {
        found.insert(part.as_bytes().to_vec());
        for offset in 0..3 {
            found.insert(base64(part.as_bytes(), offset));
        }
    }
}

/// The characters of the base64 of a text that do not depend on what stands around it, if it
/// starts this many bytes into a group of three.
fn base64(text: &[u8], offset: usize) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = std::iter::repeat_n(0, offset)
        .chain(text.iter().copied())
        .flat_map(|byte: u8| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let whole = bits.chunks_exact(6).skip((offset * 8).div_ceil(6));
    whole.map(|six| ALPHABET[six.iter().fold(0, |value, bit| value << 1 | usize::from(*bit))]).collect()
}

/// The search itself is tried on a program that does write the secrets.
fn control(secrets: &BTreeSet<Vec<u8>>) -> Result<()> {
    let folder = TempDir::new()?;
    let (all, log) = (folder.path().join("all"), folder.path().join("log"));
    std::fs::write(&all, secrets.iter().flat_map(|it| [it.as_slice(), b"\n"].concat()).collect::<Vec<u8>>())?;
    // Through a pipe: from file to file, `cat` would let the kernel copy what strace then misses.
    strace(&log).args(["sh", "-c", "cat \"$0\" | cat"]).arg(&all).stdout()?;
    let seen = std::fs::read(&log)?;
    // strace writes line breaks as `\n`, so only what has none stands in its log as it is.
    let missed = secrets.iter().filter(|it| !it.contains(&b'\n') && !contains(&seen, it)).count();
    if missed == 0 { Ok(()) } else { Err(format!("{missed} of {} were not found", secrets.len()).into()) }
}

/// What each run wrote and printed.
fn watch(example: &Example) -> Result<Vec<(String, Vec<u8>)>> {
    let output = TempDir::new()?;
    let lost = example.encrypted().first().ok_or("nothing is encrypted")?;
    let mut runs = Vec::new();
    for (what, command, format) in [
        ("a first run", "configure", "human"),
        ("a run that makes a lost file anew", "configure", "json"),
        ("validate", "validate", "sarif"),
        ("diff", "diff", "github"),
    ] {
        if what != "a first run" {
            std::fs::remove_file(output.path().join(lost)).ok();
        }
        let log = TempDir::new()?;
        let run = strace(&log.path().join("log")).arg(example.program()).arg(command);
        let run = run.arg("--project").arg(example.project()).arg("--output").arg(output.path());
        let outcome = run.args(["--format", format]).outcome()?;
        if !outcome.succeeded() {
            return Err(outcome.complaint().into());
        }
        runs.push((format!("what {what} wrote"), std::fs::read(log.path().join("log"))?));
        runs.push((format!("what {what} printed"), [outcome.stdout, outcome.stderr].concat()));
    }
    let files: Vec<u8> = read_tree(output.path())?.into_values().flatten().collect();
    runs.push(("the output folder".to_owned(), files));
    Ok(runs)
}

fn strace(log: &Path) -> Run {
    let calls = "trace=write,writev,pwrite64,pwritev,pwritev2";
    Run::new("strace").args(["-f", "-s", "1000000", "-e", calls, "-o"]).arg(log)
}

fn absent(secrets: &BTreeSet<Vec<u8>>, bytes: &[u8]) -> Result<()> {
    match secrets.iter().filter(|secret| contains(bytes, secret)).count() {
        0 => Ok(()),
        found => Err(format!("{found} of {} secret texts are in it", secrets.len()).into()),
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_what_it_is_inside_a_longer_text() {
        // printf 'hunter2' | base64, and the same behind one and behind two bytes.
        assert_eq!(base64(b"hunter2", 0), b"aHVudGVyM");
        assert_eq!(base64(b"hunter2", 1), b"h1bnRlcj");
        assert_eq!(base64(b"hunter2", 2), b"odW50ZXIy");
    }
}
