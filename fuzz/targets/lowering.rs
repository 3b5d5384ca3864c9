//! Templates that parse: they are lowered or refused, and the engine takes what they became.

#![no_main]

use kiln_fuzz::Input;
use kiln_jinja::Environment;

kiln_fuzz::fuzz_templates!();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let input = Input::read(bytes);
    let mut environment = Environment::new(input.settings);
    environment.add_source("main", &input.main);
    if let Err(complaint) = environment.check_programs("main") {
        panic!("the engine refuses a program: {complaint}");
    }
});
