//! `kiln secrets`.

mod git;

mod index;

mod install_git;

mod merge;

mod place;

mod rotate;

mod textconv;

mod verify;

use crate::args::SecretsCommand;
use crate::exit::Exit;
use crate::report;

/// Runs the command and says what came of it.
pub(super) fn run(command: SecretsCommand) -> Exit {
    match command {
        SecretsCommand::Verify(args) => report::publish(&verify::run(&args), args.format),
        SecretsCommand::Rotate(args) => rotate::run(&args),
        SecretsCommand::Textconv { file } => textconv::run(&file),
        SecretsCommand::Merge(args) => merge::run(&args),
        SecretsCommand::InstallGit(args) => install_git::run(&args),
    }
}
