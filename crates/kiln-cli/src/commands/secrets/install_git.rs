//! `kiln secrets install-git`.

#![allow(
    clippy::disallowed_methods,
    reason = "what belongs to git and to the user lies outside of every project"
)]

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::git;
use crate::args::InstallGit;
use crate::environment::filled;
use crate::exit::Exit;
use crate::report;

/// The line of `.gitattributes`.
const ATTRIBUTES: &str = "*.sops.* diff=kiln-sops merge=kiln-sops";

/// How a hook that is ours is known.
const HOOK_COMMAND: &str = "secrets verify --staged";

const SURE: &str = "writing to a String cannot fail";

/// Writes the settings and says what was done.
pub(super) fn run(args: &InstallGit) -> Exit {
    let here = kiln::live::current_folder();
    let Some(top) = top(&here, args.global) else {
        return report::complain("this folder is not in a git repository; run `git init`, or use `--global`");
    };
    let mut told = String::new();
    match install(args, &top, &mut told) {
        Ok(exit) => {
            let printed = report::print(told.as_bytes());
            if printed == Exit::Done { exit } else { printed }
        }
        Err(why) => {
            let _ = report::print(told.as_bytes());
            report::complain(&why)
        }
    }
}

/// The folder that git is asked in.
fn top(here: &Path, is_global: bool) -> Option<PathBuf> {
    let top =
        git::line(here, &["rev-parse", "--show-toplevel"]).filter(|it| !it.is_empty()).map(PathBuf::from);
    if is_global { Some(top.unwrap_or_else(|| here.to_owned())) } else { top }
}

fn install(args: &InstallGit, top: &Path, told: &mut String) -> Result<Exit, String> {
    let program = program();
    let scope = if args.global { "--global" } else { "--local" };
    let settings = [
        ("diff.kiln-sops.textconv", format!("{program} secrets textconv")),
        // git would keep the plain text in the repository.
        ("diff.kiln-sops.cachetextconv", "false".to_owned()),
        ("merge.kiln-sops.name", "merge of decrypted SOPS files".to_owned()),
        ("merge.kiln-sops.driver", format!("{program} secrets merge %O %A %B %P %L")),
    ];
    for (key, value) in settings {
        let word = set(top, scope, key, &value)?;
        writeln!(told, "{word} {key} = {value}").expect(SURE);
    }
    let attributes = if args.global { global_attributes(top)? } else { top.join(".gitattributes") };
    let word = add_line(&attributes, ATTRIBUTES)
        .map_err(|error| format!("`{}` cannot be written: {error}", attributes.display()))?;
    writeln!(told, "{word} `{ATTRIBUTES}` in {}", attributes.display()).expect(SURE);
    if args.hook { hook(top, &program, told) } else { Ok(Exit::Done) }
}

/// How git is to call this program: by its name if it is found by that, else by its path.
fn program() -> String {
    let own = std::env::current_exe().and_then(|path| path.canonicalize()).ok();
    let found = filled("PATH").and_then(|path| {
        std::env::split_paths(&path).map(|folder| folder.join("kiln")).find(|path| path.is_file())
    });
    let is_found = found.is_some_and(|found| found.canonicalize().ok() == own);
    match own {
        Some(own) if !is_found => {
            format!("'{}'", own.display().to_string().replace('\'', "'\\''"))
        }
        _ => "kiln".to_owned(),
    }
}

/// Sets one setting; says what was done.
fn set(top: &Path, scope: &str, key: &str, value: &str) -> Result<&'static str, String> {
    let old = git::line(top, &["config", scope, "--get", key]);
    if old.as_deref() == Some(value) {
        return Ok("kept");
    }
    match git::git(top).args(["config", scope, key, value]).status() {
        Ok(status) if status.success() => Ok("set"),
        _ => Err(format!("git does not take the setting `{key}`")),
    }
}

/// Where git looks for the attributes of the user.
fn global_attributes(top: &Path) -> Result<PathBuf, String> {
    if let Some(path) = git::line(top, &["config", "--global", "--path", "--get", "core.attributesFile"])
        && !path.is_empty()
    {
        return Ok(PathBuf::from(path));
    }
    let own = filled("XDG_CONFIG_HOME").map(PathBuf::from);
    let usual = || filled("HOME").map(|home| PathBuf::from(home).join(".config"));
    let folder = own.or_else(usual).ok_or("neither XDG_CONFIG_HOME nor HOME is set")?;
    Ok(folder.join("git/attributes"))
}

/// Adds a line at the end of a file, where it counts most; says what was done.
fn add_line(path: &Path, line: &str) -> io::Result<&'static str> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    // Only what stands last counts: a line below may say otherwise.
    let is_rule = |it: &&[u8]| it.starts_with(b"*.sops.*") || it.starts_with(b"* ");
    let last = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).rfind(is_rule);
    if last == Some(line.as_bytes()) {
        return Ok("kept");
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let gap = if text.is_empty() || text.ends_with(b"\n") { "" } else { "\n" };
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(format!("{gap}{line}\n").as_bytes())?;
    Ok("added")
}

/// Adds the hook, if there is none.
fn hook(top: &Path, program: &str, told: &mut String) -> Result<Exit, String> {
    let path = git::line(top, &["rev-parse", "--git-path", "hooks/pre-commit"])
        .ok_or("git does not say where its hooks are")?;
    let path = top.join(path);
    let shown = path.display();
    let failed = |error: io::Error| format!("`{shown}` cannot be written: {error}");
    match fs::read(&path) {
        Ok(text) if String::from_utf8_lossy(&text).contains(HOOK_COMMAND) => {
            writeln!(told, "kept {shown}").expect(SURE);
            return Ok(Exit::Done);
        }
        Ok(_) => {
            writeln!(told, "not touched: {shown} is there; add this line to it:\n  {program} {HOOK_COMMAND}")
                .expect(SURE);
            return Ok(Exit::Refused);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let text = format!(
        "#!/bin/sh\n# Refuses commits with secrets in plain text; `git commit --no-verify` goes past it.\n\
         exec {program} {HOOK_COMMAND}\n"
    );
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o755).open(&path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    writeln!(told, "added {shown}").expect(SURE);
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_added_once_and_below_what_says_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/.gitattributes");
        assert_eq!(add_line(&path, ATTRIBUTES).unwrap(), "added");
        assert_eq!(add_line(&path, ATTRIBUTES).unwrap(), "kept");
        fs::write(&path, format!("{ATTRIBUTES}\n*.sops.* -merge")).unwrap();
        assert_eq!(add_line(&path, ATTRIBUTES).unwrap(), "added");
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, format!("{ATTRIBUTES}\n*.sops.* -merge\n{ATTRIBUTES}\n"));
    }
}
