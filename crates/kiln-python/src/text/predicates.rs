//! Methods that say what characters a text is made of.

use super::subject::{Kind, Subject};
use super::unicode::{self, Class};
use crate::fault::Result;
use crate::{Args, Py};

/// `str.isalpha`.
pub(super) fn isalpha(receiver: &Py, args: Args) -> Result<Py> {
    all(receiver, args, "isalpha", |c| unicode::is(Class::Alpha, c))
}

/// `str.isalnum`.
pub(super) fn isalnum(receiver: &Py, args: Args) -> Result<Py> {
    all(receiver, args, "isalnum", |c| unicode::is(Class::Alpha, c) || unicode::is(Class::Numeric, c))
}

/// `str.isdecimal`.
pub(super) fn isdecimal(receiver: &Py, args: Args) -> Result<Py> {
    all(receiver, args, "isdecimal", |c| unicode::is(Class::Decimal, c))
}

/// `str.isdigit`.
pub(super) fn isdigit(receiver: &Py, args: Args) -> Result<Py> {
    all(receiver, args, "isdigit", |c| unicode::is(Class::Digit, c))
}

/// `str.isnumeric`.
pub(super) fn isnumeric(receiver: &Py, args: Args) -> Result<Py> {
    all(receiver, args, "isnumeric", |c| unicode::is(Class::Numeric, c))
}

/// `str.isspace`.
pub(super) fn isspace(receiver: &Py, args: Args) -> Result<Py> {
    let space = super::space(Subject::of(receiver)?.kind);
    all(receiver, args, "isspace", space)
}

/// `str.isascii`: true of nothing too.
pub(super) fn isascii(receiver: &Py, args: Args) -> Result<Py> {
    args.none("isascii")?;
    Ok(Py::Bool(Subject::of(receiver)?.text.is_ascii()))
}

/// `str.isprintable`: true of nothing too.
pub(super) fn isprintable(receiver: &Py, args: Args) -> Result<Py> {
    args.none("isprintable")?;
    Ok(Py::Bool(Subject::of(receiver)?.text.chars().all(unicode::is_printable)))
}

/// `str.isidentifier`.
pub(super) fn isidentifier(receiver: &Py, args: Args) -> Result<Py> {
    args.none("isidentifier")?;
    let subject = Subject::of(receiver)?;
    let mut characters = subject.text.chars();
    let starts = characters.next().is_some_and(|c| unicode::is(Class::IdentifierStart, c));
    Ok(Py::Bool(starts && characters.all(|c| unicode::is(Class::IdentifierPart, c))))
}

/// `str.isupper`.
pub(super) fn isupper(receiver: &Py, args: Args) -> Result<Py> {
    cases(receiver, args, "isupper", |cases| cases.iter().all(|case| *case == Case::Upper))
}

/// `str.islower`.
pub(super) fn islower(receiver: &Py, args: Args) -> Result<Py> {
    cases(receiver, args, "islower", |cases| cases.iter().all(|case| *case == Case::Lower))
}

/// `str.istitle`: capitals follow what has no case, small letters follow what has one.
pub(super) fn istitle(receiver: &Py, args: Args) -> Result<Py> {
    args.none("istitle")?;
    let subject = Subject::of(receiver)?;
    let (mut in_word, mut any) = (false, false);
    for c in subject.text.chars() {
        let case = Case::of(c, subject.kind);
        let fits = match case {
            Some(Case::Lower) => in_word,
            Some(_) => !in_word,
            None => true,
        };
        if !fits {
            return Ok(Py::Bool(false));
        }
        in_word = case.is_some();
        any |= in_word;
    }
    Ok(Py::Bool(any))
}

/// Whether there is a character and all are as wanted; bytes beyond ASCII never are.
fn all(receiver: &Py, args: Args, method: &str, wanted: impl Fn(char) -> bool) -> Result<Py> {
    args.none(method)?;
    let Subject { text, kind } = Subject::of(receiver)?;
    let wanted = |c: char| (kind != Kind::Bytes || c.is_ascii()) && wanted(c);
    Ok(Py::Bool(!text.is_empty() && text.chars().all(wanted)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Upper,
    Lower,
    Title,
}

impl Case {
    fn of(c: char, kind: Kind) -> Option<Case> {
        if kind == Kind::Bytes && !c.is_ascii() {
            return None;
        }
        let cases = [(Class::Upper, Case::Upper), (Class::Lower, Case::Lower), (Class::Title, Case::Title)];
        cases.into_iter().find(|(class, _)| unicode::is(*class, c)).map(|(_, case)| case)
    }
}

/// Whether there is a letter with a case and the cases of all are as wanted.
fn cases(receiver: &Py, args: Args, method: &str, wanted: fn(&[Case]) -> bool) -> Result<Py> {
    args.none(method)?;
    let subject = Subject::of(receiver)?;
    let cases: Vec<Case> = subject.text.chars().filter_map(|c| Case::of(c, subject.kind)).collect();
    Ok(Py::Bool(!cases.is_empty() && wanted(&cases)))
}
