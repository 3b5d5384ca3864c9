//! The command line.

mod outputs;

mod secrets;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use self::outputs::{Adopt, Configure, Place, Recover, Reset, Status};
pub(crate) use self::secrets::{
    InstallGit, MergeSecrets, RotateSecrets, Secrets, SecretsCommand, VerifySecrets,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the project has errors
  2  wrong usage, or the world failed
  3  refused, because something would be lost: files in the way, objects of the cluster, a key
  4  `diff --exit-code` found changes";

/// Renders a GitOps cluster repository from its configuration.
#[derive(Debug, Parser)]
#[command(
    name = "kiln",
    version,
    after_help = EXIT_CODES,
    after_long_help = format!("{}\n\n{EXIT_CODES}", examples(&[
        ("Begin a project in this folder", "kiln init"),
        ("Check the project in this folder", "kiln validate"),
        ("Write the cluster's files", "kiln configure"),
        ("See what would change", "kiln diff"),
    ])),
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lays out a new project: data files to fill in, keys, and what keeps them out of git
    ///
    /// Only files that are missing are made; what is there is never touched.
    #[command(after_long_help = examples(&[
        ("In this folder", "kiln init"),
        ("In a folder of its own", "kiln init my-cluster"),
    ]))]
    Init(Init),

    /// Looks for what is easily forgotten, and says how to mend it
    ///
    /// Missing files, keys that do not fit or that others can read, secrets in git, and
    /// programs that later steps need.
    #[command(after_long_help = examples(&[
        ("Look at the project in this folder", "kiln doctor"),
        ("Look at another one", "kiln doctor --project my-cluster"),
    ]))]
    Doctor(Doctor),

    /// Says what a code such as `check.node-is-api` means, why it matters, and how to fix it
    ///
    /// Without a code it lists all: kiln's own, and the rules of the project's pack with its
    /// overrides.
    #[command(after_long_help = examples(&[
        ("Read about a finding", "kiln explain validate.unknown-key"),
        ("Look for a code", "kiln explain | grep key"),
    ]))]
    Explain(Explain),

    /// Says what made a file and what it depends on, or what depends on a key
    ///
    /// It is measured: the project is rendered, and kiln notes what is looked up on the way. As long
    /// as no key that it names changes, the file stays as it is.
    #[command(after_long_help = examples(&[
        ("See where a file comes from", "kiln why kubernetes/apps/kustomization.yaml"),
        ("See what a key is good for", "kiln why --key node_cidr"),
    ]))]
    Why(Why),

    /// Prints the JSON Schema of a file, for editors
    #[command(after_long_help = examples(&[
        ("Print the schema of cluster.yaml", "kiln schema cluster"),
        ("Bring the project's copy up to date", "kiln schema cluster --write"),
    ]))]
    Schema(Schema),

    /// Renders, encrypts and writes the cluster's files
    ///
    /// Nothing is written while the project has an error. Only files that change are
    /// written, and a file that you changed since the last run is not overwritten. Files that
    /// kiln wrote and that are no longer outputs are removed.
    #[command(after_long_help = examples(&[
        ("Write into the project's own folder", "kiln configure"),
        ("Read one folder, write into another",
         "kiln configure --project examples/homelab --output target/homelab"),
        ("Use a pack from disk", "kiln configure --pack ../my-pack"),
        ("Overwrite one file that was changed by hand",
         "kiln configure --force=kubernetes/apps/kustomization.yaml"),
        ("Remove in a workflow what belongs to an app that is gone", "kiln configure --prune"),
    ]))]
    Configure(Configure),

    /// Does all that `configure` does, except writing
    #[command(after_long_help = examples(&[
        ("Check the project in this folder", "kiln validate"),
        ("Annotate a pull request on GitHub", "kiln validate --format github"),
        ("Write a report for code scanning", "kiln validate --format sarif > kiln.sarif"),
        ("Mend what can be mended in one way alone", "kiln validate --fix"),
    ]))]
    Validate(Validate),

    /// Shows what `configure` would change
    ///
    /// Of an encrypted file the values are compared one by one, and those that are encrypted are
    /// not shown. On a terminal a long difference goes through a pager: `KILN_PAGER`, `PAGER` or
    /// `less`.
    #[command(after_long_help = examples(&[
        ("See what would change", "kiln diff"),
        ("Fail where the files are not up to date", "kiln diff --exit-code"),
        ("See which values of secrets would change, and how", "kiln diff --show-secrets"),
    ]))]
    Diff(Diff),

    /// Does what `configure` does, again whenever data, templates or keys change
    ///
    /// Only what changes is told. Errors are told, too, and the next change is waited for; Ctrl-C
    /// ends it.
    #[command(after_long_help = examples(&[
        ("Keep the files of this folder up to date", "kiln watch"),
        ("Work on a pack", "kiln watch --pack ../my-pack --output target/try"),
    ]))]
    Watch(Configure),

    /// Says how each output stands: clean, edited, stale, missing and so on
    #[command(after_long_help = examples(&[
        ("See what is not as kiln writes it", "kiln status"),
        ("List every file with its template", "kiln status --format json"),
    ]))]
    Status(Status),

    /// Records outputs as yours: `configure` leaves them as they are from now on
    ///
    /// `kiln configure --force=PATH` takes one back.
    #[command(after_long_help = examples(&[
        ("Keep your version of a file", "kiln adopt kubernetes/apps/kustomization.yaml"),
    ]))]
    Adopt(Adopt),

    /// Removes what kiln wrote, and nothing else
    ///
    /// Files that you changed since or that you adopted stay. It shows what goes, and asks.
    #[command(after_long_help = examples(&[
        ("Remove the outputs of the project in this folder", "kiln reset"),
        ("Do it without being asked", "kiln reset --yes"),
    ]))]
    Reset(Reset),

    /// Finishes what a run was cut short in, and does nothing else
    ///
    /// Every command that writes does so first; this is for those who want to see it done by itself.
    #[command(after_long_help = examples(&[
        ("Finish what was begun in this folder", "kiln recover"),
    ]))]
    Recover(Recover),

    /// Renders a folder of Jinja2 templates, as makejinja 2.8 does
    ///
    /// It takes makejinja's options and its makejinja.toml; `kiln makejinja --help` lists them.
    /// A link to kiln by the name of makejinja does the same.
    #[command(disable_help_flag = true, after_long_help = examples(&[
        ("Render a folder with data from a file",
         "kiln makejinja --input templates --output out --data config.yaml"),
        ("Do what makejinja.toml says, over what is there", "kiln makejinja --force"),
    ]))]
    Makejinja(Makejinja),

    /// Encrypts, decrypts and edits files with age keys, as sops 3.13 does
    ///
    /// It takes the commands and options of sops; `kiln sops --help` lists them. A link to kiln by
    /// the name of sops does the same.
    #[command(disable_help_flag = true, after_long_help = examples(&[
        ("Edit a file, or begin a new one", "kiln sops edit secrets.sops.yaml"),
        ("Print what is in a file", "kiln sops decrypt secrets.sops.yaml"),
    ]))]
    Sops(Sops),

    /// Looks after the encrypted files of a repository
    #[command(after_long_help = examples(&[
        ("Look whether all are encrypted as they should be", "kiln secrets verify"),
        ("Make a new key for them", "kiln secrets rotate --new-key"),
        ("Let git show and merge them", "kiln secrets install-git"),
    ]))]
    Secrets(Secrets),

    /// Lets a project run its own code when it is only looked at
    ///
    /// A makejinja project may have Python plugins and shell commands. `configure` and `makejinja`
    /// run them; `validate`, `diff` and editors do so only if you trust the project. What you trust
    /// is recorded in your home folder, not in the project.
    #[command(after_long_help = examples(&[
        ("Trust the project in this folder", "kiln trust"),
        ("Trust it no more", "kiln trust --remove"),
        ("See what is trusted", "kiln trust --list"),
    ]))]
    Trust(Trust),

    /// Looks at a project of makejinja, and translates what can be
    ///
    /// It says what it found, makes kiln.toml and the beginning of a pack, and lists what needs a
    /// hand. Nothing that is there is touched, and no output changes.
    #[command(after_long_help = examples(&[
        ("See what it would do", "kiln migrate --check"),
        ("Do it in another folder", "kiln migrate --project my-cluster"),
    ]))]
    Migrate(Migrate),

    /// Prints a script that completes kiln's commands in a shell
    #[command(after_long_help = examples(&[
        ("In bash", "source <(kiln completions bash)"),
        ("In fish", "kiln completions fish > ~/.config/fish/completions/kiln.fish"),
    ]))]
    Completions {
        /// The shell
        shell: Shell,
    },

    /// Prints the manual page of kiln or of one command
    #[command(after_long_help = examples(&[
        ("Read the page of a command", "kiln man configure | man -l -"),
        ("Read the page of a command of a command", "kiln man secrets verify | man -l -"),
        ("Install the page", "kiln man > ~/.local/share/man/man1/kiln.1"),
    ]))]
    Man {
        /// The command; kiln itself if there is none
        command: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Trust {
    /// The folder of the project
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,

    /// Trust it no more
    #[arg(long)]
    pub(crate) remove: bool,

    /// Print the folders that are trusted
    #[arg(long, conflicts_with_all = ["remove", "project"])]
    pub(crate) list: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) common: Common,

    /// Write what findings with a certain remedy ask for into the data files, then look again
    ///
    /// Comments, layout and quotes stay as they are. Encrypted files are not touched, and nothing
    /// is in a makejinja project, which has no rules.
    #[arg(long)]
    pub(crate) fix: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    #[command(flatten)]
    pub(crate) common: Common,

    /// End with exit code 4 if anything would change
    #[arg(long)]
    pub(crate) exit_code: bool,

    /// Show encrypted values as they are; on a terminal alone
    #[arg(long)]
    pub(crate) show_secrets: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder of the project; it is made if it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,

    /// How to say what was done
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// The folder with the cluster's data and key files
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,

    /// How to say what was found
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code, as it stands in brackets after `error`, `warning` or `info`
    pub(crate) code: Option<String>,

    /// The folder of the project, whose pack may have rules of its own
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,

    /// How to say it
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: PageFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The file, as it is called in the output folder
    #[arg(required_unless_present = "key", conflicts_with = "key")]
    pub(crate) path: Option<String>,

    /// Say what depends on this key or computed value instead
    #[arg(long)]
    pub(crate) key: Option<String>,

    /// The folder with the cluster's data and key files
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,

    /// The folder with the outputs; without it, `kiln.toml` says, else it is the project
    #[arg(long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    /// A pack to use instead of the one that `kiln.toml` names or the built-in one
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: Option<PathBuf>,

    /// How to say it
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: PageFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Makejinja {
    /// The options of makejinja
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    pub(crate) arguments: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct Sops {
    /// The commands and options of sops
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    pub(crate) arguments: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// The folder with the makejinja.toml
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,

    /// Only say what would be made
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The schema: cluster, nodes, kiln, pack, apps, derive, checks or versions; report, explain,
    /// status or why for what `--format json` prints
    pub(crate) name: String,

    /// The folder of the project, whose pack may have a schema of its own
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,

    /// Write the schema to where the project's data files look for it, instead of printing it
    #[arg(long)]
    pub(crate) write: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The folder with the cluster's data and key files
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,

    /// The folder to write to; without it, `kiln.toml` says, else it is the project
    #[arg(long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    /// A pack to use instead of the one that `kiln.toml` names or the built-in one
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: Option<PathBuf>,

    /// Take errors of rules that older templates did not have as warnings
    ///
    /// Some rules of a pack are errors although a cluster may have run for long without keeping
    /// them; they say `compat: true`. With this option they are warnings, so that a project that
    /// comes from elsewhere can be rendered first and mended later.
    #[arg(long)]
    pub(crate) compat: bool,

    /// How to say what was found
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// Annotations in a GitHub workflow
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// For people
    Human,
    /// One JSON object
    Json,
}

fn examples(all: &[(&str, &str)]) -> String {
    let lines = all.iter().map(|(what, command)| format!("\n  {what}:\n    {command}"));
    format!("Examples:{}", lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    /// The commands, and the commands of the commands.
    fn all_commands(root: &clap::Command) -> impl Iterator<Item = &clap::Command> {
        root.get_subcommands().chain(root.get_subcommands().flat_map(clap::Command::get_subcommands))
    }

    #[test]
    fn every_command_has_examples() {
        let root = Cli::command();
        for command in all_commands(&root) {
            let help = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with("Examples:"), "{}", command.get_name());
        }
    }

    #[test]
    fn every_example_is_a_command_that_parses() {
        let root = Cli::command();
        let helps = all_commands(&root).chain([&root]).filter_map(|it| it.get_after_long_help());
        let text: String = helps.map(|help| help.to_string()).collect::<Vec<_>>().join("\n");
        let examples: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("    kiln ")).collect();
        assert!(examples.len() > 8);
        for example in examples {
            let command = example.split(['|', '>']).next().unwrap_or_default();
            let parsed = Cli::try_parse_from(std::iter::once("kiln").chain(command.split_whitespace()));
            assert!(parsed.is_ok(), "{example}");
        }
    }
}
