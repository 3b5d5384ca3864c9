//! The settings of a run as plugins get them.

use std::path::PathBuf;

use kiln_jinja::python::{Dict, Py, Result, UndefinedMode};
use kiln_makejinja::{Config, Delimiter, Internal, Prefix, Whitespace};

/// The settings under makejinja's names; paths are texts.
pub(super) fn of(config: &Config) -> Result<Py> {
    mapping(vec![
        ("inputs", paths(&config.inputs)),
        ("output", text(&config.output.to_string_lossy())),
        ("include_patterns", tuple(&config.include_patterns)),
        ("exclude_patterns", tuple(&config.exclude_patterns)),
        ("jinja_suffix", optional(config.jinja_suffix.as_deref())),
        ("keep_jinja_suffix", Py::Bool(config.keep_jinja_suffix)),
        ("keep_empty", Py::Bool(config.keep_empty)),
        ("copy_metadata", Py::Bool(config.copy_metadata)),
        ("data", paths(&config.data)),
        ("data_vars", pairs(config.data_vars.iter().map(|(name, value)| (name, text(value))))),
        ("file_data", pairs(config.file_data.iter().map(|(name, files)| (name, paths(files))))),
        ("loaders", tuple(&config.loaders)),
        ("plugins", tuple(&config.plugins)),
        ("import_paths", paths(&config.import_paths)),
        ("extensions", tuple(&config.extensions)),
        ("undefined", text(undefined(config.undefined))),
        ("exec_pre", tuple(&config.exec_pre)),
        ("exec_post", tuple(&config.exec_post)),
        ("clean", Py::Bool(config.clean)),
        ("force", Py::Bool(config.force)),
        ("quiet", Py::Bool(config.quiet)),
        ("delimiter", delimiter(&config.delimiter)?),
        ("prefix", prefix(&config.prefix)?),
        ("whitespace", whitespace(&config.whitespace)?),
        ("internal", internal(&config.internal)?),
    ])
}

fn delimiter(delimiter: &Delimiter) -> Result<Py> {
    mapping(vec![
        ("block_start", text(&delimiter.block_start)),
        ("block_end", text(&delimiter.block_end)),
        ("variable_start", text(&delimiter.variable_start)),
        ("variable_end", text(&delimiter.variable_end)),
        ("comment_start", text(&delimiter.comment_start)),
        ("comment_end", text(&delimiter.comment_end)),
    ])
}

fn prefix(prefix: &Prefix) -> Result<Py> {
    mapping(vec![
        ("line_statement", optional(prefix.line_statement.as_deref())),
        ("line_comment", optional(prefix.line_comment.as_deref())),
    ])
}

fn whitespace(whitespace: &Whitespace) -> Result<Py> {
    mapping(vec![
        ("trim_blocks", Py::Bool(whitespace.trim_blocks)),
        ("lstrip_blocks", Py::Bool(whitespace.lstrip_blocks)),
        ("newline_sequence", text(&whitespace.newline_sequence)),
        ("keep_trailing_newline", Py::Bool(whitespace.keep_trailing_newline)),
    ])
}

fn internal(internal: &Internal) -> Result<Py> {
    mapping(vec![
        ("optimized", Py::Bool(internal.optimized)),
        ("autoescape", Py::Bool(internal.autoescape)),
        ("cache_size", Py::Int(internal.cache_size)),
        ("auto_reload", Py::Bool(internal.auto_reload)),
        ("enable_async", Py::Bool(internal.enable_async)),
    ])
}

fn mapping(entries: Vec<(&str, Py)>) -> Result<Py> {
    let dict = Dict::default();
    for (name, value) in entries {
        dict.insert(Py::str(name), value)?;
    }
    Ok(Py::Dict(dict))
}

fn text(text: &str) -> Py {
    Py::str(text)
}

fn optional(given: Option<&str>) -> Py {
    given.map_or(Py::None, text)
}

fn tuple(items: &[String]) -> Py {
    Py::tuple(items.iter().map(|item| text(item)).collect::<Vec<_>>())
}

/// Paths as texts.
pub(super) fn texts(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.to_string_lossy().into_owned()).collect()
}

fn paths(paths: &[PathBuf]) -> Py {
    tuple(&texts(paths))
}

fn pairs<'a>(pairs: impl Iterator<Item = (&'a String, Py)>) -> Py {
    Py::tuple(pairs.map(|(name, value)| Py::tuple([text(name), value])).collect::<Vec<_>>())
}

fn undefined(mode: UndefinedMode) -> &'static str {
    match mode {
        UndefinedMode::Default => "default",
        UndefinedMode::Chainable => "chainable",
        UndefinedMode::Debug => "debug",
        UndefinedMode::Strict => "strict",
    }
}
