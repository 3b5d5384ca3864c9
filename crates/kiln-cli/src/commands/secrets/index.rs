//! What git is about to commit, as files.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, PoisonError};

use kiln::{FileError, Files};
use zeroize::Zeroizing;

use super::git;

/// The files that differ between the last commit and the index, and all creation rules of the
/// index.
pub(super) struct Index {
    paths: Vec<String>,
    blobs: Mutex<Blobs>,
}

/// A `git cat-file` that is asked for one file after the other.
struct Blobs {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Index {
    /// The index of the repository in this folder; `None` if git does not tell.
    pub(super) fn of(folder: &Path) -> Option<Index> {
        let staged = git::ask(
            folder,
            &["diff", "--cached", "--name-only", "--no-renames", "--diff-filter=ACMT", "-z"],
        )?;
        let rules = git::ask(folder, &["ls-files", "--cached", "-z", "--", ":(top,glob)**/.sops.yaml"])?;
        let mut paths = Vec::new();
        for path in staged.split(|byte| *byte == 0).chain(rules.split(|byte| *byte == 0)) {
            let path = String::from_utf8_lossy(path).into_owned();
            if !path.is_empty() {
                paths.push(path);
            }
        }
        paths.sort_unstable();
        paths.dedup();
        let mut child = git::git(folder)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let (questions, answers) = (child.stdin.take(), BufReader::new(child.stdout.take()?));
        Some(Index { paths, blobs: Mutex::new(Blobs { child, questions, answers }) })
    }
}

impl Blobs {
    /// The file at a path of the index; `None` if there is none.
    fn read(&mut self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(questions) = &mut self.questions else { return Ok(None) };
        writeln!(questions, ":{path}")?;
        questions.flush()?;
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        let mut words = head.trim_end().rsplit(' ');
        let (size, kind) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let Ok(size) = size.parse::<u64>() else { return Ok(None) };
        let mut content = Vec::new();
        let answers: &mut BufReader<ChildStdout> = &mut self.answers;
        answers.take(size + 1).read_to_end(&mut content)?;
        content.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Ok((kind == "blob").then_some(content))
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        // It ends when nobody asks any more.
        self.questions = None;
        let _ = self.child.wait();
    }
}

impl Files for Index {
    fn read(&self, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
        let fail = |reason: &str| FileError { path: path.to_owned(), reason: reason.to_owned() };
        if path.contains('\n') {
            return Err(fail("its name has a line break"));
        }
        let mut blobs = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        let content = blobs.read(path).map_err(|_| fail("git does not answer"))?;
        Ok(content.map(Zeroizing::new))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let inside = |path: &&String| {
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        Ok(self.paths.iter().filter(inside).cloned().collect())
    }
}
