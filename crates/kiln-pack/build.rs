//! Rebuilds this crate when an embedded file comes, goes or changes.

fn main() {
    println!("cargo::rerun-if-changed=../../templates");
    println!("cargo::rerun-if-changed=../../schemas");
}
