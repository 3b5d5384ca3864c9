//! Renders a case with kiln.

use kiln_jinja::python::UndefinedMode;
use kiln_jinja::syntax::{Extensions, Options as Syntax, Pair};
use kiln_jinja::{Environment, Settings};

use super::Case;
use super::case::Options;
use super::values::value;

/// Renders a case with the environment it asks for.
///
/// # Errors
/// What kiln says, or that the case cannot be set up.
pub(crate) fn render(case: &Case) -> Result<String, String> {
    let mut environment = Environment::new(settings(&case.options)?);
    for (name, source) in &case.templates.0 {
        environment.add_source(name, source);
    }
    let mut variables = Vec::new();
    for (name, json) in &case.context.0 {
        let value = value(json).map_err(|error| format!("`{name}` of the context: {error}"))?;
        if case.options.ctx_as_globals == Some(true) {
            environment.add_global(name, value);
        } else {
            variables.push((name.clone(), value));
        }
    }
    environment.render(&case.main, variables).map_err(|failure| failure.message().to_owned())
}

fn settings(options: &Options) -> Result<Settings, String> {
    let undefined = match options.undefined.as_deref() {
        None | Some("default") => UndefinedMode::Default,
        Some("chainable") => UndefinedMode::Chainable,
        Some("debug") => UndefinedMode::Debug,
        Some("strict") => UndefinedMode::Strict,
        Some(other) => return Err(format!("there is no mode of undefined values called `{other}`")),
    };
    Ok(Settings {
        syntax: syntax(options)?,
        undefined,
        autoescape: options.autoescape == Some(true),
        null_translations: options.i18n.as_deref() == Some("null"),
        ..Settings::default()
    })
}

fn syntax(options: &Options) -> Result<Syntax, String> {
    let usual = Syntax::default();
    let pair = |start: &Option<String>, end: &Option<String>, usual: Pair| {
        Pair::new(start.clone().unwrap_or(usual.start), end.clone().unwrap_or(usual.end))
    };
    Ok(Syntax {
        block: pair(&options.block_start, &options.block_end, usual.block),
        variable: pair(&options.variable_start, &options.variable_end, usual.variable),
        comment: pair(&options.comment_start, &options.comment_end, usual.comment),
        line_statement_prefix: options.line_statement_prefix.clone(),
        line_comment_prefix: options.line_comment_prefix.clone(),
        trim_blocks: options.trim_blocks.unwrap_or(usual.trim_blocks),
        lstrip_blocks: options.lstrip_blocks.unwrap_or(usual.lstrip_blocks),
        keep_trailing_newline: options.keep_trailing_newline.unwrap_or(usual.keep_trailing_newline),
        newline_sequence: options.newline_sequence.clone().unwrap_or(usual.newline_sequence),
        extensions: extensions(&options.extensions)?,
        i18n_trimmed: usual.i18n_trimmed,
    })
}

fn extensions(names: &[String]) -> Result<Extensions, String> {
    let mut extensions = Extensions::default();
    for name in names {
        match name.as_str() {
            "jinja2.ext.do" => extensions.do_statement = true,
            "jinja2.ext.loopcontrols" => extensions.loop_controls = true,
            "jinja2.ext.i18n" => extensions.i18n = true,
            "jinja2.ext.debug" => extensions.debug = true,
            other => return Err(format!("there is no extension called `{other}`")),
        }
    }
    Ok(extensions)
}
