//! Calls of functions, filters and tests.

use std::collections::HashSet;
use std::sync::Arc;

use kiln_python::{Args, Fault, Py, Result, meter};
use minijinja::Environment;
use minijinja::value::{Rest, Value};

use super::bridge::{given, lowered, raise};
use super::context::{Context, context};
use super::macros::Macro;
use crate::ambient::{Ambient, Here, unknown};
use crate::debug_text;
use crate::shared::ContextFunction;

pub(super) fn register(engine: &mut Environment<'static>) {
    engine.add_function("call", |c: &Value, callee: &Value, args: Rest<Value>| {
        let context = context(c)?;
        lowered(args_of(&args).and_then(|args| call(&context, &given(callee), args)))
    });
    engine.add_function("filter", |c: &Value, name: &str, value: &Value, args: Rest<Value>| {
        let here: Here = context(c)?;
        lowered(args_of(&args).and_then(|args| match here.filter(name) {
            Some(filter) => filter(&here, given(value), args),
            None => Err(unknown("filter", name, &here)),
        }))
    });
    engine.add_function("test", |c: &Value, name: &str, value: &Value, args: Rest<Value>| {
        let here: Here = context(c)?;
        lowered(args_of(&args).and_then(|args| match here.test(name) {
            Some(test) => test(&here, given(value), args).map(Py::Bool),
            None => Err(unknown("test", name, &here)),
        }))
    });
    engine.add_function("debug", |c: &Value| {
        let context = context(c)?;
        let shared = &context.run.shared;
        let names = context.all().into_iter().collect();
        debug_text::debug_text(names, &shared.filter_names(), &shared.test_names()).map_err(raise)
    });
}

/// Calls a value. Macros are told whether text is escaped here, and functions of a project's
/// own the names that are seen here.
fn call(context: &Arc<Context>, callee: &Py, args: Args) -> Result<Py> {
    if let Some(function) = callee.downcast::<Macro>() {
        return function.invoke(args, context.autoescape());
    }
    if let Some(function) = callee.downcast::<ContextFunction>() {
        return function.call_in(context, args);
    }
    let here: Here = Arc::<Context>::clone(context);
    here.call(callee, args)
}

/// The arguments as a program writes them; see `lower::expr`.
fn args_of(values: &[Value]) -> Result<Args> {
    let Some((first, rest)) = values.split_first() else { return Ok(Args::default()) };
    let Some(count) = first.as_usize() else { return dynamic_args(rest) };
    let (positional, keyword) = rest.split_at(count.min(rest.len()));
    let mut args = Args::positional(positional.iter().map(given).collect::<Vec<_>>());
    args.keyword = keyword.chunks_exact(2).map(named).collect();
    Ok(args)
}

/// A name and a value as a program writes them; no name is there twice.
fn named(pair: &[Value]) -> (Arc<str>, Py) {
    (pair[0].to_str().unwrap_or_default(), given(&pair[1]))
}

/// Arguments with `*` or `**`: lists of those by position, of what is behind the star, of those
/// by name, and of what is behind the two stars.
fn dynamic_args(lists: &[Value]) -> Result<Args> {
    let list = |at: usize| -> Vec<Value> {
        let items = lists.get(at).and_then(|list| list.try_iter().ok());
        items.map(Iterator::collect).unwrap_or_default()
    };
    let mut args = Args::positional(list(0).iter().map(given).collect::<Vec<_>>());
    for star in list(1) {
        args.positional.extend(given(&star).collect()?);
    }
    args.keyword = list(2).chunks_exact(2).map(named).collect();
    for star in list(3) {
        let Py::Dict(dict) = given(&star).plain()? else {
            return Err(Fault::type_error("what stands behind `**` is no mapping")
                .help("pass a mapping, or remove the stars"));
        };
        add_keywords(&mut args, dict.entries())?;
    }
    Ok(args)
}

fn add_keywords(args: &mut Args, entries: Vec<(Py, Py)>) -> Result<()> {
    meter::charge(entries.len())?;
    let mut names: HashSet<Arc<str>> = args.keyword.iter().map(|(name, _)| Arc::clone(name)).collect();
    for (name, value) in entries {
        let name = name.as_str().ok_or_else(|| Fault::type_error("names of arguments must be text"))?;
        let name: Arc<str> = name.into();
        if !names.insert(Arc::clone(&name)) {
            return Err(Fault::type_error(format!("the argument `{name}` is given twice"))
                .about(&*name)
                .or_discreetly("an argument is given twice")
                .help("remove one of them"));
        }
        args.keyword.push((name, value));
    }
    Ok(())
}
