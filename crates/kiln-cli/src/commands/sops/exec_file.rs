//! `exec-file`.

use std::path::{Component, Path};

use zeroize::Zeroizing;

use super::child::{self, Child};
use super::context::{Context, open};
use super::failure::Failure;
use super::files::Subject;
use super::options::Options;
use super::workplace::{Interrupted, Workplace};
use super::{log, wording};

/// What the file is called if nobody says.
const NAME: &str = "tmp-file";

/// Runs a command with the plain text in a pipe or file, whose path takes the place of `{}`.
///
/// # Errors
/// If the file cannot be opened; if the command fails, with its exit code.
pub(super) fn run(context: &Context, options: &Options) -> Result<(), Failure> {
    let [file, command] = options.arguments.as_slice() else {
        return Err(Failure::generic("error: missing file to decrypt"));
    };
    let subject = Subject::as_given(file);
    let shape = context.shape(options, &subject.name)?;
    let plain = open(&subject.read_sealed(&shape)?, options)?.into_shown();
    let bytes = plain.write(shape.output, &shape.stores).map_err(|error| wording::not_dumped(&error))?;
    drop(plain);
    if options.is("background") {
        log::warn(
            "exec-file's --background option is deprecated and will be removed in a future version of sops",
        );
    }
    let variables = match options.text("user") {
        "" => Vec::new(),
        user => child::become_user(user)?,
    };
    let (_place, path) = lay_out(options, bytes)?;
    let child = Child::new(&command.replace("{}", &path), false, variables);
    if options.is("background") { child.leave() } else { child.wait() }
}

/// Makes the pipe or the file; gives the folder it lies in, with which it goes, and its path.
fn lay_out(options: &Options, bytes: Zeroizing<Vec<u8>>) -> Result<(Workplace, String), Failure> {
    let name = options.text("filename");
    if !name.is_empty() && !is_local(Path::new(name)) {
        return Err(Failure::generic("The provided filename is not a local path."));
    }
    let name = Path::new(if name.is_empty() { NAME } else { name });
    let (place, path) = if options.is("no-fifo") {
        let place = Workplace::in_memory(Interrupted::Die)?;
        let path = place.write(name, &bytes)?;
        (place, path)
    } else {
        let place = Workplace::anywhere(Interrupted::Die)?;
        let path = place.path().join(name);
        child::pour(&path, bytes)?;
        (place, path)
    };
    Ok((place, path.display().to_string()))
}

/// Whether a path stays in the folder it begins in.
fn is_local(path: &Path) -> bool {
    let mut depth: usize = 0;
    for part in path.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            _ => return false,
        }
    }
    depth > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_folder() {
        for (path, expected) in
            [("a", true), ("./a", true), ("a/../b", true), ("../a", false), ("/a", false), ("..", false)]
        {
            assert_eq!(is_local(Path::new(path)), expected, "{path}");
        }
    }
}
