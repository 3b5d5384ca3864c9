//! Files that the user takes over.

use crate::lock::Known;
use crate::plan::{Action, Plan};

impl Plan {
    /// A plan that changes no file, and records that the user looks after those at `paths` from now
    /// on. An output among them is left as it is by every later run; a file that is no longer an
    /// output is forgotten.
    ///
    /// # Errors
    /// With the paths that are no outputs and were none, or at which nothing stands.
    pub fn adopt(mut self, paths: &[String]) -> Result<Plan, Vec<String>> {
        let stands = |action| !matches!(action, Action::Create);
        let is_there = |path: &String| self.changes.iter().any(|it| it.path == *path && stands(it.action));
        let missing: Vec<String> = paths.iter().filter(|path| !is_there(path)).cloned().collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let mut lock = std::mem::take(&mut self.before);
        if lock.kiln.is_empty() {
            lock.kiln.clone_from(&self.after.kiln);
            lock.pack.clone_from(&self.after.pack);
        }
        for change in self.changes.drain(..).filter(|it| paths.contains(&it.path)) {
            match change.artifact {
                Some(artifact) => {
                    let template = artifact.template().to_owned();
                    let known = Known { template, is_adopted: true, ..Known::default() };
                    lock.outputs.insert(change.path, known);
                }
                None => drop(lock.outputs.remove(&change.path)),
            }
        }
        for record in &mut self.records {
            record.new = if record.is_lock() { Some(lock.text()) } else { lock.private_text() };
        }
        Ok(self)
    }
}
