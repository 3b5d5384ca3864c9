//! Holds the workspace to its own rules and proves the outputs against the programs that will read them.
//!
//! `cargo xtask tidy` checks the rules of `house.toml` and a few that need no data; the same
//! checks run as tests of this crate. `cargo xtask interop [PEER…]` installs a pinned table of
//! peers into a cache outside the clone and lets them judge what kiln makes of
//! `examples/homelab`. `cargo xtask record makejinja` writes down what makejinja makes of the
//! projects of the corpus, `cargo xtask record plugins` of those with plugins. `cargo xtask bench
//! makejinja` measures kiln beside it, `cargo xtask bench sops` beside `sops`, `cargo xtask bench check` alone. `cargo xtask codegen` writes the pages of `docs/` that follow from the
//! schemas and the pack; with `--check` it says which are stale. `cargo xtask conformance
//! jinja2 FILE.jsonl` compares what kiln renders with what Jinja2 did. `cargo xtask fuzz` looks for
//! inputs on which the template crates panic, hang or contradict themselves.
//!
//! Nothing here is shipped, so this crate may use any library of the workspace.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a development tool reads files, the environment and the clock, and prints"
)]

mod bench;
mod catalogue;
mod codegen;
mod command;
mod conformance;
mod fuzz;
mod interop;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a step of this tool gives; errors are sentences for the developer who ran it.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "usage: cargo xtask tidy | interop [PEER…] | record makejinja|plugins | bench check|makejinja|plugins|sops | codegen [--check] \
                     | conformance jinja2 FILE.jsonl [--failures] [--out OUT.jsonl] \
                     | differential [--cases 20000] [--seed N] [--out OUT.jsonl] \
                     | fuzz [TARGET…] [--seconds 600]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((verb, [])) if verb == "tidy" => tidy::run(&root()),
        Some((verb, peers)) if verb == "interop" => interop::run(&root(), peers),
        Some((verb, [peer])) if verb == "record" && peer == "makejinja" => {
            interop::makejinja::record(&root())
        }
        Some((verb, [what])) if verb == "bench" && what == "check" => bench::check(&root()),
        Some((verb, [peer])) if verb == "bench" && peer == "makejinja" => bench::makejinja(&root(), false),
        Some((verb, [peer])) if verb == "bench" && peer == "plugins" => bench::makejinja(&root(), true),
        Some((verb, [peer])) if verb == "bench" && peer == "sops" => bench::sops(&root()),
        Some((verb, [peer])) if verb == "record" && peer == "plugins" => interop::plugins::record(&root()),
        Some((verb, flags)) if verb == "codegen" => codegen::run(&root(), flags),
        Some((verb, rest)) if verb == "conformance" => conformance::run(&root(), rest),
        Some((verb, flags)) if verb == "differential" => conformance::differential(&root(), flags),
        // Not for people: `interop age` starts it.
        Some((verb, rest)) if verb == "age" => interop::age::tool(rest),
        Some((verb, rest)) if verb == "fuzz" => fuzz::run(&root(), rest),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// The workspace folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the manifest of xtask lies in a folder of the workspace").to_owned()
}
