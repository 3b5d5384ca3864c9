//! The command line of `kiln secrets`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Format, examples};

#[derive(Debug, Args)]
pub(crate) struct Secrets {
    #[command(subcommand)]
    pub(crate) command: SecretsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretsCommand {
    /// Looks whether every file that should be encrypted is, and as its creation rule says
    ///
    /// That is each `*.sops.*` of the repository and each file that a rule with a `path_regex`
    /// covers; not what git ignores, and no template. Without a private key, structure and
    /// recipients are looked at, and no value.
    #[command(after_long_help = examples(&[
        ("Look at the whole repository", "kiln secrets verify"),
        ("Look at one folder", "kiln secrets verify kubernetes/apps"),
        ("Look at what is about to be committed", "kiln secrets verify --staged"),
        ("Annotate a pull request on GitHub", "kiln secrets verify --format github"),
    ]))]
    Verify(VerifySecrets),

    /// Gives every encrypted file to a new key or to other recipients, or none of them
    ///
    /// Without an option, every file gets the recipients of its creation rule. Everything is
    /// opened first; if one file cannot be opened, none changes.
    #[command(after_long_help = examples(&[
        ("See what a new key would change", "kiln secrets rotate --new-key --dry-run"),
        ("Make a new key; the old one goes on opening the files", "kiln secrets rotate --new-key --keep-old"),
        ("Let exactly these keys open the files", "kiln secrets rotate --to age1one,age1two"),
        ("Give every file the recipients of its rule", "kiln secrets rotate --yes"),
    ]))]
    Rotate(RotateSecrets),

    /// Prints a file decrypted, for `git diff`
    ///
    /// A file that cannot be decrypted is printed as it is, with the reason above it.
    #[command(after_long_help = examples(&[
        ("What git runs", "kiln secrets textconv secrets.sops.yaml"),
    ]))]
    Textconv {
        /// The file
        file: PathBuf,
    },

    /// Merges two versions of an encrypted file, for `git merge`
    ///
    /// All versions are decrypted and verified first. Maps are merged key by key, and lists of one
    /// length item by item. Where both sides changed a value, ours stays, the place is printed, and
    /// the exit code is 1.
    #[command(after_long_help = examples(&[
        ("What git runs", "kiln secrets merge base ours theirs secrets.sops.yaml"),
    ]))]
    Merge(MergeSecrets),

    /// Lets git show and merge encrypted files by what they say
    ///
    /// It adds a line to `.gitattributes` and two drivers to the settings of git. What is there
    /// stays.
    #[command(after_long_help = examples(&[
        ("In this repository", "kiln secrets install-git"),
        ("Refuse commits with secrets in plain text, too", "kiln secrets install-git --hook"),
        ("In every repository of yours", "kiln secrets install-git --global"),
    ]))]
    InstallGit(InstallGit),
}

#[derive(Debug, Args)]
pub(crate) struct VerifySecrets {
    /// The files and folders to look at; without any, the whole repository
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Look at what git is about to commit, instead of the files
    #[arg(long, conflicts_with = "paths")]
    pub(crate) staged: bool,

    /// How to say what was found
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct RotateSecrets {
    /// Encrypt to exactly these public keys, in the creation rules too
    #[arg(long, value_name = "RECIPIENT", value_delimiter = ',', conflicts_with = "new_key")]
    pub(crate) to: Vec<String>,

    /// Make a new age key in the place of the project's
    #[arg(long)]
    pub(crate) new_key: bool,

    /// Make a post-quantum key
    #[arg(long, requires = "new_key")]
    pub(crate) post_quantum: bool,

    /// Let the old key go on opening the files, until `--to` names the new one alone
    #[arg(long, requires = "new_key")]
    pub(crate) keep_old: bool,

    /// Only say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,

    /// The folder with the creation rules and the key file
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct MergeSecrets {
    /// The version that both sides come from (%O); it is empty if there was none
    pub(crate) base: PathBuf,

    /// Our version (%A), in whose place the outcome is written
    pub(crate) ours: PathBuf,

    /// Their version (%B)
    pub(crate) theirs: PathBuf,

    /// The path of the file in the repository (%P)
    pub(crate) path: PathBuf,

    /// The length of conflict markers (%L), for files that are not encrypted
    #[arg(default_value_t = 7)]
    pub(crate) marker: u32,
}

#[derive(Debug, Args)]
pub(crate) struct InstallGit {
    /// Install it for every repository of the user
    #[arg(long)]
    pub(crate) global: bool,

    /// Add a hook that looks at secrets before each commit, if there is none
    #[arg(long, conflicts_with = "global")]
    pub(crate) hook: bool,
}
