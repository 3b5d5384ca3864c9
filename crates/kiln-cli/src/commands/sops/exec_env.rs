//! `exec-env`.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use kiln::sops::NoVariable;
use zeroize::Zeroizing;

use super::child::{self, Child, Variable};
use super::context::{Context, open};
use super::failure::{Failure, code};
use super::files::Subject;
use super::log;
use super::options::Options;

/// Runs a command with the values of a file in its environment.
///
/// # Errors
/// If the file cannot be opened or has values that no environment takes; if the command fails,
/// with its exit code.
pub(super) fn run(context: &Context, options: &Options) -> Result<(), Failure> {
    let [file, command] = options.arguments.as_slice() else {
        return Err(Failure::generic("error: missing file to decrypt"));
    };
    let subject = Subject::as_given(file);
    let shape = context.shape(options, &subject.name)?;
    let sealed = subject.read_sealed(&shape)?;
    let in_background = options.is("background");
    if in_background {
        log::warn(
            "exec-env's --background option is deprecated and will be removed in a future version of sops",
        );
        if options.is("same-process") {
            return Err(Failure::new(
                code::CONFLICT,
                "Error: The --same-process flag cannot be used with --background",
            ));
        }
    }
    let plain = open(&sealed, options)?.into_plain();
    let found = plain.variables().map_err(|error| refused(&error))?;
    let mut variables: Vec<Variable> = match options.text("user") {
        "" => Vec::new(),
        user => child::become_user(user)?,
    };
    // The command's environment is where the user wants them.
    let named = |(name, value): &(String, Zeroizing<Vec<u8>>)| {
        (OsString::from(name), OsString::from_vec(value.to_vec()))
    };
    variables.extend(found.iter().map(named));
    let child = Child::new(command, options.is("pristine"), variables);
    match (options.is("same-process"), in_background) {
        (true, _) => Err(child.become_it()),
        (false, true) => child.leave(),
        (false, false) => child.wait(),
    }
}

fn refused(error: &NoVariable) -> Failure {
    Failure::generic(match error {
        NoVariable::Complex(key) => format!("cannot use complex value in environment; offending key {key}"),
        NoVariable::BadName(key) => format!("cannot use keys with '=' in environment: {key}"),
    })
}
