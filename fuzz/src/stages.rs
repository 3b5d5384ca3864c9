//! Load, validate, derive and check, with a pack that is read once.

use std::iter;
use std::sync::LazyLock;

use kiln_config::{KeyFiles, MissingKeys, Opener, Rules, Settings, Threads, Unopened};
use kiln_jinja::{Engine, Programs};
use kiln_model::{Diagnostics, Files, MemoryFiles, Reported, Sources, Value};
use kiln_pack::Pack;
use zeroize::Zeroizing;

/// What was found, and the texts that it points into.
#[derive(Default)]
pub struct Outcome {
    /// What was found.
    pub found: Diagnostics,
    /// The data files, behind the files of the pack.
    pub sources: Sources,
}

/// A pack with its engine, and the paths and texts of its files.
struct Known {
    pack: Pack,
    engine: Engine,
    texts: Vec<(String, String)>,
}

static BUILT_IN: LazyLock<Known> = LazyLock::new(|| {
    let mut outcome = Outcome::default();
    let (pack, engine) = read(None, &mut outcome).expect("the built-in pack can be read");
    Known { pack, engine, texts: texts(&outcome.sources) }
});

static PROGRAMS: LazyLock<Programs<'static>> = LazyLock::new(|| BUILT_IN.engine.programs());

/// Takes a project that changes nothing of the built-in pack through the stages.
pub fn with_built_in(project: &MemoryFiles) -> Outcome {
    let mut outcome = Outcome::default();
    for (path, text) in &BUILT_IN.texts {
        outcome.sources.add(path, text);
    }
    // `Err` says that something was found.
    let _ = stages(&BUILT_IN.pack, &PROGRAMS, project, &mut outcome);
    outcome
}

/// Takes a project through the stages with a pack that is read from files.
pub fn with_pack(pack: &MemoryFiles, project: &MemoryFiles) -> Outcome {
    let mut outcome = Outcome::default();
    if let Ok((pack, engine)) = read(Some(pack), &mut outcome) {
        let _ = stages(&pack, &engine.programs(), project, &mut outcome);
    }
    outcome
}

fn read(pack: Option<&dyn Files>, outcome: &mut Outcome) -> Result<(Pack, Engine), Reported> {
    let Outcome { sources, found } = outcome;
    let spread = |count: usize, work: &(dyn Fn(usize) + Sync)| (0..count).for_each(work);
    let pack = Pack::load(pack, &MemoryFiles::new(), &spread, sources, found)?;
    let limits = Settings::default().limits;
    let engine = kiln_config::engine(&pack, limits, sources, found)?;
    Ok((pack, engine))
}

fn stages(
    pack: &Pack,
    programs: &Programs<'_>,
    project: &MemoryFiles,
    outcome: &mut Outcome,
) -> Result<(), Reported> {
    let Outcome { sources, found } = outcome;
    let settings = Settings::default();
    let documents = kiln_config::load(pack, &settings, project, &NoKey, sources, found)?;
    let mut given = kiln_config::validate(documents, pack, false, sources, found);
    let keys = KeyFiles { files: project, missing: MissingKeys::Refuse };
    kiln_config::read_keys(&mut given, pack, &settings, programs, &keys, sources, found);
    let data = kiln_config::derive(given.clone(), pack, programs, sources, Threads::one(), found);
    let rules = Rules::new(&data, pack, programs, sources, false);
    let parts = vec![rules.part(0, 1)];
    let verdict = rules.report(parts, found);
    let culprits = &verdict.culprits;
    if !culprits.is_empty() {
        for key in culprits {
            if let Some(node) = given.get_mut(key) {
                node.value = Value::Invalid;
            }
        }
        // What is invalid is passed over.
        kiln_config::derive(given, pack, programs, sources, Threads::one(), &mut Diagnostics::new());
    }
    Ok(())
}

/// The texts of a table in the order in which they were added.
fn texts(sources: &Sources) -> Vec<(String, String)> {
    // Ids are counted from the first, whatever the text.
    let mut ids = Sources::new();
    let ids = iter::repeat_with(|| ids.add("", ""));
    ids.map_while(|id| sources.get(id)).map(|it| (it.path().to_owned(), it.text().to_owned())).collect()
}

/// No data file of these projects is encrypted.
struct NoKey;

impl Opener for NoKey {
    fn open(&self, path: &str, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        unreachable!("{path} is encrypted")
    }
}
