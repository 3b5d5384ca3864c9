//! A data file against its schema: findings have places, and none tells a secret.

#![no_main]

use std::sync::LazyLock;

use kiln_fuzz::data::{check_findings, check_places, check_secrets};
use kiln_fuzz::settings::{SCHEMAS, mutate};
use kiln_model::{Diagnostics, Sources};
use kiln_schema::Schema;
use kiln_yaml::{Resolution, compose};

static COMPILED: LazyLock<Vec<(u8, Schema)>> = LazyLock::new(|| {
    let compile = |(letter, text)| (letter, Schema::compile("schema", text).expect("it is a schema"));
    SCHEMAS.into_iter().map(compile).collect()
});

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((letter, text)) = bytes.split_first() else { return };
    let Some((_, schema)) = COMPILED.iter().find(|(it, _)| it == letter) else { return };
    let text = String::from_utf8_lossy(text);
    let mut sources = Sources::new();
    let id = sources.add("a.yaml", text.as_ref());
    let Ok(mut node) = compose(id, &text, Resolution::Core, &mut Diagnostics::new()) else { return };
    let mut found = Diagnostics::new();
    let wrong = schema.check(&node, &mut found);
    check_findings(&found, &text);
    kiln_schema::invalidate(&mut node, &wrong);
    schema.complete(&mut node);
    schema.mark_secrets(&mut node, &mut sources);
    check_places(&node, &text);
    let said = SCHEMAS.iter().find(|(it, _)| it == letter).map_or("", |(_, text)| text);
    check_secrets(&node, said, &found, &sources);
});
