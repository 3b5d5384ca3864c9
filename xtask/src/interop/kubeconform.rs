//! kubeconform holds every Kubernetes manifest against its schema.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tempfile::TempDir;

use super::example::{documents, read_tree};
use super::install::Cache;
use super::{Bench, Tally, catalogue, kustomize};
use crate::Result;
use crate::command::Run;

/// Kinds that have no schema, and who proves them instead.
const WITHOUT_SCHEMA: &[(&str, &str)] = &[
    ("kustomize.config.k8s.io/v1beta1/Kustomization", "kustomize builds each"),
    ("kustomize.config.k8s.io/v1alpha1/Component", "kustomize builds each with those that name it"),
];

/// The folders whose YAML files are Kubernetes manifests.
const FOLDERS: &[&str] = &["kubernetes/", "bootstrap/"];

#[derive(Deserialize)]
struct Report {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    filename: String,
    kind: String,
    name: String,
    status: String,
    msg: String,
}

/// Asks kubeconform about every manifest of the decrypted trees, as it is written and as
/// kustomize builds it.
pub(super) fn judge(bench: &Bench<'_>, tally: &mut Tally) -> Result<()> {
    let mut catalogues: BTreeMap<String, PathBuf> = BTreeMap::new();
    for example in bench.examples {
        let tree = example.decrypted(bench.cache)?;
        let kubernetes = kubernetes_version(tree)?;
        if !catalogues.contains_key(&kubernetes) {
            let made = catalogue::prepare(bench.root, bench.cache, &kubernetes)?;
            catalogues.insert(kubernetes.clone(), made);
        }
        let schemas = &catalogues[&kubernetes];
        let manifests = TempDir::new()?;
        write_manifests(bench.cache, tree, manifests.path())?;
        for resource in ask(bench.cache, schemas, &kubernetes, manifests.path())? {
            let Resource { filename, kind, name, .. } = &resource;
            let file = Path::new(filename).strip_prefix(manifests.path()).unwrap_or(Path::new(filename));
            let claim = format!("{}: {kind} {name} of {} fits its schema", example.name(), file.display());
            let fits = resource.status == "statusValid";
            let fault = || format!("{}: {}", resource.status, resource.msg).into();
            tally.claim(&claim, fits.then_some(()).ok_or_else(fault));
        }
    }
    Ok(())
}

/// What the nodes will run, as `X.Y.Z`; talconfig.yaml says it itself or takes it from
/// talenv.yaml.
fn kubernetes_version(tree: &Path) -> Result<String> {
    let value = |file: &str, key: &str| -> Result<String> {
        let documents = documents(&std::fs::read(tree.join("talos").join(file))?)?;
        let value = documents.first().and_then(|it| it.get(key)).and_then(|it| it.as_str());
        value.map(str::to_owned).ok_or_else(|| format!("{file} has no {key}").into())
    };
    let version = value("talconfig.yaml", "kubernetesVersion")?;
    let name = version.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let version = name.map_or(Ok(version.clone()), |name| value("talenv.yaml", name))?;
    Ok(version.trim_start_matches('v').to_owned())
}

/// Lays out what there is to judge: each manifest file, and each build of a kustomization.
fn write_manifests(cache: &Cache, tree: &Path, target: &Path) -> Result<()> {
    for (path, content) in read_tree(tree)? {
        let is_yaml = path.ends_with(".yaml") && FOLDERS.iter().any(|folder| path.starts_with(folder));
        if is_yaml && documents(&content)?.iter().any(|it| it.get("kind").is_some()) {
            write(&target.join(path), &content)?;
        }
    }
    for folder in kustomize::folders(tree)? {
        write(&target.join(format!("built/{folder}.yaml")), &kustomize::build(cache, tree, &folder)?)?;
    }
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    std::fs::create_dir_all(path.parent().expect("a file lies in a folder"))?;
    Ok(std::fs::write(path, content)?)
}

fn ask(cache: &Cache, schemas: &Path, kubernetes: &str, manifests: &Path) -> Result<Vec<Resource>> {
    let skipped: Vec<&str> = WITHOUT_SCHEMA.iter().map(|(kind, _)| *kind).collect();
    let locations = [
        "core/{{ .ResourceKind }}{{ .KindSuffix }}.json",
        "custom/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json",
    ];
    let mut run = Run::new(cache.program("kubeconform"))
        .args(["-strict", "-verbose", "-output", "json", "-n", "2"])
        .args(["-kubernetes-version", kubernetes, "-skip", &skipped.join(",")]);
    for location in locations {
        let location: PathBuf = schemas.join(location);
        run = run.arg("-schema-location").arg(location);
    }
    // It exits with 1 if a manifest does not fit; the report says which.
    let outcome = run.arg(manifests).outcome()?;
    let report: Report = serde_json::from_slice(&outcome.stdout).map_err(|_| outcome.complaint())?;
    // It skips what it is told to and nothing else: a missing schema is an error to it.
    let judged = report.resources.into_iter().filter(|it| it.status != "statusSkipped");
    let judged: Vec<Resource> = judged.collect();
    if judged.is_empty() { Err("it judged nothing".into()) } else { Ok(judged) }
}
