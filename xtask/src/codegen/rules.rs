//! `docs/rules.md`: every rule between values.

use super::markdown::{Page, anchor, code, series};
use super::pack::{Pack, Rule};
use super::terms::Terms;
use crate::catalogue::{Catalogue, numbers};

const INTRO: &str = "Beside [what every single key expects](configuration.md), \
kiln holds the values of a project against these rules, before it writes anything. \
An error keeps it from writing; a warning and an info do not. \
What stands in braces is put in from the project: a value, or the result of an expression. \
A project changes a rule or switches it off with [an override](packs.md#overrides).";

const NUMBERS: &str = "Each rule has a number in the rule catalogue; \
some of them hold in several places, and some are held by kiln itself rather than by the pack.";

/// What stands around an expression in the pack's texts.
const DELIMITERS: (&str, &str) = ("#{", "}#");

const LEFT_OUT: &str = "These numbers are not held.";

/// The page.
pub(super) fn page(pack: &Pack, catalogue: &Catalogue) -> String {
    let terms = Terms { pack, configuration: "configuration.md" };
    let mut page = Page::new("Rules");
    page.prose(INTRO);
    for file in &pack.rules {
        page.heading(2, &code(&format!("checks/{}.yaml", file.name)));
        page.prose(&file.comment);
        for (id, rule) in &file.rules {
            page.heading(3, &code(&format!("check.{id}")));
            entry(&mut page, &terms, rule);
        }
    }
    sources(&mut page, pack, catalogue);
    page.finish()
}

fn entry(page: &mut Page, terms: &Terms<'_>, rule: &Rule) {
    page.prose(&format!("**{}**: {}", severity(rule), shown(&rule.message)));
    page.prose(rule.why.as_deref().unwrap_or_default());
    let item = rule.each.as_deref().zip(rule.item.as_deref());
    let keys = kiln::explain::keys(rule.at.iter().map(String::as_str), item, DELIMITERS);
    let keys: Vec<String> = keys.iter().map(|key| terms.key(key)).collect();
    let help = rule.help.as_ref().map(|help| format!("To mend it: {}.", shown(help)));
    let at = if keys.is_empty() { "the keys that it is about".to_owned() } else { series(&keys, "and") };
    let at = format!("It points at {at}.");
    let fix = rule.fix.as_ref().map(|_| "`kiln validate --fix` mends it.".to_owned());
    let lines: Vec<String> = help.into_iter().chain(fix).chain([at]).collect();
    page.block(&lines.join("\n"));
}

fn severity(rule: &Rule) -> String {
    let compat = if rule.compat { ", with `--compat` a warning" } else { "" };
    format!("{}{compat}", rule.severity)
}

/// Where each number of the catalogue is held, and why some are not.
fn sources(page: &mut Page, pack: &Pack, catalogue: &Catalogue) {
    let mut rows = Vec::new();
    for number in numbers() {
        for entry in catalogue.elsewhere.iter().filter(|entry| entry.source.contains(&number)) {
            let codes: Vec<String> = entry.codes.iter().map(|it| linked(it)).collect();
            let rule = format!("{}: {}", series(&codes, "and"), entry.note);
            rows.push(vec![number.clone(), rule, entry.severity.clone()]);
        }
        for (id, rule) in pack.rules.iter().flat_map(|file| &file.rules) {
            if rule.source.contains(&number) {
                let name = code(&format!("check.{id}"));
                rows.push(vec![number.clone(), format!("[{name}](#{})", anchor(&name)), severity(rule)]);
            }
        }
    }
    page.heading(2, "Numbers");
    page.prose(NUMBERS);
    page.table(&["Number", "Rule", "Severity"], &rows);
    if !catalogue.left_out.is_empty() {
        page.prose(LEFT_OUT);
        let row = |it: &crate::catalogue::LeftOut| vec![it.source.join(", "), it.reason.clone()];
        page.table(&["Number", "Reason"], &catalogue.left_out.iter().map(row).collect::<Vec<_>>());
    }
}

/// One of kiln's own codes, with a link to its page.
fn linked(name: &str) -> String {
    let page = kiln::explain::page(name);
    match page.as_ref().and_then(|page| Some((page.chapter?, anchor(name)))) {
        Some((chapter, place)) => format!("[{}](diagnostics/{chapter}.md#{place})", code(name)),
        None => code(name),
    }
}

/// A message with its expressions in plain braces, for people.
fn shown(template: &str) -> String {
    kiln::explain::readable(template, DELIMITERS)
}
