//! Reads packs and the layers over them.
//!
//! A pack is a folder of data that tells the engine what it needs to know of a cluster;
//! `docs/packs.md` describes it. This crate reads such a folder, lays a project's
//! `overrides/` and `versions.yaml` over it, entry by entry, and gives typed, located
//! data ([`Pack`]). The built-in pack and the published schemas are embedded here.
//!
//! It evaluates no expression and renders no template.

mod pack;

mod kind;

mod part;

mod layer;

mod merge;

mod read;

mod builtin;

mod findings;

pub use builtin::{builtin_pack, schema as builtin_schema};
pub use pack::{
    App, AppFile, AssertRule, DataFile, Derive, Edge, Expr, Function, Generate, Generator, Health,
    Kustomization, Level, OverrideFile, Pack, PodSecurity, SecretFile, SecretValue, Sops, Syntax, Template,
    Tool,
};
pub use part::Spread;
