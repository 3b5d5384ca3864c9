//! Reads each key file once and hands out secrets.
//!
//! A key file is a file of the project that git does not know: an age identity, a deploy
//! key, a tunnel's credentials. This crate has custody of their bytes: it reads a file
//! once, wipes the bytes when they are dropped, and takes single values out of it as the
//! pack says ([`Take`]). It does not know which files there are, and writes nothing.
//!
//! ```
//! use kiln_model::MemoryFiles;
//! use kiln_secrets::{KeyCache, Take};
//!
//! let mut files = MemoryFiles::new();
//! files.insert("push-token.txt", "abc\n");
//! let cache = KeyCache::new(&files);
//! let token = cache.open("push-token.txt").unwrap().unwrap().take(&Take::Text, "token").unwrap();
//! assert_eq!(token.expose(), "abc");
//! ```

mod cache;

mod take;

pub use cache::{KeyCache, KeyFile};
pub use take::{Take, TakeError};
