//! Text for YAML documents.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// `text | yaml_str`: a double-quoted YAML scalar, which is also a JSON string.
pub(super) fn yaml_str(text: &str) -> String {
    kiln_yaml::quote(text)
}

/// `text | block(n)`: the lines of a literal block; every line but the first is indented by
/// `n` spaces, empty lines stay empty, and line breaks at the end are dropped.
pub(super) fn block(text: &str, indent: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.trim_end_matches('\n').split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
            if !line.is_empty() {
                out.extend(std::iter::repeat_n(' ', indent));
            }
        }
        out.push_str(line);
    }
    out
}

/// `path | basename`: the file name without its last extension.
pub(super) fn basename(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or("");
    match name.rfind('.') {
        Some(dot) if dot > 0 => name[..dot].to_owned(),
        _ => name.to_owned(),
    }
}

/// `text | b64encode`: the UTF-8 bytes in base64 with padding.
pub(super) fn b64encode(text: &str) -> String {
    STANDARD.encode(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded() {
        // printf 'é!' | base64
        assert_eq!(b64encode("é!"), "w6kh");
        assert_eq!(b64encode("a"), "YQ==");
    }

    #[test]
    fn a_quoted_scalar_escapes_what_yaml_and_json_do_not_take() {
        assert_eq!(yaml_str("a\"b\\c\n\té\u{7}\u{2028}"), r#""a\"b\\c\n\té\u0007\u2028""#);
    }

    #[test]
    fn a_block_indents_all_lines_but_the_first_and_the_empty() {
        assert_eq!(block("a\n\nb\n\n", 2), "a\n\n  b");
        assert_eq!(block("", 2), "");
    }

    #[test]
    fn the_base_name_loses_one_extension() {
        assert_eq!(basename("a/x.yaml.j2"), "x.yaml");
        assert_eq!(basename(".hidden"), ".hidden");
        assert_eq!(basename("plain"), "plain");
    }
}
