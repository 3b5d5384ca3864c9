//! The commands of `sops` and the options of each, as [sops 3.13] has them.
//!
//! Options of other kinds of keys are known, so that a value for one is refused by name and not
//! taken for a file.
//!
//! [sops 3.13]: https://github.com/getsops/sops/blob/v3.13.3/cmd/sops/main.go

mod table;

pub(super) use table::{COMMANDS, DEPARTED, GROUPS, ROOT};

/// A command and what it takes.
pub(super) struct Command {
    pub(super) name: &'static str,
    /// What it does.
    pub(super) about: &'static str,
    /// Its arguments, as the help shows them.
    pub(super) arguments: &'static str,
    pub(super) flags: &'static [&'static [Flag]],
    /// What for, and the words after the name of the program.
    pub(super) examples: &'static [(&'static str, &'static str)],
}

impl Command {
    /// The option of that spelling.
    pub(super) fn flag(&self, spelling: &str) -> Option<&'static Flag> {
        self.all().find(|flag| flag.is_called(spelling))
    }

    /// Every option.
    pub(super) fn all(&self) -> impl Iterator<Item = &'static Flag> + use<> {
        self.flags.iter().copied().flatten().chain(&HELP)
    }
}

/// An option.
#[derive(Clone, Copy)]
pub(super) struct Flag {
    pub(super) name: &'static str,
    /// Another spelling; empty if there is none.
    pub(super) other: &'static str,
    pub(super) takes: Takes,
    /// The environment variable that stands in for it; empty if there is none.
    pub(super) variable: &'static str,
    pub(super) about: &'static str,
    /// The kind of key it is for, if that is not age.
    pub(super) foreign: Option<&'static str>,
}

impl Flag {
    /// Whether this is a spelling of the option.
    pub(super) fn is_called(&self, spelling: &str) -> bool {
        self.name == spelling || (!self.other.is_empty() && self.other == spelling)
    }
}

/// What follows an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    Text,
    Number,
    /// A text; the option may be given several times.
    List,
}

const HELP: [Flag; 1] = [switch("help", "show what the command takes").or("h")];

const fn flag(name: &'static str, takes: Takes, about: &'static str) -> Flag {
    Flag { name, other: "", takes, variable: "", about, foreign: None }
}

const fn switch(name: &'static str, about: &'static str) -> Flag {
    flag(name, Takes::Nothing, about)
}

const fn text(name: &'static str, about: &'static str) -> Flag {
    flag(name, Takes::Text, about)
}

const fn number(name: &'static str, about: &'static str) -> Flag {
    flag(name, Takes::Number, about)
}

const fn list(name: &'static str, about: &'static str) -> Flag {
    flag(name, Takes::List, about)
}

/// An option whose values are keys of another kind.
const fn foreign(name: &'static str, kind: &'static str) -> Flag {
    Flag { foreign: Some(kind), ..text(name, "not supported: kiln has age keys only") }
}

impl Flag {
    const fn or(self, other: &'static str) -> Flag {
        Flag { other, ..self }
    }

    const fn from(self, variable: &'static str) -> Flag {
        Flag { variable, ..self }
    }

    const fn several(self) -> Flag {
        Flag { takes: Takes::List, ..self }
    }
}
