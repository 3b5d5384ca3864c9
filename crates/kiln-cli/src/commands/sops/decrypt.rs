//! `decrypt`.

use kiln::sops::KeyPath;

use super::context::{Context, open};
use super::failure::{Failure, code};
use super::files::{self, Subject};
use super::options::Options;
use super::wording;

/// Decrypts a file or standard input.
///
/// # Errors
/// If it cannot be opened or was changed; nothing is written then.
pub(super) fn run(context: &Context, options: &Options) -> Result<(), Failure> {
    if options.arguments.is_empty() && options.is("in-place") {
        return Err(Failure::new(code::CONFLICT, "Error: cannot use --in-place when reading from stdin"));
    }
    files::refuse_two_outputs(options)?;
    let subject = Subject::of(options);
    subject.insist()?;
    let shape = context.shape(options, &subject.name)?;
    let path = KeyPath::parse(options.text("extract"))
        .map_err(|error| Failure::new(code::BAD_PATH, format!("error parsing --extract path: {error}")))?;
    let sealed = subject.read_sealed(&shape)?;
    let plain = open(&sealed, options)?.into_shown();
    let bytes = if path.is_empty() {
        plain.write(shape.output, &shape.stores).map_err(|error| wording::not_dumped(&error))?
    } else {
        plain.extract(&path, shape.output, &shape.stores).map_err(|error| wording::not_extracted(&error))?
    };
    // The user asked for the plain text, in a file or on standard output.
    subject.put(&bytes, options)
}
