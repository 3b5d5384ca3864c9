//! How a template is written down: delimiters, white space, extensions.

use super::random::Random;
use crate::conformance::case::Options;

/// Delimiters of blocks, variables and comments.
type Delimiters = [(&'static str, &'static str); 3];

const DELIMITERS: &[Delimiters] = &[
    [("{%", "%}"), ("{{", "}}"), ("{#", "#}")],
    [("#%", "%#"), ("#{", "}#"), ("#|", "#|")],
    [("<%", "%>"), ("${", "}"), ("<%#", "%>")],
    [("[%", "%]"), ("[[", "]]"), ("[#", "#]")],
    [("<!--%", "%-->"), ("((", "))"), ("<!--#", "#-->")],
    [("\\BLOCK{", "}"), ("\\VAR{", "}"), ("\\#{", "}")],
    [("{%", "%}"), ("{%=", "%}"), ("{#", "#}")],
    [("@@", "@@"), ("@=", "=@"), ("@#", "#@")],
    [("<?", "?>"), ("<?=", "?>"), ("<!--", "-->")],
];

/// Statements that have a body, so that a colon may end their line.
const OPENING: &[&str] = &["if", "elif", "else", "for", "macro", "call", "filter", "block", "autoescape"];

/// A way to write templates down.
pub(super) struct Style {
    delimiters: Delimiters,
    line_statement: Option<&'static str>,
    /// How many tags of a hundred have a sign for white space.
    signs: usize,
    /// What the environment has to be told.
    pub(super) options: Options,
}

impl Style {
    /// A style; often Jinja2's own.
    pub(super) fn new(random: &mut Random) -> Style {
        let mut style = Style {
            delimiters: DELIMITERS[0],
            line_statement: None,
            signs: random.choose(&[0, 5, 30]),
            options: Options::default(),
        };
        if random.chance(30) {
            style.delimit(random.choose(DELIMITERS));
        }
        if random.chance(15) {
            style.write_lines(random);
        }
        style.treat_white_space(random);
        style.extend(random);
        style
    }

    /// A statement in its delimiters, or on a line of its own.
    pub(super) fn statement(&self, random: &mut Random, inner: &str) -> String {
        if let Some(prefix) = self.line_statement.filter(|_| random.chance(40)) {
            let (indent, colon) = (random.pick(&["", "", "  "]), random.pick(&["", "", ":"]));
            let opens = OPENING.iter().any(|it| inner.starts_with(it));
            let colon = if opens || random.chance(1) { colon } else { "" };
            return format!("\n{indent}{prefix} {inner}{colon}\n");
        }
        self.tag(random, self.delimiters[0], inner)
    }

    /// An expression in its delimiters.
    pub(super) fn print(&self, random: &mut Random, inner: &str) -> String {
        self.tag(random, self.delimiters[1], inner)
    }

    /// A comment in its delimiters.
    pub(super) fn comment(&self, random: &mut Random, inner: &str) -> String {
        self.tag(random, self.delimiters[2], inner)
    }

    /// A comment that ends with its line, now and then, if there are such comments.
    pub(super) fn line_comment(&self, random: &mut Random) -> Option<String> {
        let prefix = self.options.line_comment_prefix.as_ref().filter(|_| random.chance(15))?;
        Some(format!(
            "{}{prefix}{}\n",
            random.pick(&["\n", "\n  ", "a ", ""]),
            random.pick(&[" note", "", " {{ x }}", " it's"])
        ))
    }

    /// A statement that has to be written in delimiters.
    pub(super) fn block(&self, random: &mut Random, inner: &str) -> String {
        self.tag(random, self.delimiters[0], inner)
    }

    fn tag(&self, random: &mut Random, (start, end): (&str, &str), inner: &str) -> String {
        let mut sign = |choices: &[&'static str]| {
            if random.chance(self.signs) { random.pick(choices) } else { "" }
        };
        let (before, after) = (sign(&["-", "-", "+"]), sign(&["-", "-", "+"]));
        // `+` can end a statement, and nothing else.
        let after = if start == self.delimiters[0].0 || after == "-" { after } else { "" };
        let blank =
            if before.is_empty() && after.is_empty() { random.pick(&[" ", " ", " ", ""]) } else { " " };
        // A literal mapping or a sign must not grow together with a delimiter.
        let blank = if inner.starts_with(['{', '-', '+', '[', '(', '=', '%', '#'])
            || inner.ends_with(['}', ']', ')'])
        {
            " "
        } else {
            blank
        };
        format!("{start}{before}{blank}{inner}{blank}{after}{end}")
    }

    fn delimit(&mut self, delimiters: Delimiters) {
        self.delimiters = delimiters;
        let [block, variable, comment] = delimiters;
        let options = &mut self.options;
        (options.block_start, options.block_end) = (Some(block.0.into()), Some(block.1.into()));
        (options.variable_start, options.variable_end) = (Some(variable.0.into()), Some(variable.1.into()));
        (options.comment_start, options.comment_end) = (Some(comment.0.into()), Some(comment.1.into()));
    }

    fn write_lines(&mut self, random: &mut Random) {
        let (statement, comment) = random.choose(&[("#", "##"), ("%", "##"), ("%%", "//"), ("--", "---")]);
        self.line_statement = Some(statement);
        self.options.line_statement_prefix = Some(statement.into());
        self.options.line_comment_prefix = random.chance(70).then(|| comment.into());
    }

    fn treat_white_space(&mut self, random: &mut Random) {
        let mut flag = |percent| random.chance(percent).then(|| random.chance(85));
        self.options.trim_blocks = flag(40);
        self.options.lstrip_blocks = flag(40);
        self.options.keep_trailing_newline = flag(35);
        if random.chance(6) {
            self.options.newline_sequence = Some(random.pick(&["\r\n", "\r"]).to_owned());
        }
    }

    fn extend(&mut self, random: &mut Random) {
        let options = &mut self.options;
        if random.chance(45) {
            options.undefined =
                Some(random.pick(&["chainable", "chainable", "debug", "debug", "strict"]).to_owned());
        }
        options.autoescape = random.chance(20).then_some(true);
        options.ctx_as_globals = random.chance(15).then_some(true);
        for extension in ["do", "loopcontrols"] {
            if random.chance(50) {
                options.extensions.push(format!("jinja2.ext.{extension}"));
            }
        }
        if random.chance(12) {
            options.extensions.push("jinja2.ext.i18n".to_owned());
            options.i18n = Some("null".to_owned());
        }
    }

    /// Whether an extension is in use.
    pub(super) fn has(&self, extension: &str) -> bool {
        self.options.extensions.iter().any(|it| it.strip_prefix("jinja2.ext.") == Some(extension))
    }
}
