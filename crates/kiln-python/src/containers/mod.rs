//! Lists, tuples, mappings and their views, ranges, generators.

mod generator;
mod range;

pub use generator::Generator;
pub use range::Range;
