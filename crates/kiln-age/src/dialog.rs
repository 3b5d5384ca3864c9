//! What locked keys and plugins ask of the person at the terminal.

use zeroize::Zeroizing;

/// Somebody who can be asked.
///
/// All methods may be called while other threads wait, but never two at once for one set
/// of identities.
pub trait Dialog: Sync {
    /// A passphrase for what `prompt` names; `None` if nobody can be asked or nothing was given.
    fn passphrase(&self, prompt: &str) -> Option<Zeroizing<String>>;

    /// An answer that is not secret; `None` if nobody can be asked.
    fn answer(&self, prompt: &str) -> Option<String>;

    /// Shows a message, such as the request to touch a hardware key.
    fn show(&self, message: &str);

    /// Whether `yes` was chosen, the label of one answer; `no` is that of the other, if there
    /// is another. `None` if nobody can be asked.
    fn confirm(&self, message: &str, yes: &str, no: Option<&str>) -> Option<bool>;
}

/// Nobody to ask: every question stays without an answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDialog;

impl Dialog for NoDialog {
    fn passphrase(&self, _: &str) -> Option<Zeroizing<String>> {
        None
    }

    fn answer(&self, _: &str) -> Option<String> {
        None
    }

    fn show(&self, _: &str) {}

    fn confirm(&self, _: &str, _: &str, _: Option<&str>) -> Option<bool> {
        None
    }
}
