//! Tidy rules, code generation and interoperability runs.
fn main() {}
