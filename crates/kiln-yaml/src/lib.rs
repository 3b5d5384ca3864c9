//! Turns YAML, JSON and TOML text into located trees, and trees into YAML.

pub mod events;

mod syntax;
