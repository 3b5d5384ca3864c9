//! Plain files of every format: what is read is written, and what is written is read as the
//! same.
//!
//! The first byte of an input says the format, the next how it is indented; two more are not
//! looked at, so that inputs are those of `sops_envelope`.

#![no_main]

use kiln_fuzz::sops::{FORMATS, lines};
use kiln_sops::{Format, Plain, Stores};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [what, indent, _, _, file @ ..] = bytes else { return };
    let format = FORMATS[usize::from(*what) % FORMATS.len()];
    let columns = usize::from(indent % 12);
    let stores = Stores { yaml_indent: columns, json_indent: columns.checked_sub(1), binary_indent: None };
    let Ok(plain) = Plain::read(file, format) else { return };
    let Ok(text) = plain.write(format, &stores) else { return };
    let again = Plain::read(&text, format).expect("what is written can be read");
    // Comments at the end of a YAML file may be read as those of another block; JSON has none.
    let compared = if format == Format::Yaml { Format::Json } else { format };
    if let (Ok(one), Ok(other)) = (plain.write(compared, &stores), again.write(compared, &stores)) {
        assert_eq!(lines(&one, compared), lines(&other, compared), "another document came back");
    }
});
