//! Starts the user's editor.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use kiln::live;

use super::failure::{Failure, code};
use crate::environment;

/// What is looked for if the environment names no editor.
const EDITORS: [&str; 3] = ["vim", "nano", "vi"];

/// What keeps vim from writing the text elsewhere: no swap file, no list of registers, no copies.
const VIM: [&str; 5] = ["-n", "-i", "NONE", "-c", "silent! set nobackup nowritebackup noundofile"];

/// Lets the user edit a file, and waits for the end of it.
///
/// # Errors
/// If there is no editor, it cannot be started, or it fails.
pub(super) fn edit(file: &Path) -> Result<(), Failure> {
    let mut words = words()?.into_iter();
    let program = words.next().ok_or_else(|| failed("the editor's command is empty"))?;
    let mut command = Command::new(&program);
    let arguments: Vec<OsString> = words.collect();
    if arguments.is_empty() && is_vim(&program) {
        command.args(VIM);
    }
    let ended = command.args(arguments).arg(file).status();
    match ended {
        Ok(ended) if ended.success() => Ok(()),
        Ok(ended) => Err(failed(&how(ended))),
        Err(error) => {
            let why =
                if error.kind() == std::io::ErrorKind::NotFound { "not found" } else { "cannot be started" };
            Err(failed(&format!("{:?}: {why}", program.to_string_lossy())))
        }
    }
}

/// How a program ended, in the words of Go.
pub(super) fn how(ended: ExitStatus) -> String {
    match (ended.code(), ended.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("signal: {signal}"),
        (None, None) => "it did not end".to_owned(),
    }
}

fn failed(why: &str) -> Failure {
    Failure::new(code::NO_EDITOR, format!("Could not run editor: {why}"))
}

fn words() -> Result<Vec<OsString>, Failure> {
    let named = |name| environment::text(name).filter(|text| !text.is_empty()).map(|text| (name, text));
    let Some((name, text)) = named("SOPS_EDITOR").or_else(|| named("EDITOR")) else {
        let found = EDITORS.iter().find_map(|name| found(OsStr::new(name)));
        return found.map(|editor| vec![editor.into()]).ok_or_else(|| {
            failed(&format!(
                "no editor available: sops attempts to use the editor defined in the SOPS_EDITOR or EDITOR \
                 environment variables, and if that's not set defaults to any of {}, but none of them could be found",
                EDITORS.join(", ")
            ))
        });
    };
    let words = shlex::split(&text).ok_or_else(|| failed(&format!("invalid ${name}: {text}")))?;
    Ok(words.into_iter().map(OsString::from).collect())
}

/// Whether this is vim itself. A script of that name takes what sops would give it.
fn is_vim(program: &OsStr) -> bool {
    let Some(path) = found(program).and_then(|path| path.canonicalize().ok()) else { return false };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_vim = ["vim", "nvim", "gvim", "view"].iter().any(|vim| name == *vim || name.starts_with("vim."));
    is_vim && !is_script(&path)
}

fn is_script(path: &Path) -> bool {
    let mut begin = [0; 2];
    File::open(path).and_then(|mut file| file.read_exact(&mut begin)).is_ok() && &begin == b"#!"
}

/// The file that a shell would start.
fn found(program: &OsStr) -> Option<PathBuf> {
    if program.to_string_lossy().contains('/') {
        return Some(PathBuf::from(program)).filter(|path| live::is_executable(path));
    }
    let folders = environment::variable("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| live::is_executable(path))
}
