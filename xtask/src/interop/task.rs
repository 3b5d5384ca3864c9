//! Task reads the Taskfile of the examples and says what each of its tasks would run, and Bash
//! reads the scripts that they call.

use std::path::Path;

use serde::Deserialize;

use super::example::{copy, read_tree};
use super::{Bench, Tally};
use crate::Result;
use crate::command::Run;

#[derive(Deserialize)]
struct List {
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
struct Task {
    name: String,
}

/// Asks Task for the list of tasks and for the commands of each, and Bash whether it
/// understands every script.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    // A copy, since Task keeps records beside a Taskfile.
    let folder = copy(&bench.root.join("examples"))?;
    let folder = folder.path();
    let program = bench.cache.python().with_file_name("task");
    let task = || Run::new(&program).dir(folder).args(["--yes", "--verbose", "--color=false"]);
    let list: List = serde_json::from_slice(&task().args(["--list-all", "--json"]).stdout()?)?;
    if list.tasks.is_empty() {
        return Err("it knows no task".into());
    }
    for Task { name } in list.tasks {
        // Tasks that concern one node ask for it.
        let outcome = task().args(["--dry", &name, "NODE=controller-1"]).outcome()?;
        let commands = String::from_utf8_lossy(&outcome.stderr).into_owned();
        let holds = outcome.succeeded().then_some(()).ok_or_else(|| outcome.complaint().into());
        tally.claim(&format!("task can run {name}"), holds.and_then(|()| can_start(folder, &commands)));
    }
    for path in read_tree(folder)?.into_keys().filter(|path| path.ends_with(".sh")) {
        let read = Run::new("bash").arg("-n").arg(folder.join(&path)).stdout();
        tally.claim(&format!("bash understands {path}"), read.map(drop));
    }
    Ok(())
}

/// Whether there are commands, and the scripts among them exist.
fn can_start(folder: &Path, commands: &str) -> Result<()> {
    if !commands.contains("task: [") {
        return Err("it would run nothing".into());
    }
    let own = |word: &&str| word.starts_with(&*folder.to_string_lossy());
    match commands.split_whitespace().filter(own).find(|word| !Path::new(word).is_file()) {
        Some(missing) => Err(format!("there is no {missing}").into()),
        None => Ok(()),
    }
}
