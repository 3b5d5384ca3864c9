//! Pages of `docs/` that follow from the schemas, the built-in pack, the pages about codes and the
//! corpus of Jinja2.
//!
//! They are kept in the repository, so that people can read them there; the test below holds
//! them against what they are made from.

mod app;
mod app_page;
mod configuration;
mod diagnostics;
mod jinja;
mod markdown;
mod names;
mod overview;
mod pack;
mod rules;
mod schema;
mod terms;
mod unused;

use std::collections::BTreeMap;
use std::path::Path;

use crate::Result;
use crate::catalogue::Catalogue;
use pack::Pack;

const APPS: &str = "docs/apps";

/// Nothing but generated pages lies here.
const FOLDERS: [&str; 2] = [APPS, diagnostics::FOLDER];

/// Writes every page, or with `--check` prints those that are stale; whether none is left so.
pub(crate) fn run(root: &Path, flags: &[String]) -> Result<bool> {
    let is_check = match flags {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err(crate::USAGE.into()),
    };
    let pages = pages(root)?;
    let stale = stale(root, &pages)?;
    for path in &stale {
        if !is_check {
            put(&root.join(path), pages.get(path))?;
        }
        println!("{path}");
    }
    let word = if is_check { "stale" } else { "written" };
    println!("codegen: {} pages, {} {word}", pages.len(), stale.len());
    Ok(!is_check || stale.is_empty())
}

/// Every page by its path.
fn pages(root: &Path) -> Result<BTreeMap<String, String>> {
    let pack = Pack::read(root)?;
    let wrong = unused::wrong_marks(root, &pack)?;
    if !wrong.is_empty() {
        return Err(wrong.join("\n").into());
    }
    let mut pages = BTreeMap::from([
        ("docs/configuration.md".to_owned(), configuration::page(&pack)?),
        ("docs/jinja-compatibility.md".to_owned(), jinja::page(root)?),
        ("docs/rules.md".to_owned(), rules::page(&pack, &Catalogue::read(root)?)),
        (format!("{APPS}/README.md"), overview::page(&pack)?),
    ]);
    pages.extend(diagnostics::pages());
    for app in &pack.apps {
        pages.insert(format!("{APPS}/{}.md", app.id), app_page::page(&pack, app)?);
    }
    Ok(pages)
}

/// The pages that are not as they should be, and the files that are no pages any more.
fn stale(root: &Path, pages: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let is_stale =
        |path: &str, text: &str| !std::fs::read(root.join(path)).is_ok_and(|it| it == text.as_bytes());
    let mut stale: Vec<String> =
        pages.iter().filter(|(path, text)| is_stale(path, text)).map(|(path, _)| path.clone()).collect();
    for folder in FOLDERS {
        for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten() {
            let path = format!("{folder}/{}", entry?.file_name().to_string_lossy());
            stale.extend(Some(path).filter(|path| !pages.contains_key(path)));
        }
    }
    stale.sort();
    Ok(stale)
}

/// Writes a page, or removes what is none any more.
fn put(path: &Path, text: Option<&String>) -> Result<()> {
    let Some(text) = text else { return Ok(std::fs::remove_file(path)?) };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    Ok(std::fs::write(path, text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_say_what_the_pack_says() {
        let root = crate::root();
        let stale = stale(&root, &pages(&root).unwrap()).unwrap();
        assert!(stale.is_empty(), "run `cargo xtask codegen`; stale are\n{}", stale.join("\n"));
    }

    #[test]
    fn missing_changed_and_left_over_files_are_stale() {
        let folder = tempfile::tempdir().unwrap();
        let page = |name: &str| (format!("{APPS}/{name}.md"), "text\n".to_owned());
        let pages = BTreeMap::from([page("changed"), page("fresh"), page("missing")]);
        for (name, text) in [("changed", "other\n"), ("fresh", "text\n"), ("gone", "text\n")] {
            put(&folder.path().join(APPS).join(format!("{name}.md")), Some(&text.to_owned())).unwrap();
        }
        let names = ["changed", "gone", "missing"].map(|name| format!("{APPS}/{name}.md"));
        assert_eq!(stale(folder.path(), &pages).unwrap(), names);
        names.iter().for_each(|path| put(&folder.path().join(path), pages.get(path)).unwrap());
        assert!(stale(folder.path(), &pages).unwrap().is_empty());
    }
}
