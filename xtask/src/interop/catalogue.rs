//! Makes the schemas that kubeconform needs, in the cache; none of them is committed.
//!
//! Kubernetes' own kinds come from the Python package `kubernetes-validate`, which carries
//! strict schemas of every version. The schemas of custom resources come from the Go modules
//! that define them, at the versions that `peers/crds/go.mod` pins: some modules carry their
//! CustomResourceDefinitions, for the others controller-gen makes them from the Go types.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use super::crd;
use super::example::read_tree;
use super::install::{Cache, retried};
use crate::Result;
use crate::command::Run;

/// Modules that carry their definitions, and the folder these lie in.
const CARRIED: &[(&str, &str)] = &[
    ("github.com/cert-manager/cert-manager", "deploy/crds"),
    ("github.com/cilium/cilium", "pkg/k8s/apis/cilium.io/client/crds"),
    ("github.com/controlplaneio-fluxcd/flux-operator", "config/crd/bases"),
    ("github.com/envoyproxy/gateway", "charts/gateway-helm/charts/crds/crds/generated"),
    ("sigs.k8s.io/external-dns", "charts/external-dns/crds"),
    ("sigs.k8s.io/gateway-api", "config/crd/standard"),
];

/// Modules of Go types.
const TYPED: &[&str] = &[
    "github.com/fluxcd/helm-controller/api",
    "github.com/fluxcd/kustomize-controller/api",
    "github.com/fluxcd/notification-controller/api",
    "github.com/fluxcd/source-controller/api",
];

/// A module as `go list -m -json` tells it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Module {
    path: String,
    version: String,
    dir: PathBuf,
}

/// The folder with the schemas for a version of Kubernetes, made if it is not there yet.
///
/// It holds `core/KIND-GROUP-VERSION.json` and `custom/GROUP/KIND_VERSION.json`, each
/// complete in itself, and says in `contents.txt` what they are made of.
///
/// # Errors
/// If a module cannot be had or a schema has an unknown form.
pub(super) fn prepare(root: &Path, cache: &Cache, kubernetes: &str) -> Result<PathBuf> {
    let peers = root.join("xtask/peers/crds");
    let start = Instant::now();
    let target = cache.place("schemas").join(fingerprint(&peers, kubernetes)?);
    if !target.is_dir() {
        std::fs::create_dir_all(cache.place("schemas"))?;
        let work = TempDir::new_in(cache.place("schemas"))?;
        make(&peers, cache, kubernetes, work.path())?;
        std::fs::rename(work.keep(), &target)?;
    }
    let contents = std::fs::read_to_string(target.join("contents.txt"))?;
    println!("{contents}{:<33} {:>8.1} s", "schemas", start.elapsed().as_secs_f64());
    Ok(target)
}

fn make(peers: &Path, cache: &Cache, kubernetes: &str, target: &Path) -> Result<()> {
    let definitions = definitions(cache, kubernetes)?;
    let metadata = crd::Metadata::new(&definitions.all)?;
    let core = core(&definitions, &target.join("core"))?;
    let modules = modules(peers, cache)?;
    let custom = custom(peers, cache, &modules, &metadata, &target.join("custom"))?;
    let mut contents = format!("schemas of Kubernetes {kubernetes}: {core} kinds; custom: {custom} kinds\n");
    for Module { path, version, .. } in modules {
        contents.push_str(&format!("schemas of {path} {version}\n"));
    }
    Ok(std::fs::write(target.join("contents.txt"), contents)?)
}

/// A name that changes with everything the schemas are made from.
fn fingerprint(peers: &Path, kubernetes: &str) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    (include_str!("catalogue.rs"), include_str!("crd.rs"), kubernetes).hash(&mut hasher);
    super::PACKAGES.iter().for_each(|it| (it.name, it.version).hash(&mut hasher));
    std::fs::read(peers.join("go.sum"))?.hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

/// Kubernetes' own schemas: a file per type, and the types they refer to.
struct Definitions {
    folder: PathBuf,
    all: Value,
}

fn definitions(cache: &Cache, kubernetes: &str) -> Result<Definitions> {
    let minor = kubernetes.rsplit_once('.').ok_or("the version of Kubernetes is not X.Y.Z")?.0;
    let ask = "import importlib.util; print(importlib.util.find_spec('kubernetes_validate').submodule_search_locations[0])";
    let package = Run::new(cache.python()).args(["-c", ask]).text()?;
    let folder = Path::new(&package).join(format!("kubernetes-json-schema/v{minor}.0-local-strict"));
    let text = std::fs::read_to_string(folder.join("_definitions.json"))
        .map_err(|_| format!("kubernetes-validate knows no Kubernetes {minor}"))?;
    let text = text.replace("/api/_definitions.json#", "#");
    let mut all: Value = serde_json::from_str(&text)?;
    Ok(Definitions { folder, all: all["$defs"].take() })
}

/// Writes the schemas of Kubernetes' kinds, each with the types it needs; their number.
fn core(definitions: &Definitions, target: &Path) -> Result<usize> {
    std::fs::create_dir_all(target)?;
    let mut count = 0;
    for (name, content) in read_tree(&definitions.folder)? {
        let text = String::from_utf8(content)?.replace("/api/_definitions.json#", "#");
        let mut schema: Value = serde_json::from_str(&text)?;
        let is_kind = !name.starts_with('_') && schema["properties"]["kind"].get("enum").is_some();
        if is_kind {
            schema["$defs"] = crd::needed(&schema, &definitions.all)?;
            std::fs::write(target.join(name), serde_json::to_vec(&schema)?)?;
            count += 1;
        }
    }
    Ok(count)
}

/// Writes the schemas of custom kinds; their number.
fn custom(
    peers: &Path,
    cache: &Cache,
    modules: &[Module],
    metadata: &crd::Metadata,
    target: &Path,
) -> Result<usize> {
    let made = TempDir::new()?;
    let paths = TYPED.iter().map(|module| format!("{module}/...")).collect::<Vec<_>>().join(";");
    let arguments =
        ["crd".to_owned(), format!("paths={paths}"), format!("output:crd:dir={}", made.path().display())];
    // It finds the packages by running go, in the folder whose go.mod pins them.
    retried(|| cache.go(cache.program("controller-gen")).dir(peers).args(&arguments).stdout())?;
    let mut folders = vec![made.path().to_owned()];
    for module in modules {
        let carried = CARRIED.iter().find(|(path, _)| *path == module.path);
        folders.extend(carried.map(|(_, folder)| module.dir.join(folder)));
    }
    let mut count = 0;
    for folder in folders {
        let written = crd::convert_folder(&folder, metadata, target)?;
        if written == 0 {
            return Err(format!("{} holds no definitions", folder.display()).into());
        }
        count += written;
    }
    Ok(count)
}

/// Downloads the modules, at the versions of go.mod, and tells where they are.
fn modules(peers: &Path, cache: &Cache) -> Result<Vec<Module>> {
    let paths = CARRIED.iter().map(|(module, _)| *module).chain(TYPED.iter().copied());
    let output = retried(|| {
        cache.go("go").dir(peers).args(["mod", "download", "-json"]).args(paths.clone()).stdout()
    })?;
    let modules = serde_json::Deserializer::from_slice(&output).into_iter::<Module>();
    Ok(modules.collect::<std::result::Result<_, _>>()?)
}
