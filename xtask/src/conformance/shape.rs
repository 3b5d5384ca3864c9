//! What differences have in common.

use super::{Case, Expected, Got};

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// None at all.
    Same,
    /// Both render, and not the same.
    Texts,
    /// Jinja2 renders what is an error to kiln.
    OnlyJinja2Renders,
    /// Jinja2 raises where kiln renders.
    OnlyKilnRenders,
    /// kiln panics.
    Panic,
}

/// Differences of one shape are most likely one and the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape(Kind, String, String);

impl Kind {
    /// The kind of a case that was rendered.
    pub(super) fn of(case: &Case, got: &Got) -> Kind {
        match (&case.expected, got) {
            (_, Got::Panic(_)) => Kind::Panic,
            (Some(Expected::Out { out }), Got::Text(text)) if out != text => Kind::Texts,
            (Some(Expected::Out { .. }), Got::Error(_)) => Kind::OnlyJinja2Renders,
            (Some(Expected::Error { .. }), Got::Text(_)) => Kind::OnlyKilnRenders,
            _ => Kind::Same,
        }
    }

    /// What differences that may be the same are alike in, before they are made smaller.
    pub(super) fn likeness(self, got: &Got) -> String {
        format!("{self:?} {}", complaint(got))
    }
}

impl Shape {
    /// The shape of a small case.
    pub(super) fn of(case: &Case, got: &Got) -> Shape {
        let main = case.templates.0.iter().find(|(name, _)| *name == case.main);
        let template = main.map(|(_, text)| plain(text)).unwrap_or_default();
        Shape(Kind::of(case, got), complaint(got), template)
    }
}

/// What kiln says, without the names in it.
fn complaint(got: &Got) -> String {
    match got {
        Got::Text(_) => String::new(),
        Got::Error(message) | Got::Panic(message) => {
            message.split('`').step_by(2).map(plain).collect::<Vec<_>>().join("`…`")
        }
    }
}

/// A text without blanks, digits and what is in quotes.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut quote = None;
    for char in text.chars() {
        match quote {
            Some(open) => quote = (char != open).then_some(open),
            None if matches!(char, '\'' | '"') => {
                quote = Some(char);
                plain.push('\'');
            }
            None if char.is_whitespace() => {}
            None if char.is_ascii_digit() => {
                if !plain.ends_with('0') {
                    plain.push('0');
                }
            }
            None => plain.push(char),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_make_no_other_shape() {
        assert_eq!(plain("{{ 'it' ~ 12.5 }}"), plain("{{ \"x\"~1.75}}"));
        assert_ne!(plain("{{ 'a' ~ 1 }}"), plain("{{ 'a' + 1 }}"));
        let says = |text: &str| complaint(&Got::Error(text.to_owned()));
        assert_eq!(says("`a` has no `b`"), says("`x` has no `y`"));
    }
}
