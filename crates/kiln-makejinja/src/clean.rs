//! What must not be removed with an output folder.

use std::path::Path;

use crate::disk::Kind;
use crate::run::Run;

/// What a folder holds that is not to be removed, in words; none if it may go.
pub(crate) fn holds(run: &Run<'_>, folder: &Path) -> Option<String> {
    let config = run.config;
    let inside = |path: &Path| path.starts_with(folder);
    let named = |what: &str, path: &Path| format!("{what} `{}`", run.shown(path));
    if folder.parent().is_none() {
        return Some("everything".to_owned());
    }
    if inside(&run.cwd) {
        return Some("the current folder".to_owned());
    }
    let home = run.environ.iter().find(|(name, _)| name == "HOME").map(|(_, home)| Path::new(home));
    if home.is_some_and(|home| home.is_absolute() && inside(&run.disk.resolve(home))) {
        return Some("your home folder".to_owned());
    }
    let data = config.data.iter().chain(config.file_data.iter().flat_map(|(_, paths)| paths));
    let files = run.files.iter().find(|path| inside(path)).map(|path| named("the config file", path));
    files
        .or_else(|| config.inputs.iter().find(|path| inside(path)).map(|path| named("the input", path)))
        .or_else(|| data.into_iter().find(|path| inside(path)).map(|path| named("the data", path)))
        .or_else(|| {
            config.import_paths.iter().find(|path| inside(path)).map(|path| named("the import path", path))
        })
        .or_else(|| has_repository(run, folder).then(|| "a git repository".to_owned()))
}

/// Whether there is a `.git` anywhere below a folder, symbolic links aside. What cannot be listed
/// cannot be removed either.
fn has_repository(run: &Run<'_>, folder: &Path) -> bool {
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in run.disk.list(&folder).unwrap_or_default() {
            if entry.name == ".git" {
                return true;
            }
            if entry.kind == Some(Kind::Folder) && !entry.is_link {
                waiting.push(folder.join(entry.name));
            }
        }
    }
    false
}
