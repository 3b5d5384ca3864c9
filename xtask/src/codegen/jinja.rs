//! `docs/jinja-compatibility.md`: what kiln renders otherwise than Jinja2.

use std::path::Path;

use super::markdown::{Page, code};
use crate::Result;
use crate::conformance::{Case, Difference, Expected, Got, Known, corpus, covers, render_all};

const INTRO: &str = "kiln renders templates as Jinja2 3.1.6 on CPython 3.11 does, byte for byte: \
the whole template language with its extensions for `do`, loop controls, translations and debugging, \
every filter, test and function, and Python's values with their operators, methods and text. \
Where Jinja2 raises an error, kiln reports one, in words of its own and with a place in the template.";

const PROOF: &str = "That is held against Jinja2 itself. \
`cargo xtask interop jinja2` lets it render every case of the corpus again, and \
`cargo xtask differential` lets both render templates made at random.";

/// The page.
///
/// # Errors
/// If the corpus cannot be read, or a difference has no case in it.
pub(super) fn page(root: &Path) -> Result<String> {
    let (cases, known) = (corpus(root)?, Known::read(root)?);
    let mut page = Page::new("Jinja2 compatibility");
    page.prose(INTRO);
    page.prose(PROOF);
    page.heading(2, "What differs");
    let listed = cases.iter().filter(|case| known.lists(&case.id)).count();
    page.prose(&match known.differences.len() {
        0 => format!("Nothing is known to: all {} cases of the corpus render the same.", cases.len()),
        count => format!(
            "{listed} of the {} cases of the corpus render otherwise, in {count} ways. \
             Each stays for the reason that stands beside it.",
            cases.len()
        ),
    });
    for difference in &known.differences {
        entry(&mut page, difference, &cases)?;
    }
    Ok(page.finish())
}

fn entry(page: &mut Page, difference: &Difference, cases: &[Case]) -> Result<()> {
    let shows = |case: &&Case| difference.cases.iter().any(|name| covers(name, &case.id));
    let example = cases.iter().find(shows).ok_or_else(|| format!("`{}` has no case", difference.title))?;
    page.heading(3, &difference.title);
    page.prose(&difference.reason);
    for (name, source) in &example.templates.0 {
        let title = if *name == example.main { String::new() } else { format!("`{name}`:\n\n") };
        page.block(&format!("{title}```jinja\n{source}\n```"));
    }
    let mut facts = Vec::new();
    if !example.context.0.is_empty() {
        facts.push(format!("With {}:", code(&serde_json::to_string(&example.context)?)));
    }
    facts.push(format!("Jinja2 {}.", example.expected.as_ref().map(jinja2).unwrap_or_default()));
    facts.push(format!("kiln {}.", kiln(&render_all(std::slice::from_ref(example))[0])));
    page.block(&facts.join("\n"));
    Ok(())
}

fn jinja2(expected: &Expected) -> String {
    match expected {
        Expected::Out { out } => format!("renders {}", code(&format!("{out:?}"))),
        Expected::Error { error, .. } => format!("raises {}", code(error)),
    }
}

fn kiln(got: &Got) -> String {
    match got {
        Got::Text(text) => format!("renders {}", code(&format!("{text:?}"))),
        Got::Error(message) | Got::Panic(message) => format!("says: {message}"),
    }
}
