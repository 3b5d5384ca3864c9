//! How long the trees of real templates take: `cargo bench -p kiln-syntax`.

#![allow(missing_docs, reason = "a benchmark has no users")]
#![allow(clippy::disallowed_methods, reason = "the templates of the pack are read from their folder")]

use std::path::Path;

use divan::Bencher;
use divan::counter::BytesCount;
use kiln_syntax::{Options, Pair, parse};

fn main() {
    divan::main();
}

/// Every template of the pack, below `folder`.
fn templates(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the pack is part of the repository") {
        let path = entry.expect("the pack can be listed").path();
        if path.is_dir() {
            templates(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "j2") {
            found.push(std::fs::read_to_string(path).expect("templates are text"));
        }
    }
}

fn pack() -> Vec<String> {
    let mut found = Vec::new();
    templates(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates")), &mut found);
    found
}

fn options() -> Options {
    Options {
        block: Pair::new("#%", "%#"),
        variable: Pair::new("#{", "}#"),
        comment: Pair::new("#|", "|#"),
        trim_blocks: true,
        lstrip_blocks: true,
        keep_trailing_newline: true,
        ..Options::default()
    }
}

#[divan::bench]
fn pack_of_templates(bencher: Bencher<'_, '_>) {
    let (sources, options) = (pack(), options());
    let bytes = sources.iter().map(String::len).sum::<usize>();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        sources.iter().map(|source| parse(source, &options).expect("the pack parses")).collect::<Vec<_>>()
    });
}

/// Nothing but tags: the most work for a byte.
#[divan::bench]
fn expressions(bencher: Bencher<'_, '_>) {
    let source =
        "{{ a.b[0] | default('x', true) ~ (c + 1.5) * d if e is defined and not f else [1, 2] }}".repeat(100);
    let options = Options::default();
    bencher.counter(BytesCount::new(source.len())).bench(|| parse(&source, &options));
}
