//! What a file of a layer is, by its path. The build script asks, too.

/// What a file is to a layer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `pack.toml`.
    Pack,
    /// `versions.yaml`.
    Versions,
    /// Computed values.
    Derive,
    /// Rules.
    Checks,
    /// An app.
    App,
    /// A template, macros or a schema, which is not parsed here.
    Text,
}

/// What the file at a path below a layer is to it; `None` if it means nothing.
pub(crate) fn kind(below: &str) -> Option<Kind> {
    let (folder, name) = below.split_once('/').unwrap_or(("", below));
    let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    Some(match (folder, name) {
        ("", "pack.toml") => Kind::Pack,
        ("", "versions.yaml") => Kind::Versions,
        ("derive", _) if is_yaml => Kind::Derive,
        ("checks", _) if is_yaml => Kind::Checks,
        ("apps", _) if is_yaml => Kind::App,
        ("templates" | "macros" | "schemas", _) => Kind::Text,
        _ => return None,
    })
}
