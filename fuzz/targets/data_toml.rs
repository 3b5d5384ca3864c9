//! TOML: a tree or a complaint, each with its place, and what is read is written as YAML and read
//! as the same.

#![no_main]

use kiln_fuzz::data::{check_findings, check_places, is_invalid};
use kiln_model::{Diagnostics, Sources};
use kiln_yaml::{Resolution, compose, to_yaml, toml};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut sources = Sources::new();
    let id = sources.add("a.toml", text.as_ref());
    let mut found = Diagnostics::new();
    let read = toml::compose(id, &text, &mut found);
    check_findings(&found, &text);
    assert!(read.is_ok() || found.has_errors(), "a refusal says why");
    let Ok(node) = read else { return };
    check_places(&node, &text);
    if !is_invalid(&node.value) {
        let written = to_yaml(&node.value);
        let id = sources.add("b.yaml", written.as_str());
        let again = compose(id, &written, Resolution::Core, &mut Diagnostics::new());
        let again = again.expect("what is written can be read").value;
        assert_eq!(format!("{again:?}"), format!("{:?}", node.value), "another value came back");
    }
});
