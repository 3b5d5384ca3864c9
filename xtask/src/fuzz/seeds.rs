//! The cases of the corpora as inputs to begin with.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Result;
use crate::conformance::{Case, Options, corpus};

/// Writes every case into a folder, as `fuzz/README.md` says.
///
/// # Errors
/// If the corpus cannot be read or the folder cannot be written.
pub(super) fn write(root: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for case in corpus(root)? {
        fs::write(folder.join(&case.id), input(&case)?)?;
    }
    Ok(())
}

/// Writes the plain and the encrypted files of kiln-sops into a folder, each behind four bytes
/// that choose its format.
///
/// # Errors
/// If the corpus cannot be read or the folder cannot be written.
pub(super) fn write_files(root: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut folders = vec![root.join("crates/kiln-sops/tests/corpus")];
    let mut number = 0;
    while let Some(from) = folders.pop() {
        for entry in fs::read_dir(from)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
            let format = ENDINGS.iter().position(|it| *it == ending).unwrap_or(ENDINGS.len());
            let mut input = vec![format as u8, 0, 7, 1];
            input.extend(fs::read(&path)?);
            fs::write(folder.join(format!("{number}-{ending}")), input)?;
            number += 1;
        }
    }
    Ok(())
}

/// Writes the keys of kiln-age and what was wrapped for them into a folder, each behind the byte
/// that says what it is.
///
/// # Errors
/// If the corpus cannot be read or the folder cannot be written.
pub(super) fn write_keys(root: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(root.join("crates/kiln-age/tests/corpus"))? {
        let path = entry?.path();
        let content = fs::read(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let write = |what: u8, content: &[u8]| {
            fs::write(folder.join(format!("{}-{name}", char::from(what))), [&[what], content].concat())
        };
        match path.extension().and_then(|it| it.to_str()) {
            Some("pub") => write(b'r', &content)?,
            Some("key") => {
                let text = String::from_utf8_lossy(&content);
                if let Some(public) = text.lines().find_map(|line| line.strip_prefix("# public key: ")) {
                    write(b'r', public.as_bytes())?;
                }
                write(b'k', &content)?;
            }
            Some("age") => {
                let text = String::from_utf8_lossy(&content);
                let armor: String = text.lines().filter(|line| !line.starts_with('-')).collect();
                write(b'h', &STANDARD.decode(armor)?)?;
                write(b'a', &content)?;
            }
            None => write(b's', &content)?,
            Some(_) => {}
        }
    }
    Ok(())
}

/// Writes the documents and scalars of kiln-yaml, and the data files and settings that there are,
/// into a folder.
///
/// # Errors
/// If the corpus cannot be read or the folder cannot be written.
pub(super) fn write_data(root: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let corpus = root.join("crates/kiln-yaml/tests/corpus");
    for (index, line) in fs::read_to_string(corpus.join("documents.jsonl"))?.lines().enumerate() {
        let case: serde_json::Value = serde_json::from_str(line)?;
        fs::write(folder.join(format!("document-{index}")), case["text"].as_str().unwrap_or_default())?;
    }
    let scalars = fs::read_to_string(corpus.join("scalars.tsv"))?;
    for (index, line) in scalars.lines().enumerate() {
        let scalar = line.split('\t').next().unwrap_or_default();
        fs::write(folder.join(format!("scalar-{index}")), format!("k: {scalar}\n"))?;
    }
    for path in
        ["xtask/house.toml", "deny.toml", "Cargo.toml", "schemas/kiln.schema.json", "examples/ha/nodes.yaml"]
    {
        fs::copy(root.join(path), folder.join(path.replace('/', "-")))?;
    }
    Ok(())
}

/// Writes the data files of the examples into a folder, every key that a schema gives an example or
/// a default, and some rules, each behind the letter of its file.
///
/// # Errors
/// If the examples cannot be read or the folder cannot be written.
pub(super) fn write_settings(root: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for example in ["ha", "homelab", "internal-only", "minimal", "single-node", "unifi"] {
        for file in ["cluster", "nodes"] {
            let text = fs::read_to_string(root.join(format!("examples/{example}/{file}.yaml")))?;
            fs::write(folder.join(format!("{example}-{file}")), format!("{}{text}", &file[..1]))?;
        }
    }
    for file in ["cluster", "nodes"] {
        let text = fs::read_to_string(root.join(format!("schemas/{file}.schema.json")))?;
        let schema: serde_json::Value = serde_json::from_str(&text)?;
        for (key, about) in schema["properties"].as_object().into_iter().flatten() {
            let values = about["examples"].as_array().into_iter().flatten().chain(about.get("default"));
            for (index, value) in values.enumerate() {
                let text = format!("{}{key}: {value}\n", &file[..1]);
                fs::write(folder.join(format!("{file}-{key}-{index}")), text)?;
            }
        }
    }
    for (index, rule) in RULES.into_iter().enumerate() {
        fs::write(folder.join(format!("rule-{index}")), format!("r{rule}"))?;
    }
    Ok(())
}

/// Rules of every form, about the data of `fuzz/src/settings.rs`.
const RULES: [&str; 4] = [
    "a: {assert: size > 5, at: [size, name], label: \"is {{ size }}\", message: m, help: h, source: [R1]}\n",
    "b:\n  severity: warning\n  each: items\n  as: item\n  when: item.mac is defined\n  \
     assert: item.mac == item.mac | lower\n  at: [item.mac, name]\n  message: \"{{ item.id }}\"\n  \
     fix: item.mac | lower\n  compat: true\n",
    "c:\n  when: given_secrets | length > 0\n  assert: name is cidr_contains('10.1.0.0/33')\n  \
     at: [\"items[{{ 1 }}].id\", token, twice]\n  message: m\n  why: w\n",
    "d:\n  severity: info\n  assert: token is none or token == name\n  at: [token]\n  message: \"{{ token }}\"\n",
];

/// The endings of the formats in the order in which the first byte counts them; behind them
/// are binary files.
const ENDINGS: [&str; 4] = ["yaml", "json", "env", "ini"];

fn input(case: &Case) -> Result<String> {
    let templates = &case.templates.0;
    let main = templates.iter().find(|(name, _)| *name == case.main).map_or("", |(_, text)| text);
    let mut input = format!("{}\n{main}", words(&case.options));
    for (name, text) in templates.iter().filter(|(name, _)| *name != case.main) {
        write!(input, "\n--- {name}\n{text}")?;
    }
    Ok(input)
}

/// The words of the first line.
fn words(options: &Options) -> String {
    let delimiters = [
        ("b", &options.block_start),
        ("B", &options.block_end),
        ("v", &options.variable_start),
        ("V", &options.variable_end),
        ("c", &options.comment_start),
        ("C", &options.comment_end),
        ("l", &options.line_statement_prefix),
        ("L", &options.line_comment_prefix),
    ];
    let delimiters =
        delimiters.into_iter().filter_map(|(name, text)| Some(format!("{name}={}", text.as_ref()?)));
    let flags = [
        ("trim", options.trim_blocks),
        ("lstrip", options.lstrip_blocks),
        ("keep", options.keep_trailing_newline),
        ("escape", options.autoescape),
        ("null", options.i18n.as_ref().map(|_| true)),
        ("cr", options.newline_sequence.as_ref().map(|it| it == "\r")),
        ("crlf", options.newline_sequence.as_ref().map(|it| it == "\r\n")),
    ];
    let flags = flags.into_iter().filter(|(_, is_on)| *is_on == Some(true)).map(|(name, _)| name.to_owned());
    delimiters.chain(flags).chain(options.undefined.clone()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_case_is_a_line_of_settings_and_its_templates() {
        let case = r#"{"id": "x", "area": "y", "main": "main", "context": {},
            "options": {"block_start": "<%", "trim_blocks": true, "lstrip_blocks": false, "undefined": "strict"},
            "templates": {"part": "P\n", "main": "<% include 'part' %}"}}"#;
        let case: Case = serde_json::from_str(case).unwrap();
        assert_eq!(input(&case).unwrap(), "b=<% trim strict\n<% include 'part' %}\n--- part\nP\n");
    }

    #[test]
    fn there_are_keys_of_every_kind_to_begin_with() {
        let folder = tempfile::tempdir().unwrap();
        write_keys(&crate::root(), folder.path()).unwrap();
        let inputs = fs::read_dir(folder.path()).unwrap();
        let letters: BTreeSet<u8> = inputs.map(|it| fs::read(it.unwrap().path()).unwrap()[0]).collect();
        assert_eq!(letters, BTreeSet::from(*b"ahkrs"));
    }
}
