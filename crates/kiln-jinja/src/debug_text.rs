//! What `{% debug %}` prints.

use std::sync::Arc;

use kiln_python::{Py, Result, pprint};

use crate::filters::text::convert::named;

/// How deep the statement looks into values: it is meant to show names.
const DEPTH: usize = 3;

/// The text of `{% debug %}`: the names in scope with their values, and the filters and tests
/// that there are.
///
/// # Errors
/// What the `repr` of a value raises.
pub(crate) fn debug_text(
    context: Vec<(Arc<str>, Py)>,
    filters: &[Arc<str>],
    tests: &[Arc<str>],
) -> Result<String> {
    let parts = [("context", named(context)?), ("filters", sorted(filters)), ("tests", sorted(tests))];
    let parts = parts.map(|(name, part)| (Arc::from(name), part));
    pprint::pformat_compact(&named(parts.into())?, DEPTH)
}

fn sorted(names: &[Arc<str>]) -> Py {
    let mut names = names.to_vec();
    names.sort();
    Py::list(names.into_iter().map(Py::Str).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls;

    fn names(list: &Py) -> Vec<Arc<str>> {
        let names = list.collect().expect("it is a list");
        names.iter().map(|name| name.to_str().expect("it is a name")).collect()
    }

    #[test]
    fn the_text_is_jinja2s() {
        calls::check(include_str!("../tests/corpus/debug.jsonl"), |_, value, args| {
            let Py::Dict(context) = value else { panic!("the context is a mapping") };
            let context = context.entries().into_iter();
            let context = context.map(|(name, value)| Ok((name.to_str()?, value))).collect::<Result<_>>()?;
            let [filters, tests] = args.positional.as_slice() else { panic!("there are two lists") };
            debug_text(context, &names(filters), &names(tests)).map(Py::str)
        });
    }
}
