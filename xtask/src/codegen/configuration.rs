//! `docs/configuration.md`: every key of the data files.

use super::markdown::{Page, code, series};
use super::names::{self, Reach};
use super::pack::{KeyFile, Pack};
use super::schema::{Key, Required, Schema, inline};
use super::terms::{Terms, when};
use crate::Result;

const INTRO: &str = "A cluster is described by the files below, which lie in the project's folder. \
A key that is not listed here is an error, and so is a value that is not what its key expects. \
What is optional has a default, or means that something is not wanted. \
A secret only reaches encrypted files; keep the file that holds it out of the repository. \
Rules between keys are on [a page of their own](rules.md), \
and so are [the apps](apps/README.md) that keys turn on.";

/// The page.
///
/// # Errors
/// If a default refers to a version that does not exist.
pub(super) fn page(pack: &Pack) -> Result<String> {
    let terms = Terms { pack, configuration: "" };
    let mut page = Page::new("Configuration");
    page.prose(INTRO);
    for (file, schema) in &pack.schemas {
        data_file(&mut page, &terms, file, schema)?;
    }
    key_files(&mut page, &terms);
    Ok(page.finish())
}

fn data_file(page: &mut Page, terms: &Terms<'_>, file: &str, schema: &Schema) -> Result<()> {
    page.heading(2, file);
    page.prose(&schema.description);
    page.prose(&format!("Required: {}.", series(&required(terms, schema), "and")));
    let mut level = 3;
    for key in &schema.keys {
        if let Some(group) = &key.group {
            page.heading(3, group);
            level = 4;
        }
        entry(page, terms, key, level)?;
    }
    if !schema.patterns.is_empty() {
        page.heading(3, "Keys by their names");
        page.prose("A key that is not listed above is taken if its name is one of these.");
        let alike = |key: &Key| match key.is_secret {
            true => format!("{} It only reaches encrypted files.", key.description),
            false => key.description.clone(),
        };
        page.list(&schema.patterns.iter().map(alike).collect::<Vec<_>>());
    }
    Ok(())
}

/// The outermost keys that nobody can do without.
fn required(terms: &Terms<'_>, schema: &Schema) -> Vec<String> {
    let words = schema.keys.iter().filter(|key| key.is_top()).filter_map(|key| match &key.required {
        Required::Yes => Some(terms.key(&key.path)),
        Required::Unless(others) => Some(format!("{} ({})", terms.key(&key.path), unless(terms, others))),
        Required::No => None,
    });
    words.collect()
}

fn unless(terms: &Terms<'_>, others: &[String]) -> String {
    let others: Vec<String> = others.iter().map(|other| terms.key(other)).collect();
    format!("unless {} is set", series(&others, "and"))
}

fn entry(page: &mut Page, terms: &Terms<'_>, key: &Key, level: usize) -> Result<()> {
    page.heading(level, &code(&key.path));
    page.prose(&key.description);
    let required = match &key.required {
        Required::Yes => "yes".to_owned(),
        Required::No => "no".to_owned(),
        Required::Unless(others) => unless(terms, others),
    };
    let default = default(terms, key)?;
    let examples: Vec<String> = key.examples.iter().map(inline).filter(|it| *it != default).collect();
    let cells = vec![key.kind.clone(), required, default, series(&examples, "or"), secret(key)];
    page.table(&["type", "required", "default", "example", "secret"], &[cells]);
    let item = key.item.iter().map(|item| format!("Each item: {item}."));
    let expected = std::iter::once(format!("Expected: {}.", key.expected)).chain(item);
    let switches = Some(switches(terms.pack, key)).filter(|apps| !apps.is_empty());
    let switches = switches.map(|apps| format!("Decides about {}.", series(&apps, "and")));
    let unused = key.is_unused.then(|| "Nothing reads it in this version.".to_owned());
    page.block(&expected.chain(switches).chain(unused).collect::<Vec<_>>().join("\n"));
    Ok(())
}

fn secret(key: &Key) -> String {
    (if key.is_secret { "**yes**" } else { "no" }).to_owned()
}

/// What stands where the key is not set.
fn default(terms: &Terms<'_>, key: &Key) -> Result<String> {
    if let Some(value) = &key.default {
        return Ok(inline(value));
    }
    let Some(derived) = terms.pack.fallback(&key.path) else { return Ok(String::new()) };
    if let Some(path) = derived.value.strip_prefix("versions.") {
        let path: Vec<&str> = path.split('.').collect();
        let version = terms.pack.version(&path).ok_or_else(|| format!("no version at {path:?}"))?;
        return Ok(code(version));
    }
    let ends = terms.ends(&names::ends(terms.pack, &derived.value, Reach::Influence));
    Ok(match ends.is_empty() {
        true => code(derived.value.trim_matches('\'')),
        false => format!("follows from {}", series(&ends, "and")),
    })
}

/// The apps that exist or do not exist because of the key.
fn switches(pack: &Pack, key: &Key) -> Vec<String> {
    let is_switch = |when: &str| names::ends(pack, when, Reach::Influence).keys.contains(&key.path);
    let apps = pack.apps.iter().filter(|app| is_switch(&app.data.when));
    apps.map(|app| format!("[{0}](apps/{0}.md)", app.id)).collect()
}

fn key_files(page: &mut Page, terms: &Terms<'_>) {
    page.heading(2, "Key files");
    page.prose(
        "Secrets that are longer than a line, or that programs make, lie in files of their own. \
         Keep them out of the repository as well.",
    );
    let row = |file: &KeyFile| vec![code(&file.file), when(&file.when), content(file)];
    let rows: Vec<Vec<String>> = terms.pack.manifest.secret.iter().map(row).collect();
    page.table(&["file", "needed", "what it is"], &rows);
}

fn content(file: &KeyFile) -> String {
    let known = match file.generator.as_deref() {
        Some("age-x25519") => "an age key, as `age-keygen` makes it",
        Some("ssh-ed25519") => "an SSH key without passphrase, as `ssh-keygen -t ed25519` makes it",
        Some("random-token") => "a random token",
        _ => "",
    };
    let fields: Vec<String> = file.values.values().filter_map(|it| it.field.as_deref()).map(code).collect();
    if fields.is_empty() { known.to_owned() } else { format!("JSON with {}", series(&fields, "and")) }
}
