//! The settings of a run.

use std::path::PathBuf;

use kiln_jinja::python::UndefinedMode;

/// The settings of a run, under makejinja's own names, with its defaults in [`Config::new`].
///
/// All paths are absolute and free of symbolic links.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Folders and files with templates.
    pub inputs: Vec<PathBuf>,
    /// The folder or file that is written.
    pub output: PathBuf,
    /// Glob patterns of what is looked for below the input folders.
    pub include_patterns: Vec<String>,
    /// Patterns of what is left out, as `Path.match` reads them.
    pub exclude_patterns: Vec<String>,
    /// The suffix of templates; all files are templates if it is none or empty.
    pub jinja_suffix: Option<String>,
    /// Whether outputs keep the suffix of templates.
    pub keep_jinja_suffix: bool,
    /// Whether empty files and folders are kept.
    pub keep_empty: bool,
    /// Whether outputs get mode and times of their inputs.
    pub copy_metadata: bool,
    /// Files and folders with data for all templates.
    pub data: Vec<PathBuf>,
    /// Data by dotted key, over that of the files.
    pub data_vars: Vec<(String, String)>,
    /// Data files of single templates, by template name.
    pub file_data: Vec<(String, Vec<PathBuf>)>,
    /// Import paths of plugins; deprecated in favour of `plugins`, after which they are loaded.
    pub loaders: Vec<String>,
    /// Import paths of plugins.
    pub plugins: Vec<String>,
    /// Folders that plugins are imported from.
    pub import_paths: Vec<PathBuf>,
    /// Import paths of extensions of Jinja2.
    pub extensions: Vec<String>,
    /// What may be done with undefined values.
    pub undefined: UndefinedMode,
    /// Shell commands to run before anything else.
    pub exec_pre: Vec<String>,
    /// Shell commands to run at the end.
    pub exec_post: Vec<String>,
    /// Whether the output folder is removed first.
    pub clean: bool,
    /// Whether files that are there are overwritten.
    pub force: bool,
    /// Whether nothing is said about the run.
    pub quiet: bool,
    /// How templates mark statements, expressions and comments.
    pub delimiter: Delimiter,
    /// What begins line statements and line comments.
    pub prefix: Prefix,
    /// White space around statements, and line breaks.
    pub whitespace: Whitespace,
    /// What Jinja2 does inside.
    pub internal: Internal,
}

/// How templates mark statements, expressions and comments.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says, as in Jinja2")]
pub struct Delimiter {
    pub block_start: String,
    pub block_end: String,
    pub variable_start: String,
    pub variable_end: String,
    pub comment_start: String,
    pub comment_end: String,
}

/// What begins line statements and line comments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefix {
    /// What begins a line that is a statement.
    pub line_statement: Option<String>,
    /// What begins a comment that ends with its line.
    pub line_comment: Option<String>,
}

/// White space around statements, and line breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whitespace {
    /// Whether the line break after a statement goes.
    pub trim_blocks: bool,
    /// Whether blanks between the start of a line and a statement go.
    pub lstrip_blocks: bool,
    /// What line breaks of a template become.
    pub newline_sequence: String,
    /// Whether one line break at the end of a template stays.
    pub keep_trailing_newline: bool,
}

/// What Jinja2 does inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Internal {
    /// Whether constants are worked out beforehand; makes no difference to the outputs.
    pub optimized: bool,
    /// Whether printed values are escaped for HTML.
    pub autoescape: bool,
    /// How many templates are kept compiled: all if negative, none if zero.
    pub cache_size: i64,
    /// Whether templates that changed are loaded again.
    pub auto_reload: bool,
    /// Whether templates may be awaited.
    pub enable_async: bool,
}

impl Config {
    /// The defaults, for a project in the folder `cwd` whose templates in `inputs` become
    /// `output`.
    pub fn new(cwd: PathBuf, inputs: Vec<PathBuf>, output: PathBuf) -> Config {
        Config {
            inputs,
            output,
            include_patterns: vec!["**/*".to_owned()],
            exclude_patterns: Vec::new(),
            jinja_suffix: Some(".jinja".to_owned()),
            keep_jinja_suffix: false,
            keep_empty: false,
            copy_metadata: false,
            data: Vec::new(),
            data_vars: Vec::new(),
            file_data: Vec::new(),
            loaders: Vec::new(),
            plugins: Vec::new(),
            import_paths: vec![cwd],
            extensions: Vec::new(),
            undefined: UndefinedMode::Default,
            exec_pre: Vec::new(),
            exec_post: Vec::new(),
            clean: false,
            force: false,
            quiet: false,
            delimiter: Delimiter::default(),
            prefix: Prefix::default(),
            whitespace: Whitespace::default(),
            internal: Internal::default(),
        }
    }
}

impl Default for Delimiter {
    fn default() -> Delimiter {
        Delimiter {
            block_start: "{%".to_owned(),
            block_end: "%}".to_owned(),
            variable_start: "{{".to_owned(),
            variable_end: "}}".to_owned(),
            comment_start: "{#".to_owned(),
            comment_end: "#}".to_owned(),
        }
    }
}

impl Default for Whitespace {
    fn default() -> Whitespace {
        Whitespace {
            trim_blocks: true,
            lstrip_blocks: true,
            newline_sequence: "\n".to_owned(),
            keep_trailing_newline: true,
        }
    }
}

impl Default for Internal {
    fn default() -> Internal {
        Internal {
            optimized: true,
            autoescape: false,
            cache_size: 0,
            auto_reload: false,
            enable_async: false,
        }
    }
}
