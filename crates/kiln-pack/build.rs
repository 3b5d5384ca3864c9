//! Rebuilds this crate when an embedded file comes, goes or changes, and reads the files of the
//! built-in pack: a run would only read the same in them again.

#![allow(clippy::disallowed_methods, reason = "a build script reads and writes files; kiln does not")]

#[path = "src/kind.rs"]
mod kind;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use kiln_model::{Diagnostics, Sources};
use kiln_yaml::Resolution;

use kind::{Kind, kind};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../../templates");
    println!("cargo::rerun-if-changed=../../schemas");
    let trees = PathBuf::from(env::var("OUT_DIR")?).join("trees");
    if trees.exists() {
        fs::remove_dir_all(&trees)?;
    }
    fs::create_dir_all(&trees)?;
    for pack in fs::read_dir("../../templates")? {
        let pack = pack?;
        if pack.file_type()?.is_dir() {
            store(&pack.path(), "", &trees.join(pack.file_name()))?;
        }
    }
    Ok(())
}

/// Stores the trees of all files in the folder `below` a pack. A file that cannot be read is left
/// to kiln, which says what is wrong with it.
fn store(pack: &Path, below: &str, trees: &Path) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(pack.join(below))? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| "a name is not UTF-8")?;
        let below = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            store(pack, &below, trees)?;
        } else if let Some(kind) = kind(&below).filter(|kind| *kind != Kind::Text)
            && let Some(tree) = tree(kind, &fs::read_to_string(entry.path())?)
        {
            let path = trees.join(&below);
            fs::create_dir_all(path.parent().unwrap_or(trees))?;
            fs::write(path, tree)?;
        }
    }
    Ok(())
}

fn tree(kind: Kind, text: &str) -> Option<Vec<u8>> {
    let source = Sources::new().add("", text);
    let mut found = Diagnostics::new();
    let tree = match kind {
        Kind::Pack => kiln_yaml::toml::compose(source, text, &mut found),
        _ => kiln_yaml::compose(source, text, Resolution::Core, &mut found),
    };
    if found.iter().next().is_none() { kiln_yaml::to_stored(&tree.ok()?) } else { None }
}
