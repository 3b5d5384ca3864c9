//! No text takes the process down: what is too deep, too long or grows without end is refused
//! at a place.

use kiln_model::{Diagnostics, Node, Reported, SourceId, Sources};
use kiln_yaml::{Resolution, compose, json, toml};

type Read = fn(SourceId, &str, &mut Diagnostics) -> Result<Node, Reported>;

const YAML: [(&str, Read); 3] = [
    ("core", |id, text, sink| compose(id, text, Resolution::Core, sink)),
    ("pyyaml", |id, text, sink| compose(id, text, Resolution::PyYaml, sink)),
    ("kubernetes", |id, text, sink| compose(id, text, Resolution::Kubernetes, sink)),
];

/// Holds if the text is refused with one error, which has a place.
#[track_caller]
fn refused(reader: (&str, Read), text: &str, codes: &[&str]) {
    let (name, read) = reader;
    let id = Sources::new().add("a", "");
    let mut sink = Diagnostics::new();
    let start: String = text.chars().take(12).collect();
    assert!(read(id, text, &mut sink).is_err(), "{name} reads {start}");
    let found: Vec<_> = sink.iter().map(|it| it.code.as_ref()).collect();
    assert!(matches!(found.as_slice(), [one] if codes.contains(one)), "{name}, {start}: {found:?}");
    assert!(!sink.iter().next().expect("there is one").span().is_none(), "{name}, {start}: no place");
}

#[test]
fn what_nests_without_end_is_refused() {
    let times = 100_000;
    for reader in YAML {
        for opening in ["[", "{a: ", "- ", "? ", "- [", "&a [", "!!seq ["] {
            refused(reader, &opening.repeat(times), &["load.too-deep", "load.yaml-syntax"]);
        }
        let indented: String = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        refused(reader, &indented, &["load.too-deep", "load.yaml-syntax"]);
    }
    refused(("json", json::compose), &"[".repeat(times), &["load.too-deep"]);
    refused(("json", json::compose), &"{\"a\":".repeat(times), &["load.too-deep"]);
    refused(("toml", toml::compose), &format!("a={}", "[".repeat(times)), &["load.too-deep"]);
}

#[test]
fn references_do_not_multiply_without_end() {
    let mut lists = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    let mut merges = "a0: &a0 {k0: x}\n".to_owned();
    for level in 1..30 {
        let below = format!("*a{}", level - 1);
        lists.push_str(&format!("a{level}: &a{level} [{}]\n", [below.as_str(); 10].join(", ")));
        merges.push_str(&format!(
            "a{level}: &a{level} {{<<: [{below}, {below}], k{level}: [{below}, {below}]}}\n"
        ));
    }
    for reader in YAML {
        refused(reader, &lists, &["load.alias-bomb"]);
        refused(reader, &merges, &["load.alias-bomb", "load.yaml-syntax"]);
    }
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    let long = "x".repeat(50 << 20);
    for reader in YAML {
        for text in [format!("a: {long}\n"), format!("a: \"{long}\"\n"), format!("a: |\n  {long}\n")] {
            refused(reader, &text, &["load.too-large"]);
        }
    }
    refused(("json", json::compose), &format!("\"{long}\""), &["load.too-large"]);
    refused(("toml", toml::compose), &format!("a = \"{long}\""), &["load.too-large"]);
}

#[test]
fn a_long_scalar_is_read() {
    let long = "0".repeat(1 << 20);
    for (name, read) in YAML {
        let id = Sources::new().add("a", "");
        for text in [format!("a: x{long}\n"), format!("a: {long}:\n  b\n"), format!("a: 1{long}\n")] {
            // Too large a number is no reason to be slow.
            let _either = read(id, &text, &mut Diagnostics::new());
        }
        let node = read(id, &format!("a: x{long}\n"), &mut Diagnostics::new());
        assert!(node.is_ok_and(|node| node.get("a").is_some_and(|it| it.as_str().is_some())), "{name}");
    }
}
