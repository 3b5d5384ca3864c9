//! What git ignores.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use kiln_model::{Diagnostics, Files, Reported};

use crate::findings;

/// The rules of a `.gitignore`.
pub struct Ignored {
    rules: Gitignore,
}

impl Ignored {
    /// Reads the rules at `path`; where there are none, nothing is ignored.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(files: &dyn Files, path: &str, sink: &mut Diagnostics) -> Result<Ignored, Reported> {
        let text =
            files.read(path).map_err(|error| sink.error(findings::unreadable(&error.path, &error.reason)))?;
        let mut builder = GitignoreBuilder::new("");
        let text = text.as_ref().map_or(&[][..], |text| text.as_slice());
        // git passes over the mark that some editors put before the text.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        for line in text.split(|byte| *byte == b'\n') {
            // git passes over a line that is no pattern, and so do we.
            let _ = builder.add_line(None, &String::from_utf8_lossy(line));
        }
        Ok(Ignored { rules: builder.build().unwrap_or_else(|_| Gitignore::empty()) })
    }

    /// Whether the file at `path`, relative to the folder of the rules, is ignored.
    pub fn covers(&self, path: &str) -> bool {
        self.says(path) == Some(true)
    }

    /// Whether the rules ignore the file at `path`, or say that it is not ignored; `None` if
    /// they say nothing of it.
    pub fn says(&self, path: &str) -> Option<bool> {
        let found = self.rules.matched_path_or_any_parents(path, false);
        if found.is_none() { None } else { Some(found.is_ignore()) }
    }
}

#[cfg(test)]
mod tests {
    use kiln_model::MemoryFiles;

    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_rule() {
        let mut files = MemoryFiles::new();
        files.insert(".gitignore", "\u{feff}/age.key\r\n*.secret\r\n");
        let ignored = Ignored::read(&files, ".gitignore", &mut Diagnostics::new()).unwrap();
        assert!(ignored.covers("age.key") && ignored.covers("x.secret"));
    }

    #[test]
    fn a_file_is_ignored_by_its_name_or_its_folder() {
        let mut files = MemoryFiles::new();
        let read = |files: &MemoryFiles| Ignored::read(files, ".gitignore", &mut Diagnostics::new()).unwrap();
        assert!(!read(&files).covers("age.key"));
        files.insert(".gitignore", "/age.key\nkeys/\n*.secret\n!public.secret\n[broken\n");
        let ignored = read(&files);
        for path in ["age.key", "keys/a/b", "x/y.secret"] {
            assert!(ignored.covers(path), "{path}");
        }
        for path in ["a/age.key", "public.secret", "cluster.yaml"] {
            assert!(!ignored.covers(path), "{path}");
        }
    }
}
