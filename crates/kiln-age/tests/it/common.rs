//! Keys of the corpus, and somebody who knows its passphrase.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kiln_age::{Dialog, Identities};
use kiln_model::Secret;
use zeroize::Zeroizing;

/// What every wrapped file of the corpus holds: as long as a part of a split data key.
pub(crate) const SECRET: &[u8; 33] = include_bytes!("../corpus/secret.txt");
pub(crate) const PASSPHRASE: &str = "correct horse";

pub(crate) const X25519: &str = include_str!("../corpus/x25519.key");
pub(crate) const POST_QUANTUM: &str = include_str!("../corpus/post-quantum.key");
pub(crate) const LOCKED: &str = include_str!("../corpus/locked.key");
pub(crate) const ED25519: &str = include_str!("../corpus/ed25519");
pub(crate) const ED25519_PUBLIC: &str = include_str!("../corpus/ed25519.pub");
pub(crate) const ED25519_LOCKED: &str = include_str!("../corpus/ed25519-locked");
pub(crate) const ED25519_LOCKED_PUBLIC: &str = include_str!("../corpus/ed25519-locked.pub");
pub(crate) const RSA: &str = include_str!("../corpus/rsa");
pub(crate) const RSA_PUBLIC: &str = include_str!("../corpus/rsa.pub");
pub(crate) const RSA_LOCKED: &str = include_str!("../corpus/rsa-locked");

/// The recipient that a key file names in a comment.
pub(crate) fn public_half(key_file: &str) -> &str {
    key_file.lines().find_map(|line| line.strip_prefix("# public key: ")).expect("the comment of age-keygen")
}

/// The one key of a key file.
pub(crate) fn private_half(key_file: &str) -> &str {
    key_file.lines().last().expect("a key at the end")
}

/// The keys of a key file.
pub(crate) fn keys(text: &str) -> Identities {
    let mut identities = Identities::new();
    identities.add_keys("keys.txt", &Secret::new("test", text));
    identities
}

/// A private SSH key.
pub(crate) fn ssh(text: &str) -> Identities {
    let mut identities = Identities::new();
    identities.add_ssh("id", &Secret::new("test", text));
    identities
}

/// Types one passphrase wherever it is asked, and keeps the questions.
pub(crate) struct Typist {
    types: &'static str,
    asked: Mutex<Vec<String>>,
    is_typing: AtomicBool,
    met_another: AtomicBool,
}

impl Typist {
    pub(crate) fn new(types: &'static str) -> Typist {
        Typist {
            types,
            asked: Mutex::default(),
            is_typing: AtomicBool::default(),
            met_another: AtomicBool::default(),
        }
    }

    /// Whether two questions came at once.
    pub(crate) fn met_another(&self) -> bool {
        self.met_another.load(Ordering::SeqCst)
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("nobody panics here").clone()
    }
}

impl Dialog for Typist {
    fn passphrase(&self, prompt: &str) -> Option<Zeroizing<String>> {
        self.asked.lock().expect("nobody panics here").push(prompt.to_owned());
        self.met_another.fetch_or(self.is_typing.swap(true, Ordering::SeqCst), Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(20));
        self.is_typing.store(false, Ordering::SeqCst);
        Some(Zeroizing::new(self.types.to_owned()))
    }

    fn answer(&self, _: &str) -> Option<String> {
        None
    }

    fn show(&self, _: &str) {}

    fn confirm(&self, _: &str, _: &str, _: Option<&str>) -> Option<bool> {
        None
    }
}
