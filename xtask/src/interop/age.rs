//! The real age opens what kiln wraps, and the other way round, for every kind of key.
//!
//! Besides age itself, `age-keygen` looks at new keys, `age-plugin-batchpass` stands for
//! passphrases, which age takes from a terminal alone, and a small plugin of our own stands
//! for all plugins.

use std::path::{Path, PathBuf};

use kiln_age::{Dialog, Identities, NoDialog, Recipient};
use kiln_model::Secret;
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::{Bench, Tally, sops};
use crate::Result;
use crate::command::Run;

/// How many secrets go each way for each kind of key.
const ROUNDS: usize = 20;

/// Recipient and identity of the plugin in `xtask/peers/age`.
const PLUGIN: (&str, &str) = ("age1kilntest1w3jhxaqvjt8dh", "AGE-PLUGIN-KILNTEST-1W3JHXAQGV59YM");
/// The identity of `age-plugin-batchpass`.
const BATCHPASS: &str = "AGE-PLUGIN-BATCHPASS-1JCS0Q9";
const PASSPHRASE: &str = "correct horse";

pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    sops::judge_data_keys(bench, tally)?;
    let age = Age::new(bench)?;
    for kind in [&[][..], &["-pq"]] {
        let name = if kind.is_empty() { "X25519" } else { "post-quantum" };
        tally.claim(&format!("{name}: age-keygen knows our new key"), age.knows_our_key(kind));
        tally.claim(&format!("{name}: we know a key of age-keygen"), age.gives_a_key(kind));
    }
    for pair in age.pairs()? {
        for round in 0..ROUNDS {
            let name = &pair.name;
            tally.claim(&format!("{name}: age opens what we wrap, {round}"), age.opens(&pair));
            tally.claim(&format!("{name}: we open what age wraps, {round}"), age.wraps(&pair));
        }
    }
    tally.claim("a key file with a passphrase", age.locks_a_key_file());
    tally.claim("age opens what we wrap for a plugin", age.opens_with_plugin());
    tally.claim("we open what age wraps for a plugin", age.wraps_with_plugin());
    tally.claim("we open with batchpass what age locks with it", age.opens_with_batchpass());
    Ok(())
}

/// `cargo xtask age wrap RECIPIENT | unwrap KEY_FILE`: kiln's side where plugins are on the path.
///
/// # Errors
/// If nothing can be read, wrapped or unwrapped.
pub(crate) fn tool(arguments: &[String]) -> Result<bool> {
    use std::io::{Read as _, Write as _};
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input)?;
    let output = match arguments {
        [verb, recipient] if verb == "wrap" => {
            Recipient::parse(recipient)?.wrap(&input, &NoDialog)?.into_bytes()
        }
        [verb, file] if verb == "unwrap" => {
            let keys = keys(&std::fs::read_to_string(file)?);
            keys.unwrap(&String::from_utf8(input)?, "", &NoDialog)?.to_vec()
        }
        _ => return Err("usage: cargo xtask age wrap RECIPIENT | unwrap KEY_FILE".into()),
    };
    std::io::stdout().write_all(&output)?;
    Ok(true)
}

/// A recipient, and the file in which both sides find its identity.
struct Pair {
    name: String,
    recipient: String,
    file: PathBuf,
    is_ssh: bool,
}

impl Pair {
    fn keys(&self) -> Result<Identities> {
        let text = std::fs::read_to_string(&self.file)?;
        let mut found = Identities::new();
        let secret = Secret::new("peer", text);
        if self.is_ssh {
            found.add_ssh("key", &secret)
        } else {
            found.add_keys("key", &secret)
        }
        Ok(found)
    }
}

struct Age {
    programs: PathBuf,
    /// The path with the plugins in front.
    path: std::ffi::OsString,
    corpus: PathBuf,
    folder: TempDir,
}

impl Age {
    fn new(bench: &Bench<'_>) -> Result<Age> {
        let programs = bench.cache.place("bin");
        let folders = [bench.root.join("xtask/peers/age"), programs.clone()];
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(folders.into_iter().chain(std::env::split_paths(&path)))?;
        let corpus = bench.root.join("crates/kiln-age/tests/corpus");
        Ok(Age { programs, path, corpus, folder: TempDir::new()? })
    }

    fn run(&self, program: &str) -> Run {
        Run::new(self.programs.join(program)).env("PATH", &self.path)
    }

    /// This program as a child, with the plugins on its path.
    fn ours(&self) -> Result<Run> {
        Ok(Run::new(std::env::current_exe()?).env("PATH", &self.path).arg("age"))
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> Result<PathBuf> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content)?;
        Ok(path)
    }

    fn knows_our_key(&self, kind: &[&str]) -> Result<()> {
        let text = if kind.is_empty() {
            kiln_age::generate("2026-01-01T00:00:00Z")
        } else {
            kiln_age::generate_post_quantum("2026-01-01T00:00:00Z")
        };
        let text = text.ok_or("the system gives no random bytes")?;
        let public = self.run("age-keygen").arg("-y").input(text.as_bytes()).text()?;
        same(keys(&text).recipients() == [public])
    }

    fn gives_a_key(&self, kind: &[&str]) -> Result<()> {
        let text = self.run("age-keygen").args(kind).text()?;
        let public = self.run("age-keygen").arg("-y").input(text.as_bytes()).text()?;
        same(keys(&text).recipients() == [public])
    }

    /// Fresh keys of age's own kinds, and the SSH keys of the corpus.
    fn pairs(&self) -> Result<Vec<Pair>> {
        let mut pairs = Vec::new();
        for (name, kind) in [("X25519", &[][..]), ("post-quantum", &["-pq"])] {
            let text = self.run("age-keygen").args(kind).text()?;
            let recipient = self.run("age-keygen").arg("-y").input(text.as_bytes()).text()?;
            let file = self.file(name, &text)?;
            pairs.push(Pair { name: name.to_owned(), recipient, file, is_ssh: false });
        }
        for (name, public) in [("ed25519", "ed25519.pub"), ("rsa", "rsa.pub"), ("rsa-pkcs8", "rsa.pub")] {
            let recipient = std::fs::read_to_string(self.corpus.join(public))?.trim().to_owned();
            let file = self.corpus.join(name);
            pairs.push(Pair { name: name.to_owned(), recipient, file, is_ssh: true });
        }
        Ok(pairs)
    }

    fn opens(&self, pair: &Pair) -> Result<()> {
        let secret = any_secret();
        let armored = Recipient::parse(&pair.recipient)?.wrap(&secret, &NoDialog)?;
        same(self.decrypt(&pair.file, &armored)? == secret)
    }

    fn decrypt(&self, identity: &Path, armored: &str) -> Result<Vec<u8>> {
        self.run("age").args(["--decrypt", "--identity"]).arg(identity).input(armored).stdout()
    }

    fn encrypt(&self, recipient: &str, secret: &[u8]) -> Result<String> {
        let run = self.run("age").args(["--encrypt", "--armor", "--recipient", recipient]);
        Ok(String::from_utf8(run.input(secret).stdout()?)?)
    }

    fn wraps(&self, pair: &Pair) -> Result<()> {
        let secret = any_secret();
        let armored = self.encrypt(&pair.recipient, &secret)?;
        same(*pair.keys()?.unwrap(&armored, &pair.recipient, &NoDialog)? == secret)
    }

    /// What age locks with a passphrase; a work factor of 10 keeps it from taking seconds.
    fn lock(&self, content: &[u8]) -> Result<Vec<u8>> {
        let run = self.run("age").args(["--encrypt", "--armor", "-j", "batchpass"]);
        let run = run.env("AGE_PASSPHRASE", PASSPHRASE).env("AGE_PASSPHRASE_WORK_FACTOR", "10");
        run.input(content).stdout()
    }

    fn locks_a_key_file(&self) -> Result<()> {
        let secret = any_secret();
        let key = self.run("age-keygen").arg("-pq").text()?;
        let recipient = self.run("age-keygen").arg("-y").input(key.as_bytes()).text()?;
        let locked = keys(std::str::from_utf8(&self.lock(key.as_bytes())?)?);
        let armored = self.encrypt(&recipient, &secret)?;
        same(*locked.unwrap(&armored, &recipient, &Person)? == secret)
    }

    fn opens_with_plugin(&self) -> Result<()> {
        let (secret, (recipient, identity)) = (any_secret(), PLUGIN);
        let armored = self.ours()?.args(["wrap", recipient]).input(secret.as_slice()).stdout()?;
        let identity = self.file("plugin.txt", identity)?;
        same(self.decrypt(&identity, std::str::from_utf8(&armored)?)? == secret)
    }

    fn wraps_with_plugin(&self) -> Result<()> {
        let (secret, (recipient, identity)) = (any_secret(), PLUGIN);
        let armored = self.encrypt(recipient, &secret)?;
        let identity = self.file("plugin.txt", identity)?;
        same(self.ours()?.arg("unwrap").arg(identity).input(armored).stdout()? == secret)
    }

    fn opens_with_batchpass(&self) -> Result<()> {
        let secret = any_secret();
        let armored = self.lock(&secret)?;
        let identity = self.file("batchpass.txt", BATCHPASS)?;
        let ours = self.ours()?.arg("unwrap").arg(identity).env("AGE_PASSPHRASE", PASSPHRASE);
        same(ours.input(armored).stdout()? == secret)
    }
}

/// Knows the passphrase.
struct Person;

impl Dialog for Person {
    fn passphrase(&self, _: &str) -> Option<Zeroizing<String>> {
        Some(Zeroizing::new(PASSPHRASE.to_owned()))
    }

    fn answer(&self, _: &str) -> Option<String> {
        None
    }

    fn show(&self, _: &str) {}

    fn confirm(&self, _: &str, _: &str, _: Option<&str>) -> Option<bool> {
        None
    }
}

fn keys(text: &str) -> Identities {
    let mut found = Identities::new();
    found.add_keys("peer", &Secret::new("peer", text));
    found
}

/// As long as a data key, as a part of one, or of any length that is wrapped.
fn any_secret() -> Vec<u8> {
    let length = match fastrand::u8(0..4) {
        0 => 32,
        1 => 33,
        _ => fastrand::usize(0..=kiln_age::MAX_SECRET),
    };
    std::iter::repeat_with(|| fastrand::u8(..)).take(length).collect()
}

fn same(holds: bool) -> Result<()> {
    if holds { Ok(()) } else { Err("something else came back".into()) }
}
