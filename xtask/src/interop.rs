//! Other programs judge what kiln makes of the examples, and of a project that is different
//! wherever it can be.
//!
//! Each peer is the real program that will read the outputs, or the one that kiln replaces.
//! All are pinned, installed by the ordinary clients into a cache outside of the clone, and
//! timed. A peer that cannot be installed fails the run: nothing is skipped.

pub(crate) mod age;
mod catalogue;
mod command_lines;
mod crd;
mod editor;
pub(crate) mod example;
mod install;
mod jinja2;
mod kill;
mod kubeconform;
mod kustomize;
pub(crate) mod makejinja;
pub(crate) mod plugins;
mod pydata;
mod reports;
pub(crate) mod sops;
mod sops_documents;
mod strace;
mod talos;
mod task;
mod verdict;
mod yaml;

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::Result;
use example::{Example, PROJECTS};
use install::{Cache, Ecosystem, Package};

/// Every program and library that is installed.
const PACKAGES: &[Package] = &[
    Package {
        name: "sops",
        ecosystem: Ecosystem::Go,
        path: "github.com/getsops/sops/v3/cmd/sops",
        version: "v3.13.3",
    },
    Package { name: "age", ecosystem: Ecosystem::Go, path: "filippo.io/age/cmd/age", version: "v1.3.2" },
    Package {
        name: "age-keygen",
        ecosystem: Ecosystem::Go,
        path: "filippo.io/age/cmd/age-keygen",
        version: "v1.3.2",
    },
    Package {
        name: "age-plugin-batchpass",
        ecosystem: Ecosystem::Go,
        path: "filippo.io/age/cmd/age-plugin-batchpass",
        version: "v1.3.2",
    },
    // v5.8.3 asks for a newer Go than the machines have.
    Package {
        name: "kustomize",
        ecosystem: Ecosystem::Go,
        path: "sigs.k8s.io/kustomize/kustomize/v5",
        version: "v5.8.2",
    },
    Package {
        name: "kubeconform",
        ecosystem: Ecosystem::Go,
        path: "github.com/yannh/kubeconform/cmd/kubeconform",
        version: "v0.8.0",
    },
    Package {
        name: "kubernetes-validate",
        ecosystem: Ecosystem::Python,
        path: "kubernetes-validate",
        version: "1.37.0",
    },
    Package {
        name: "controller-gen",
        ecosystem: Ecosystem::Go,
        path: "sigs.k8s.io/controller-tools/cmd/controller-gen",
        version: "v0.23.0",
    },
    // Stands in for talhelper, whose module the proxy does not serve: a small program that does
    // what `talhelper genconfig` does, with the library that talhelper and Talos itself use.
    Package {
        name: "talos-genconfig",
        ecosystem: Ecosystem::GoFolder("github.com/siderolabs/talos/pkg/machinery"),
        path: "xtask/peers/talos",
        version: "v1.12.0",
    },
    // Of whatever version the system has: it only has to see what a program writes.
    Package { name: "strace", ecosystem: Ecosystem::Debian, path: "strace", version: "" },
    Package { name: "MarkupSafe", ecosystem: Ecosystem::Python, path: "MarkupSafe", version: "3.0.3" },
    // What VS Code, Neovim and others run for YAML. 2.0.0 asks for a newer Node than the
    // machines have.
    Package {
        name: "yaml-language-server",
        ecosystem: Ecosystem::Node,
        path: "yaml-language-server",
        version: "1.25.0",
    },
    // The validator of the people who wrote the standard, with GitHub's rules beside its own.
    Package {
        name: "sarif-multitool",
        ecosystem: Ecosystem::Node,
        path: "@microsoft/sarif-multitool-linux",
        version: "5.7.0",
    },
    Package { name: "actions-core", ecosystem: Ecosystem::Node, path: "@actions/core", version: "3.0.1" },
    // What editors run for TOML: the newer and the older of the two.
    Package { name: "tombi", ecosystem: Ecosystem::Node, path: "tombi", version: "0.11.7" },
    Package { name: "taplo", ecosystem: Ecosystem::Node, path: "@taplo/cli", version: "0.7.0" },
    Package { name: "task", ecosystem: Ecosystem::Python, path: "go-task-bin", version: "3.54.0" },
    Package { name: "Jinja2", ecosystem: Ecosystem::Python, path: "Jinja2", version: "3.1.6" },
    Package { name: "PyYAML", ecosystem: Ecosystem::Python, path: "PyYAML", version: "6.0.3" },
    // The reader of YAML 1.2 that most editors use.
    Package { name: "yaml", ecosystem: Ecosystem::Node, path: "yaml", version: "2.8.2" },
    // What kubectl and kustomize read: a small program over their own libraries.
    Package {
        name: "yaml-kubernetes",
        ecosystem: Ecosystem::GoFolder("sigs.k8s.io/yaml"),
        path: "xtask/peers/yaml",
        version: "v1.6.0",
    },
];

fn packages() -> impl Iterator<Item = &'static Package> {
    PACKAGES.iter().chain(&sops_documents::PACKAGES).chain(&makejinja::PACKAGES).chain(&plugins::PACKAGES)
}

/// A judge: what it needs and what it looks at.
struct Peer {
    name: &'static str,
    needs: &'static [&'static str],
    /// Whether it looks at the projects.
    projects: bool,
    judge: fn(&Bench<'_>, &mut Tally) -> Result<()>,
}

const PEERS: &[Peer] = &[
    Peer { name: "sops", needs: &["sops"], projects: true, judge: sops::judge },
    Peer {
        name: "sops-documents",
        needs: &sops_documents::NAMES,
        projects: false,
        judge: sops_documents::judge,
    },
    Peer {
        name: "age",
        needs: &["age", "age-keygen", "age-plugin-batchpass"],
        projects: true,
        judge: age::judge,
    },
    Peer { name: "kustomize", needs: &["sops", "kustomize"], projects: true, judge: kustomize::judge },
    Peer {
        name: "kubeconform",
        needs: &["sops", "kustomize", "kubernetes-validate", "controller-gen", "kubeconform"],
        projects: true,
        judge: kubeconform::judge,
    },
    Peer { name: "talos", needs: &["talos-genconfig"], projects: true, judge: talos::judge },
    Peer { name: "strace", needs: &["strace"], projects: true, judge: strace::judge },
    Peer { name: "kill", needs: &["strace"], projects: false, judge: kill::judge },
    Peer { name: "task", needs: &["task"], projects: true, judge: task::judge },
    Peer { name: "jinja2", needs: &["MarkupSafe", "Jinja2"], projects: true, judge: jinja2::judge },
    Peer { name: "makejinja", needs: &makejinja::NAMES, projects: false, judge: makejinja::judge },
    Peer { name: "plugins", needs: &plugins::NAMES, projects: false, judge: plugins::judge },
    Peer { name: "pydata", needs: &["PyYAML"], projects: false, judge: pydata::judge },
    Peer { name: "sarif", needs: &["sarif-multitool"], projects: false, judge: reports::judge_sarif },
    Peer {
        name: "annotations",
        needs: &["actions-core"],
        projects: false,
        judge: reports::judge_annotations,
    },
    Peer {
        name: "yaml",
        needs: &["PyYAML", "yaml", "yaml-kubernetes", "kustomize"],
        projects: false,
        judge: yaml::judge,
    },
    Peer {
        name: "yaml-language-server",
        needs: &["yaml-language-server"],
        projects: true,
        judge: editor::judge,
    },
    Peer { name: "toml-editors", needs: &["tombi", "taplo"], projects: true, judge: editor::judge_toml },
];

/// What a judge works with.
struct Bench<'a> {
    root: &'a Path,
    cache: &'a Cache,
    examples: &'a [Example],
}

/// Counts claims, and prints each that does not hold.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    /// Counts a claim that was tried; `outcome` says why it does not hold.
    fn claim(&mut self, claim: &str, outcome: Result<()>) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(error) => {
                self.failed += 1;
                println!("FAILED {claim}\n{}", indented(&error.to_string()));
            }
        }
    }
}

/// Installs and asks the named peers, all if none is named; whether every claim holds.
pub(crate) fn run(root: &Path, names: &[String]) -> Result<bool> {
    let peers = chosen(names)?;
    let cache = Cache::open(root)?;
    let mut tally = Tally::default();
    let missing = install_all(&cache, &peers, &mut tally);
    let needs_projects = peers.iter().any(|peer| peer.projects);
    let examples = if needs_projects { configure_all(root, &mut tally) } else { Vec::new() };
    let bench = Bench { root, cache: &cache, examples: &examples };
    let has_projects = !examples.is_empty();
    let ready = |peer: &&&Peer| {
        peer.needs.iter().all(|name| !missing.contains(name)) && (has_projects || !peer.projects)
    };
    peers.iter().filter(ready).for_each(|peer| ask(peer, &bench, &mut tally));
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(tally.failed == 0 && tally.passed > 0)
}

fn ask(peer: &Peer, bench: &Bench<'_>, tally: &mut Tally) {
    let (before, start) = (tally.passed, Instant::now());
    if let Err(error) = (peer.judge)(bench, tally) {
        tally.claim(&format!("{} can judge", peer.name), Err(error));
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{:<22} {:>7} claims hold {seconds:>8.1} s", peer.name, tally.passed - before);
}

fn chosen(names: &[String]) -> Result<Vec<&'static Peer>> {
    let find = |name: &String| {
        let known = PEERS.iter().map(|peer| peer.name).collect::<Vec<_>>().join(", ");
        let peer = PEERS.iter().find(|peer| peer.name == name);
        peer.ok_or_else(|| format!("there is no peer `{name}`; there are {known}").into())
    };
    if names.is_empty() { Ok(PEERS.iter().collect()) } else { names.iter().map(find).collect() }
}

/// Installs what the peers need; the names of what could not be installed.
fn install_all(cache: &Cache, peers: &[&Peer], tally: &mut Tally) -> Vec<&'static str> {
    let mut missing = Vec::new();
    for package in packages() {
        if !peers.iter().any(|peer| peer.needs.contains(&package.name)) {
            continue;
        }
        let start = Instant::now();
        let installed = cache.install(package);
        let seconds = start.elapsed().as_secs_f64();
        match &installed {
            Ok(()) => println!("{:<22} {:<10} {seconds:>8.1} s", package.name, package.version),
            Err(_) => missing.push(package.name),
        }
        tally.claim(&format!("{} can be installed", package.name), installed);
    }
    missing
}

/// The Python of the cache, which has Jinja2.
///
/// # Errors
/// If Jinja2 is not there and cannot be installed.
pub(crate) fn python_with_jinja2(root: &Path) -> Result<PathBuf> {
    let cache = Cache::open(root)?;
    for package in packages().filter(|it| matches!(it.name, "MarkupSafe" | "Jinja2")) {
        cache.install(package)?;
    }
    Ok(cache.python())
}

/// Configures every project with the command as it is shipped.
fn configure_all(root: &Path, tally: &mut Tally) -> Vec<Example> {
    let start = Instant::now();
    let program = example::build_command(root);
    println!("{:<22} {:<10} {:>8.1} s", "kiln", "built", start.elapsed().as_secs_f64());
    let mut examples = Vec::new();
    for (name, layers) in PROJECTS {
        let configured = match &program {
            Ok(program) => Example::configure(root, program, name, layers),
            Err(error) => Err(error.to_string().into()),
        };
        let configured = configured.map(|example| examples.push(example));
        tally.claim(&format!("kiln configures {name}"), configured);
    }
    examples
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
