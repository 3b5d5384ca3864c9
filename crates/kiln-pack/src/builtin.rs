//! The embedded pack and schemas.

use std::collections::BTreeMap;

use include_dir::{Dir, DirEntry, File, include_dir};
use kiln_model::{FileError, Files};
use zeroize::Zeroizing;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../templates");
/// What the build script made of files of `templates/`.
static TREES: Dir<'_> = include_dir!("$OUT_DIR/trees");
static SCHEMAS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../schemas");

/// The files of the built-in pack: the one folder of `templates/` that has apps.
pub fn builtin_pack() -> impl Files {
    builtin_files()
}

/// As [`builtin_pack`], with what is known of the files beforehand.
pub(crate) fn builtin_files() -> BuiltinFiles {
    let has_apps = |folder: &&Dir<'_>| TEMPLATES.get_dir(folder.path().join("apps")).is_some();
    let root = TEMPLATES.dirs().find(has_apps).unwrap_or(&TEMPLATES);
    let (mut files, mut trees) = (BTreeMap::new(), BTreeMap::new());
    collect(root, &mut files);
    collect(&TREES, &mut trees);
    BuiltinFiles { root, files, trees }
}

/// One of kiln's own schemas, by its file name without `.schema.json`.
pub fn schema(name: &str) -> Option<&'static str> {
    SCHEMAS.get_file(format!("{name}.schema.json"))?.contents_utf8()
}

/// The names of kiln's own schemas.
pub(crate) fn schema_names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.files().filter_map(|file| file.path().to_str()?.strip_suffix(".schema.json"))
}

/// The files of the built-in pack.
pub(crate) struct BuiltinFiles {
    root: &'static Dir<'static>,
    /// By their paths in `templates/`.
    files: BTreeMap<String, &'static File<'static>>,
    /// By the same paths, what [`kiln_yaml::to_stored`] gave when kiln was built.
    trees: BTreeMap<String, &'static File<'static>>,
}

impl BuiltinFiles {
    /// The tree of a file, as [`kiln_yaml::to_stored`] gave it when kiln was built.
    pub(crate) fn stored(&self, path: &str) -> Option<&'static [u8]> {
        self.trees.get(&self.full(path)).map(|file| file.contents())
    }

    fn full(&self, path: &str) -> String {
        let root = self.root.path().to_string_lossy();
        if root.is_empty() { path.to_owned() } else { format!("{root}/{path}") }
    }
}

impl Files for BuiltinFiles {
    fn read(&self, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
        let file = self.files.get(&self.full(path));
        Ok(file.map(|file| Zeroizing::new(file.contents().to_vec())))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let (root, folder) = (self.full(""), self.full(folder));
        let below = |path: &&String| path.strip_prefix(&folder).is_some_and(|rest| is_below(&folder, rest));
        let paths = self.files.keys().filter(below);
        Ok(paths.map(|path| path.strip_prefix(&root).unwrap_or(path).to_owned()).collect())
    }

    fn display(&self, path: &str) -> String {
        format!("{}:{path}", self.root.path().to_string_lossy())
    }
}

/// Whether what is left of a path behind the name of a folder leads into the folder.
fn is_below(folder: &str, rest: &str) -> bool {
    folder.is_empty() || folder.ends_with('/') || rest.starts_with('/')
}

fn collect(dir: &'static Dir<'static>, files: &mut BTreeMap<String, &'static File<'static>>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, files),
            DirEntry::File(file) => {
                files.insert(file.path().to_string_lossy().replace('\\', "/"), file);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kiln_model::{Diagnostics, Sources};

    use super::*;
    use crate::kind::{Kind, kind};

    #[test]
    fn what_was_read_when_kiln_was_built_is_what_the_files_say() {
        let files = builtin_files();
        let mut count = 0;
        for path in files.list("").unwrap() {
            let is_read = kind(&path).is_some_and(|kind| kind != Kind::Text);
            assert_eq!(files.stored(&path).is_some(), is_read, "{path}");
            let Some(stored) = files.stored(&path) else { continue };
            let text = String::from_utf8(files.read(&path).unwrap().unwrap().to_vec()).unwrap();
            let source = Sources::new().add(path.as_str(), text.as_str());
            let sink = &mut Diagnostics::new();
            let read = if path == "pack.toml" {
                kiln_yaml::toml::compose(source, &text, sink)
            } else {
                kiln_yaml::compose(source, &text, kiln_yaml::Resolution::Core, sink)
            };
            assert_eq!(kiln_yaml::to_stored(&read.unwrap()).as_deref(), Some(stored), "{path}");
            count += 1;
        }
        assert!(count > 50, "{count}");
    }
}
