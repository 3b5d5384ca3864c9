//! Encrypts and decrypts SOPS documents with age keys, in memory.
