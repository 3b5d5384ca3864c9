//! What a new file begins with.

use kiln::sops::Format;

/// An example of the format.
pub(super) fn of(format: Format) -> &'static [u8] {
    match format {
        Format::Yaml => YAML,
        Format::Json => JSON,
        Format::Dotenv => DOTENV,
        Format::Ini => INI,
        Format::Binary => BINARY,
    }
    .as_bytes()
}

const YAML: &str = "\
# Everything here is an example: put your own in its place.
example_key: example_value
example_list:
    - first
    - second
example_number: 1234.5
example_switch: true
";

const JSON: &str = "\
{
\t\"example_key\": \"example_value\",
\t\"example_list\": [
\t\t\"first\",
\t\t\"second\"
\t],
\t\"example_number\": 1234.5,
\t\"example_switch\": true
}
";

const DOTENV: &str = "\
# Everything here is an example: put your own in its place.
EXAMPLE_KEY=example_value
EXAMPLE_OTHER=another
";

const INI: &str = "\
[example_section]
; Everything here is an example: put your own in its place.
example_key = example_value
";

const BINARY: &str = "This is an example: put your own text in its place.\n";
