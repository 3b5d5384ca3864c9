//! The pages of kiln's own codes, from their files.

use kiln_model::{Diagnostics, Map, Node, Severity, Sources, Value};
use kiln_yaml::Resolution;

use super::{Example, Page};

/// The chapter whose pages stand for a mistake in an expression or template wherever it is: a key
/// without a stage, and `stages`.
pub(super) const SHARED: &str = "template";

macro_rules! chapters {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../diagnostics/", $name, ".yaml")))),*]
    };
}

/// The chapters, in the order of the stages.
pub(super) const CHAPTERS: &[(&str, &str)] = chapters![
    "load",
    "validate",
    "derive",
    "check",
    "template",
    "render",
    "manifest",
    "encrypt",
    "plan",
    "commit",
    "pack",
    "init",
    "doctor",
    "secrets",
    "makejinja",
    "kiln",
];

/// The stages in which a mistake of [`SHARED`] is found, unless its page says otherwise.
const STAGES: &[&str] = &["render", "derive", "check", "pack", "encrypt", "makejinja"];

/// The pages of a chapter; none if there is no such chapter.
pub(super) fn chapter(name: &str) -> Vec<Page> {
    let Some((name, text)) = CHAPTERS.iter().find(|(it, _)| *it == name) else { return Vec::new() };
    let mut sources = Sources::new();
    let id = sources.add(*name, *text);
    let tree = kiln_yaml::compose(id, text, Resolution::Core, &mut Diagnostics::new());
    let Ok(Node { value: Value::Map(entries), .. }) = tree else { return Vec::new() };
    entries.iter().filter_map(|(key, entry)| page(name, key, map(&entry.node)?)).collect()
}

/// What the first lines of a chapter say it is about.
pub(super) fn about(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix('#'));
    lines.map(str::trim).collect::<Vec<_>>().join("\n")
}

fn page(chapter: &'static str, key: &str, entry: &Map) -> Option<Page> {
    let stages = match entry.get("stages").map(|node| &node.value) {
        Some(Value::List(stages)) => stages.iter().filter_map(text).collect(),
        _ => STAGES.to_vec(),
    };
    let mut codes = match chapter {
        SHARED => stages.iter().map(|stage| format!("{stage}.{key}")).collect(),
        _ => vec![key.to_owned()],
    };
    let severity = match field(entry, "severity").as_deref() {
        Some("info") => Severity::Info,
        Some("warning") => Severity::Warning,
        _ => Severity::Error,
    };
    Some(Page {
        code: if codes.is_empty() { return None } else { codes.remove(0) },
        chapter: Some(chapter),
        title: field(entry, "title")?,
        severity,
        meaning: field(entry, "meaning"),
        why: field(entry, "why"),
        fix: field(entry, "fix"),
        is_lenient: false,
        keys: Vec::new(),
        example: entry.get("example").and_then(map).and_then(example),
        also: codes,
    })
}

fn example(entry: &Map) -> Option<Example> {
    let files = entry.get("files").and_then(map).map(Map::iter).into_iter().flatten();
    Some(Example {
        project: field(entry, "project"),
        run: field(entry, "run").unwrap_or_else(|| "validate".to_owned()),
        files: files.filter_map(|(path, it)| Some((path.to_owned(), text(&it.node)?.to_owned()))).collect(),
        output: field(entry, "output")?,
    })
}

fn field(entry: &Map, key: &str) -> Option<String> {
    entry.get(key).and_then(text).map(|it| it.trim_end().to_owned())
}

fn map(node: &Node) -> Option<&Map> {
    match &node.value {
        Value::Map(map) => Some(map),
        _ => None,
    }
}

fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every sentence of a page is a sentence, and nothing that is written is passed over.
    #[test]
    fn every_chapter_is_read_whole() {
        let known = ["title", "severity", "meaning", "why", "fix", "stages", "example"];
        let mut codes = BTreeSet::new();
        for (name, text) in CHAPTERS {
            let mut sources = Sources::new();
            let id = sources.add(*name, *text);
            let mut sink = Diagnostics::new();
            let tree = kiln_yaml::compose(id, text, Resolution::Core, &mut sink).expect("it is YAML");
            assert_eq!(sink.iter().len(), 0, "{name}: {sink:?}");
            let entries = map(&tree).expect("it is a mapping");
            let pages = chapter(name);
            assert_eq!(pages.len(), entries.len(), "{name}");
            for (key, entry) in entries.iter() {
                let fields = map(&entry.node).expect("an entry is a mapping");
                assert!(fields.iter().all(|(field, _)| known.contains(&field)), "{key}");
                assert!(*name == SHARED || key.starts_with(&format!("{name}.")) || *name == "check", "{key}");
            }
            for page in pages {
                for sentence in [&page.meaning, &page.why, &page.fix].into_iter().flatten() {
                    assert!(sentence.ends_with('.'), "{}: {sentence}", page.code);
                }
                assert!(!page.title.ends_with('.'), "{}", page.code);
                assert!(page.meaning.is_some() && page.fix.is_some(), "{}", page.code);
                for code in page.also.iter().chain([&page.code]) {
                    assert!(codes.insert(code.clone()), "{code} has two pages");
                }
            }
        }
    }

    #[test]
    fn what_a_chapter_is_about_stands_in_its_first_lines() {
        assert_eq!(about("# One.\n# Two.\na: 1\n# three\n"), "One.\nTwo.");
    }
}
