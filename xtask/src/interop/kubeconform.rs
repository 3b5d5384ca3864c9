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

/// Kinds that have no schema here, and who proves them instead or why nobody does.
const WITHOUT_SCHEMA: &[(&str, &str)] = &[
    ("kustomize.config.k8s.io/v1beta1/Kustomization", "kustomize builds each"),
    ("kustomize.config.k8s.io/v1alpha1/Component", "kustomize builds each with those that name it"),
    ("tuppr.home-operations.com/v1alpha1/KubernetesUpgrade", "the proxy refuses tuppr's module; read by eye"),
    ("tuppr.home-operations.com/v1alpha1/TalosUpgrade", "the proxy refuses tuppr's module; read by eye"),
];

/// The secret whose entries Flux fills into the manifests before it applies them.
const SUBSTITUTES: &str = "kubernetes/components/sops/cluster-secrets.sops.yaml";

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
/// kustomize builds it, each with the values that Flux fills in.
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

/// What the nodes will run, as `X.Y.Z`; talhelper and topf both name it so in their file.
fn kubernetes_version(tree: &Path) -> Result<String> {
    let files = ["talconfig.yaml", "topf.yaml"].map(|name| tree.join("talos").join(name));
    let file =
        files.iter().find(|path| path.exists()).ok_or("there is neither talconfig.yaml nor topf.yaml")?;
    let documents = documents(&std::fs::read(file)?)?;
    let version = documents.first().and_then(|it| it.get("kubernetesVersion")).and_then(|it| it.as_str());
    let version = version.ok_or_else(|| format!("{} has no kubernetesVersion", file.display()))?;
    Ok(version.trim_start_matches('v').to_owned())
}

/// Puts the values of [`SUBSTITUTES`] into the places that name them as `${NAME}`.
struct Substitution(BTreeMap<String, String>);

impl Substitution {
    fn of(tree: &Path) -> Result<Substitution> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Secret {
            string_data: BTreeMap<String, String>,
        }
        let secret: Secret = serde_yaml::from_slice(&std::fs::read(tree.join(SUBSTITUTES))?)?;
        Ok(Substitution(secret.string_data))
    }

    /// # Errors
    /// If the text names a value that there is not; Flux would fill in nothing.
    fn fill(&self, path: &str, content: Vec<u8>) -> Result<Vec<u8>> {
        let mut text = String::from_utf8(content)?;
        for (name, value) in &self.0 {
            text = text.replace(&format!("${{{name}}}"), value);
        }
        let open = text.lines().find(|line| line.contains("${"));
        open.map_or(Ok(()), |line| Err(format!("{path}: nobody fills in `{}`", line.trim())))?;
        Ok(text.into_bytes())
    }
}

/// Lays out what there is to judge: each manifest file, and each build of a kustomization.
fn write_manifests(cache: &Cache, tree: &Path, target: &Path) -> Result<()> {
    let substitution = Substitution::of(tree)?;
    for (path, content) in read_tree(tree)? {
        let is_yaml = path.ends_with(".yaml") && FOLDERS.iter().any(|folder| path.starts_with(folder));
        if is_yaml && documents(&content)?.iter().any(|it| it.get("kind").is_some()) {
            write(&target.join(&path), &substitution.fill(&path, content)?)?;
        }
    }
    for folder in kustomize::folders(tree)? {
        let built = substitution.fill(&folder, kustomize::build(cache, tree, &folder)?)?;
        write(&target.join(format!("built/{folder}.yaml")), &built)?;
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
