//! Renders a project in memory.
fn main() {}
