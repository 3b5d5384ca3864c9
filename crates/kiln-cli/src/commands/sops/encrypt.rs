//! `encrypt`.

use kiln::sops::{Format, Plain, SealError, seal};

use super::context::{Context, dialog};
use super::failure::{Failure, code};
use super::files::{self, Subject};
use super::options::Options;
use super::{terms, wording};
use crate::session;

/// Encrypts a file or standard input.
///
/// # Errors
/// If that is not possible; nothing is written then.
pub(super) fn run(context: &Context, options: &Options) -> Result<(), Failure> {
    if options.arguments.is_empty() {
        if options.is("in-place") {
            return Err(Failure::new(code::CONFLICT, "Error: cannot use --in-place when reading from stdin"));
        }
        if options.text("filename-override").is_empty() {
            let why = "Error: must specify --filename-override when reading from stdin";
            return Err(Failure::new(code::CONFLICT, why));
        }
    }
    files::refuse_two_outputs(options)?;
    let subject = Subject::of(options);
    subject.insist()?;
    let shape = context.shape(options, &subject.name)?;
    let terms = terms::of(context, options, &subject.name, shape.input)?;
    let plain = read(&subject.read()?, shape.input)?;
    let sealed = seal(plain, &terms, session::now(), dialog()).map_err(|it| wording::not_encrypted(&it))?;
    subject.put(&shape.write(&sealed)?, options)
}

/// A plain file that can be encrypted.
///
/// # Errors
/// If it cannot be read, has nothing in it or is encrypted already.
pub(super) fn read(bytes: &[u8], format: Format) -> Result<Plain, Failure> {
    let plain = Plain::read(bytes, format).map_err(|error| wording::not_read(&error))?;
    if plain.has_no_document() {
        return Err(wording::not_encrypted(&SealError::NoDocument));
    }
    if plain.has_reserved_key() {
        return Err(wording::not_encrypted(&SealError::AlreadyEncrypted));
    }
    Ok(plain)
}
