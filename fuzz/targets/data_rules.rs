//! A project with other settings, or another pack's rules: whatever they are, the project is loaded,
//! validated, derived and checked without a fault of kiln or of the built-in pack, and no finding
//! tells a key.

#![no_main]

use kiln_fuzz::settings::{Input, SECRET, mutate};
use kiln_fuzz::stages;

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (outcome, faults) = match Input::read(bytes) {
        Input::Project(project) => (stages::with_built_in(&project), &["kiln.", "pack."][..]),
        Input::Pack(pack, project) => (stages::with_pack(&pack, &project), &["kiln."][..]),
    };
    // What stands in the input itself may come from there.
    let text = String::from_utf8_lossy(bytes);
    let secrets: Vec<&str> =
        ["AGE-SECRET-KEY-", SECRET].into_iter().filter(|it| !text.contains(it)).collect();
    for finding in outcome.found.iter() {
        let is_fault = faults.iter().any(|it| finding.code.starts_with(it));
        assert!(!is_fault, "{}: {}", finding.code, finding.message);
        for label in &finding.labels {
            let (span, text) = (label.span, outcome.sources.get(label.span.source));
            let slice = text.and_then(|it| it.text().get(span.start as usize..span.end as usize));
            assert!(span.is_none() || slice.is_some(), "{}: {span:?} is no piece of a text", finding.code);
        }
        let labels = finding.labels.iter().map(|label| &label.text);
        let mut words = labels.chain(&finding.notes).chain(&finding.help).chain([&finding.message]);
        let is_told = |it: &String| secrets.iter().any(|secret| it.contains(secret));
        assert!(!words.any(is_told), "{}: a finding tells a key", finding.code);
    }
});
