//! What this crate does for others, seen from outside.

mod bad_files;
mod churn;
mod common;
mod corpus;
mod encrypt;
mod formats;
mod policy;
mod roundtrip;
mod secrecy;
