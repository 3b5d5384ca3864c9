//! Renders a case with kiln.

use kiln_jinja::python::{Dict, Key, Py, UndefinedMode, dates};
use kiln_jinja::syntax::{self, Pair};
use kiln_jinja::{Environment, Settings};

use super::Case;
use super::case::Options;
use super::json::Json;

/// Renders a case with the environment it asks for.
///
/// # Errors
/// What kiln says, or that the case cannot be set up.
pub(crate) fn render(case: &Case) -> Result<String, String> {
    let mut environment = Environment::new(settings(&case.options)?);
    for (name, text) in &case.templates.0 {
        environment.add_source(name, text);
    }
    let mut variables = Vec::new();
    for (name, value) in &case.context.0 {
        let value = python(value)?;
        if case.options.ctx_as_globals == Some(true) {
            environment.add_global(name, value);
        } else {
            variables.push((name.clone(), value));
        }
    }
    environment.render(&case.main, variables).map_err(|failure| failure.message().to_owned())
}

fn settings(options: &Options) -> Result<Settings, String> {
    let defaults = syntax::Options::default();
    let pair = |start: &Option<String>, end: &Option<String>, or: Pair| {
        Pair::new(start.clone().unwrap_or(or.start), end.clone().unwrap_or(or.end))
    };
    let mut extensions = syntax::Extensions::default();
    for name in &options.extensions {
        match name.as_str() {
            "jinja2.ext.do" => extensions.do_statement = true,
            "jinja2.ext.loopcontrols" => extensions.loop_controls = true,
            "jinja2.ext.i18n" => extensions.i18n = true,
            "jinja2.ext.debug" => extensions.debug = true,
            other => return Err(format!("no such extension: {other}")),
        }
    }
    let undefined = match options.undefined.as_deref() {
        None | Some("default") => UndefinedMode::Default,
        Some("chainable") => UndefinedMode::Chainable,
        Some("strict") => UndefinedMode::Strict,
        Some("debug") => UndefinedMode::Debug,
        Some(other) => return Err(format!("no such mode of undefined: {other}")),
    };
    Ok(Settings {
        syntax: syntax::Options {
            block: pair(&options.block_start, &options.block_end, defaults.block),
            variable: pair(&options.variable_start, &options.variable_end, defaults.variable),
            comment: pair(&options.comment_start, &options.comment_end, defaults.comment),
            line_statement_prefix: options.line_statement_prefix.clone(),
            line_comment_prefix: options.line_comment_prefix.clone(),
            trim_blocks: options.trim_blocks.unwrap_or(false),
            lstrip_blocks: options.lstrip_blocks.unwrap_or(false),
            keep_trailing_newline: options.keep_trailing_newline.unwrap_or(false),
            newline_sequence: options.newline_sequence.clone().unwrap_or(defaults.newline_sequence),
            extensions,
            i18n_trimmed: false,
        },
        undefined,
        autoescape: options.autoescape.unwrap_or(false),
        null_translations: options.i18n.is_some(),
        ..Settings::default()
    })
}

/// A value of a case, with the tags that stand for what JSON lacks.
fn python(json: &Json) -> Result<Py, String> {
    let all = |items: &[Json]| items.iter().map(python).collect::<Result<Vec<Py>, String>>();
    Ok(match json {
        Json::Null => Py::None,
        Json::Bool(it) => Py::Bool(*it),
        Json::Number(text) => number(text)?,
        Json::Text(text) => Py::str(text.as_str()),
        Json::List(items) => Py::list(all(items)?),
        Json::Map(pairs) => match pairs.0.as_slice() {
            [(tag, value)] if tag.starts_with('$') => tagged(tag, value)?,
            pairs => {
                let entries = pairs.iter().map(|(name, value)| Ok((Py::str(name.as_str()), python(value)?)));
                dict(entries.collect::<Result<_, String>>()?)?
            }
        },
    })
}

fn dict(entries: Vec<(Py, Py)>) -> Result<Py, String> {
    let entry = |(key, value)| Key::new(key).map(|key| (key, value)).map_err(|fault| fault.to_string());
    Ok(Py::Dict(Dict::new(entries.into_iter().map(entry).collect::<Result<_, _>>()?)))
}

fn number(text: &str) -> Result<Py, String> {
    if text.contains(['.', 'e', 'E']) {
        return text.parse().map(Py::Float).map_err(|_| format!("not a number: {text}"));
    }
    Py::integer(text).ok_or_else(|| format!("not a number: {text}"))
}

fn tagged(tag: &str, value: &Json) -> Result<Py, String> {
    let wrong = || format!("a wrong value behind {tag}");
    let fault = |fault: kiln_jinja::python::Fault| fault.to_string();
    match (tag, value) {
        ("$tuple", Json::List(items)) => {
            Ok(Py::tuple(items.iter().map(python).collect::<Result<Vec<Py>, String>>()?))
        }
        ("$date", Json::Text(text)) => dates::parse_iso_date(text).map_err(fault),
        ("$datetime", Json::Text(text)) => dates::parse_iso_datetime(text).map_err(fault),
        ("$float", Json::Text(text)) => text.parse().map(Py::Float).map_err(|_| wrong()),
        ("$markup", Json::Text(text)) => Ok(Py::Markup(text.as_str().into())),
        ("$bytes", Json::Text(text)) => {
            use base64::Engine as _;
            let bytes = base64::engine::general_purpose::STANDARD.decode(text).map_err(|_| wrong())?;
            Ok(Py::Bytes(bytes.into()))
        }
        ("$dict", Json::List(pairs)) => {
            let entry = |pair: &Json| match pair {
                Json::List(pair) if pair.len() == 2 => Ok((python(&pair[0])?, python(&pair[1])?)),
                _ => Err(wrong()),
            };
            dict(pairs.iter().map(entry).collect::<Result<_, _>>()?)
        }
        _ => Err(wrong()),
    }
}
