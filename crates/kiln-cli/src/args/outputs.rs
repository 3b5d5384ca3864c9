//! The options of the commands that look after the output folder.

use std::path::PathBuf;

use clap::Args;

use super::{Common, Format};

#[derive(Debug, Args)]
pub(crate) struct Configure {
    #[command(flatten)]
    pub(crate) common: Common,

    /// Overwrite files that changed since kiln wrote them, or that it did not write
    ///
    /// With a path, that file alone; it can be given more than once. A file that was adopted is
    /// overwritten only if it is named.
    #[arg(long, value_name = "PATH", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) force: Option<Vec<String>>,

    /// Remove files that are no longer outputs without asking what the cluster deletes with them
    ///
    /// Where nobody can be asked it is needed the first time that something would be deleted;
    /// `kiln.lock` records that it was given.
    #[arg(long, conflicts_with = "no_prune")]
    pub(crate) prune: bool,

    /// Keep files that are no longer outputs
    #[arg(long)]
    pub(crate) no_prune: bool,

    /// Fail if another run writes to the same folder, instead of waiting for it
    #[arg(long)]
    pub(crate) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Adopt {
    /// The files, relative to the output folder
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<String>,

    #[command(flatten)]
    pub(crate) common: Common,

    /// Fail if another run writes to the same folder, instead of waiting for it
    #[arg(long)]
    pub(crate) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Reset {
    #[command(flatten)]
    pub(crate) place: Place,

    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,

    /// Fail if another run writes to the same folder, instead of waiting for it
    #[arg(long)]
    pub(crate) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Recover {
    #[command(flatten)]
    pub(crate) place: Place,

    /// Fail if another run writes to the same folder, instead of waiting for it
    #[arg(long)]
    pub(crate) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The folder with the cluster's data and key files
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) project: PathBuf,

    /// The folder that was written to; without it, `kiln.toml` says, else it is the project
    #[arg(long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

impl Place {
    /// The arguments of a run there.
    pub(crate) fn common(&self) -> Common {
        let (project, output) = (self.project.clone(), self.output.clone());
        Common { project, output, pack: None, compat: false, format: Format::Human }
    }
}
