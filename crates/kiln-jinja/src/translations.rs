//! The functions of Jinja2's `i18n` extension where nothing is translated.
//!
//! They are those of the new style: what they give is a format for the arguments by name, even
//! if there are none, and safe where printed values are escaped.

use std::sync::Arc;

use kiln_python::{Args, Fault, Operator, Py, Result};

use crate::ambient::Here;
use crate::filters::text::convert::{marked_safe, named};

/// `gettext(string, **variables)`, also called `_`.
pub(crate) fn gettext(here: &Here, args: Args) -> Result<Py> {
    let ([string], variables) = split(args, "gettext", ["__string"])?;
    fill(here, string, variables)
}

/// `ngettext(singular, plural, num, **variables)`; `num` is a variable too.
pub(crate) fn ngettext(here: &Here, args: Args) -> Result<Py> {
    let parameters = ["__singular", "__plural", "__num"];
    let ([singular, plural, number], variables) = split(args, "ngettext", parameters)?;
    let variables = with_default(variables, "num", &number);
    fill(here, choose(singular, plural, &number)?, variables)
}

/// `pgettext(context, string, **variables)`; `context` is a variable too.
pub(crate) fn pgettext(here: &Here, args: Args) -> Result<Py> {
    let ([context, string], variables) = split(args, "pgettext", ["__string_ctx", "__string"])?;
    fill(here, string, with_default(variables, "context", &context))
}

/// `npgettext(context, singular, plural, num, **variables)`.
pub(crate) fn npgettext(here: &Here, args: Args) -> Result<Py> {
    let parameters = ["__string_ctx", "__singular", "__plural", "__num"];
    let ([context, singular, plural, number], variables) = split(args, "npgettext", parameters)?;
    let variables = with_default(with_default(variables, "context", &context), "num", &number);
    fill(here, choose(singular, plural, &number)?, variables)
}

/// Arguments by name.
type Variables = Vec<(Arc<str>, Py)>;

/// Takes the parameters out of the arguments; what is left by name are variables.
fn split<const N: usize>(args: Args, function: &str, names: [&str; N]) -> Result<([Py; N], Variables)> {
    let (keyword, variables) = args.keyword.into_iter().partition(|(name, _)| names.contains(&&**name));
    let parameters = Args { positional: args.positional, keyword }.bind(function, names)?;
    if let Some(missing) = parameters.iter().position(Option::is_none) {
        let missing = missing + 1;
        return Err(Fault::type_error(format!(
            "`{function}` needs {N} arguments; number {missing} is missing"
        )));
    }
    Ok((parameters.map(|parameter| parameter.unwrap_or(Py::None)), variables))
}

fn with_default(mut variables: Variables, name: &str, value: &Py) -> Variables {
    if variables.iter().all(|(known, _)| **known != *name) {
        variables.push((Arc::from(name), value.clone()));
    }
    variables
}

fn choose(singular: Py, plural: Py, number: &Py) -> Result<Py> {
    Ok(if number.equals(&Py::Int(1))? { singular } else { plural })
}

fn fill(here: &Here, string: Py, variables: Variables) -> Result<Py> {
    let format = if here.autoescape() { marked_safe(string)? } else { string };
    format.operate(Operator::Mod, &named(variables)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls;

    #[test]
    fn gettext_is_jinja2s() {
        let lines = include_str!("../tests/corpus/translations/gettext.jsonl");
        calls::check(lines, |here, _, args| gettext(here, args));
    }

    #[test]
    fn ngettext_is_jinja2s() {
        let lines = include_str!("../tests/corpus/translations/ngettext.jsonl");
        calls::check(lines, |here, _, args| ngettext(here, args));
    }

    #[test]
    fn pgettext_is_jinja2s() {
        let lines = include_str!("../tests/corpus/translations/pgettext.jsonl");
        calls::check(lines, |here, _, args| pgettext(here, args));
    }

    #[test]
    fn npgettext_is_jinja2s() {
        let lines = include_str!("../tests/corpus/translations/npgettext.jsonl");
        calls::check(lines, |here, _, args| npgettext(here, args));
    }
}
