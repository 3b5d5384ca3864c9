//! `filestatus`.

use kiln::sops::{BadMetadata, Sealed, SealedError};

use super::context::Context;
use super::failure::Failure;
use super::files::{self, Subject};
use super::options::Options;
use super::wording;

/// Prints whether a file is encrypted.
///
/// # Errors
/// If it cannot be read as what it should be.
pub(super) fn run(context: &Context, options: &Options) -> Result<(), Failure> {
    files::insist_on_argument(options)?;
    let subject = Subject::at(&options.arguments[0], options);
    let shape = context.shape(options, &subject.name)?;
    let why = |failure: Failure| {
        Failure::logged(format!(
            "cannot check file status: cannot load encrypted file: {}",
            failure.message()
        ))
    };
    let bytes = subject.read().map_err(why)?;
    let is_encrypted = match Sealed::read(&bytes, shape.input) {
        Ok(sealed) => sealed.has_mac(),
        Err(SealedError::NotEncrypted | SealedError::BadMetadata(BadMetadata::BadVersion)) => false,
        Err(error) => return Err(why(wording::not_sealed(&error, shape.input.name()))),
    };
    files::print(format!("{{\"encrypted\":{is_encrypted}}}\n").as_bytes())
}
