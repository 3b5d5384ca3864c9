//! What other programs make of kiln's reports: the validator of the SARIF SDK, and the toolkit
//! that GitHub's own actions annotate with.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::example::{build_command, copy_into};
use super::{Bench, Tally};
use crate::Result;
use crate::command::Run;

/// A project that is laid out of folders and files, and the run that reports of it.
struct Case {
    name: &'static str,
    folders: &'static [&'static str],
    files: &'static [(&'static str, &'static str)],
    run: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case { name: "nothing found", folders: &["examples/homelab"], files: &[], run: &["validate"] },
    Case {
        name: "ten mistakes",
        folders: &["examples/homelab", "crates/kiln-cli/tests/corpus/ten-bad-inputs/project"],
        files: &[],
        run: &["validate"],
    },
    Case { name: "rules of a pack", folders: &["examples/homelab"], files: &[RULES], run: &["validate"] },
    Case { name: "findings without a place", folders: &["examples/homelab"], files: &[], run: &["doctor"] },
    Case { name: "a data file is missing", folders: &[DEMO], files: &[NO_DATA], run: &["validate"] },
    Case {
        name: "a project that is not there",
        folders: &[],
        files: &[],
        run: &["validate", "--project", "x"],
    },
    Case {
        name: "names to be escaped",
        folders: &[DEMO],
        files: &[ODD_SETTINGS, ODD_DATA],
        run: &["validate"],
    },
    Case { name: "several lines", folders: &[DEMO], files: &[SEVERAL_LINES], run: &["validate"] },
    Case { name: "letters beyond ASCII", folders: &[DEMO], files: &[WIDE], run: &["validate"] },
    Case { name: "at the end of a file", folders: &[DEMO], files: &[OPEN_END], run: &["validate"] },
];

const DEMO: &str = "crates/kiln-cli/tests/corpus/explained";
const RULES: (&str, &str) = (
    "overrides/checks/more.yaml",
    "named:\n  severity: warning\n  assert: 'false'\n  at: [cluster_domain]\n  message: 'not, so: 100 %'\n",
);
const NO_DATA: (&str, &str) =
    ("kiln.toml", "pack = \"pack\"\n\n[[data]]\nfile = \"more.yaml\"\nschema = \"data\"\n");
const ODD_SETTINGS: (&str, &str) =
    ("kiln.toml", "pack = \"pack\"\n\n[[data]]\nfile = \"50 %, ä;b=c.yaml\"\nschema = \"data\"\n");
/// A value has the wrong type, and a key has a command in its name.
const ODD_DATA: (&str, &str) =
    ("50 %, ä;b=c.yaml", "cluster_name: home\nreplicas:\n  - one\n  - two\n\"a%0A,b: c\\n::error::d\": 1\n");
const SEVERAL_LINES: (&str, &str) = ("data.yaml", "cluster_name: home\nmode: \"fast\n  or safe\"\n");
const WIDE: (&str, &str) = ("data.yaml", "cluster_name: home\n\"ä𝄞\": 1\nmode: \"𝄞𝄞\"\n");
const OPEN_END: (&str, &str) = ("data.yaml", "cluster_name: home\nmode: [a,");

/// The validator finds nothing in the logs, under the rules of the format and of GitHub.
pub(super) fn judge_sarif(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let validator = bench.cache.node_module("sarif-multitool", "@microsoft/sarif-multitool-linux");
    let program = validator.join("Sarif.Multitool");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
    let mut broken = Err("no log has a line".into());
    for (case, project) in laid_out(bench)? {
        let log = project.kiln("sarif")?;
        tally.claim(&format!("sarif: {}", case.name), validate(&program, &log));
        let log = String::from_utf8(log)?;
        if broken.is_err() && log.contains("\"startLine\":") {
            let log = log.replacen("\"startLine\":", "\"startLine\":-", 1);
            broken = match validate(&program, log.as_bytes()) {
                Ok(()) => Err("it does".into()),
                Err(_) => Ok(()),
            };
        }
    }
    tally.claim("sarif: the validator does not take a line -1", broken);
    Ok(())
}

/// What the validator asks for and kiln has reasons not to give: there is no place in the web to
/// point at, for `informationUri`.
const ACCEPTED: &[&str] = &["SARIF2005"];

fn validate(program: &Path, log: &[u8]) -> Result<()> {
    let folder = TempDir::new()?;
    let (input, output) = (folder.path().join("kiln.sarif"), folder.path().join("verdict.sarif"));
    std::fs::write(&input, log)?;
    // The program is made for machines with all languages installed; it needs none.
    Run::new(program)
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .arg("validate")
        .arg(&input)
        .args(["--rule-kind", "Sarif;Gh", "--level", "Error;Warning", "--log", "ForceOverwrite", "--output"])
        .arg(&output)
        .outcome()?;
    let verdict: Json = serde_json::from_slice(&std::fs::read(&output)?)?;
    let run = &verdict["runs"][0];
    let is_done = run["invocations"]
        .as_array()
        .is_some_and(|all| !all.is_empty() && all.iter().all(|it| it["executionSuccessful"] == true));
    if !is_done {
        return Err("the validator did not end well".into());
    }
    let found = run["results"].as_array().ok_or("the validator gave no results")?;
    let is_accepted = |it: &&Json| ACCEPTED.iter().any(|id| it["ruleId"] == **id);
    let bad: Vec<String> = found.iter().filter(|it| !is_accepted(it)).map(Json::to_string).collect();
    if bad.is_empty() { Ok(()) } else { Err(bad.join("\n").into()) }
}

/// The toolkit prints the same lines for the findings of the JSON output.
pub(super) fn judge_annotations(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let core = bench.cache.node_module("actions-core", "@actions/core");
    let script = bench.root.join("xtask/peers/actions/annotate.mjs");
    for (case, project) in laid_out(bench)? {
        let report: Json = serde_json::from_slice(&project.kiln("json")?)?;
        let job = json!({"core": core.join("lib/core.js"), "diagnostics": report["diagnostics"]});
        let expected = Run::new("node").arg(&script).input(serde_json::to_vec(&job)?).stdout()?;
        let found = project.kiln("github")?;
        let annotations: String =
            String::from_utf8(found)?.split_inclusive('\n').filter(|line| line.starts_with("::")).collect();
        let expected = String::from_utf8(expected)?;
        let outcome = if annotations == expected {
            Ok(())
        } else {
            Err(format!("kiln:\n{annotations}the toolkit:\n{expected}").into())
        };
        tally.claim(&format!("annotations: {}", case.name), outcome);
    }
    Ok(())
}

/// A case, laid out in a folder of its own.
struct Project {
    program: PathBuf,
    folder: TempDir,
    run: &'static [&'static str],
}

fn laid_out(bench: &Bench<'_>) -> Result<Vec<(&'static Case, Project)>> {
    let program = build_command(bench.root)?;
    let mut all = Vec::new();
    for case in CASES {
        let folder = TempDir::new()?;
        for layer in case.folders {
            copy_into(&bench.root.join(layer), folder.path())?;
        }
        for (path, text) in case.files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().ok_or("a file lies in a folder")?)?;
            std::fs::write(path, text)?;
        }
        all.push((case, Project { program: program.clone(), folder, run: case.run }));
    }
    Ok(all)
}

impl Project {
    /// What kiln prints in a format. The run may find errors.
    fn kiln(&self, format: &str) -> Result<Vec<u8>> {
        let run = Run::new(&self.program).dir(self.folder.path()).args(self.run);
        Ok(run.args(["--format", format]).outcome()?.stdout)
    }
}
