//! The files of a project that kiln reads: no output may replace one.

use std::collections::BTreeSet;

use kiln_config::{Document, Settings};
use kiln_pack::Pack;

/// The files that a run reads, or would read if they were there.
pub(crate) struct Inputs {
    files: BTreeSet<String>,
    folders: Vec<String>,
}

impl Inputs {
    pub(crate) fn new(settings: &Settings, pack: &Pack, documents: &[Document]) -> Inputs {
        let data = documents.iter().flat_map(|document| &document.paths).map(String::as_str);
        let keys = pack.secrets.iter().map(|(id, file)| {
            settings.secrets.get(id).map_or(file.file.text.as_str(), |(path, _)| path.as_str())
        });
        let files = ["kiln.toml", "versions.yaml"].into_iter().chain(data).chain(keys).map(normal);
        let folders = ["overrides"].into_iter().chain(settings.pack.as_deref());
        Inputs { files: files.collect(), folders: folders.map(|folder| normal(folder) + "/").collect() }
    }

    /// Whether the file at this path of the project is one of them.
    pub(crate) fn contain(&self, path: &str) -> bool {
        let path = normal(path);
        self.files.contains(&path) || self.folders.iter().any(|folder| path.starts_with(folder))
    }
}

/// A path in one spelling; some file systems do not tell upper from lower case.
fn normal(path: &str) -> String {
    path.trim_start_matches("./").trim_end_matches('/').to_lowercase()
}
