//! `kiln explain`.

use std::path::Path;

use clap::Command;
use clap::builder::PossibleValuesParser;
use kiln::explain::{self, Page, Rules};
use kiln::{Files, MemoryFiles};

use crate::args::{Explain, PageFormat};
use crate::exit::Exit;
use crate::report::{self, page};
use crate::session;

/// Prints the page of a code, or the list of all.
pub(crate) fn run(args: &Explain) -> Exit {
    let own = args.code.as_deref().and_then(explain::page);
    if let Some(page) = &own {
        return print(args.format, || page::human(page), || page::json(page));
    }
    let rules = rules(&args.project);
    let Some(code) = &args.code else {
        let pages: Vec<Page> = explain::pages().into_iter().chain(rules.pages).collect();
        return print(args.format, || page::list(&pages), || page::json_of_all(&pages));
    };
    match rules.pages.iter().find(|page| page.code == *code) {
        Some(page) => print(args.format, || page::human(page), || page::json(page)),
        None => unknown(code, &rules.pages),
    }
}

fn print(format: PageFormat, human: impl FnOnce() -> String, json: impl FnOnce() -> String) -> Exit {
    match format {
        PageFormat::Human => report::show(&human()),
        PageFormat::Json => report::print(json().as_bytes()),
    }
}

fn unknown(code: &str, rules: &[Page]) -> Exit {
    let own = explain::pages();
    let near = explain::near(code, rules, &own);
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`kiln explain` lists all".to_owned(),
    };
    report::complain(&format!("there is no code `{code}`; {help}"))
}

/// The rules of the project's pack; those of the built-in one where it cannot be read.
fn rules(folder: &Path) -> Rules {
    let rules = explain::rules(&session::files(folder));
    if !rules.diagnostics.has_errors() {
        return rules;
    }
    report::remark("the pack of this project cannot be read, so this is about the built-in one");
    explain::rules(&MemoryFiles::new())
}

/// The command line in which `explain` takes the codes that are known without a project, so that
/// a shell can complete them.
pub(crate) fn with_codes(root: Command) -> Command {
    let rules = explain::rules(&MemoryFiles::new() as &dyn Files).pages;
    let pages: Vec<Page> = explain::pages().into_iter().chain(rules).collect();
    // The definition of a command line lives as long as the process, which prints it and ends.
    let codes: Vec<&'static str> = pages.into_iter().map(|page| &*page.code.leak()).collect();
    root.mut_subcommand("explain", |it| {
        it.mut_arg("code", |it| it.value_parser(PossibleValuesParser::new(codes)))
    })
}
