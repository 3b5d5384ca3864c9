//! YAML streams: every style of node, and comments wherever they may stand.

use fastrand::Rng;

use super::{Comments, one_of, scalar, sometimes};

/// One or several documents.
pub(super) fn stream(comments: Comments, rng: &mut Rng) -> String {
    let mut writer = Writer { rng, out: String::new(), anchors: Vec::new(), comments, lists: 0 };
    for index in 0..1 + writer.rng.usize(..8) / 6 {
        if index > 0 || sometimes(writer.rng, 10) {
            writer.out.push_str(one_of(writer.rng, &["---\n", "---\n\n"]));
        }
        writer.document();
    }
    if sometimes(writer.rng, 10) {
        writer.out.pop();
    }
    writer.out
}

struct Writer<'r> {
    rng: &'r mut Rng,
    out: String,
    /// The anchors of the document.
    anchors: Vec<String>,
    comments: Comments,
    /// How many lists are open.
    lists: usize,
}

impl Writer<'_> {
    fn document(&mut self) {
        self.anchors.clear();
        if self.out.is_empty() || self.may_comment(true) {
            self.comments(0, 25);
        }
        self.map(0, 0);
        if self.may_comment(true) {
            self.comments(0, 25);
        }
    }

    /// Whether there may be a comment here; `is_odd` says that sops moves or loses some here.
    fn may_comment(&self, is_odd: bool) -> bool {
        match self.comments {
            Comments::None => false,
            Comments::InMaps => self.lists == 0 && !is_odd,
            Comments::Anywhere => true,
        }
    }

    fn is(&mut self, percent: u32) -> bool {
        sometimes(self.rng, percent)
    }

    fn map(&mut self, indent: usize, depth: usize) {
        for index in 0..1 + self.rng.usize(..4) {
            if index > 0 {
                self.comments(indent, 20);
            }
            self.indent(indent);
            self.entry(index, indent, depth);
        }
        if self.may_comment(true) {
            self.comments(indent, 12);
        }
    }

    fn entry(&mut self, index: usize, indent: usize, depth: usize) {
        let key = self.key(index);
        self.out.push_str(&key);
        self.out.push(':');
        self.value(indent, depth, false);
    }

    fn list(&mut self, indent: usize, depth: usize) {
        for index in 0..1 + self.rng.usize(..4) {
            if index > 0 {
                self.comments(indent, 20);
            }
            self.indent(indent);
            self.out.push('-');
            self.value(indent, depth, true);
        }
        self.comments(indent, 12);
    }

    /// What stands behind `key:` or `-`.
    fn value(&mut self, indent: usize, depth: usize, in_list: bool) {
        match self.rng.u32(..20) {
            0..3 if depth < 4 => self.block_map(indent, depth, in_list),
            3..6 if depth < 4 => self.block_list(indent, depth, in_list),
            6 => self.flow_collection(depth),
            7 | 8 => self.block_scalar(indent),
            9 if !self.anchors.is_empty() => {
                let name =
                    one_of(self.rng, &self.anchors.iter().map(String::as_str).collect::<Vec<_>>()).to_owned();
                self.out.push_str(&format!(" *{name}"));
                self.end_line(false);
            }
            10 => self.end_line(false),
            _ => {
                let anchor = self.anchor();
                let scalar = self.scalar(false);
                self.out.push_str(&format!(" {scalar}"));
                self.end_line(!scalar.ends_with("!!str"));
                self.anchors.extend(anchor);
            }
        }
    }

    fn block_map(&mut self, indent: usize, depth: usize, in_list: bool) {
        let step = one_of(self.rng, &[1, 2, 2, 4]);
        if in_list && self.is(70) {
            self.out.push(' ');
            let inner = indent + 2;
            self.entry(0, inner, depth + 1);
            for index in 1..1 + self.rng.usize(..3) {
                self.comments(inner, 20);
                self.indent(inner);
                self.entry(index, inner, depth + 1);
            }
            return;
        }
        let anchor = self.anchor();
        self.end_line(false);
        self.comments(indent + step, 15);
        self.map(indent + step, depth + 1);
        self.anchors.extend(anchor);
    }

    fn block_list(&mut self, indent: usize, depth: usize, in_list: bool) {
        self.lists += 1;
        self.list_lines(indent, depth, in_list);
        self.lists -= 1;
    }

    fn list_lines(&mut self, indent: usize, depth: usize, in_list: bool) {
        // Whose the comments below a list are that is not indented is an open question.
        let flush = if self.comments == Comments::InMaps { 2 } else { 0 };
        let step = if in_list { 2 } else { one_of(self.rng, &[flush, 2, 2, 4]) };
        if in_list && self.is(70) {
            self.out.push_str(" -");
            self.value(indent + 2, depth + 1, true);
            for _ in 0..self.rng.usize(..3) {
                self.indent(indent + 2);
                self.out.push('-');
                self.value(indent + 2, depth + 1, true);
            }
            return;
        }
        let anchor = self.anchor();
        self.end_line(false);
        self.comments(indent + step, 15);
        self.list(indent + step, depth + 1);
        self.anchors.extend(anchor);
    }

    fn flow_collection(&mut self, depth: usize) {
        let anchor = self.anchor();
        self.out.push(' ');
        self.flow(depth);
        self.end_line(false);
        self.anchors.extend(anchor);
    }

    fn flow(&mut self, depth: usize) {
        let is_map = self.is(50);
        let breaks = if self.is(15) { "\n        " } else { " " };
        self.out.push(if is_map { '{' } else { '[' });
        for index in 0..self.rng.usize(..4) {
            if index > 0 {
                self.out.push(',');
                self.out.push_str(breaks);
            }
            if is_map {
                self.out.push_str(&format!("f{index}: "));
            }
            if depth < 4 && self.is(20) {
                self.flow(depth + 1);
            } else {
                let scalar = self.scalar(true);
                self.out.push_str(&scalar);
            }
        }
        self.out.push(if is_map { '}' } else { ']' });
    }

    fn block_scalar(&mut self, indent: usize) {
        let header = one_of(self.rng, &["|", "|", ">", "|-", "|+", ">-", ">+"]);
        self.out.push_str(&format!(" {header}"));
        if self.may_comment(false) && self.is(10) {
            self.out.push_str(" # header");
        }
        self.out.push('\n');
        let column = indent + one_of(self.rng, &[1, 2, 4]);
        for index in 0..1 + self.rng.usize(..4) {
            let line = one_of(
                self.rng,
                &["line", "", "more: text", "  deeper", "# not a comment", "- dash", "tab\there", "ü 😀"],
            );
            // The first line says how far all are indented.
            let line = match (index, line) {
                (0, "") if !self.may_begin_blank() => "first",
                (0, _) => line.trim_start(),
                _ => line,
            };
            if !line.is_empty() {
                self.indent(column);
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn scalar(&mut self, in_flow: bool) -> String {
        match self.rng.u32(..10) {
            0 => scalar::number(self.rng),
            1 => one_of(
                self.rng,
                &[
                    "true",
                    "false",
                    "null",
                    "~",
                    "0644",
                    "0o17",
                    "0x1F",
                    "1_000",
                    "-.inf",
                    ".nan",
                    "2024-01-01",
                    "2024-01-01T10:00:00.5+02:00",
                    "2001-12-14 21:59:43.10 -5",
                    "12e03",
                    "+1",
                    "0b11",
                    "yes",
                    "12:30:45",
                ],
            )
            .to_owned(),
            2 => {
                let word = scalar::word(self.rng)
                    .replace(['\u{85}', '\u{2028}', '\u{feff}', '\u{7f}', '\u{1b}'], "");
                format!("'{}'", word.replace('\'', "''"))
            }
            3..6 => double_quoted(&self.text(in_flow)),
            6 if !in_flow => one_of(
                self.rng,
                &[
                    "!!str 5",
                    "!custom x",
                    "!!binary aGVsbG8=",
                    "!!binary /+8=",
                    "!!float 3",
                    "!!int 7",
                    "!!str",
                    "! 5",
                ],
            )
            .to_owned(),
            // go-yaml sees the end of a key in each colon of a flow collection.
            7 if !in_flow => one_of(self.rng, &["a:b", "http://x/y?z=1", "::x"]).to_owned(),
            _ => one_of(
                self.rng,
                &["plain", "two words", "x#y", "it's", "v1.2.3", "-x", "grüße", "a-b_c.d", "100%", "C:\\x"],
            )
            .to_owned(),
        }
    }

    /// Whether a text of several lines may begin with a blank: sops writes one that it cannot
    /// read below a list, and old releases one anywhere.
    fn may_begin_blank(&self) -> bool {
        self.lists == 0 && self.comments != Comments::None
    }

    /// A text whose style sops gets right: none that begins with a tab and has several
    /// lines, and below a list none that begins with a blank.
    fn text(&mut self, in_flow: bool) -> String {
        let text = scalar::text(self.rng);
        match (text.contains('\n'), in_flow || !self.may_begin_blank()) {
            (true, true) => text.trim_start().to_owned(),
            (true, false) => text.trim_start_matches('\t').to_owned(),
            _ => text,
        }
    }

    fn key(&mut self, index: usize) -> String {
        match self.rng.u32(..12) {
            0 => format!("\"k {index}\""),
            1 => format!("'q#{index}'"),
            2 => format!("password{index}"),
            3 => format!("data{index}_unencrypted"),
            4 => format!("\"{}\"", "k".repeat(120 + index)),
            5 => format!("\"true{}\"", if index == 0 { String::new() } else { index.to_string() }),
            6 => format!("schlüssel{index}"),
            // Comments of such a key stand in places of their own.
            7 if self.comments == Comments::None => format!("\"l\\n{index}\""),
            _ => format!("key{index}"),
        }
    }

    /// The name of an anchor, if one was written. What has it cannot refer to it.
    fn anchor(&mut self) -> Option<String> {
        let name = format!("a{}", self.out.len());
        let written = self.is(6);
        if written {
            self.out.push_str(&format!(" &{name}"));
        }
        written.then_some(name)
    }

    /// Ends a line, maybe with a comment; `is_scalar` says that a scalar stands before it.
    fn end_line(&mut self, is_scalar: bool) {
        if self.may_comment(!is_scalar) && self.is(12) {
            let text = self.comment_text();
            self.out.push_str(&format!(" #{text}"));
        }
        self.out.push('\n');
        if self.is(4) {
            self.out.push('\n');
        }
    }

    /// Some lines of comments, maybe with blank lines around them.
    fn comments(&mut self, indent: usize, percent: u32) {
        if !self.may_comment(false) || !self.is(percent) {
            return;
        }
        if self.is(25) {
            self.out.push('\n');
        }
        for _ in 0..1 + self.rng.usize(..3) {
            self.indent(indent);
            let text = self.comment_text();
            self.out.push_str(&format!("#{text}\n"));
            if self.is(10) {
                self.out.push('\n');
            }
        }
        if self.is(15) {
            self.out.push('\n');
        }
    }

    fn comment_text(&mut self) -> String {
        // Of an empty comment in a list sops makes an empty text.
        let empty = if self.comments == Comments::Anywhere { "-" } else { "" };
        one_of(self.rng, &[" note", " two words", "tight", empty, "#", " secret: x", " ünï 😀", "\ttab"])
            .to_owned()
    }

    fn indent(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for it in text.chars() {
        match it {
            '"' | '\\' => out.extend(['\\', it]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            ' '..='~' | '\u{a1}'..='\u{d7ff}' => out.push(it),
            _ => out.push_str(&format!("\\U{:08X}", u32::from(it))),
        }
    }
    out.push('"');
    out
}
