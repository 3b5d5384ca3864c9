//! Outputs, before and after encryption.

use zeroize::Zeroizing;

use crate::{Secret, Span};

/// The permission bits an output gets when it is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `0644`.
    Normal,
    /// `0600`: the output holds a secret in plain text.
    Private,
    /// `0755`: a program, copied from one.
    Executable,
}

/// A secret that the text of an output contains, and where it was asked for.
#[derive(Clone)]
pub struct Reveal {
    /// The secret.
    pub secret: Secret,
    /// The expression in the template that brought it in, as exactly as is known.
    pub span: Span,
}

/// The plain text of one output.
///
/// It cannot reach a disk: the writer takes [`Artifact`]s, and an output that contains a
/// secret becomes one only through encryption or an exception the user wrote down.
/// The text is wiped on drop.
pub struct Rendered {
    path: String,
    text: Zeroizing<String>,
    template: Span,
    reveals: Vec<Reveal>,
}

impl Rendered {
    /// The output `path` with plain text `text`, made by the template whose first byte
    /// is at `template`; `reveals` are the secrets the text contains.
    pub fn new(
        path: impl Into<String>,
        text: impl Into<String>,
        template: Span,
        reveals: Vec<Reveal>,
    ) -> Rendered {
        Rendered { path: path.into(), text: Zeroizing::new(text.into()), template, reveals }
    }

    /// The path under the output root, with `/` separators.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The plain text, secrets included. Say beside each call why it is needed.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The start of the template that made this output.
    pub fn template(&self) -> Span {
        self.template
    }

    /// The secrets in the text.
    pub fn reveals(&self) -> &[Reveal] {
        &self.reveals
    }
}

/// The bytes of one output, fit for a disk.
#[derive(Clone)]
pub struct Artifact {
    path: String,
    bytes: Vec<u8>,
    mode: Mode,
    encrypted: bool,
    template: String,
}

impl Artifact {
    /// The bytes of an output without secrets; `None` if its text contains one.
    pub fn clear(rendered: &Rendered) -> Option<Artifact> {
        rendered.reveals.is_empty().then(|| Artifact {
            path: rendered.path.clone(),
            bytes: rendered.text.as_bytes().to_vec(),
            mode: Mode::Normal,
            encrypted: false,
            template: String::new(),
        })
    }

    /// The bytes of an output that contains secrets in plain text by the user's written
    /// exception; it is created `0600`.
    pub fn clear_by_exception(rendered: &Rendered) -> Artifact {
        Artifact {
            path: rendered.path.clone(),
            bytes: rendered.text.as_bytes().to_vec(),
            mode: Mode::Private,
            encrypted: false,
            template: String::new(),
        }
    }

    /// The bytes of a file that no template made, such as an image.
    pub fn copied(path: impl Into<String>, bytes: Vec<u8>) -> Artifact {
        Artifact { path: path.into(), bytes, mode: Mode::Normal, encrypted: false, template: String::new() }
    }

    /// The same, as a program.
    #[must_use]
    pub fn executable(self) -> Artifact {
        Artifact { mode: Mode::Executable, ..self }
    }

    /// The same, with the name of what made it.
    #[must_use]
    pub fn made_by(self, template: impl Into<String>) -> Artifact {
        Artifact { template: template.into(), ..self }
    }

    /// Encrypted bytes. Only the encryption stage may call this (a lint holds it).
    pub fn ciphertext(path: impl Into<String>, bytes: Vec<u8>) -> Artifact {
        Artifact { path: path.into(), bytes, mode: Mode::Normal, encrypted: true, template: String::new() }
    }

    /// The path under the output root, with `/` separators.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The bytes to write.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The permission bits for a new file.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The name of the template, or of the file, that made it; empty if nobody said.
    pub fn template(&self) -> &str {
        &self.template
    }

    /// Whether the bytes are a SOPS document.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_with_a_secret_does_not_become_clear() {
        let reveal = Reveal { secret: Secret::new("token", "hunter2"), span: Span::NONE };
        let rendered = Rendered::new("a.yaml", "t: hunter2", Span::NONE, vec![reveal]);
        assert!(Artifact::clear(&rendered).is_none());
        assert!(Artifact::clear(&Rendered::new("a.yaml", "t: 1", Span::NONE, Vec::new())).is_some());
    }
}
