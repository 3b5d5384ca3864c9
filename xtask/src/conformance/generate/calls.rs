//! The table of what can be called.

use super::kind::Kind;

/// Something that can be called on a value.
pub(super) struct Call {
    /// Its name; with arguments, if it has a bracket.
    pub(super) name: &'static str,
    /// What it is applied to.
    pub(super) of: Kind,
    /// What it gives.
    pub(super) gives: Kind,
    /// The parameters.
    pub(super) parameters: Vec<Parameter>,
    /// How many of them are required.
    pub(super) required: usize,
}

/// A parameter of a call.
pub(super) struct Parameter {
    /// Its name, if it can be given by name.
    pub(super) name: Option<&'static str>,
    /// What can be given.
    pub(super) choices: Vec<Choice>,
}

/// What can be given for a parameter.
#[derive(Clone, Copy)]
pub(super) enum Choice {
    /// An expression of a kind.
    Of(Kind),
    /// A format of `strftime`.
    Pattern,
    /// This.
    Literal(&'static str),
}

/// Everything that can be called, by section of the table.
pub(super) struct Calls {
    /// `value|name(…)`.
    pub(super) filters: Vec<Call>,
    /// `value is name …`.
    pub(super) tests: Vec<Call>,
    /// `value.name(…)`.
    pub(super) methods: Vec<Call>,
    /// `value.name`.
    pub(super) attributes: Vec<Call>,
}

impl Calls {
    /// Reads the table.
    pub(super) fn read() -> Calls {
        let table = include_str!("calls.txt");
        let section = |name: &str| {
            let heading = format!("[{name}]\n");
            let rows = table.split_once(&heading).map_or("", |(_, rest)| rest);
            let rows = rows.split_once("\n[").map_or(rows, |(rows, _)| rows);
            rows.lines().filter(|line| !line.trim().is_empty()).map(Call::parse).collect()
        };
        Calls {
            filters: section("filters"),
            tests: section("tests"),
            methods: section("methods"),
            attributes: section("attributes"),
        }
    }
}

impl Call {
    fn parse(line: &'static str) -> Call {
        let mut columns = line.split_whitespace();
        let mut next = || columns.next().expect("a row of the table has three columns");
        let (of, name, gives) = (kind(next()), next(), kind(next()));
        let mut parameters = Vec::new();
        let mut required = None;
        for column in columns {
            match column {
                ";" => required = Some(parameters.len()),
                _ => parameters.push(Parameter::parse(column)),
            }
        }
        Call { name, of, gives, required: required.unwrap_or(parameters.len()), parameters }
    }

    /// Whether its name contains its arguments.
    pub(super) fn is_verbatim(&self) -> bool {
        self.name.contains('(') || self.name.contains('|')
    }
}

impl Parameter {
    fn parse(column: &'static str) -> Parameter {
        let named = column.split_once('=').filter(|(name, _)| !name.contains('\''));
        let (name, choices) = named.map_or((None, column), |(name, choices)| (Some(name), choices));
        Parameter {
            name: name.filter(|name| !name.starts_with('/')),
            choices: choices.split('|').map(Choice::parse).collect(),
        }
    }
}

impl Choice {
    fn parse(text: &'static str) -> Choice {
        match Kind::named(text) {
            Some(kind) => Choice::Of(kind),
            None if text == "Pattern" => Choice::Pattern,
            None => Choice::Literal(text),
        }
    }
}

fn kind(name: &str) -> Kind {
    Kind::named(name).unwrap_or_else(|| panic!("the table names an unknown kind: {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_is_required_and_what_has_a_name() {
        let call = Call::parse("Text replace Text /old='l'|Text new='L' ; count=1|2");
        assert_eq!((call.name, call.of, call.gives, call.required), ("replace", Kind::Text, Kind::Text, 2));
        let names: Vec<_> = call.parameters.iter().map(|it| it.name).collect();
        assert_eq!(names, [None, Some("new"), Some("count")]);
        assert!(matches!(call.parameters[0].choices[..], [Choice::Literal("'l'"), Choice::Of(Kind::Text)]));
    }

    #[test]
    fn every_row_can_be_read() {
        let calls = Calls::read();
        assert!(calls.filters.len() > 100 && calls.tests.len() > 30);
        assert!(calls.methods.len() > 80 && calls.attributes.len() > 10);
    }
}
