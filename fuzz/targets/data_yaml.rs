//! YAML in all three readings: a tree or a complaint, each with its place, and what YAML 1.2
//! reads is written and read as the same.

#![no_main]

use kiln_fuzz::data::{check_findings, check_places, is_invalid};
use kiln_model::{Diagnostics, Sources};
use kiln_yaml::{Resolution, compose, compose_all_noting, to_yaml};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    for resolution in [Resolution::Core, Resolution::PyYaml, Resolution::Kubernetes] {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", text.as_ref());
        let mut found = Diagnostics::new();
        let read = compose_all_noting(id, &text, resolution, &mut found);
        check_findings(&found, &text);
        assert!(read.is_ok() || found.has_errors(), "a refusal says why");
        for document in read.unwrap_or_default() {
            check_places(&document.node, &text);
            for one in &document.ambiguous {
                let slice = sources.slice(one.span);
                assert!(slice == one.text || slice.contains(['\n', '\r']), "{slice:?} is not {:?}", one.text);
            }
            let value = document.node.value;
            if resolution == Resolution::Core && !is_invalid(&value) {
                let written = to_yaml(&value);
                let id = sources.add("b.yaml", written.as_str());
                let again = compose(id, &written, resolution, &mut Diagnostics::new());
                let again = again.expect("what is written can be read").value;
                assert_eq!(format!("{again:?}"), format!("{value:?}"), "another value came back");
            }
        }
    }
});
