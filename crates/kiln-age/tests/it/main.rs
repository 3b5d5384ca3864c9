//! Claims about keys of every kind, over files of the real age and over what is made here.

mod common;
mod corpus;
mod identities;
mod recipients;
mod round_trip;
mod secrecy;
