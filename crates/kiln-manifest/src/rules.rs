//! The rules, by what they are about.

pub(crate) mod references;

pub(crate) mod flux;

pub(crate) mod objects;

pub(crate) mod secrets;

pub(crate) mod readings;

#[cfg(test)]
pub(crate) mod testing;
