//! What runs behind YAML and TOML in editors reads schemas and new projects.

mod keys;
mod layout;
mod toml;

use std::path::Path;

use serde_json::{Value as Json, json};

use self::layout::Style;
use super::{Bench, Tally, verdict};
use crate::Result;
use crate::command::Run;

/// Asks what a user of an editor sees in the files of the homelab, good and broken, and in
/// those of a new project.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    drive(bench, bench.root, json!({}), "cases.json", "homelab", tally)?;
    let project = new_project(bench)?;
    let settings = std::fs::read(project.path().join(".vscode/settings.json"))?;
    let settings: Json = serde_json::from_slice(&settings)?;
    drive(bench, project.path(), settings, "new-project.json", "new project", tally)?;
    for name in DATA {
        all_keys(bench, project.path(), name, YAML, tally)?;
    }
    Ok(())
}

/// Asks what a user of an editor sees in data files of TOML.
pub(super) fn judge_toml(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let project = new_project(bench)?;
    for name in DATA {
        all_keys(bench, project.path(), name, TOML, tally)?;
        toml::judge(bench, project.path(), name, tally)?;
    }
    Ok(())
}

/// The data files, which are called as their schemas are.
const DATA: [&str; 2] = ["cluster", "nodes"];

/// A language server, and the files that it is asked about.
struct Language {
    server: &'static str,
    words: &'static [&'static str],
    id: &'static str,
    style: Style,
}

const YAML: Language =
    Language { server: "yaml-language-server", words: &["--stdio"], id: "yaml", style: Style::Yaml };

const TOML: Language = Language { server: "tombi", words: &["lsp"], id: "toml", style: Style::Toml };

/// A project as `kiln init` makes it.
fn new_project(bench: &Bench<'_>) -> Result<tempfile::TempDir> {
    // The server applies no pattern of settings below a folder whose name begins with a dot.
    let project = tempfile::Builder::new().prefix("kiln-").tempdir()?;
    let example = bench.examples.first().ok_or("no project was configured")?;
    example.kiln().arg("init").arg(project.path()).stdout()?;
    Ok(project)
}

/// Asks about every key of a data file of a new project.
fn all_keys(bench: &Bench<'_>, root: &Path, name: &str, language: Language, tally: &mut Tally) -> Result<()> {
    let job = json!({
        "server": bench.cache.node_program(language.server),
        "words": language.words,
        "language": language.id,
        "root": root,
        "settings": {"yaml": settings_of_yaml()},
        "documents": documents(root, name, language.style)?,
    });
    let driver = bench.root.join("xtask/peers/editor/keys.mjs");
    let output = Run::new("node").arg(driver).input(serde_json::to_vec(&job)?).stdout()?;
    verdict::count("every key", &output, tally)
}

/// The documents that ask about every key, with the schema that the project has for them.
fn documents(root: &Path, name: &str, style: Style) -> Result<Vec<Json>> {
    let place = format!(".kiln/schemas/{name}.schema.json");
    let schema: Json = serde_json::from_slice(&std::fs::read(root.join(&place))?)?;
    let (ending, head) = match style {
        Style::Yaml => ("yaml", format!("# yaml-language-server: $schema=./{place}")),
        Style::Toml => ("toml", format!("#:schema ./{place}")),
    };
    Ok(keys::documents(&schema, &format!("{name}.{ending}"), &head, style))
}

/// Schemas from elsewhere would need the network, and have nothing to say here.
fn settings_of_yaml() -> Json {
    json!({"validate": true, "hover": true, "completion": true, "schemaStore": {"enable": false}})
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
    let mut yaml = settings_of_yaml();
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
