//! A folder of a project, seen as files of its own.

use kiln_model::{FileError, Files};
use zeroize::Zeroizing;

/// The files below one folder of other files.
pub(crate) struct Folder<'a> {
    files: &'a dyn Files,
    prefix: String,
}

impl<'a> Folder<'a> {
    pub(crate) fn new(files: &'a dyn Files, path: &str) -> Folder<'a> {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        // The folder `.` is the files themselves.
        let prefix = if matches!(path, "" | ".") { String::new() } else { format!("{path}/") };
        Folder { files, prefix }
    }

    /// The path in the files around this folder.
    pub(crate) fn below(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

impl Files for Folder<'_> {
    fn read(&self, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
        self.files.read(&self.below(path))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let paths = self.files.list(self.below(folder).trim_end_matches('/')).map_err(|error| {
            let path = error.path.strip_prefix(&self.prefix).unwrap_or(folder).to_owned();
            FileError { path, ..error }
        })?;
        Ok(paths.iter().filter_map(|path| path.strip_prefix(&self.prefix)).map(str::to_owned).collect())
    }

    fn display(&self, path: &str) -> String {
        self.files.display(&self.below(path))
    }
}
