//! kiln and several releases of sops make the same of generated documents.
//!
//! What one encrypts the other opens, and it is the same text again, comments included.
//! Encrypted by the newest sops and by kiln, a document differs in random bytes and the time
//! alone. Where it does not, sops loses or breaks something; such documents are named with
//! the reason in `xtask/peers/sops-harness/differences.yaml`, and none is made here.

mod case;
mod differences;
mod generate;
mod harness;
mod normal;

use kiln::sops::{Format, MacCheck, NoDialog, Plain, SealError, Sealed};

use self::case::{Case, Keys};
use self::harness::Harness;
use super::install::{Ecosystem, Package};
use super::{Bench, Tally};
use crate::Result;

const LIBRARY: &str = "github.com/getsops/sops/v3";
const FOLDER: &str = "xtask/peers/sops-harness";
const NEWEST: &str = "sops-harness";

/// The harness on each release.
pub(super) const PACKAGES: [Package; 4] = [
    harness(NEWEST, Ecosystem::GoFolder(LIBRARY), "v3.13.3"),
    harness("sops-harness-v3.13.1", Ecosystem::GoFolderWith(LIBRARY), "v3.13.1"),
    harness("sops-harness-v3.11.0", Ecosystem::GoFolderWith(LIBRARY), "v3.11.0"),
    harness("sops-harness-v3.9.4", Ecosystem::GoFolderWith(LIBRARY), "v3.9.4"),
];

/// What [`judge`] needs.
pub(super) const NAMES: [&str; 4] = [PACKAGES[0].name, PACKAGES[1].name, PACKAGES[2].name, PACKAGES[3].name];

const FORMATS: [&str; 5] = ["yaml", "json", "dotenv", "ini", "binary"];

/// How many documents of each format the newest release is asked about, and each older one.
const DOCUMENTS: (u64, u64) = (1_000, 200);

const fn harness(name: &'static str, ecosystem: Ecosystem, version: &'static str) -> Package {
    Package { name, ecosystem, path: FOLDER, version }
}

/// Makes documents of every format, and holds kiln against every release.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let keys = Keys::new()?;
    for package in &PACKAGES {
        let is_newest = package.name == NEWEST;
        let sops = Harness::start(bench.cache, package.name)?;
        let mut judge = Judge { sops, keys: &keys, version: package.version };
        for format in FORMATS {
            let count = if is_newest { DOCUMENTS.0 } else { DOCUMENTS.1 };
            let mut documents = Counts::default();
            let mut seed = 0;
            while documents.judged < count {
                seed += 1;
                let claim = format!("sops {}: {format} document {seed}", package.version);
                match judge.document(&Case::new(format, seed, is_newest, &keys)) {
                    Ok(verdict) => {
                        documents.count(verdict);
                        tally.claim(&claim, Ok(()));
                    }
                    Err(error) => {
                        documents.judged += 1;
                        tally.claim(&claim, Err(error));
                    }
                }
            }
            println!("sops {:<8} {format:<7} {documents}", package.version);
        }
        if is_newest {
            differences::judge(bench.root, &mut judge.sops, tally)?;
        }
    }
    Ok(())
}

/// What became of a document on which kiln and sops agree.
enum Verdict {
    /// Both encrypt it, and open what the other has made of it.
    Same,
    /// Both refuse to read it, or an older release cannot do what the newest can.
    Refused,
    /// It would stay in clear: sops writes it, kiln does not.
    NothingSelected,
}

#[derive(Default)]
struct Counts {
    judged: u64,
    refused: u64,
    clear: u64,
}

impl Counts {
    fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Same => self.judged += 1,
            Verdict::Refused => self.refused += 1,
            Verdict::NothingSelected => self.clear += 1,
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Counts { judged, refused, clear } = self;
        write!(f, "{judged:>5} documents; {refused} more refused, {clear} in which nothing is secret")
    }
}

struct Judge<'a> {
    sops: Harness,
    keys: &'a Keys,
    version: &'static str,
}

impl Judge<'_> {
    fn document(&mut self, case: &Case) -> Result<Verdict> {
        let format = case.format();
        if case.is_beyond() {
            return Ok(Verdict::Refused);
        }
        let (plain, theirs) = match (Plain::read(&case.text, format), self.sops.encrypt(case)?) {
            (Ok(plain), Ok(theirs)) => (plain, theirs),
            (Err(_), Err(_)) => return Ok(Verdict::Refused),
            // What older releases cannot do.
            (Ok(_), Err(_)) if !case.is_newest => return Ok(Verdict::Refused),
            (Ok(_), Err(error)) => {
                return fault("sops refuses what kiln reads", &[&case.text, error.as_bytes()]);
            }
            (Err(error), Ok(_)) => {
                return fault("kiln refuses what sops reads", &[&case.text, error.to_string().as_bytes()]);
            }
        };
        let ours = match kiln::sops::seal(plain, &case.terms, case::NOW, &NoDialog) {
            Ok(sealed) => sealed.write(format, &case.stores)?,
            Err(SealError::NothingSelected) => return Judge::in_clear(case, &theirs),
            Err(error) => return Err(error.into()),
        };
        if case.is_newest && case.is_strict && normal::form(&ours) != normal::form(&theirs) {
            return fault("kiln encrypts it otherwise", &[&case.text, &ours, &theirs]);
        }
        let opened = match self.sops.decrypt(case, &theirs)? {
            Ok(_) => self.both_open(case, &theirs)?,
            // It cannot open what it wrote: comments in lists under `encrypted_comment_regex`.
            Err(_) if !case.is_strict => return self.both_open(case, &ours).map(|_| Verdict::Same),
            Err(_) if !case.is_newest => return Ok(Verdict::Refused),
            Err(error) => return fault("sops does not open its file", &[&case.text, error.as_bytes()]),
        };
        if !self.opens_others(format) {
            return Ok(Verdict::Same);
        }
        let again = self.both_open(case, &ours)?;
        if case.is_strict && opened != again {
            return fault("it comes back otherwise", &[&case.text, &opened, &again]);
        }
        Ok(Verdict::Same)
    }

    /// 3.13.0 and 3.13.1 read no INI file but their own.
    fn opens_others(&self, format: Format) -> bool {
        (self.version, format) != ("v3.13.1", Format::Ini)
    }

    /// The text that both get from an encrypted file.
    fn both_open(&mut self, case: &Case, sealed: &[u8]) -> Result<Vec<u8>> {
        let format = case.format();
        let opened =
            Sealed::read(sealed, format)?.open(&self.keys.identities, MacCheck::Verify, &NoDialog)?;
        let ours = opened.into_shown().write(format, &case.stores)?;
        let theirs = match self.sops.decrypt(case, sealed)? {
            // Older releases have their own style.
            Ok(theirs) if !case.is_newest => {
                Plain::read(&theirs, format)?.write(format, &case.stores)?.to_vec()
            }
            Ok(theirs) => theirs,
            Err(error) => return fault("kiln alone opens it", &[&case.text, sealed, error.as_bytes()]),
        };
        let is_same = if case.is_strict { *ours == theirs } else { normal::is_alike(&ours, &theirs) };
        if is_same {
            Ok(theirs)
        } else {
            fault("kiln opens it to another text", &[&case.text, sealed, &ours, &theirs])
        }
    }

    /// kiln refuses to write a file in which nothing is encrypted; sops does not notice.
    fn in_clear(case: &Case, theirs: &[u8]) -> Result<Verdict> {
        let count = normal::count_encrypted(theirs);
        if count == 0 {
            Ok(Verdict::NothingSelected)
        } else {
            fault("kiln finds no secret", &[&case.text, theirs])
        }
    }
}

/// What is wrong, and the texts that show it. They are all made from a seed.
fn fault<T>(what: &str, texts: &[&[u8]]) -> Result<T> {
    let texts: Vec<_> = texts.iter().map(|text| String::from_utf8_lossy(text)).collect();
    Err(format!("{what}\n{}", texts.join("\n----\n")).into())
}
