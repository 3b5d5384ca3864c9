//! Attributes of the built-in types: which methods and properties each has.
