//! The tags that there are, and those that are open.

use crate::{Extensions, Span};

/// A statement that is being read.
pub(super) struct OpenTag<'s> {
    pub(super) name: &'s str,
    /// Its start, up to its name.
    pub(super) span: Span,
    /// The tags that may end what it holds; none for a statement without a body.
    pub(super) ends: &'static [&'static str],
}

/// The statements of Jinja2 and its extensions.
const TAGS: [&str; 20] = [
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
    "raw",
];

/// The extension that brings the statement `name`, if one does and it is not in use.
pub(super) fn missing_extension(name: &str, extensions: Extensions) -> Option<&'static str> {
    match name {
        "do" if !extensions.do_statement => Some("jinja2.ext.do"),
        "break" | "continue" if !extensions.loop_controls => Some("jinja2.ext.loopcontrols"),
        "trans" | "pluralize" | "endtrans" if !extensions.i18n => Some("jinja2.ext.i18n"),
        "debug" if !extensions.debug => Some("jinja2.ext.debug"),
        _ => None,
    }
}

/// The statements that may be used with `extensions`.
pub(super) fn usable(extensions: Extensions) -> impl Iterator<Item = &'static str> {
    TAGS.into_iter().filter(move |name| missing_extension(name, extensions).is_none())
}

/// The statement to which the tag `name` belongs without beginning it.
pub(super) fn belongs_to(name: &str) -> Option<&'static str> {
    match name {
        "elif" => Some("if"),
        "else" => Some("if` or `for"),
        "pluralize" => Some("trans"),
        _ => {
            let begun = name.strip_prefix("end")?;
            TAGS.into_iter().find(|&tag| tag == begun)
        }
    }
}
