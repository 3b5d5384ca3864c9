//! Key files that take the place of others.

use kiln_model::NewFile;
use zeroize::Zeroizing;

/// A key file with this text, which nobody but its owner can read.
pub fn key_file(path: &str, text: Zeroizing<String>) -> NewFile {
    NewFile::private(path, text)
}
