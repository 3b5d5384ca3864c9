//! Inputs that nobody would write, for everything that reads data files, templates, SOPS files and
//! keys.
//!
//! The targets lie in `targets/`. Here is what they share: [`Input`] reads settings and
//! templates from the bytes that the fuzzer makes, [`names`] are the values that templates
//! meet, [`places`] checks where the parser says that things stand, and [`mutate`] makes new
//! templates of old ones. `README.md` says how an input is written.

pub mod data;

mod generate;

mod input;

mod mutate;

mod names;

mod places;

mod random;

pub mod settings;

pub mod sops;

pub mod stages;

mod words;

pub use input::Input;
pub use mutate::{cross, mutate};
pub use names::{SECRET, names, scope};
pub use places::{check, check_error, check_expression};

/// Makes the fuzzer change inputs in ways that templates survive.
#[macro_export]
macro_rules! fuzz_templates {
    () => {
        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::mutate(data, size, max_size, seed)
        });
        libfuzzer_sys::fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
            $crate::cross(one, other, out, seed)
        });
    };
}
