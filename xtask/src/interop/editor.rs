//! The language server behind YAML in editors reads schemas and new projects.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::{Bench, Tally, verdict};
use crate::Result;
use crate::command::Run;

/// Asks what a user of an editor sees in the files of the homelab, good and broken, and in
/// those of a new project.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    drive(bench, bench.root, json!({}), "cases.json", "homelab", tally)?;
    // The server applies no pattern of settings below a folder whose name begins with a dot.
    let project = tempfile::Builder::new().prefix("kiln-").tempdir()?;
    let example = bench.examples.first().ok_or("no project was configured")?;
    example.kiln().arg("init").arg(project.path()).stdout()?;
    let settings = std::fs::read(project.path().join(".vscode/settings.json"))?;
    let settings: Json = serde_json::from_slice(&settings)?;
    drive(bench, project.path(), settings, "new-project.json", "new project", tally)
}

/// Plays the cases of a file on the documents below `root`, under the settings of an editor.
fn drive(
    bench: &Bench<'_>,
    root: &Path,
    settings: Json,
    cases: &str,
    about: &str,
    tally: &mut Tally,
) -> Result<()> {
    let folder = bench.root.join("xtask/peers/editor");
    let cases: Json = serde_json::from_slice(&std::fs::read(folder.join(cases))?)?;
    // Schemas from elsewhere would need the network, and have nothing to say here.
    let mut yaml =
        json!({"validate": true, "hover": true, "completion": true, "schemaStore": {"enable": false}});
    if let Some(schemas) = settings.get("yaml.schemas") {
        yaml["schemas"] = schemas.clone();
    }
    let job = json!({
        "server": bench.cache.node_program("yaml-language-server"),
        "root": root,
        "settings": {"yaml": yaml},
        "cases": cases,
    });
    let output = Run::new("node").arg(folder.join("drive.mjs")).input(serde_json::to_vec(&job)?).stdout()?;
    verdict::count(about, &output, tally)
}
