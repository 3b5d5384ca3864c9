//! What a run has to say: one function per kind of finding.

use kiln_model::{Diagnostic, Diagnostics, Reported, Sources, Span, nearest};
use kiln_pydata::DataError;

use crate::disk::DiskError;

/// The command line is none.
pub(crate) fn usage(message: String, help: Option<String>) -> Diagnostic {
    let finding = Diagnostic::error("makejinja.usage", message);
    finding.help(help.unwrap_or_else(|| "`--help` lists the options".to_owned()))
}

/// `**` in a pattern of `exclude_patterns`.
pub(crate) fn stars_in_exclude() -> Diagnostic {
    Diagnostic::warning("makejinja.stars-in-exclude", "in `exclude_patterns`, `**` means no more than `*`")
        .note("such a pattern is held against the last parts of a path, one part of the pattern for each")
        .help("leave `**/` out: `*.md` is found in every folder")
}

/// An environment variable has the wrong form.
pub(crate) fn bad_variable(name: &str, expected: &str) -> Diagnostic {
    Diagnostic::error("makejinja.bad-variable", format!("the environment variable `{name}`: {expected}"))
        .help(format!("correct it, or `unset {name}`"))
}

/// `kiln.toml` names a set of functions that there is not.
pub(crate) fn no_function_set(name: &str, known: &[&str]) -> Diagnostic {
    let finding =
        Diagnostic::error("makejinja.no-functions", format!("there is no set of functions `{name}`"))
            .note(format!("these come with kiln: {}", known.join(", ")));
    match nearest(name, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("write one of them, or the path of a file such as `./functions.toml`"),
    }
}

/// `kiln.toml` is wrong.
pub(crate) fn bad_project_file(what: &str) -> Diagnostic {
    Diagnostic::error("makejinja.bad-project-file", format!("`kiln.toml` cannot be used: {what}"))
        .help("`docs/migrating.md` shows how it looks beside a `makejinja.toml`")
}

/// A file with functions is wrong.
pub(crate) fn bad_function_set(file: &str, what: &str) -> Diagnostic {
    Diagnostic::error("makejinja.bad-functions", format!("the functions of `{file}` cannot be used: {what}"))
        .help("`docs/migrating.md` shows how such a file looks")
}

/// A config file that has to be there is not.
pub(crate) fn no_config_file(name: &str) -> Diagnostic {
    Diagnostic::error("makejinja.no-config-file", format!("there is no config file `{name}`"))
        .help("correct `MAKEJINJA_SETTINGS`, or leave out the `!` before the name")
}

/// A config file that was named is not there.
pub(crate) fn config_file_missing(name: &str) -> Diagnostic {
    Diagnostic::warning("makejinja.no-config-file", format!("there is no config file `{name}`"))
        .help("correct `MAKEJINJA_SETTINGS`")
}

/// A config file whose name does not end in `.toml`.
pub(crate) fn no_toml_file(path: &str) -> Diagnostic {
    Diagnostic::error("makejinja.no-toml-file", format!("the name of `{path}` does not end in `.toml`"))
        .help("correct `MAKEJINJA_SETTINGS`: a config file is written in TOML")
}

/// A file cannot be read.
pub(crate) fn unreadable(path: &str, error: &DiskError) -> Diagnostic {
    Diagnostic::error("makejinja.cannot-read", format!("`{path}` cannot be read: {error}"))
        .help("see to it that it is a file that may be read")
}

/// A file or folder cannot be written.
pub(crate) fn unwritable(path: &str, error: &DiskError) -> Diagnostic {
    Diagnostic::error("makejinja.cannot-write", format!("`{path}` cannot be written: {error}"))
        .help("see to it that its folder is there and may be written")
}

/// Reports what is wrong with a data file or config file.
pub(crate) fn report_data(
    path: &str,
    text: &str,
    error: &DataError,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Reported {
    let source = sources.add(path, text);
    let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    if let Some(mistake) = is_yaml.then(|| kiln_yaml::mistake(source, text, error)).flatten() {
        return sink.error(mistake);
    }
    let start = error.offset.min(text.len());
    let end =
        text.get(start..).and_then(|rest| rest.chars().next()).map_or(start, |it| start + it.len_utf8());
    let mut finding =
        Diagnostic::error("makejinja.bad-data", &*error.message).label(Span::new(source, start, end), "");
    finding.help.clone_from(&error.help);
    sink.error(finding)
}

/// A setting has the wrong form.
pub(crate) fn bad_setting(path: &str, expected: &str, span: Span) -> Diagnostic {
    Diagnostic::error("makejinja.bad-setting", format!("`{path}`: {expected}")).label(span, "")
}

/// A config file sets what is no setting.
pub(crate) fn unknown_setting(path: &str, near: Option<&str>, span: Span) -> Diagnostic {
    let finding = Diagnostic::error("makejinja.unknown-setting", format!("there is no setting `{path}`"))
        .label(span, "");
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help("take it out"),
    }
}

/// A data file that holds no mapping.
pub(crate) fn no_mapping(path: &str, found: &str) -> Diagnostic {
    Diagnostic::error("makejinja.no-mapping", format!("`{path}` holds a value of type `{found}`, no mapping"))
        .help("a data file, and each document of one, is a mapping: write `name: value`")
}

/// A dotted key goes through what is no mapping.
pub(crate) fn no_table_for_variable(key: &str, part: &str) -> Diagnostic {
    Diagnostic::error(
        "makejinja.bad-data-var",
        format!("`{key}` cannot be set: `{part}` in it is no mapping"),
    )
    .help("correct the key in `data_vars` or `--data-var`, or the data")
}

/// An extension that is none of Jinja2's own.
pub(crate) fn unknown_extension(name: &str) -> Diagnostic {
    Diagnostic::error("makejinja.unknown-extension", format!("there is no extension `{name}`"))
        .note("extensions are written in Python, and run inside of Jinja2")
        .help(
            "use one of `jinja2.ext.do`, `jinja2.ext.loopcontrols`, `jinja2.ext.i18n` and \
             `jinja2.ext.debug`, or a plugin with filters and functions",
        )
}

/// A delimiter that is empty.
pub(crate) fn empty_delimiter() -> Diagnostic {
    Diagnostic::error("makejinja.bad-delimiters", "a delimiter is empty")
        .help("give each of `delimiter`'s six settings a text")
}

/// Delimiters that are the same.
pub(crate) fn same_delimiters() -> Diagnostic {
    Diagnostic::error("makejinja.bad-delimiters", "the delimiters cannot be told apart")
        .help("give blocks, variables and comments start delimiters that differ")
}

/// A line break that is none.
pub(crate) fn bad_newline_sequence() -> Diagnostic {
    Diagnostic::error("makejinja.bad-newline-sequence", "`newline_sequence` is no line break")
        .help("set it to a line feed, a carriage return, or both")
}

/// A file whose bytes are not UTF-8.
pub(crate) fn not_utf8(path: &str) -> Diagnostic {
    Diagnostic::error("makejinja.not-utf8", format!("`{path}` is not UTF-8"))
        .help("write the template in UTF-8")
}

/// A command of `exec_pre` or `exec_post` that failed.
pub(crate) fn command_failed(which: &str, code: Option<i32>) -> Diagnostic {
    let how = code.map_or("was ended by a signal".to_owned(), |code| format!("ended with {code}"));
    Diagnostic::error("makejinja.command-failed", format!("the command `{which}` {how}"))
        .help("correct the command, or what it found")
}

/// A command of `exec_pre` or `exec_post` that did not run.
pub(crate) fn no_command(which: &str, error: &DiskError) -> Diagnostic {
    Diagnostic::error("makejinja.command-failed", format!("the command `{which}` did not run: {error}"))
        .help("commands run in `sh`, which has to be there")
}

/// `clean` would remove too much.
pub(crate) fn not_cleaned(folder: &str, held: &str) -> Diagnostic {
    Diagnostic::error("makejinja.not-cleaned", format!("`{folder}` is not removed: it holds {held}"))
        .help("do without `clean`, or name another output folder")
}

/// A pattern that excludes nothing because it is empty.
pub(crate) fn empty_exclude_pattern() -> Diagnostic {
    Diagnostic::error("makejinja.bad-pattern", "a pattern of `exclude_patterns` is empty")
        .help("take it out: no path can be held against it")
}

/// A pattern that finds nothing because it is none.
pub(crate) fn bad_include_pattern(pattern: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        "makejinja.bad-pattern",
        format!("`{pattern}` in `include_patterns` is no pattern: {why}"),
    )
    .help("write a pattern such as `**/*` or `apps/*.yaml`")
}

/// An output outside of the output folder.
pub(crate) fn leaves_output(path: &str) -> Diagnostic {
    Diagnostic::error("makejinja.leaves-output", format!("`{path}` does not lie in the output folder"))
        .note("`..` or a symbolic link leads out of it")
        .help("take the link away, or name another output folder")
}

/// A failure that nobody reported.
pub(crate) fn unknown_failure() -> Diagnostic {
    Diagnostic::error("kiln.bug", "a template failed, and nobody knows why; this is a bug in kiln")
        .help("please report it")
}

/// A policy that a plugin sets to what it cannot be.
pub(crate) fn bad_policy(plugin: &str, name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        "makejinja.bad-policy",
        format!("the plugin `{plugin}` sets the policy `{name}`: {why}"),
    )
    .help("correct what `policies` of the plugin returns")
}
