//! Secret text.

use std::sync::Arc;

use zeroize::Zeroizing;

/// A piece of secret text and the name it goes by.
///
/// There is no `Display`, `Debug`, `Serialize` or `PartialEq`; the only way to the
/// text is [`Secret::expose`], so that every use can be found by searching for it.
/// The text is wiped when the last clone is dropped.
#[derive(Clone)]
pub struct Secret {
    label: Arc<str>,
    text: Arc<Zeroizing<String>>,
}

impl Secret {
    /// Wraps `text`. The label is the key path or `file#value` that messages may name.
    pub fn new(label: impl Into<Arc<str>>, text: impl Into<String>) -> Secret {
        Secret { label: label.into(), text: Arc::new(Zeroizing::new(text.into())) }
    }

    /// What messages call this secret; not itself secret.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The text itself. Say beside each call why the bytes must leave.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// The same text under another label.
    pub fn relabel(&self, label: impl Into<Arc<str>>) -> Secret {
        Secret { label: label.into(), text: Arc::clone(&self.text) }
    }
}
