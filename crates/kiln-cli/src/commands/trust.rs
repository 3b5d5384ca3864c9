//! `kiln trust`.

use std::fmt::Write as _;

use crate::args::Trust;
use crate::exit::Exit;
use crate::{report, trust};

/// Records that a project is trusted, or is not any more; or lists those that are.
pub(crate) fn run(args: &Trust) -> Exit {
    if args.list {
        let mut text = String::new();
        for folder in trust::all() {
            writeln!(text, "{folder}").expect("writing to a String cannot fail");
        }
        return report::print(text.as_bytes());
    }
    let folder = args.project.display();
    match (trust::set(&args.project, !args.remove), args.remove) {
        (Ok(true), false) => report::print(
            format!("trusted: {folder}\n`validate` and `diff` may now run its plugins and `exec_pre`.\n")
                .as_bytes(),
        ),
        (Ok(false), false) => report::print(format!("trusted before: {folder}\n").as_bytes()),
        (Ok(true), true) => report::print(format!("not trusted any more: {folder}\n").as_bytes()),
        (Ok(false), true) => report::print(format!("not trusted: {folder}\n").as_bytes()),
        (Err(error), _) => report::complain(&format!("`{folder}` cannot be recorded: {error}")),
    }
}
