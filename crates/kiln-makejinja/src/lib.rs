//! Runs a makejinja project as makejinja 2.8 does.
//!
//! [`Config`] is what its command line, its `makejinja.toml` and its environment variables say.
//! A run goes through a [`Disk`], so that the same run writes to a file system or collects its
//! outputs in memory; commands go through a [`Shell`], and plugins come from [`Plugins`].
//!
//! It touches no file itself, starts no program and knows no Python.

mod config;

mod disk;

mod plugins;

pub use config::{Config, Delimiter, Internal, Prefix, Whitespace};
pub use disk::{Disk, DiskError, Entry, Kind, Shell};
pub use plugins::{Contribution, NoPlugins, PathFilter, Plugins, Project};
