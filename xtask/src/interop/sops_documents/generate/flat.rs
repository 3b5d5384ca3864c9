//! Formats without nesting: dotenv, INI and anything at all.

use fastrand::Rng;

use super::{Comments, one_of, scalar, sometimes};

/// Lines of a dotenv file.
pub(super) fn dotenv(rng: &mut Rng) -> Vec<u8> {
    let mut out = Vec::new();
    for index in 0..rng.usize(..10) {
        match rng.u32(..10) {
            0 => {}
            1 | 2 => out.extend_from_slice(format!("#{}", scalar::word(rng)).as_bytes()),
            3 => out.extend_from_slice(b"BYTES=\xff\xfe"),
            _ => {
                let key = one_of(rng, &["KEY", "export X", "a_unencrypted", "password", "UPPER.dot", " k "]);
                let value = scalar::text(rng).replace('\n', "\\n");
                out.extend_from_slice(format!("{key}{index}={value}").as_bytes());
            }
        }
        if sometimes(rng, 5) {
            out.extend_from_slice(b"=\r");
        }
        out.push(b'\n');
    }
    if sometimes(rng, 20) {
        out.pop();
    }
    out
}

/// Sections, keys and comments of an INI file.
pub(super) fn ini(comments: Comments, rng: &mut Rng) -> String {
    let mut out = String::new();
    for index in 0..rng.usize(..14) {
        match rng.u32(..12) {
            0 => {}
            1 | 2 if comments != Comments::None => {
                out.push_str(&format!("{}{}", one_of(rng, &["; ", "# ", ";", "#"]), comment(rng)));
            }
            // Old releases have one section of a name.
            3 | 4 if comments == Comments::None => out.push_str(&format!("[section{index}]")),
            3 | 4 => {
                let name = one_of(rng, &["a", "b.c", "DEFAULT", "sec tion", "data", "x]y", "a_unencrypted"]);
                let comment = if sometimes(rng, 20) { " ; behind" } else { "" };
                out.push_str(&format!("[{name}]{comment}"));
            }
            _ => {
                let key = one_of(rng, &["key", "password", "x_unencrypted", "a b", "ü"]);
                let equals = one_of(rng, &["=", " = ", ": ", "\t=\t"]);
                out.push_str(&format!("{key}{index}{equals}{}", ini_value(comments, rng)));
            }
        }
        out.push_str(one_of(rng, &["\n", "\n", "\n", "\r\n"]));
    }
    out
}

fn comment(rng: &mut Rng) -> String {
    one_of(rng, &["note", "two words", "key = value", "ünï", "x # y", "secret"]).to_owned()
}

/// A value in any of the spellings; none that sops itself writes so that it is lost: with
/// quotes around it, or a backslash at its end.
fn ini_value(comments: Comments, rng: &mut Rng) -> String {
    let word = scalar::word(rng);
    let word = word.trim_matches(['\'', '"', '`', '\\', ' ']);
    let bare = word.replace(['`', '"', '#', ';'], "");
    let bare = bare.trim_matches(['\'', '\\', ' ']);
    match rng.u32(..12) {
        0 => format!("\"{}\"", word.replace('"', "")),
        1 => format!("'{}'", word.replace('\'', "")),
        2 => format!("`{}`", word.replace('`', "")),
        3 => format!("\"\"\"{bare}\nsecond line\n\"\"\""),
        4 if comments != Comments::None => format!("{bare} ; behind"),
        5 => "first \\\n  second".to_owned(),
        6 => String::new(),
        _ => bare.to_owned(),
    }
}

/// Bytes, of text or not.
pub(super) fn binary(rng: &mut Rng) -> Vec<u8> {
    match rng.u32(..4) {
        0 => scalar::text(rng).into_bytes(),
        1 => one_of(rng, &["{\"sops\": {}}", "sops: 1\n", "", "\r\n", "\u{feff}"]).as_bytes().to_vec(),
        _ => (0..rng.usize(..400)).map(|_| rng.u8(..)).collect(),
    }
}
