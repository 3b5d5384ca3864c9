//! The tags that there are, and those that are open.

use crate::{Extensions, Span};

/// A statement that is being read.
pub(super) struct OpenTag<'s> {
    pub(super) name: &'s str,
    /// Its start, up to its name.
    pub(super) span: Span,
    /// The tags that may end what it holds, the one that closes it last; none for a statement
    /// that holds nothing.
    pub(super) ends: &'static [&'static str],
}

impl OpenTag<'_> {
    /// The tag that closes it.
    pub(super) fn closed_by(&self) -> &'static str {
        self.ends.last().copied().unwrap_or_default()
    }
}

/// The statements of Jinja2 and its extensions.
const STATEMENTS: [&str; 19] = [
    "autoescape",
    "block",
    "break",
    "call",
    "continue",
    "debug",
    "do",
    "extends",
    "filter",
    "for",
    "from",
    "if",
    "import",
    "include",
    "macro",
    "print",
    "set",
    "trans",
    "with",
];

/// The extension that brings the tag `name`, if one does and it is not in use.
pub(super) fn missing_extension(name: &str, extensions: Extensions) -> Option<&'static str> {
    match name {
        "do" if !extensions.do_statement => Some("jinja2.ext.do"),
        "break" | "continue" if !extensions.loop_controls => Some("jinja2.ext.loopcontrols"),
        "trans" | "pluralize" | "endtrans" if !extensions.i18n => Some("jinja2.ext.i18n"),
        "debug" if !extensions.debug => Some("jinja2.ext.debug"),
        _ => None,
    }
}

/// Whether `name` is a statement that may be used with `extensions`.
pub(super) fn is_usable(name: &str, extensions: Extensions) -> bool {
    STATEMENTS.contains(&name) && missing_extension(name, extensions).is_none()
}

/// The statements that may be used with `extensions`.
pub(super) fn usable(extensions: Extensions) -> impl Iterator<Item = &'static str> {
    STATEMENTS.into_iter().filter(move |name| missing_extension(name, extensions).is_none())
}

/// The statements to which the tag `name` may belong without beginning them.
pub(super) fn owners(name: &str) -> &'static [&'static str] {
    const RAW: &[&str] = &["raw"];
    match name {
        "elif" => &["if"],
        "else" => &["if", "for"],
        "pluralize" => &["trans"],
        "endraw" => RAW,
        _ => match name.strip_prefix("end").and_then(|begun| STATEMENTS.iter().position(|&tag| tag == begun))
        {
            Some(index) => &STATEMENTS[index..=index],
            None => &[],
        },
    }
}

/// How Jinja2 says what another template language calls `name`.
pub(super) fn elsewhere(name: &str) -> Option<&'static str> {
    match name {
        "assign" | "let" | "capture" => Some("`set`"),
        "unless" => Some("`if not`"),
        "foreach" | "each" => Some("`for`"),
        "elseif" | "elsif" => Some("`elif`"),
        "verbatim" => Some("`raw`"),
        "function" | "def" => Some("`macro`"),
        "switch" | "case" => Some("`if` and `elif`"),
        _ => None,
    }
}
