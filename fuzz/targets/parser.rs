//! Templates with Jinja2's delimiters, and expressions that stand alone: the parser gives a tree
//! or a complaint, and every node lies inside the one above it.

#![no_main]

use kiln_fuzz::Input;
use kiln_jinja::syntax::{self, Extensions, Options};

kiln_fuzz::fuzz_templates!();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let main = Input::read(bytes).main;
    let extensions = Extensions { do_statement: true, loop_controls: true, i18n: true, debug: true };
    let options = Options { extensions, ..Options::default() };
    match syntax::parse(&main, &options) {
        Ok(template) => kiln_fuzz::check(&template, &main),
        Err(error) => kiln_fuzz::check_error(&error, &main),
    }
    match syntax::parse_expression(&main, &options) {
        Ok(expression) => kiln_fuzz::check_expression(&expression, &main),
        Err(error) => kiln_fuzz::check_error(&error, &main),
    }
});
