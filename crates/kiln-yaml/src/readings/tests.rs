use kiln_model::{Diagnostics, Sources};

use super::*;
use crate::{Resolution, compose_all_noting, compose_noting};

/// Path and text of what is noted, a key in braces.
fn noted(resolution: Resolution, text: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text);
    let composed = compose_noting(id, text, resolution, &mut Diagnostics::new()).unwrap();
    let shown = composed.ambiguous.iter().map(|it| {
        assert_eq!(sources.slice(it.span), it.text);
        if it.is_key { format!("{}{{{}}}", it.path, it.text) } else { format!("{} {}", it.path, it.text) }
    });
    shown.collect()
}

#[test]
fn what_yaml_1_1_reads_otherwise_is_noted_once_with_the_way_to_it() {
    let text =
        "a: yes\nnodes:\n- mac: 52:54:00:12:34:56\n- mac: &m 1:30\n- *m\non: {off: 1e3}\nb: [0777, x]\n";
    let expected = [
        "a yes",
        "nodes[].mac 52:54:00:12:34:56",
        "nodes[].mac 1:30",
        "{on}",
        "on{off}",
        "on.off 1e3",
        "b[] 0777",
    ];
    assert_eq!(noted(Resolution::Core, text), expected);
}

#[test]
fn what_is_quoted_tagged_or_the_same_to_both_is_not_noted() {
    let text = "a: 'yes'\nb: \"1:30\"\nc: !!str yes\nd: true\ne: ~\nf: .5\ng: 0x1F\nh: 1.0e+3\ni: y\nj: 10.0.0.1\n\
                k: -1\nl: v1.10\nm: 00:11:22:33:44:55\nn: |\n  yes\no: nothing\n";
    assert_eq!(noted(Resolution::Core, text), [""; 0]);
    assert_eq!(noted(Resolution::PyYaml, "a: yes\n"), [""; 0]);
}

#[test]
fn what_the_readers_of_manifests_read_otherwise_is_noted() {
    let text = "a: on\nb: y\nc: 2024-01-01\nd: 22:22\ne: 08\nf: 0777\ng: 1_000\nh: 1.0\ni: 1e3\nj: 0o17\n";
    let expected = ["a on", "b y", "c 2024-01-01", "d 22:22", "e 08", "i 1e3", "j 0o17"];
    assert_eq!(noted(Resolution::Kubernetes, text), expected);
}

#[test]
fn every_document_has_its_own_notes() {
    let id = Sources::new().add("a.yaml", "");
    let mut sink = Diagnostics::new();
    let text = "a: on\n---\nb: off\n";
    let all = compose_all_noting(id, text, Resolution::Kubernetes, &mut sink).unwrap();
    assert_eq!(all.iter().map(|it| it.ambiguous.len()).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn a_reading_is_said_with_its_value() {
    let said = |reader, text| reading(reader, text).value(text);
    assert_eq!(said(Reader::Yaml12, "yes"), "the text `yes`");
    assert_eq!(said(Reader::Yaml11, "yes"), "the boolean `true`");
    assert_eq!(said(Reader::Yaml11, "52:54:00:12:34:56"), "the number `41135085296`");
    assert_eq!(said(Reader::Yaml12, "0o17"), "the number `15`");
    assert_eq!(said(Reader::Yaml12, "1e3"), "the number `1000`");
    assert_eq!(said(Reader::Yaml11, "2024-01-01"), "the date `2024-01-01`");
    assert_eq!(said(Reader::Yaml11, "="), "nothing that it can read");
}

#[test]
fn no_reader_differs_where_none_is_asked() {
    let readers = [Reader::Yaml12, Reader::Yaml11, Reader::Kubectl, Reader::Kustomize];
    let texts = [
        "", "~", "null", "Null", "true", "TRUE", "False", "a", "nULL", "Nono", "oft", "yesx", "/x", "_1",
        "inf",
    ];
    for text in texts {
        assert!(!may_differ(text) || text.len() == 3, "{text}");
        for reader in readers {
            assert_eq!(reading(reader, text), reading(Reader::Yaml12, text), "{text} to {reader:?}");
        }
    }
}
