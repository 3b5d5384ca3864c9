//! What this crate does for others, seen from outside.

mod churn;
mod common;
mod corpus;
mod encrypt;
mod policy;
mod roundtrip;
mod secrecy;
