//! `kiln.lock`: what the last run wrote.
//!
//! ```toml
//! format = 1
//! kiln = "0.1.0"
//! pack = "demo 0.1.0"
//!
//! [outputs]
//! "kubernetes/apps/kustomization.yaml" = { sha256 = "9f86d0…", template = "apps.yaml.j2" }
//! "mine.yaml" = { template = "mine.yaml.j2", adopted = true }
//! ```
//!
//! `prune = true` stands before them once the user agreed to what goes from a cluster with files.
//! `sha256` is that of the bytes on disk: of the ciphertext where a file is encrypted,
//! never of secret plain text. Such a file is `private = true`, and its hash stands in
//! `.kiln/state/private`, which is no part of the repository. Keys that are not listed here are
//! ignored, so that a later kiln may add some without a new format.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kiln_model::{Diagnostics, Node, Reported, Sources};
use sha2::{Digest, Sha256};

use crate::findings;
use crate::place::spelling;

/// The name of the record that [`crate::Plan::commit`] leaves in the output folder.
pub const LOCK_FILE: &str = "kiln.lock";

const FORMAT: i128 = 1;

const HEADER: &str = "\
# Written by kiln; do not edit, and keep it in git.
# It tells kiln which files are its own and which of them you changed.
";

/// The content of a lock.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(crate) kiln: String,
    pub(crate) pack: String,
    /// Whether the user agreed that files go even if objects go from a cluster with them.
    pub(crate) prunes: bool,
    /// What is known of each output, by its path.
    pub(crate) outputs: BTreeMap<String, Known>,
}

/// What is known of an output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Lower-case hexadecimal SHA-256 of what kiln wrote; `None` if it is not known here.
    pub(crate) sha256: Option<String>,
    /// What made it; empty if it is not known.
    pub(crate) template: String,
    /// Whether it holds secrets in plain text.
    pub(crate) is_private: bool,
    /// Whether the user looks after it.
    pub(crate) is_adopted: bool,
}

impl Known {
    /// Whether a file is as kiln wrote it.
    pub(crate) fn is_of(&self, bytes: &[u8]) -> bool {
        self.sha256.as_ref().is_some_and(|hash| *hash == sha256(bytes))
    }
}

impl Lock {
    /// Reads the lock whose text is `bytes` and which messages call `shown`.
    ///
    /// # Errors
    /// If it is damaged or of a newer format; both are reported.
    pub(crate) fn parse(
        bytes: Vec<u8>,
        shown: String,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<Lock, Reported> {
        let Ok(text) = String::from_utf8(bytes) else {
            let id = sources.add(shown, "");
            let start = kiln_model::Span::new(id, 0, 0);
            return Err(sink.error(findings::lock_damaged(start, "it is not UTF-8")));
        };
        let id = sources.add(shown, text.as_str());
        let mut inner = Diagnostics::new();
        let Ok(root) = kiln_yaml::toml::compose(id, &text, &mut inner) else {
            let first = inner.iter().next();
            let span = first.map_or(kiln_model::Span::NONE, kiln_model::Diagnostic::span);
            let what = first.map_or("not TOML", |it| it.message.as_str());
            return Err(sink.error(findings::lock_damaged(span, what)));
        };
        read(&root, kiln_model::Span::new(id, 0, 0), sink)
    }

    /// The text of the lock. The same content gives the same text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(HEADER);
        let mut line = |arguments: std::fmt::Arguments<'_>| {
            text.write_fmt(arguments).expect("writing to a String cannot fail");
        };
        line(format_args!("format = {FORMAT}\n"));
        line(format_args!("kiln = {}\n", quoted(&self.kiln)));
        line(format_args!("pack = {}\n", quoted(&self.pack)));
        if self.prunes {
            line(format_args!("prune = true\n"));
        }
        line(format_args!("\n[outputs]\n"));
        for (path, known) in &self.outputs {
            line(format_args!("{} = {{ {} }}\n", quoted(path), fields(known)));
        }
        text
    }

    /// The text of the file beside it, with what does not belong into a repository; `None` if
    /// there is nothing of that kind.
    pub(crate) fn private_text(&self) -> Option<String> {
        let private = self.outputs.iter().filter(|(_, known)| known.is_private);
        let lines = private.filter_map(|(path, known)| Some(format!("{}  {path}\n", known.sha256.as_ref()?)));
        Some(lines.collect::<String>()).filter(|text| !text.is_empty())
    }

    /// Takes in the text of the file beside it. What it does not say is unknown, as on a computer
    /// where kiln never ran.
    pub(crate) fn add_private(&mut self, text: &str) {
        for (hash, path) in text.lines().filter_map(|line| line.split_once("  ")) {
            if let Some(known) = self.outputs.get_mut(path).filter(|known| known.is_private)
                && is_sha256(hash)
            {
                known.sha256 = Some(hash.to_owned());
            }
        }
    }
}

/// What a line says of an output.
fn fields(known: &Known) -> String {
    let hash = known.sha256.as_ref().filter(|_| !known.is_private);
    let mut fields: Vec<String> = hash.map(|hash| format!("sha256 = {}", quoted(hash))).into_iter().collect();
    if !known.template.is_empty() {
        fields.push(format!("template = {}", quoted(&known.template)));
    }
    for (is_so, word) in [(known.is_private, "private"), (known.is_adopted, "adopted")] {
        if is_so {
            fields.push(format!("{word} = true"));
        }
    }
    fields.join(", ")
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
        text
    })
}

fn read(root: &Node, top: kiln_model::Span, sink: &mut Diagnostics) -> Result<Lock, Reported> {
    match root.get("format") {
        Some(node) => match node.as_int() {
            Some(FORMAT) => {}
            Some(newer) if newer > FORMAT => {
                return Err(sink.error(findings::lock_newer(node.span(), newer, FORMAT)));
            }
            _ => return Err(sink.error(findings::lock_damaged(node.span(), "no format that kiln knows"))),
        },
        None => return Err(sink.error(findings::lock_damaged(top, "the key `format` is missing"))),
    }
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    let prunes = root.get("prune").and_then(Node::as_bool) == Some(true);
    let mut lock = Lock { kiln: text("kiln"), pack: text("pack"), prunes, outputs: BTreeMap::new() };
    let Some(outputs) = root.get("outputs").and_then(Node::as_map) else {
        return Err(sink.error(findings::lock_damaged(top, "the table `[outputs]` is missing")));
    };
    let mut broken = None;
    for (path, entry) in outputs.iter() {
        match known(&entry.node) {
            Some(known) if spelling(path).is_none() => {
                lock.outputs.insert(path.to_owned(), known);
            }
            Some(_) => {
                broken = Some(sink.error(findings::lock_damaged(entry.key, "no path of an output")));
            }
            None => {
                broken = Some(sink.error(findings::lock_damaged(entry.node.span(), "no `sha256` of a file")));
            }
        }
    }
    broken.map_or(Ok(lock), Err)
}

/// What a line says; `None` if it lacks a hash that it has to have.
fn known(node: &Node) -> Option<Known> {
    let is = |key: &str| node.get(key).and_then(Node::as_bool) == Some(true);
    let (is_private, is_adopted) = (is("private"), is("adopted"));
    let hash = node.get("sha256").and_then(Node::as_str).filter(|hash| is_sha256(hash));
    let template = node.get("template").and_then(Node::as_str).unwrap_or_default().to_owned();
    (hash.is_some() || is_private || is_adopted).then(|| Known {
        sha256: hash.filter(|_| !is_private).map(str::to_owned),
        template,
        is_private,
        is_adopted,
    })
}

pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A TOML basic string (TOML 1.0, "String").
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            _ if char.is_control() => {
                write!(out, "\\u{:04x}", u32::from(char)).expect("writing to a String cannot fail");
            }
            _ => out.push(char),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn parse(text: &str) -> Result<Lock, Vec<(String, String)>> {
        let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
        Lock::parse(text.as_bytes().to_vec(), "out/kiln.lock".to_owned(), &mut sources, &mut sink)
            .map_err(|_| sink.iter().map(|it| (it.code.to_string(), it.labels[0].text.clone())).collect())
    }

    #[test]
    fn the_hash_is_that_of_the_standard() {
        assert_eq!(sha256(b""), EMPTY_SHA256);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut lock = Lock { kiln: "0.1.0".to_owned(), pack: "a \"b\" \\ c".to_owned(), ..Lock::default() };
        for path in ["b/ä.yaml", "a \"quoted\".yaml", "a.yaml"] {
            let known = Known { sha256: Some(sha256(path.as_bytes())), ..Known::default() };
            lock.outputs.insert(path.to_owned(), known);
        }
        let adopted = Known { template: "t \"1\"".to_owned(), is_adopted: true, ..Known::default() };
        lock.outputs.insert("mine".to_owned(), adopted);
        assert_eq!(parse(&lock.text()).as_ref(), Ok(&lock));
        lock.prunes = true;
        assert_eq!(parse(&lock.text()), Ok(lock));
    }

    #[test]
    fn the_hash_of_a_secret_stands_beside_it() {
        let mut lock = Lock::default();
        let known = Known { sha256: Some(EMPTY_SHA256.to_owned()), is_private: true, ..Known::default() };
        lock.outputs.insert("a b".to_owned(), known);
        assert!(lock.text().contains("\"a b\" = { private = true }\n"), "{}", lock.text());
        let beside = lock.private_text().unwrap();
        assert_eq!(beside, format!("{EMPTY_SHA256}  a b\n"));
        let mut read = parse(&lock.text()).unwrap();
        assert_eq!((read.outputs["a b"].sha256.as_ref(), read.private_text()), (None, None));
        read.add_private(&format!("nonsense\n{EMPTY_SHA256}  other\n{beside}"));
        assert_eq!(read, lock);
    }

    #[test]
    fn the_text_is_as_documented() {
        let mut lock = Lock { kiln: "0.1.0".to_owned(), pack: "demo 2".to_owned(), ..Lock::default() };
        let known =
            Known { sha256: Some(EMPTY_SHA256.to_owned()), template: "b.j2".to_owned(), ..Known::default() };
        lock.outputs.insert("a/b.yaml".to_owned(), known);
        let text = lock.text();
        let body = text.strip_prefix(HEADER).expect("the header comes first");
        assert_eq!(
            body,
            format!(
                "format = 1\nkiln = \"0.1.0\"\npack = \"demo 2\"\n\n[outputs]\n\
                 \"a/b.yaml\" = {{ sha256 = \"{EMPTY_SHA256}\", template = \"b.j2\" }}\n"
            )
        );
        assert!(HEADER.lines().all(|line| line.starts_with("# ")));
    }

    #[test]
    fn a_newer_format_is_refused() {
        let newer = "format = 2\nsomething = 'else'\n";
        assert_eq!(
            parse(newer),
            Err(vec![("plan.lock-newer".to_owned(), "written by a newer kiln".to_owned())])
        );
    }

    #[test]
    fn every_damaged_line_is_reported() {
        let text =
            "format = 1\n[outputs]\n'../x' = { sha256 = 'HASH' }\n'y' = { sha256 = 'beef' }\n'z' = 3\n"
                .replace("HASH", EMPTY_SHA256);
        let damaged = |what: &str| ("plan.lock-damaged".to_owned(), what.to_owned());
        assert_eq!(
            parse(&text),
            Err(vec![
                damaged("no path of an output"),
                damaged("no `sha256` of a file"),
                damaged("no `sha256` of a file")
            ])
        );
    }

    #[test]
    fn a_lock_that_lacks_something_is_damaged() {
        for text in ["", "kiln = '1'\n", "format = 0\n[outputs]\n", "format = 'x'\n", "format = 1\n"] {
            assert_eq!(parse(text).unwrap_err()[0].0, "plan.lock-damaged", "{text}");
        }
        assert_eq!(parse("<<<<<<< HEAD\nformat = 1\n").unwrap_err()[0].0, "plan.lock-damaged");
    }
}
