//! Why an output is there; what depends on a key.

pub(crate) mod json;

mod depends;

use std::fmt::Write as _;

use kiln::Part;
use kiln::why::{Setting, Text, Told, Where, Why};
use kiln::{Sources, Span};

use self::depends::dependents;

const SURE: &str = "writing to a String cannot fail";

/// What is known of an output, for people.
pub(crate) fn output(why: &Why, told: &Told) -> String {
    let sources = &why.report.sources;
    let mut page = Page::new(&told.path);
    page.head("Made from");
    page.row(&[&origin(&told.template, why), &place(sources, told.template.span)]);
    if let Some((id, span)) = &told.entry {
        page.row(&[&format!("entry `{id}`"), &place(sources, *span)]);
    }
    if let Some(part) = &told.part {
        page.row(&[&part_text(part)]);
    }
    for text in &told.templates {
        page.row(&[&format!("with {}", origin(text, why)), &place(sources, text.span)]);
    }
    for (name, text) in &told.macros {
        page.row(&[&format!("macro `{name}` of `{}`", text.name)]);
    }
    page.head("There because");
    for condition in &told.conditions {
        let text = format!("{}: `{}`", part_text(&condition.part), one_line(&condition.text));
        page.row(&[&text, &place(sources, condition.span)]);
    }
    if told.conditions.is_empty() {
        page.row(&["nothing is asked: it is always made"]);
    }
    page.head("Keys");
    settings(&mut page, why, told.keys.iter());
    page.head("Computed values");
    for (name, value) in told.values.iter().filter_map(|name| Some((name, why.values.get(name)?))) {
        let from: Vec<&str> = value.from.iter().map(String::as_str).collect();
        let from = if from.is_empty() { String::new() } else { format!("from {}", from.join(", ")) };
        page.row(&[name, value.value.as_deref().unwrap_or("…"), &place(sources, value.span), &from]);
    }
    page.head("Key files");
    for id in &told.key_files {
        let file = why.key_files.get(id).map_or("", |it| &it.file);
        page.row(&[file, &format!("`secrets.{id}`")]);
    }
    if let Some(config) = &told.encrypted_by {
        page.head("Encrypted");
        page.row(&[&format!("under the rules of `{config}`")]);
    }
    page.text()
}

/// What made an output of a makejinja project, for people.
pub(crate) fn made(path: &str, template: Option<&str>) -> String {
    let mut page = Page::new(path);
    page.head("Made from");
    match template {
        Some(template) => page.row(&[&format!("`{template}` of this project")]),
        None => page.row(&["a file outside of this project"]),
    }
    page.head("Keys");
    page.row(&["which values it uses is known in projects with a pack alone"]);
    page.text()
}

/// What depends on a key or a computed value, for people.
pub(crate) fn key(why: &Why, key: &str) -> String {
    let sources = &why.report.sources;
    let found = dependents(why, key);
    let mut page = Page::new(key);
    page.head("Value");
    if why.keys.contains_key(key) {
        settings(&mut page, why, std::iter::once(&key.to_owned()));
    }
    if let Some(value) = why.values.get(key).filter(|_| !why.keys.contains_key(key)) {
        page.row(&["computed", value.value.as_deref().unwrap_or("…"), &place(sources, value.span)]);
    }
    page.head("Computed values");
    for (name, value) in &found.values {
        page.row(&[name, value.value.as_deref().unwrap_or("…"), &place(sources, value.span)]);
    }
    page.head("Rules");
    for rule in &found.rules {
        page.row(&[&rule.code, &place(sources, rule.span)]);
    }
    page.head("Outputs");
    for output in &found.outputs {
        page.row(&[&output.told.path, &place(sources, output.span), &output.how()]);
    }
    if found.values.is_empty() && found.rules.is_empty() && found.outputs.is_empty() {
        page.head("Nothing depends on it");
        page.row(&["no output, no rule and no computed value of this project looks at it"]);
    }
    page.text()
}

/// The keys with their values and places; those that are written come first.
fn settings<'k>(page: &mut Page, why: &Why, keys: impl Iterator<Item = &'k String>) {
    let mut all: Vec<(&String, &Setting)> = keys.filter_map(|key| Some((key, why.keys.get(key)?))).collect();
    all.sort_by_key(|(_, setting)| (setting.from != Where::Written, setting.span));
    for (name, setting) in all {
        let place = match setting.from {
            Where::Written => place(&why.report.sources, setting.span),
            Where::Default => "by default".to_owned(),
            Where::Computed => {
                let entry = why.values.get(name).map_or(Span::NONE, |value| value.span);
                format!("computed by {}", place(&why.report.sources, entry))
            }
            Where::Unset => "not set".to_owned(),
        };
        let value = if setting.is_secret { "(secret)" } else { setting.value.as_deref().unwrap_or("-") };
        page.row(&[name, value, &place]);
    }
}

fn origin(text: &Text, why: &Why) -> String {
    if text.is_own {
        format!("`{}` of this project", text.name)
    } else {
        format!("`{}` of the pack {}", text.name, why.report.pack_id)
    }
}

/// What a part of an app is called.
fn part_text(part: &Part) -> String {
    match part {
        Part::App(app) => format!("app `{app}`"),
        Part::Kustomization(app, folder) => format!("Kustomization `{folder}` of the app `{app}`"),
        Part::File(app, folder, file) => format!("file `{file}` of `{app}/{folder}`"),
        Part::Entry(id) => format!("entry `{id}`"),
    }
}

/// `file:line:column`; empty for what stands nowhere.
fn place(sources: &Sources, span: Span) -> String {
    if span.is_none() {
        return String::new();
    }
    let at = sources.position(span.source, span.start);
    format!("{}:{}:{}", sources.path(span.source), at.line, at.column)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page of headings and rows, whose columns are as wide as their widest cell.
struct Page {
    text: String,
    head: String,
    rows: Vec<Vec<String>>,
}

impl Page {
    fn new(title: &str) -> Page {
        Page { text: format!("\x1b[1m{title}\x1b[0m\n"), head: String::new(), rows: Vec::new() }
    }

    /// Begins a section; one without rows is left out.
    fn head(&mut self, head: &str) {
        self.end();
        head.clone_into(&mut self.head);
    }

    fn row(&mut self, cells: &[&str]) {
        self.rows.push(cells.iter().map(|cell| (*cell).to_owned()).collect());
    }

    fn end(&mut self) {
        if self.rows.is_empty() {
            return;
        }
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |at: usize| {
            let cells = self.rows.iter().filter(|row| row.len() > at + 1).filter_map(|row| row.get(at));
            cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        write!(self.text, "\n\x1b[1m{}\x1b[0m\n", self.head).expect(SURE);
        for row in self.rows.drain(..) {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            writeln!(self.text, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end()).expect(SURE);
        }
    }

    fn text(mut self) -> String {
        self.end();
        self.text
    }
}
