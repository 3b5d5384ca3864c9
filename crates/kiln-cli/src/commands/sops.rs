//! `kiln sops`, and kiln under the name of sops: what sops 3.13 does, with age keys.

mod child;
mod config;
mod context;
mod decrypt;
mod edit;
mod editor;
mod encrypt;
mod example;
mod exec_env;
mod exec_file;
mod failure;
mod files;
mod filestatus;
mod flags;
mod groups;
mod help;
mod log;
mod options;
mod paths;
mod rotate;
mod set;
mod terms;
mod updatekeys;
mod wording;
mod workplace;

use std::ffi::OsString;
use std::process::ExitCode;

use self::context::Context;
use self::failure::{Failure, code};
use self::files::Subject;
use self::flags::{COMMANDS, Command, DEPARTED, GROUPS, ROOT};
use self::options::Options;
use crate::environment;
use crate::session::VERSION;

/// Does what sops does with these arguments; gives its exit code. `program` is how the user calls
/// it.
pub(crate) fn run(program: &str, arguments: Vec<OsString>) -> ExitCode {
    match answer(program, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if failure.is_logged() {
                log::fatal(failure.logger(), failure.message());
            } else {
                log::say(failure.message());
            }
            if failure.is_usage() {
                log::say(&format!("`{program} --help` shows what there is."));
            }
            ExitCode::from(failure.code())
        }
    }
}

fn answer(program: &str, arguments: Vec<OsString>) -> Result<(), Failure> {
    let words = arguments.into_iter().map(|word| {
        word.into_string()
            .map_err(|word| Failure::usage(format!("the argument {:?} is not UTF-8", word.to_string_lossy())))
    });
    let words: Vec<String> = words.collect::<Result<_, _>>()?;
    let root = Options::read(&ROOT, &words, &environment::text)?;
    if root.is("help") {
        return files::print(help::of(&ROOT, program).as_bytes());
    }
    if root.is("version") {
        return files::print(format!("sops {}\n(kiln {VERSION})\n", kiln::sops::VERSION).as_bytes());
    }
    let first = root.arguments.first().cloned().unwrap_or_default();
    let rest: Vec<String> = root.arguments.iter().skip(1).cloned().collect();
    if let Some(command) = COMMANDS.iter().find(|command| command.name == first) {
        return begin(program, root, command, &rest);
    }
    match first.as_str() {
        "groups" => of_groups(program, root, &rest),
        "help" | "h" => explain(program, &rest),
        name => match DEPARTED.iter().find(|(departed, _)| *departed == name) {
            Some((_, why)) => Err(Failure::generic(format!("kiln has no `sops {name}`: {why}"))),
            None => without_command(Context::new(root)),
        },
    }
}

/// Reads the options of a command and does it.
fn begin(program: &str, root: Options, command: &'static Command, words: &[String]) -> Result<(), Failure> {
    let options = Options::read_anywhere(command, words, &environment::text)?;
    if options.is("help") {
        return files::print(help::of(command, program).as_bytes());
    }
    refuse_key_services(&options)?;
    let context = Context::new(root);
    match command.name {
        "encrypt" => encrypt::run(&context, &options),
        "decrypt" => decrypt::run(&context, &options),
        "edit" => edit::run(&context, &options),
        "rotate" => rotate::run(&context, &options),
        "updatekeys" => updatekeys::run(&context, &options),
        "set" => set::run(&context, &options),
        "unset" => set::unset(&context, &options),
        "filestatus" => filestatus::run(&context, &options),
        "exec-env" => exec_env::run(&context, &options),
        "exec-file" => exec_file::run(&context, &options),
        "add" => groups::add(&context, &options),
        _ => groups::delete(&context, &options),
    }
}

fn of_groups(program: &str, root: Options, words: &[String]) -> Result<(), Failure> {
    let name = words.first().map_or("", String::as_str);
    match GROUPS.iter().find(|command| command.name == name) {
        Some(command) => begin(program, root, command, &words[1..]),
        None => files::print(help::of_groups(program).as_bytes()),
    }
}

fn explain(program: &str, words: &[String]) -> Result<(), Failure> {
    let name = words.first().map_or("", String::as_str);
    if name == "groups" {
        return files::print(help::of_groups(program).as_bytes());
    }
    match help::find(name) {
        Some(command) => files::print(help::of(command, program).as_bytes()),
        None => Err(Failure::new(code::GENERIC + 2, format!("No help topic for '{name}'"))),
    }
}

/// The older spellings: `-e`, `-d`, `-r` and `--set`, and a file alone, which is edited.
fn without_command(context: Context) -> Result<(), Failure> {
    let options = &context.root;
    files::insist_on_argument(options)?;
    refuse_key_services(options)?;
    let asked =
        [options.is("encrypt"), options.is("decrypt"), options.is("rotate"), !options.text("set").is_empty()];
    if asked.iter().filter(|it| **it).count() > 1 {
        log::warn(
            "More than one command (--encrypt, --decrypt, --rotate, --set) has been specified. Only the changes made by \
             the last one will be visible. Note that this behavior is deprecated and will cause an error eventually.",
        );
    }
    files::refuse_two_outputs(options)?;
    let subject = Subject::at(&options.arguments[0], options);
    rotate::refuse_without_file(&subject, options, "`--kms` and `--pgp`")?;
    if asked != [false, true, false, false]
        && let Some(config) = context.config()?.filter(|it| it.has_rules())
    {
        config.rule(&subject.name)?;
    }
    match asked {
        [.., true] => set::run_older(&context, options),
        [.., true, _] => subject.insist().and_then(|()| rotate::run(&context, options)),
        [_, true, ..] => decrypt::run(&context, options),
        [true, ..] => encrypt::run(&context, options),
        _ => edit::run(&context, options),
    }
}

/// kiln opens data keys itself, and through nobody else.
fn refuse_key_services(options: &Options) -> Result<(), Failure> {
    if options.texts("keyservice").iter().any(|service| !service.is_empty()) {
        return Err(Failure::generic("--keyservice is not supported: kiln opens data keys itself"));
    }
    let name = "enable-local-keyservice";
    if options.is_known(name) && !options.is(name) {
        return Err(Failure::generic(format!("--{name}=false leaves nobody to open data keys")));
    }
    Ok(())
}
