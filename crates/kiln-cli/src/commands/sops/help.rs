//! The help of each command.

use super::flags::{COMMANDS, Command, Flag, GROUPS, ROOT, Takes};

/// Options that begin further right get a line of their own for what they say.
const COLUMN: usize = 34;

/// What a command takes. `program` is how the user calls this, `sops` or `kiln sops`.
pub(super) fn of(command: &Command, program: &str) -> String {
    let call = match command.name {
        "" => program.to_owned(),
        name if GROUPS.iter().any(|it| std::ptr::eq(it, command)) => format!("{program} groups {name}"),
        name => format!("{program} {name}"),
    };
    let mut text = format!("{}\n\nUsage: {call} [options] {}\n", command.about, command.arguments);
    if command.name.is_empty() {
        text.push_str(&format!("       {call} [options] command [options] ...\n\nCommands:\n"));
        COMMANDS.iter().for_each(|it| text.push_str(&format!("  {:<12}{}\n", it.name, it.about)));
        text.push_str("  groups      Adds and removes key groups: add, delete\n");
    }
    text.push_str("\nOptions:\n");
    let (foreign, own): (Vec<&Flag>, Vec<&Flag>) = command.all().partition(|flag| flag.foreign.is_some());
    own.into_iter().for_each(|flag| text.push_str(&line(flag)));
    if !foreign.is_empty() {
        let names: Vec<String> = foreign.iter().map(|flag| format!("--{}", flag.name)).collect();
        let names = names.join(", ");
        text.push_str(&format!("\nOptions for keys that kiln does not have, and refuses: {names}\n"));
    }
    if !command.examples.is_empty() {
        text.push_str("\nExamples:\n");
        command.examples.iter().for_each(|(what, words)| {
            text.push_str(&format!("  {what}:\n    {program} {words}\n"));
        });
    }
    if command.name.is_empty() {
        text.push_str(EXIT_CODES);
    }
    text
}

/// What stands under `groups`.
pub(super) fn of_groups(program: &str) -> String {
    let mut text = format!(
        "Adds and removes key groups of a file\n\nUsage: {program} groups command ...\n\nCommands:\n"
    );
    GROUPS.iter().for_each(|it| text.push_str(&format!("  {:<8}{}\n", it.name, it.about)));
    text
}

/// The command of that name.
pub(super) fn find(name: &str) -> Option<&'static Command> {
    if name.is_empty() { Some(&ROOT) } else { COMMANDS.iter().find(|it| it.name == name) }
}

fn line(flag: &Flag) -> String {
    let other = if flag.other.is_empty() { String::new() } else { format!("-{}, ", flag.other) };
    let value = match flag.takes {
        Takes::Nothing => "",
        Takes::Number => " N",
        Takes::Text | Takes::List => " VALUE",
    };
    let begin = format!("  {other}--{}{value}", flag.name);
    let variable = if flag.variable.is_empty() { String::new() } else { format!(" [${}]", flag.variable) };
    let gap =
        if begin.len() + 2 > COLUMN { format!("\n{:COLUMN$}", "") } else { " ".repeat(COLUMN - begin.len()) };
    format!("{begin}{gap}{}{variable}\n", flag.about)
}

const EXIT_CODES: &str = "
Options stand before the file; behind a command they may stand anywhere.

Exit codes: 0 done, 1 failed otherwise, 2 the file cannot be read, 3 nor written, 7 bad path or
value of `set`, 8 options that contradict each other, 23 cannot be encrypted, 25 a value was
changed, 51 the MAC does not fit, 91 bad path of --extract, 92 empty file, 100 no file, 128 no key
opens it, 200 nothing was edited, 201 no editor, 203 encrypted already
";

#[cfg(test)]
mod tests {
    use super::super::options::Options;
    use super::*;

    #[test]
    fn every_command_has_examples_that_parse() {
        for command in COMMANDS.iter().chain(GROUPS) {
            assert!(!command.examples.is_empty(), "{}", command.name);
            for (_, words) in command.examples {
                let words = shlex::split(words).expect("it is a command line");
                let skipped = if GROUPS.iter().any(|it| it.name == command.name) { 2 } else { 1 };
                assert_eq!(words[skipped - 1], command.name);
                let read = Options::read_anywhere(command, &words[skipped..], &|_| None);
                assert!(read.is_ok(), "{words:?}");
            }
        }
    }

    #[test]
    fn every_option_of_ours_is_explained() {
        let text = of(&ROOT, "sops");
        for flag in ROOT.all() {
            assert!(text.contains(&format!("--{}", flag.name)), "{}", flag.name);
        }
    }
}
