//! The command line, as makejinja reads it.

use std::collections::BTreeMap;

use kiln_model::nearest;

use super::option::{SETTINGS, Setting};

/// What a command line says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    /// Whether help is asked for.
    pub(super) help: bool,
    /// Whether the version is asked for.
    pub(super) version: bool,
    /// The values of each setting, in their order, by its path.
    pub(super) values: BTreeMap<&'static str, Vec<Value>>,
    /// What belongs to no option.
    pub(super) extra: Vec<String>,
}

/// A value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// It follows the option.
    Text(String),
    /// The option is a switch.
    Switch(bool),
}

/// Why a command line is none, and how to mend it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misuse {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Reads a command line without the name of the program.
///
/// # Errors
/// If an option is unknown, lacks its value, or has one that it does not take.
pub(super) fn parse(arguments: &[String]) -> Result<Arguments, Misuse> {
    let mut parsed = Arguments::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            parsed.extra.extend(rest.by_ref().cloned());
        } else if argument.starts_with("--") {
            parsed.long(argument, &mut rest)?;
        } else if argument.starts_with('-') && argument != "-" {
            parsed.short(argument, &mut rest)?;
        } else {
            parsed.extra.push(argument.clone());
        }
    }
    Ok(parsed)
}

impl Arguments {
    fn long<'a>(
        &mut self,
        argument: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), Misuse> {
        let (name, given) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument, None),
        };
        let is_own = matches!(name, "--help" | "--version");
        let found = SETTINGS.iter().find(|it| it.long.contains(&name) || it.off == Some(name));
        let Some(setting) = found else {
            return match given {
                None if is_own => {
                    self.help |= name == "--help";
                    self.version |= name == "--version";
                    Ok(())
                }
                Some(_) if is_own => Err(no_value(name)),
                _ => Err(unknown(name)),
            };
        };
        let value = match (setting.is_switch(), given) {
            (true, Some(_)) => return Err(no_value(name)),
            (true, None) => Value::Switch(setting.off != Some(name)),
            (false, Some(text)) => Value::Text(text),
            (false, None) => Value::Text(rest.next().cloned().ok_or_else(|| lacks_value(name))?),
        };
        self.add(setting, value);
        Ok(())
    }

    /// Reads `-cf` as `-c -f`, and `-iDIR` as `-i DIR`.
    fn short<'a>(
        &mut self,
        argument: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), Misuse> {
        let mut letters = argument.chars();
        letters.next();
        while let Some(letter) = letters.next() {
            match letter {
                'h' => self.help = true,
                'v' => self.version = true,
                _ => {
                    let found = SETTINGS.iter().find(|it| it.short == Some(letter));
                    let setting = found.ok_or_else(|| unknown(&format!("-{letter}")))?;
                    if setting.is_switch() {
                        self.add(setting, Value::Switch(true));
                        continue;
                    }
                    let own = letters.as_str();
                    let text = if own.is_empty() { rest.next().cloned() } else { Some(own.to_owned()) };
                    let text = text.ok_or_else(|| lacks_value(&format!("-{letter}")))?;
                    self.add(setting, Value::Text(text));
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, setting: &Setting, value: Value) {
        let values = self.values.entry(setting.path).or_default();
        if !setting.is_multiple() {
            values.clear();
        }
        values.push(value);
    }
}

fn unknown(name: &str) -> Misuse {
    let known = SETTINGS.iter().flat_map(|it| it.long.iter().copied().chain(it.off));
    Misuse {
        message: format!("there is no option `{name}`"),
        help: nearest(name, known).map(|near| format!("did you mean `{near}`?")),
    }
}

fn no_value(name: &str) -> Misuse {
    Misuse { message: format!("the option `{name}` takes no value"), help: None }
}

fn lacks_value(name: &str) -> Misuse {
    Misuse { message: format!("the option `{name}` needs a value"), help: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, Misuse> {
        parse(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    fn texts(parsed: &Arguments, path: &str) -> Vec<String> {
        let values = parsed.values.get(path).cloned().unwrap_or_default();
        values
            .into_iter()
            .map(|it| match it {
                Value::Text(text) => text,
                Value::Switch(on) => on.to_string(),
            })
            .collect()
    }

    #[test]
    fn short_options_may_share_a_word_and_touch_their_value() {
        let parsed = read("-mcfqiin -o=c -I a -Ib").unwrap();
        for path in ["copy_metadata", "clean", "force", "quiet"] {
            assert_eq!(texts(&parsed, path), ["true"], "{path}");
        }
        assert_eq!(texts(&parsed, "inputs"), ["in"]);
        assert_eq!(texts(&parsed, "output"), ["=c"]);
        assert_eq!(texts(&parsed, "include_patterns"), ["a", "b"]);
    }

    #[test]
    fn what_follows_an_option_is_its_value_whatever_it_looks_like() {
        let parsed = read("--internal-cache-size -1 -o -- x").unwrap();
        assert_eq!(texts(&parsed, "internal.cache_size"), ["-1"]);
        assert_eq!(texts(&parsed, "output"), ["--"]);
        assert_eq!(parsed.extra, ["x"]);
    }

    #[test]
    fn the_last_of_several_values_counts_where_there_is_one() {
        let parsed = read("-o a --output=b --trim-blocks --no-trim-blocks").unwrap();
        assert_eq!(texts(&parsed, "output"), ["b"]);
        assert_eq!(texts(&parsed, "whitespace.trim_blocks"), ["false"]);
    }

    #[test]
    fn options_are_neither_shortened_nor_made_up() {
        for line in ["--inp x", "--no-keep-empty", "-z", "-f1", "--force=1", "-o", "--help=1"] {
            assert!(read(line).is_err(), "{line}");
        }
        assert_eq!(unknown("--exclud").help.as_deref(), Some("did you mean `--exclude`?"));
    }

    #[test]
    fn every_setting_has_its_own_names() {
        let mut names: Vec<String> =
            SETTINGS.iter().flat_map(|it| it.long.iter().chain(&it.off).map(|it| (*it).to_owned())).collect();
        names.extend(SETTINGS.iter().filter_map(|it| it.short).map(|it| it.to_string()));
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!((names.len(), SETTINGS.len()), (count, 38));
    }
}
