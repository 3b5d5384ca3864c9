//! Reads arguments the way `sops` does: as the [flag] package of Go reads them, and as
//! [urfave/cli] arranges them.
//!
//! One dash or two, `--name=value` or `--name value`. Before a command, options end at the first
//! argument. After a command they are first moved before its arguments, each with the word behind
//! it. clap knows neither, and scripts rely on both.
//!
//! [flag]: https://pkg.go.dev/flag#hdr-Command_line_flag_syntax
//! [urfave/cli]: https://github.com/urfave/cli/blob/v1.22.17/command.go

use std::collections::BTreeMap;

use super::failure::Failure;
use super::flags::{Command, Flag, Takes};

/// What was asked of a command.
pub(super) struct Options {
    values: BTreeMap<&'static str, Vec<String>>,
    /// What stands in the arguments and not only in the environment.
    given: BTreeMap<&'static str, String>,
    foreign: Vec<(&'static Flag, &'static str)>,
    pub(super) arguments: Vec<String>,
}

/// What the environment says of a variable.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Options {
    /// Reads options and arguments; options end at the first argument.
    ///
    /// # Errors
    /// If an option is not known, lacks its value or has one that it cannot have.
    pub(super) fn read(
        command: &Command,
        words: &[String],
        variables: Variables<'_>,
    ) -> Result<Options, Failure> {
        let mut options = Options {
            values: BTreeMap::new(),
            given: BTreeMap::new(),
            foreign: command.all().filter_map(|flag| Some((flag, flag.foreign?))).collect(),
            arguments: Vec::new(),
        };
        options.take_environment(command, variables)?;
        let mut rest = words.iter();
        while let Some(word) = rest.as_slice().first() {
            if word.len() < 2 || !word.starts_with('-') {
                break;
            }
            rest.next();
            if word == "--" {
                break;
            }
            options.take(command, word, &mut rest)?;
        }
        options.arguments = rest.as_slice().to_vec();
        Ok(options)
    }

    /// As [`Options::read`], with options of this command that stand behind arguments.
    ///
    /// # Errors
    /// As [`Options::read`].
    pub(super) fn read_anywhere(
        command: &Command,
        words: &[String],
        variables: Variables<'_>,
    ) -> Result<Options, Failure> {
        Options::read(command, &options_first(command, words), variables)
    }

    fn take_environment(&mut self, command: &Command, variables: Variables<'_>) -> Result<(), Failure> {
        for flag in command.all().filter(|flag| !flag.variable.is_empty()) {
            let Some(value) = variables(flag.variable) else { continue };
            let values = match flag.takes {
                Takes::Nothing if value.is_empty() => vec!["false".to_owned()],
                Takes::Nothing => {
                    let is_set = truth(&value).ok_or_else(|| {
                        Failure::logged(format!(
                            "could not parse {value} as bool value for flag {}: strconv.ParseBool: parsing \
                             {value:?}: invalid syntax",
                            flag.name
                        ))
                    })?;
                    vec![is_set.to_string()]
                }
                Takes::List => value.split(',').map(|it| it.trim().to_owned()).collect(),
                Takes::Text | Takes::Number => vec![value],
            };
            self.values.insert(flag.name, values);
        }
        Ok(())
    }

    /// Takes one option, and its value from what follows.
    fn take(
        &mut self,
        command: &Command,
        word: &str,
        rest: &mut std::slice::Iter<'_, String>,
    ) -> Result<(), Failure> {
        let body = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).unwrap_or(word);
        if body.is_empty() || body.starts_with(['-', '=']) {
            return Err(Failure::usage(format!("bad flag syntax: {word}")));
        }
        let (spelling, value) = match body.split_once('=') {
            Some((spelling, value)) => (spelling, Some(value.to_owned())),
            None => (body, None),
        };
        let Some(flag) = command.flag(spelling) else {
            return Err(Failure::usage(format!("flag provided but not defined: -{spelling}")));
        };
        let value = match (value, flag.takes) {
            (None, Takes::Nothing) => "true".to_owned(),
            (Some(value), Takes::Nothing) => match truth(&value) {
                Some(is_set) => is_set.to_string(),
                None => {
                    let why = format!("invalid boolean value {value:?} for -{spelling}: parse error");
                    return Err(Failure::usage(why));
                }
            },
            (Some(value), _) => value,
            (None, _) => rest
                .next()
                .cloned()
                .ok_or_else(|| Failure::usage(format!("flag needs an argument: -{spelling}")))?,
        };
        if flag.takes == Takes::Number && whole(&value).is_none() {
            let why = format!("invalid value {value:?} for flag -{spelling}: parse error");
            return Err(Failure::usage(why));
        }
        self.keep(flag, spelling, value)
    }

    fn keep(&mut self, flag: &Flag, spelling: &str, value: String) -> Result<(), Failure> {
        let before = self.given.insert(flag.name, spelling.to_owned());
        if before.as_deref().is_some_and(|before| before != spelling) {
            let why = format!("Cannot use two forms of the same flag: {} {}", flag.other, flag.name);
            return Err(Failure::usage(why));
        }
        let values = self.values.entry(flag.name).or_default();
        if flag.takes != Takes::List || before.is_none() {
            values.clear();
        }
        values.push(value);
        Ok(())
    }

    /// The text of an option; empty without it.
    pub(super) fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.last()).map_or("", String::as_str)
    }

    /// All texts of an option.
    pub(super) fn texts(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a switch is on.
    pub(super) fn is(&self, name: &str) -> bool {
        self.text(name) == "true"
    }

    /// The number of an option; 0 without it.
    pub(super) fn number(&self, name: &str) -> i64 {
        whole(self.text(name)).unwrap_or(0)
    }

    /// Whether an option stands in the arguments.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Whether an option stands in the arguments or in the environment.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The first option for keys of another kind that has a value, and the kind.
    pub(super) fn foreign(&self) -> Option<(&'static Flag, &'static str)> {
        let has_value = |flag: &Flag| self.texts(flag.name).iter().any(|value| !value.is_empty());
        self.foreign.iter().copied().find(|(flag, _)| has_value(flag))
    }
}

/// Moves options before arguments. The word behind an option goes with it, even where the option
/// takes none.
fn options_first(command: &Command, words: &[String]) -> Vec<String> {
    let mut first: Vec<String> = Vec::new();
    let mut then: Vec<String> = Vec::new();
    let mut expects_value = false;
    for (at, word) in words.iter().enumerate() {
        let is_option = is_option(command, word);
        if expects_value && !is_option {
            expects_value = false;
            first.push(word.clone());
        } else if word == "--" {
            then.insert(0, word.clone());
            then.extend_from_slice(&words[at + 1..]);
            break;
        } else if is_option {
            expects_value = !word.contains('=');
            first.push(word.clone());
        } else {
            then.push(word.clone());
        }
    }
    first.append(&mut then);
    first
}

fn is_option(command: &Command, word: &str) -> bool {
    let Some(body) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else { return false };
    let spelling = body.split('=').next().unwrap_or_default();
    !spelling.is_empty() && command.flag(spelling).is_some()
}

/// The spellings of [Go].
///
/// [Go]: https://pkg.go.dev/strconv#ParseBool
fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// A number with one of the prefixes of [Go].
///
/// [Go]: https://pkg.go.dev/strconv#ParseInt
fn whole(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let (digits, base) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&digits[2..], 16),
        [b'0', b'o' | b'O', ..] => (&digits[2..], 8),
        [b'0', b'b' | b'B', ..] => (&digits[2..], 2),
        [b'0', _, ..] => (&digits[1..], 8),
        _ => (digits, 10),
    };
    if digits.starts_with(['-', '+']) {
        return None;
    }
    i64::from_str_radix(digits, base).ok().map(|number| sign * number)
}

#[cfg(test)]
mod tests {
    use super::super::flags::{COMMANDS, ROOT};
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn root(line: &str) -> Result<Options, Failure> {
        Options::read(&ROOT, &words(line), &|_| None)
    }

    fn of(command: &str, line: &str) -> Result<Options, Failure> {
        let command = COMMANDS.iter().find(|it| it.name == command).expect("it is a command");
        Options::read_anywhere(command, &words(line), &|_| None)
    }

    fn refusal(read: Result<Options, Failure>) -> String {
        read.err().expect("it is refused").message().to_owned()
    }

    #[test]
    fn one_dash_is_as_good_as_two() {
        for line in ["-age=x -i file", "--age x --in-place file", "-a x -i file", "--a=x --i file"] {
            let options = root(line).expect("it can be read");
            assert_eq!((options.text("age"), options.is("in-place")), ("x", true), "{line}");
            assert_eq!(options.arguments, ["file"], "{line}");
        }
    }

    #[test]
    fn without_a_command_options_end_at_the_first_argument() {
        let options = root("-d file --extract x").expect("it can be read");
        assert_eq!(options.arguments, ["file", "--extract", "x"]);
        let options = root("-d -- -file").expect("it can be read");
        assert_eq!(options.arguments, ["-file"]);
    }

    #[test]
    fn behind_a_command_they_may_stand_anywhere() {
        let options = of("decrypt", "file --extract x").expect("it can be read");
        assert_eq!((options.text("extract"), &options.arguments[..]), ("x", &words("file")[..]));
        let options = of("decrypt", "file -- --extract x").expect("it can be read");
        assert_eq!(options.arguments, words("file --extract x"));
        // The word behind an option goes with it, as in sops.
        let options = of("set", "file path --idempotent value").expect("it can be read");
        assert_eq!(options.arguments, words("value file path"));
    }

    #[test]
    fn the_last_value_counts_and_lists_add_up() {
        assert_eq!(root("--age a --age b f").expect("it can be read").text("age"), "b");
        let options = root("--keyservice a --keyservice b f").expect("it can be read");
        assert_eq!(options.texts("keyservice"), ["a", "b"]);
    }

    #[test]
    fn the_environment_stands_in_for_options() {
        let variables = |name: &str| match name {
            "SOPS_AGE_RECIPIENTS" => Some("age1".to_owned()),
            "SOPS_DISABLE_VERSION_CHECK" => Some("1".to_owned()),
            _ => None,
        };
        let options = Options::read(&ROOT, &words("f"), &variables).expect("it can be read");
        assert_eq!((options.text("age"), options.is("disable-version-check")), ("age1", true));
        assert!(options.is_known("age") && !options.has("age"));
        let options = Options::read(&ROOT, &words("-a x f"), &variables).expect("it can be read");
        assert_eq!(options.text("age"), "x");
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_the_words_of_go() {
        assert_eq!(refusal(root("--nope f")), "flag provided but not defined: -nope");
        assert_eq!(refusal(root("--age")), "flag needs an argument: -age");
        assert_eq!(refusal(root("--=x")), "bad flag syntax: --=x");
        assert_eq!(refusal(root("-i=maybe f")), "invalid boolean value \"maybe\" for -i: parse error");
        assert_eq!(refusal(root("--indent x f")), "invalid value \"x\" for flag -indent: parse error");
        assert_eq!(refusal(root("-a x --age y f")), "Cannot use two forms of the same flag: a age");
    }

    #[test]
    fn numbers_are_those_of_go() {
        let all = [("4", 4), ("-1", -1), ("+2", 2), ("0x10", 16), ("010", 8), ("0b11", 3), ("0", 0)];
        for (text, number) in all {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["", "-", "x", "--1", "1.0", "08", "0x"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
