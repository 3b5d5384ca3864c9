//! Text with any delimiters: the lexer gives tokens or a complaint, each with its place.

#![no_main]

use kiln_fuzz::Input;
use kiln_jinja::syntax;

kiln_fuzz::fuzz_templates!();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let input = Input::read(bytes);
    match syntax::parse(&input.main, &input.settings.syntax) {
        Ok(template) => kiln_fuzz::check(&template, &input.main),
        Err(error) => kiln_fuzz::check_error(&error, &input.main),
    }
});
