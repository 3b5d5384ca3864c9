//! The help of the command.

/// What `--help` prints.
pub const HELP: &str = "\
Renders a folder of Jinja2 templates, as makejinja 2.8 does

Usage: kiln makejinja [OPTIONS]
       makejinja [OPTIONS]       where that name is a link to kiln

All of it may stand in `makejinja.toml` in the current folder, in the files that
`MAKEJINJA_SETTINGS` names, or in environment variables such as
`MAKEJINJA_OUTPUT`; options come first. A file's relative paths begin at its
folder. An option with `...` may be given more than once.

Inputs and outputs:
  -i, --input PATH...             A folder of templates, or one template
  -o, --output PATH               The folder, or the file, to write; needed
  -I, --include-pattern GLOB...   What to look for below the input folders
                                  [default: **/*]; also `--include`
  -E, --exclude-pattern GLOB...   What to pass over of that; also `--exclude`
      --jinja-suffix SUFFIX       The suffix of templates [default: .jinja]; other
                                  files are copied. If empty, all are templates
      --keep-jinja-suffix         Keep that suffix in the names of outputs
      --keep-empty                Keep files and folders that end up empty
  -m, --copy-metadata             Give outputs the modes and times of their inputs

Data and Jinja2:
  -d, --data PATH...              Data for all templates: a YAML, TOML or JSON file,
                                  or a folder of such
  -D, --data-var KEY=VALUE...     A value over those of the files; `a.b=c` goes into `a`
      --file-data TEMPLATE=PATH[:PATH]...
                                  Data for one template
  -p, --plugin NAME...            A class with functions, filters and the like:
                                  `module.Class` or `module:Class`
      --import-path DIR...        Where plugins are looked for [default: .]
  -e, --extension NAME...         An extension of Jinja2, such as `jinja2.ext.do`
      --undefined MODE            What undefined values do: default, chainable, debug
                                  or strict [default: default]

White space:
      --trim-blocks, --no-trim-blocks
                                  Drop the line break after a statement [default: yes]
      --lstrip-blocks, --no-lstrip-blocks
                                  Drop blanks before a statement [default: yes]
      --keep-trailing-newline, --strip-trailing-newline
                                  Keep the last line break [default: yes]
      --newline-sequence TEXT     What line breaks become [default: a line feed]

Delimiters:
      --delimiter-block-start, --delimiter-block-end TEXT
      --delimiter-variable-start, --delimiter-variable-end TEXT
      --delimiter-comment-start, --delimiter-comment-end TEXT
      --prefix-line-statement, --prefix-line-comment TEXT

Commands:
      --exec-pre COMMAND...       Shell commands to run before anything else
      --exec-post COMMAND...      Shell commands to run at the end

Options:
  -c, --clean                     Remove the output folder first
  -f, --force                     Overwrite files that are there
  -q, --quiet                     Say nothing about what is done
  -v, --version                   Print the version
  -h, --help                      Print this help

Exit codes:
  0  done
  1  something is wrong with settings, data, templates or files
  2  wrong usage, or a path that is named is not there

Examples:
  Render a folder with data from a file:
    kiln makejinja --input templates --output out --data config.yaml
  Do what makejinja.toml in this folder says, over what is there:
    kiln makejinja --force
  Render one file to the terminal:
    kiln makejinja --input motd.jinja --output /dev/stdout --data-var host=web1
";
