//! How a template is written: delimiters, white space, extensions.

/// A start and an end delimiter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    /// What opens.
    pub start: String,
    /// What closes.
    pub end: String,
}

impl Pair {
    /// A pair of delimiters.
    pub fn new(start: impl Into<String>, end: impl Into<String>) -> Pair {
        Pair { start: start.into(), end: end.into() }
    }
}

/// The extensions of Jinja2 that add statements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Extensions {
    /// `{% do … %}`.
    pub do_statement: bool,
    /// `{% break %}` and `{% continue %}`.
    pub loop_controls: bool,
    /// `{% trans %}`.
    pub i18n: bool,
    /// `{% debug %}`.
    pub debug: bool,
}

/// How a template is written; the default is Jinja2's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Around statements: `{%` and `%}`.
    pub block: Pair,
    /// Around expressions: `{{` and `}}`.
    pub variable: Pair,
    /// Around comments: `{#` and `#}`; start and end may be equal.
    pub comment: Pair,
    /// What begins a line that is a statement.
    pub line_statement_prefix: Option<String>,
    /// What begins a comment that ends with its line.
    pub line_comment_prefix: Option<String>,
    /// Whether the line break after a statement or comment goes.
    pub trim_blocks: bool,
    /// Whether blanks between the start of a line and a statement or comment go.
    pub lstrip_blocks: bool,
    /// What line breaks of the template become: `\n`, `\r\n` or `\r`.
    pub newline_sequence: String,
    /// Whether one line break at the end of the template stays.
    pub keep_trailing_newline: bool,
    /// The extensions in use.
    pub extensions: Extensions,
    /// `ext.i18n.trimmed`: whether every `trans` block is trimmed.
    pub i18n_trimmed: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            block: Pair::new("{%", "%}"),
            variable: Pair::new("{{", "}}"),
            comment: Pair::new("{#", "#}"),
            line_statement_prefix: None,
            line_comment_prefix: None,
            trim_blocks: false,
            lstrip_blocks: false,
            newline_sequence: "\n".to_owned(),
            keep_trailing_newline: false,
            extensions: Extensions::default(),
            i18n_trimmed: false,
        }
    }
}

impl Options {
    /// Whether statements, expressions and comments begin differently, and begin and end with
    /// something.
    pub fn can_be_told_apart(&self) -> bool {
        let pairs = [&self.block, &self.variable, &self.comment];
        let starts: Vec<&str> = pairs.iter().map(|pair| pair.start.as_str()).collect();
        let is_empty = pairs.iter().any(|pair| pair.start.is_empty() || pair.end.is_empty());
        !is_empty && starts[0] != starts[1] && starts[1] != starts[2] && starts[0] != starts[2]
    }
}
