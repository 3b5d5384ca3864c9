//! How long a run takes, in memory: `cargo bench -p kiln`.
//!
//! `first` encrypts everything; `again` finds every secret unchanged; `commit` writes what `first`
//! made to a new folder of the disk, which takes longer while other programs write.

#![allow(missing_docs, reason = "a benchmark has no users")]

use divan::Bencher;
use kiln::{Diagnostics, DiskFiles, Force, MemoryFiles, Request, Sources, Target};

fn main() {
    divan::main();
}

fn project() -> DiskFiles {
    DiskFiles::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/homelab"))
}

#[divan::bench]
fn first(bencher: Bencher<'_, '_>) {
    let (project, nothing) = (project(), MemoryFiles::new());
    bencher.bench(|| {
        let mut request = Request::new(&project, 0);
        request.previous = Some(&nothing);
        kiln::run(&request)
    });
}

#[divan::bench]
fn again(bencher: Bencher<'_, '_>) {
    let (project, mut previous) = (project(), MemoryFiles::new());
    for artifact in kiln::run(&Request::new(&project, 0)).artifacts {
        previous.insert(artifact.path(), artifact.bytes());
    }
    bencher.bench(|| {
        let mut request = Request::new(&project, 0);
        request.previous = Some(&previous);
        kiln::run(&request)
    });
}

#[divan::bench]
fn commit(bencher: Bencher<'_, '_>) {
    let project = project();
    let made = || {
        let folder = tempfile::tempdir().expect("a folder for benchmarks can be made");
        (folder, kiln::run(&Request::new(&project, 0)).artifacts)
    };
    bencher.with_inputs(made).bench_values(|(folder, artifacts)| {
        let root = folder.path();
        let target =
            Target { root, kiln: "0", pack: "", force: Force::Nothing, prune: true, is_partial: false };
        let plan = kiln::plan(&target, artifacts, &mut Sources::new(), &mut Diagnostics::new());
        plan.expect("the folder is empty").commit().expect("nothing is in the way");
        folder
    });
}
