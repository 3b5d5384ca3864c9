//! The cache of key files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use kiln_model::{FileError, Files, Secret};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::take::{Take, TakeError};

/// The key files of one run, each read at most once.
///
/// Files with the same content share one copy of it, so that a key lies in memory once.
pub struct KeyCache<'a> {
    files: &'a dyn Files,
    read: Mutex<BTreeMap<String, Option<Arc<KeyFile>>>>,
}

/// The content of one key file, wiped on drop.
pub struct KeyFile {
    bytes: Zeroizing<Vec<u8>>,
    version: String,
}

impl<'a> KeyCache<'a> {
    /// An empty cache over the project's files.
    pub fn new(files: &'a dyn Files) -> KeyCache<'a> {
        KeyCache { files, read: Mutex::default() }
    }

    /// The key file at `path`, `None` if there is none.
    ///
    /// # Errors
    /// If the file is there but cannot be read.
    pub fn open(&self, path: &str) -> Result<Option<Arc<KeyFile>>, FileError> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(path) {
            return Ok(known.clone());
        }
        let file = self.files.read(path)?.map(|bytes| {
            let version = version(&bytes);
            let twin = read.values().flatten().find(|file| file.version == version);
            twin.cloned().unwrap_or_else(|| Arc::new(KeyFile { bytes, version }))
        });
        read.insert(path.to_owned(), file.clone());
        Ok(file)
    }
}

impl KeyFile {
    /// The SHA-256 of the content in lower-case hex: it changes when the key changes. It is
    /// derived from a secret, so it is for comparison in memory, never for a file.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Takes one value out of the file; `label` is what messages will call it.
    ///
    /// # Errors
    /// If the file does not hold such a value.
    pub fn take(&self, take: &Take, label: &str) -> Result<Secret, TakeError> {
        take.value_in(&self.bytes).map(|text| Secret::new(label, text.as_str()))
    }
}

fn version(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// One file, and a count of how often it was read.
    struct Counted(AtomicUsize);

    impl Files for Counted {
        fn read(&self, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok((path != "gone").then(|| Zeroizing::new(b"key".to_vec())))
        }

        fn list(&self, _: &str) -> Result<Vec<String>, FileError> {
            Ok(Vec::new())
        }
    }

    #[test]
    fn a_file_is_read_once_even_if_it_is_missing() {
        let files = Counted(AtomicUsize::new(0));
        let cache = KeyCache::new(&files);
        for _ in 0..3 {
            assert!(cache.open("a").unwrap().is_some());
            assert!(cache.open("gone").unwrap().is_none());
        }
        assert_eq!(files.0.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn equal_files_share_one_copy_and_one_version() {
        let files = Counted(AtomicUsize::new(0));
        let cache = KeyCache::new(&files);
        let (a, b) = (cache.open("a").unwrap().unwrap(), cache.open("b").unwrap().unwrap());
        assert!(Arc::ptr_eq(&a, &b));
        // printf key | sha256sum
        assert_eq!(a.version(), "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683");
    }
}
