//! `docs/diagnostics/`: what kiln's own codes mean, a page per stage.

use std::collections::BTreeMap;

use kiln::explain::{self, Example, Page as Entry};

use super::markdown::{Page, anchor, code, series};

pub(super) const FOLDER: &str = "docs/diagnostics";

const INTRO: &str = "Every finding has a code, `stage.what-is-wrong`, which stays the same from version to version. \
These are kiln's own codes; what the rules of the built-in pack find is listed in [the rules](../rules.md). \
`kiln explain CODE` prints the page of any code, also of the rules of your own pack.";

const OUTPUT: &str = "For programs, `configure`, `validate`, `diff`, `doctor`, `init` and `secrets verify` take \
`--format json`, `github` or `sarif`. `kiln schema report` prints the JSON Schema of the JSON object, and \
`kiln schema explain` that of `kiln explain --format json`.";

/// All pages, by path.
pub(super) fn pages() -> BTreeMap<String, String> {
    let entries = explain::pages();
    let mut pages = BTreeMap::from([(format!("{FOLDER}/README.md"), index(&entries))]);
    for (name, about) in explain::chapters() {
        let entries = entries.iter().filter(|entry| entry.chapter == Some(name));
        pages.insert(format!("{FOLDER}/{name}.md"), chapter(name, &about, entries));
    }
    pages
}

fn index(entries: &[Entry]) -> String {
    let mut page = Page::new("Diagnostics");
    page.prose(INTRO);
    page.prose(OUTPUT);
    for (name, about) in explain::chapters() {
        page.heading(2, &format!("[{name}]({name}.md)"));
        page.prose(&about);
        let of_chapter = entries.iter().filter(|entry| entry.chapter == Some(name));
        let rows: Vec<Vec<String>> = of_chapter.map(|entry| row(name, entry)).collect();
        page.table(&["code", "severity", "what is wrong"], &rows);
    }
    page.finish()
}

fn row(chapter: &str, entry: &Entry) -> Vec<String> {
    let link = format!("[{}]({chapter}.md#{})", code(&entry.code), anchor(&entry.code));
    vec![link, entry.severity.name().to_owned(), entry.title.clone()]
}

fn chapter<'a>(name: &str, about: &str, entries: impl Iterator<Item = &'a Entry>) -> String {
    let mut page = Page::new(&format!("Diagnostics: {name}"));
    page.prose(about);
    for entry in entries {
        page.heading(2, &code(&entry.code));
        page.prose(&format!("**{}**: {}.", entry.severity.name(), entry.title));
        page.prose(entry.meaning.as_deref().unwrap_or_default());
        page.prose(entry.why.as_deref().unwrap_or_default());
        if let Some(fix) = &entry.fix {
            page.prose(&format!("To fix it: {fix}"));
        }
        if !entry.also.is_empty() {
            let also: Vec<String> = entry.also.iter().map(|it| code(it)).collect();
            page.prose(&format!("Elsewhere it is {}.", series(&also, "or")));
        }
        entry.example.iter().for_each(|it| example(&mut page, it));
    }
    page.finish()
}

fn example(page: &mut Page, example: &Example) {
    for (path, text) in &example.files {
        let language = path.rsplit('.').next().unwrap_or_default();
        page.prose(&format!("{}:", code(path)));
        page.block(&format!("```{language}\n{}\n```", text.trim_end()));
    }
    page.block(&format!("```console\n$ kiln {}\n{}\n```", example.run, example.output));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_index_leads_to_its_heading() {
        let pages = pages();
        let index = &pages[&format!("{FOLDER}/README.md")];
        let links: Vec<&str> = index.lines().filter_map(|line| line.strip_prefix("| [`")).collect();
        assert!(links.len() > 200, "only {}", links.len());
        for link in links {
            let (code, rest) = link.split_once("`](").expect("a row begins with a link");
            let target = rest.split(')').next().unwrap_or_default();
            let (file, place) = target.split_once('#').expect("it leads to a heading");
            let page = &pages[&format!("{FOLDER}/{file}")];
            assert!(page.contains(&format!("\n## `{code}`\n")) && anchor(code) == place, "{link}");
        }
    }
}
