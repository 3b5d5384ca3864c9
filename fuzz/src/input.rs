//! How an input is written: a line of settings, the template, further templates.

use kiln_jinja::python::UndefinedMode;
use kiln_jinja::syntax::{self, Options};
use kiln_jinja::{Limits, Settings};

/// What begins the line that names a further template.
const FURTHER: &str = "\n--- ";

/// An input, taken apart.
pub struct Input {
    /// The settings of its first line.
    pub settings: Settings,
    /// Whether it is for the engine of packs, which has settings of its own.
    pub is_pack: bool,
    /// The template.
    pub main: String,
    /// Further templates by name.
    pub others: Vec<(String, String)>,
}

impl Input {
    /// Reads an input; every sequence of bytes is one.
    pub fn read(bytes: &[u8]) -> Input {
        let text = String::from_utf8_lossy(bytes);
        let (first, rest) = text.split_once('\n').unwrap_or(("", &text));
        let mut input =
            Input { settings: settings(), is_pack: false, main: String::new(), others: Vec::new() };
        first.split(' ').for_each(|word| input.apply(word));
        let mut parts = rest.split(FURTHER);
        input.main = parts.next().unwrap_or_default().to_owned();
        // `main` is the name of the template itself.
        input.others = parts.map(named).filter(|(name, _)| name != "main").collect();
        input
    }

    /// One word of the first line; what is none has no effect.
    fn apply(&mut self, word: &str) {
        let settings = &mut self.settings;
        let Options { block, variable, comment, extensions, .. } = &mut settings.syntax;
        match word {
            "trim" => settings.syntax.trim_blocks = true,
            "lstrip" => settings.syntax.lstrip_blocks = true,
            "keep" => settings.syntax.keep_trailing_newline = true,
            "cr" => settings.syntax.newline_sequence = "\r".to_owned(),
            "crlf" => settings.syntax.newline_sequence = "\r\n".to_owned(),
            "plain" => *extensions = syntax::Extensions::default(),
            "trimmed" => settings.syntax.i18n_trimmed = true,
            "null" => settings.null_translations = true,
            "strict" => settings.undefined = UndefinedMode::Strict,
            "chainable" => settings.undefined = UndefinedMode::Chainable,
            "debug" => settings.undefined = UndefinedMode::Debug,
            "escape" => settings.autoescape = true,
            "nothing" => settings.prints_none = false,
            "pack" => self.is_pack = true,
            _ => {
                let (name, value) = word.split_once('=').unwrap_or_default();
                let place = match name {
                    "b" => &mut block.start,
                    "B" => &mut block.end,
                    "v" => &mut variable.start,
                    "V" => &mut variable.end,
                    "c" => &mut comment.start,
                    "C" => &mut comment.end,
                    "l" => settings.syntax.line_statement_prefix.insert(String::new()),
                    "L" => settings.syntax.line_comment_prefix.insert(String::new()),
                    _ => return,
                };
                value.clone_into(place);
            }
        }
    }
}

/// Every extension is in use, and little may be done.
fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.syntax.extensions =
        syntax::Extensions { do_statement: true, loop_controls: true, i18n: true, debug: true };
    settings.limits = Limits { steps: 100_000, output: 1 << 20, depth: Limits::default().depth };
    settings
}

fn named(part: &str) -> (String, String) {
    let (name, text) = part.split_once('\n').unwrap_or((part, ""));
    (name.to_owned(), text.to_owned())
}
