//! A pack of a few lines and a project for it, in memory.

#![allow(dead_code, reason = "each test file uses a part of it")]

use kiln::{MemoryFiles, Report, Request};

/// A test key, made for this file and used nowhere else.
pub(crate) const AGE_KEY: &str = "# public key: age1rtudqt0xmu8f0ef28gd22d6hgrxq6cdvjcm40p8k2f2c3y0qyewqzk7nhv\nAGE-SECRET-KEY-1E8W7ZYZ6P5KVYQ5QZ8FMHDFPG3KEA0H7J2REVH8MZMTAST4AMWRST2FG80\n";

const PACK: &str =
    "[pack]\nname = 'toy'\nversion = '1'\nformat = 1\n\n[[data]]\nfile = 'data'\nschema = 'data'\n\n";

const APP_FILES: &str = "[[generate]]\nid = 'app-file'\neach = 'app_files'\nas = 'file'\n\
    template = '{{ file.template }}'\npath = 'apps/{{ file.name }}'\n";

const ENCRYPTION: &str = "[[secret]]\nid = 'age_key'\nfile = 'age.key'\n[secret.values]\n\
    private = { take = 'line', prefix = 'AGE-SECRET-KEY-' }\n\
    public = { take = 'after', prefix = '# public key: ', public = true }\n\n\
    [sops]\nconfig = '.sops.yaml'\nidentity = 'secrets.age_key.private'\n\n\
    [[generate]]\nid = 'sops'\ntemplate = 'sops.j2'\npath = '.sops.yaml'\n\n";

const RULES: &str = "creation_rules:\n  - path_regex: \\.sops\\.yaml$\n    encrypted_regex: ^data$\n    \
    mac_only_encrypted: true\n    age: {{ secrets.age_key.public }}\n";

const SCHEMA: &str = r#"{
  "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "additionalProperties": false,
  "required": ["name"],
  "properties": {
    "name": {"type": "string"},
    "net": {"type": "string", "format": "ipv4-cidr"},
    "gateway": {"type": "string"},
    "token": {"type": "string", "writeOnly": true},
    "items": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}}
  }
}"#;

/// A pack and a project; each method gives a changed one.
#[derive(Clone)]
pub(crate) struct Toy {
    pack: String,
    files: Vec<(String, Vec<u8>)>,
    previous: Vec<(String, Vec<u8>)>,
}

impl Toy {
    /// Two apps `a` and `b` in the namespaces `one` and `two`, `b` after `a`; each has one
    /// file, `apps/a.txt` and `apps/b.txt`.
    pub(crate) fn new() -> Toy {
        let toy = Toy { pack: format!("{PACK}{APP_FILES}"), files: Vec::new(), previous: Vec::new() };
        toy.data("name: toy\nnet: 10.0.0.0/24\n")
            .file("schemas/data.schema.json", SCHEMA)
            .file("versions.yaml", "tools:\n  t: {version: '1'}\n")
            .file("derive/net.yaml", "gateway:\n  mode: absent\n  value: net | nthhost(1)\n")
            .app("a", "namespace: one\npod_security: baseline\nkustomizations: {app: {files: {a.txt: {}}}}\n")
            .app("b", "namespace: two\npod_security: restricted\nkustomizations: {app: {depends_on: [a], files: {b.txt: {}}}}\n")
            .template("apps/a/app/a.txt.j2", "a\n")
            .template("apps/b/app/b.txt.j2", "b\n")
            .project("kiln.toml", "pack = 'pack'\n")
    }

    /// Adds a key file and creation rules that cover `data` in `*.sops.yaml`.
    pub(crate) fn with_encryption(mut self) -> Toy {
        self.pack = self.pack.replacen("[[generate]]", &format!("{ENCRYPTION}[[generate]]"), 1);
        self.template("sops.j2", RULES).project("age.key", AGE_KEY)
    }

    pub(crate) fn file(self, path: &str, text: &str) -> Toy {
        self.project(&format!("pack/{path}"), text)
    }

    pub(crate) fn app(self, id: &str, text: &str) -> Toy {
        self.file(&format!("apps/{id}.yaml"), text)
    }

    pub(crate) fn template(self, name: &str, text: &str) -> Toy {
        self.file(&format!("templates/{name}"), text)
    }

    pub(crate) fn generate(mut self, id: &str, entry: &str) -> Toy {
        self.pack += &format!("[[generate]]\nid = '{id}'\n{entry}\n");
        self
    }

    pub(crate) fn data(self, text: &str) -> Toy {
        self.project("data.yaml", text)
    }

    pub(crate) fn project(mut self, path: &str, text: &str) -> Toy {
        self.files.push((path.to_owned(), text.as_bytes().to_vec()));
        self
    }

    pub(crate) fn without(mut self, path: &str) -> Toy {
        self.files.retain(|(known, _)| known != path);
        self
    }

    pub(crate) fn previous(mut self, path: &str, bytes: &[u8]) -> Toy {
        self.previous.push((path.to_owned(), bytes.to_vec()));
        self
    }

    pub(crate) fn run(&self) -> Report {
        let (mut files, mut previous) = (MemoryFiles::new(), MemoryFiles::new());
        files.insert("pack/pack.toml", self.pack.as_str());
        self.files.iter().for_each(|(path, text)| files.insert(path.as_str(), text.clone()));
        self.previous.iter().for_each(|(path, text)| previous.insert(path.as_str(), text.clone()));
        let mut request = Request::new(&files, 1_767_225_600);
        request.previous = Some(&previous);
        kiln::run(&request)
    }

    /// Runs without findings, and expects this text at this path.
    #[track_caller]
    pub(crate) fn check(&self, path: &str, text: &str) {
        let report = self.run();
        assert_eq!(findings(&report), [""; 0]);
        let rendered = report.rendered.iter().find(|rendered| rendered.path() == path);
        assert_eq!(rendered.map(|rendered| rendered.expose()), Some(text));
    }

    /// Expects these findings, each `code path:line:column`, and no artifact. A position may
    /// end in `*`.
    #[track_caller]
    pub(crate) fn finds(&self, expected: &[&str]) {
        let report = self.run();
        let found = findings(&report);
        let same = |(found, expected): (&String, &&str)| match expected.strip_suffix('*') {
            Some(prefix) => found.starts_with(prefix),
            None => found == expected,
        };
        let all = found.len() == expected.len() && found.iter().zip(expected).all(same);
        assert!(all, "expected {expected:#?}, found {:#?}", report.diagnostics);
        assert!(report.artifacts.is_empty());
    }
}

/// The findings of a run, each `code path:line:column`.
pub(crate) fn findings(report: &Report) -> Vec<String> {
    let line = |diagnostic: &kiln::Diagnostic| {
        let span = diagnostic.span();
        let at = report.sources.position(span.source, span.start);
        format!("{} {}:{}:{}", diagnostic.code, report.sources.path(span.source), at.line, at.column)
    };
    report.diagnostics.iter().map(line).collect()
}
