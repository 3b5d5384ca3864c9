//! Every setting: its names, its type, and where it goes.

use std::path::PathBuf;

use kiln_jinja::python::UndefinedMode;

use crate::Config;

/// A setting.
pub(super) struct Setting {
    /// Its path in a config file; with `_` for `.`, its part of an environment variable's name.
    pub(super) path: &'static str,
    /// Its long options.
    pub(super) long: &'static [&'static str],
    /// Its short option.
    pub(super) short: Option<char>,
    /// The long option that switches it off.
    pub(super) off: Option<&'static str>,
    /// Its type, and where it goes.
    pub(super) slot: Slot,
}

/// The type of a setting, and the field that holds it.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    /// A path.
    Path(fn(&mut Config) -> &mut PathBuf),
    /// Paths that have to be there.
    Paths(Wanted, fn(&mut Config) -> &mut Vec<PathBuf>),
    /// A text.
    Text(fn(&mut Config) -> &mut String),
    /// A text that is absent unless it is set.
    Optional(fn(&mut Config) -> &mut Option<String>),
    /// Texts.
    Texts(fn(&mut Config) -> &mut Vec<String>),
    /// A switch.
    Switch(fn(&mut Config) -> &mut bool),
    /// A number.
    Number(fn(&mut Config) -> &mut i64),
    /// Texts by text.
    TextsByKey(fn(&mut Config) -> &mut Vec<(String, String)>),
    /// Paths by text.
    PathsByKey(fn(&mut Config) -> &mut PathsByKey),
    /// How undefined values behave.
    Undefined(fn(&mut Config) -> &mut UndefinedMode),
}

/// Paths by text.
type PathsByKey = Vec<(String, Vec<PathBuf>)>;

/// What has to stand under a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Anything.
    Something,
    /// A folder.
    Folder,
}

impl Setting {
    /// How messages call it.
    pub(super) fn shown(&self) -> String {
        let short = self.short.map(|short| format!(" / `-{short}`")).unwrap_or_default();
        format!("`{}`{short}", self.long[0])
    }

    /// The environment variable that sets it.
    pub(super) fn variable(&self) -> String {
        format!("MAKEJINJA_{}", self.path.replace('.', "_").to_uppercase())
    }

    /// Whether its option takes no value.
    pub(super) fn is_switch(&self) -> bool {
        matches!(self.slot, Slot::Switch(_))
    }

    /// Whether its option may be given more than once, so that all values count.
    pub(super) fn is_multiple(&self) -> bool {
        use Slot::{Paths, PathsByKey, Texts, TextsByKey};
        matches!(self.slot, Paths(..) | Texts(_) | TextsByKey(_) | PathsByKey(_))
    }
}

const fn with(path: &'static str, long: &'static [&'static str], short: Option<char>, slot: Slot) -> Setting {
    Setting { path, long, short, off: None, slot }
}

const fn switch(path: &'static str, on: &'static [&'static str], off: &'static str, slot: Slot) -> Setting {
    Setting { path, long: on, short: None, off: Some(off), slot }
}

/// All settings, in the order of makejinja's help.
pub(super) const SETTINGS: &[Setting] = &[
    with("inputs", &["--input"], Some('i'), Slot::Paths(Wanted::Something, |it| &mut it.inputs)),
    with("output", &["--output"], Some('o'), Slot::Path(|it| &mut it.output)),
    with(
        "include_patterns",
        &["--include-pattern", "--include"],
        Some('I'),
        Slot::Texts(|it| &mut it.include_patterns),
    ),
    with(
        "exclude_patterns",
        &["--exclude-pattern", "--exclude"],
        Some('E'),
        Slot::Texts(|it| &mut it.exclude_patterns),
    ),
    with("jinja_suffix", &["--jinja-suffix"], None, Slot::Optional(|it| &mut it.jinja_suffix)),
    with("keep_jinja_suffix", &["--keep-jinja-suffix"], None, Slot::Switch(|it| &mut it.keep_jinja_suffix)),
    with("keep_empty", &["--keep-empty"], None, Slot::Switch(|it| &mut it.keep_empty)),
    with("copy_metadata", &["--copy-metadata"], Some('m'), Slot::Switch(|it| &mut it.copy_metadata)),
    with("data", &["--data"], Some('d'), Slot::Paths(Wanted::Something, |it| &mut it.data)),
    with("data_vars", &["--data-var"], Some('D'), Slot::TextsByKey(|it| &mut it.data_vars)),
    with("file_data", &["--file-data"], None, Slot::PathsByKey(|it| &mut it.file_data)),
    with("loaders", &["--loader"], Some('l'), Slot::Texts(|it| &mut it.loaders)),
    with("plugins", &["--plugin"], Some('p'), Slot::Texts(|it| &mut it.plugins)),
    with("import_paths", &["--import-path"], None, Slot::Paths(Wanted::Folder, |it| &mut it.import_paths)),
    with("extensions", &["--extension"], Some('e'), Slot::Texts(|it| &mut it.extensions)),
    with("undefined", &["--undefined"], None, Slot::Undefined(|it| &mut it.undefined)),
    with("exec_pre", &["--exec-pre"], None, Slot::Texts(|it| &mut it.exec_pre)),
    with("exec_post", &["--exec-post"], None, Slot::Texts(|it| &mut it.exec_post)),
    with("clean", &["--clean"], Some('c'), Slot::Switch(|it| &mut it.clean)),
    with("force", &["--force"], Some('f'), Slot::Switch(|it| &mut it.force)),
    with("quiet", &["--quiet"], Some('q'), Slot::Switch(|it| &mut it.quiet)),
    with(
        "delimiter.block_start",
        &["--delimiter-block-start"],
        None,
        Slot::Text(|it| &mut it.delimiter.block_start),
    ),
    with(
        "delimiter.block_end",
        &["--delimiter-block-end"],
        None,
        Slot::Text(|it| &mut it.delimiter.block_end),
    ),
    with(
        "delimiter.variable_start",
        &["--delimiter-variable-start"],
        None,
        Slot::Text(|it| &mut it.delimiter.variable_start),
    ),
    with(
        "delimiter.variable_end",
        &["--delimiter-variable-end"],
        None,
        Slot::Text(|it| &mut it.delimiter.variable_end),
    ),
    with(
        "delimiter.comment_start",
        &["--delimiter-comment-start"],
        None,
        Slot::Text(|it| &mut it.delimiter.comment_start),
    ),
    with(
        "delimiter.comment_end",
        &["--delimiter-comment-end"],
        None,
        Slot::Text(|it| &mut it.delimiter.comment_end),
    ),
    with(
        "prefix.line_statement",
        &["--prefix-line-statement"],
        None,
        Slot::Optional(|it| &mut it.prefix.line_statement),
    ),
    with(
        "prefix.line_comment",
        &["--prefix-line-comment"],
        None,
        Slot::Optional(|it| &mut it.prefix.line_comment),
    ),
    switch(
        "whitespace.trim_blocks",
        &["--trim-blocks"],
        "--no-trim-blocks",
        Slot::Switch(|it| &mut it.whitespace.trim_blocks),
    ),
    switch(
        "whitespace.lstrip_blocks",
        &["--lstrip-blocks"],
        "--no-lstrip-blocks",
        Slot::Switch(|it| &mut it.whitespace.lstrip_blocks),
    ),
    with(
        "whitespace.newline_sequence",
        &["--newline-sequence"],
        None,
        Slot::Text(|it| &mut it.whitespace.newline_sequence),
    ),
    switch(
        "whitespace.keep_trailing_newline",
        &["--keep-trailing-newline"],
        "--strip-trailing-newline",
        Slot::Switch(|it| &mut it.whitespace.keep_trailing_newline),
    ),
    switch(
        "internal.optimized",
        &["--internal-optimized"],
        "--no-internal-optimized",
        Slot::Switch(|it| &mut it.internal.optimized),
    ),
    with(
        "internal.autoescape",
        &["--internal-autoescape"],
        None,
        Slot::Switch(|it| &mut it.internal.autoescape),
    ),
    with(
        "internal.cache_size",
        &["--internal-cache-size"],
        None,
        Slot::Number(|it| &mut it.internal.cache_size),
    ),
    switch(
        "internal.auto_reload",
        &["--internal-auto-reload"],
        "--no-internal-auto-reload",
        Slot::Switch(|it| &mut it.internal.auto_reload),
    ),
    with(
        "internal.enable_async",
        &["--internal-enable-async"],
        None,
        Slot::Switch(|it| &mut it.internal.enable_async),
    ),
];
