//! Runs a makejinja project as makejinja 2.8 does.
//!
//! [`ask`] reads the settings: `makejinja.toml`, environment variables, the command line.
//! [`run`] does what they say. It goes through a [`Disk`], so that the same run writes to a file
//! system or collects its outputs in memory; its commands go through a [`Shell`], and plugins
//! come from [`Plugins`].
//!
//! It touches no file itself, starts no program and knows no Python.

mod clean;

mod config;

mod data;

mod disk;

mod environ;

mod findings;

mod fnmatch;

mod functions;

mod glob;

mod jinja;

mod outputs;

mod overlay;

mod paths;

mod plugins;

mod run;

mod settings;

pub use config::{Config, Delimiter, Internal, Prefix, Whitespace};
pub use data::data_files;
pub use disk::{Disk, DiskError, Entry, Kind, Origin, Shell};
pub use functions::{FunctionSet, Replaced, Replacements};
pub use overlay::{Output, Overlay};
pub use plugins::{Contribution, NoPlugins, PathFilter, Plugins, Project};
pub use run::{World, run};
pub use settings::{Asked, CONFIG_FILE, HELP, Refused, Settings, ask};
