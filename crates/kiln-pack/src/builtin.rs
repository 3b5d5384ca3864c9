//! The embedded pack and schemas.

use include_dir::{Dir, DirEntry, include_dir};
use kiln_model::{FileError, Files};
use zeroize::Zeroizing;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../templates");
static SCHEMAS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../schemas");

/// The files of the built-in pack: the one folder of `templates/` that has apps.
pub fn builtin_pack() -> impl Files {
    let has_apps = |folder: &&Dir<'_>| TEMPLATES.get_dir(folder.path().join("apps")).is_some();
    BuiltinFiles { root: TEMPLATES.dirs().find(has_apps).unwrap_or(&TEMPLATES) }
}

/// One of kiln's own schemas, by its file name without `.schema.json`.
pub fn schema(name: &str) -> Option<&'static str> {
    SCHEMAS.get_file(format!("{name}.schema.json"))?.contents_utf8()
}

/// The names of kiln's own schemas.
pub(crate) fn schema_names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.files().filter_map(|file| file.path().to_str()?.strip_suffix(".schema.json"))
}

struct BuiltinFiles {
    root: &'static Dir<'static>,
}

impl BuiltinFiles {
    fn full(&self, path: &str) -> String {
        let root = self.root.path().to_string_lossy();
        if root.is_empty() { path.to_owned() } else { format!("{root}/{path}") }
    }
}

impl Files for BuiltinFiles {
    fn read(&self, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
        let file = self.root.get_file(self.full(path));
        Ok(file.map(|file| Zeroizing::new(file.contents().to_vec())))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let start = if folder.is_empty() { Some(self.root) } else { self.root.get_dir(self.full(folder)) };
        let mut paths = Vec::new();
        if let Some(start) = start {
            collect(start, &mut paths);
        }
        let prefix = self.full("");
        let mut paths: Vec<String> =
            paths.iter().map(|path| path.strip_prefix(&prefix).unwrap_or(path).to_owned()).collect();
        paths.sort();
        Ok(paths)
    }

    fn display(&self, path: &str) -> String {
        format!("{}:{path}", self.root.path().to_string_lossy())
    }
}

fn collect(dir: &Dir<'_>, paths: &mut Vec<String>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, paths),
            DirEntry::File(file) => paths.push(file.path().to_string_lossy().replace('\\', "/")),
        }
    }
}
