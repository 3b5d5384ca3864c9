//! How long a run takes, in memory: `cargo bench -p kiln`.
//!
//! `first` encrypts everything; `again` finds every secret unchanged. The whole process, with
//! the disk, is measured by `hyperfine` as CONTRIBUTING.md says.

#![allow(missing_docs, reason = "a benchmark has no users")]

use divan::Bencher;
use kiln::{DiskFiles, MemoryFiles, Request};

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
