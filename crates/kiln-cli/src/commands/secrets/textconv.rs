//! `kiln secrets textconv`.

use std::path::Path;

use kiln::sops::Format;
use zeroize::Zeroizing;

use super::place::Place;
use crate::exit::Exit;
use crate::report;

/// Prints a file decrypted. `git diff` goes on whatever it is, so only a file that cannot be read
/// is a failure.
pub(super) fn run(file: &Path) -> Exit {
    let bytes = match kiln::live::read(file) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) => {
            return report::complain(&format!("`{}` cannot be read: {}", file.display(), error.reason));
        }
    };
    let format = Format::of_path(&file.to_string_lossy());
    let shown = kiln::secrets::textconv(&bytes, format, &Place::here().identities());
    if let Some(note) = &shown.note {
        // The first line of a file is often left out of a difference.
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        report::remark(&format!("kiln: `{name}` is not decrypted: {note}"));
        let line = format!("# kiln: not decrypted: {note}\n");
        if report::print(line.as_bytes()) != Exit::Done {
            return Exit::Failed;
        }
    }
    // This is what the command is for: git shows it to the user and keeps nothing of it.
    report::print(&shown.text)
}
