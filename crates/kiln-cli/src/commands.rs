//! One function per command.

mod adopt;

mod configure;

mod diff;

mod doctor;

mod explain;

mod init;

pub(crate) mod makejinja;

mod migrate;

pub(crate) mod python;

mod recover;

mod reset;

mod schema;

mod secrets;

pub(crate) mod sops;

mod status;

mod trust;

mod validate;

mod watch;

mod why;

use std::io;

use clap::{Command, CommandFactory as _};

use crate::args::{self, Cli};
use crate::exit::Exit;
use crate::report;

/// Runs the command and says what came of it.
pub(crate) fn run(cli: Cli) -> Exit {
    let (format, outcome) = match cli.command {
        args::Command::Init(args) => (args.format, init::run(&args)),
        args::Command::Doctor(args) => (args.format, doctor::run(&args)),
        args::Command::Explain(args) => return explain::run(&args),
        args::Command::Why(args) => return why::run(&args),
        args::Command::Schema(args) => return schema::run(&args),
        args::Command::Trust(args) => return trust::run(&args),
        args::Command::Migrate(args) => return migrate::run(&args),
        args::Command::Makejinja(args) => return makejinja::run(args.arguments),
        // Asked for in this way it is answered before the arguments are read.
        args::Command::Sops(_) => return Exit::Done,
        args::Command::Secrets(args) => return secrets::run(args.command),
        args::Command::Status(args) => return status::run(&args),
        args::Command::Adopt(args) => return adopt::run(&args),
        args::Command::Reset(args) => return reset::run(&args),
        args::Command::Recover(args) => return recover::run(&args),
        args::Command::Configure(args) => (args.common.format, configure::run(&args)),
        args::Command::Watch(args) => return watch::run(&args),
        args::Command::Validate(args) => (args.common.format, validate::run(&args)),
        args::Command::Diff(args) => (args.common.format, diff::run(&args)),
        args::Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut explain::with_codes(Cli::command()), "kiln", &mut text);
            return report::print(&text);
        }
        args::Command::Man { command } => return manual(&command),
    };
    report::publish(&outcome, format)
}

/// Prints a manual page.
fn manual(names: &[String]) -> Exit {
    let mut root = Cli::command();
    root.build();
    let mut command = &root;
    for name in names {
        let Some(found) = command.find_subcommand(name) else {
            let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            return report::complain(&format!("there is no such command; there are: {}", names.join(", ")));
        };
        command = found;
    }
    let mut text = Vec::new();
    match clap_mangen::Man::new(command.clone()).render(&mut text) {
        Ok(()) => report::print(&text),
        Err(_) => report::complain("the manual page could not be made"),
    }
}

/// Whether a failure to print means that nobody reads on.
pub(crate) fn is_broken_pipe(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}
