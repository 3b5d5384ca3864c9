//! Starts programs with what a file holds.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use nix::sys::stat::Mode;
use nix::unistd::{self, Gid, Uid, User, mkfifo};
use zeroize::Zeroizing;

use super::editor::how;
use super::failure::{Failure, code};

/// A variable for the command.
pub(super) type Variable = (OsString, OsString);

/// A command for the shell, and the environment it gets.
pub(super) struct Child {
    command: Command,
}

impl Child {
    /// A command that gets the present environment, unless it is to be `pristine`, and more.
    pub(super) fn new(line: &str, is_pristine: bool, variables: Vec<Variable>) -> Child {
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(line);
        if is_pristine {
            command.env_clear();
        }
        command.envs(variables);
        Child { command }
    }

    /// Becomes the command.
    ///
    /// # Errors
    /// If that cannot be done; otherwise this does not come back.
    pub(super) fn become_it(mut self) -> Failure {
        let error = self.command.exec();
        Failure::generic(format!("/bin/sh cannot be started: {error}"))
    }

    /// Starts the command and leaves it to itself.
    ///
    /// # Errors
    /// If it cannot be started.
    pub(super) fn leave(mut self) -> Result<(), Failure> {
        self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.command.spawn().map(drop).map_err(not_started)
    }

    /// Starts the command and waits for its end.
    ///
    /// # Errors
    /// If it cannot be started, or fails; then with its exit code.
    pub(super) fn wait(mut self) -> Result<(), Failure> {
        let ended = self.command.status().map_err(not_started)?;
        if ended.success() {
            return Ok(());
        }
        let number = if ended.signal().is_some() { 255 } else { ended.code().unwrap_or(255) & 0xff };
        Err(Failure::new(u8::try_from(number).unwrap_or(code::GENERIC), how(ended)))
    }
}

fn not_started(error: std::io::Error) -> Failure {
    Failure::generic(format!("/bin/sh cannot be started: {error}"))
}

/// Makes this process run as another user; gives what that user's environment has to say.
///
/// # Errors
/// If there is no such user, or it is not allowed.
pub(super) fn become_user(name: &str) -> Result<Vec<Variable>, Failure> {
    let unknown = || Failure::logged_by("EXEC", format!("user: unknown user {name}"));
    let user = User::from_name(name).ok().flatten().ok_or_else(unknown)?;
    switch(&user).map_err(|error| Failure::logged_by("EXEC", error.desc().to_lowercase()))?;
    let pair = |name: &str, value: &OsStr| (OsString::from(name), value.to_owned());
    Ok(vec![
        pair("HOME", user.dir.as_os_str()),
        pair("USER", OsStr::new(&user.name)),
        pair("LOGNAME", OsStr::new(&user.name)),
    ])
}

#[cfg(not(target_os = "macos"))]
fn switch(user: &User) -> nix::Result<()> {
    let name = std::ffi::CString::new(user.name.as_str()).map_err(|_| nix::Error::EINVAL)?;
    let groups: Vec<Gid> = unistd::getgrouplist(&name, user.gid)?;
    unistd::setgroups(&groups)?;
    finish(user.uid, user.gid)
}

/// macOS asks its directory for the groups of a user when it needs them.
#[cfg(target_os = "macos")]
fn switch(user: &User) -> nix::Result<()> {
    finish(user.uid, user.gid)
}

fn finish(uid: Uid, gid: Gid) -> nix::Result<()> {
    unistd::setgid(gid)?;
    unistd::setuid(uid)
}

/// Makes a pipe that only the user may use, and hands the bytes to whoever opens it.
///
/// # Errors
/// If it cannot be made.
pub(super) fn pour(pipe: &Path, bytes: Zeroizing<Vec<u8>>) -> Result<(), Failure> {
    mkfifo(pipe, Mode::S_IRUSR | Mode::S_IWUSR)
        .map_err(|error| Failure::generic(format!("the pipe cannot be made: {}", error.desc())))?;
    let pipe = pipe.to_owned();
    thread::spawn(move || {
        // It waits here until the command opens the pipe; if it never does, for the end.
        let opened = std::fs::OpenOptions::new().write(true).open(pipe);
        let _ = opened.and_then(|mut pipe| pipe.write_all(&bytes));
    });
    Ok(())
}
