//! A project with other settings: whatever they are, it is loaded, validated, derived and checked
//! without a fault of kiln or of the pack, and no finding tells a key.

#![no_main]

use std::sync::LazyLock;

use kiln::{DiskFiles, Files, MemoryFiles, Request};
use kiln_fuzz::settings::{mutate, project};

/// The key files of the project, by their paths.
static KEYS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let example = DiskFiles::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/ha"));
    let paths = example.list("").expect("the example can be listed").into_iter();
    let keys = paths.filter(|path| !path.ends_with(".yaml") && !path.ends_with(".md"));
    let read = |path: String| {
        let bytes = example.read(&path).expect("the example can be read").expect("it was listed");
        (path, bytes.to_vec())
    };
    keys.map(read).collect()
});

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (cluster, nodes) = project(bytes);
    let mut files = MemoryFiles::new();
    files.insert("cluster.yaml", cluster);
    files.insert("nodes.yaml", nodes);
    KEYS.iter().for_each(|(path, key)| files.insert(path.as_str(), key.clone()));
    let report = kiln::check(&Request::new(&files, 0));
    for finding in report.diagnostics.iter() {
        let is_fault = finding.code.starts_with("kiln.") || finding.code.starts_with("pack.");
        assert!(!is_fault, "{}: {}", finding.code, finding.message);
        let labels = finding.labels.iter().map(|label| &label.text);
        let mut words = labels.chain(&finding.notes).chain(&finding.help).chain([&finding.message]);
        assert!(words.all(|it| !it.contains("AGE-SECRET-KEY-")), "a finding tells a key");
    }
});
