//! Templates that use each other.

use super::kind::Kind;
use super::writer::{Macro, NO_MORE_BLOCKS, Writer};

impl Writer<'_> {
    /// A new block.
    pub(super) fn new_block(&mut self, depth: usize, modifier: &str) -> String {
        let name = format!("b{}", self.blocks);
        self.blocks += 1;
        self.block(&name, depth, modifier, "")
    }

    /// A block with that name, whose body ends so.
    fn block(&mut self, name: &str, depth: usize, modifier: &str, ending: &str) -> String {
        let open = self.tag(&format!("block {name}{modifier}"));
        let (loops, macros) = (std::mem::take(&mut self.loops), std::mem::take(&mut self.macros));
        let body = self.inside(|writer| writer.body(depth));
        (self.loops, self.macros) = (loops, macros);
        let end = if self.random.chance(20) { format!("endblock {name}") } else { "endblock".to_owned() };
        open + &body + ending + &self.tag(&end)
    }

    /// The main template, and what it loads.
    pub(super) fn templates(&mut self) -> Vec<(String, String)> {
        let mut templates = Vec::new();
        if self.random.chance(22) {
            templates.push(("lib".to_owned(), self.library()));
        }
        if self.random.chance(15) {
            templates.push(("part".to_owned(), self.part()));
        }
        let main = if self.random.chance(15) { self.child(&mut templates) } else { self.page(&templates) };
        templates.push(("main".to_owned(), main));
        templates
    }

    /// Macros and variables to be imported; its macros are not yet callable.
    fn library(&mut self) -> String {
        let scope = std::mem::take(&mut self.scope);
        let mut text = self.data();
        for _ in 0..1 + self.random.below(2) {
            text.push_str(&self.macro_statement(2));
        }
        let value = self.text_of(Kind::Text, 1);
        text.push_str(&self.tag(&format!("set libv = {value}")));
        if self.random.chance(30) {
            text.push_str(&self.tag("set _hidden = 1"));
        }
        self.scope = scope;
        text
    }

    /// What is included. It sees the context alone, so that is all it may use.
    fn part(&mut self) -> String {
        let macros = std::mem::take(&mut self.macros);
        let text = self.inside(|writer| writer.body(2));
        self.macros = macros;
        text
    }

    fn page(&mut self, templates: &[(String, String)]) -> String {
        let has = |name: &str| templates.iter().any(|(it, _)| it == name);
        let mut text = String::new();
        if has("lib") {
            text.push_str(&self.import());
        }
        text.push_str(&self.page_body());
        if has("part") {
            text.push_str(&self.include());
        }
        if has("part") || self.random.chance(30) {
            text.push_str(&self.page_body());
        }
        if self.blocks > 0 && self.random.chance(30) {
            text.push_str(&self.style.print(&mut self.random, "self.b0()"));
        }
        text
    }

    fn page_body(&mut self) -> String {
        let depth = self.random.choose(&[1, 2, 2, 3]);
        self.body(depth)
    }

    /// Imports the library in some way, under the names its macros then have.
    fn import(&mut self) -> String {
        let context = self.random.pick(&["", "", " with context", " without context"]);
        let library: Vec<Macro> = std::mem::take(&mut self.macros);
        if self.random.chance(50) {
            for made in library {
                self.macros.push(Macro { name: format!("lib.{}", made.name), ..made });
            }
            self.declare("lib.libv", Kind::Text);
            return self.tag(&format!("import 'lib' as lib{context}"));
        }
        let mut names = vec!["libv as value".to_owned()];
        for made in library {
            let alias = if self.random.chance(30) { format!("{}x", made.name) } else { made.name.clone() };
            names.push(if alias == made.name { alias.clone() } else { format!("{} as {alias}", made.name) });
            self.macros.push(Macro { name: alias, ..made });
        }
        self.declare("value", Kind::Text);
        self.tag(&format!("from 'lib' import {}{context}", names.join(", ")))
    }

    fn include(&mut self) -> String {
        let what = self.random.pick(&[
            "'part'",
            "'part'",
            "['nope', 'part']",
            "'nope' ignore missing",
            "('nope', 'part') ignore missing",
            "'pa' ~ 'rt'",
            "['nope'] ignore missing",
        ]);
        let context = self.random.pick(&["", "", " with context", " without context"]);
        let include = self.tag(&format!("include {what}{context}"));
        if self.random.chance(25) {
            let open = self.tag("for s in ws");
            return open + &include + &self.tag("endfor");
        }
        include
    }

    /// A template that extends others, of which it needs the blocks.
    fn child(&mut self, templates: &mut Vec<(String, String)>) -> String {
        let macros = std::mem::take(&mut self.macros);
        let mut base = self.data();
        for _ in 0..1 + self.random.below(3) {
            let (depth, modifier) = (self.random.below(3), self.random.pick(&["", "", " scoped"]));
            base.push_str(&self.new_block(depth, modifier));
            base.push_str(&self.data());
        }
        if self.random.chance(30) {
            base.push_str(&self.style.print(&mut self.random, "self.b0()"));
        }
        if self.random.chance(15) {
            let open = self.tag(&format!("block b{} required", self.blocks));
            self.blocks += 1;
            base.push_str(&(open + " \n" + &self.tag("endblock")));
        }
        templates.push(("base".to_owned(), base));
        let mut parent = "base";
        if self.random.chance(30) {
            let middle = self.overriding(parent);
            templates.push(("mid".to_owned(), middle));
            parent = "mid";
        }
        let main = self.overriding(parent);
        self.macros = macros;
        main
    }

    fn overriding(&mut self, parent: &str) -> String {
        let all = self.blocks;
        let mut text = if self.random.chance(20) { self.data() } else { String::new() };
        if self.random.chance(35) {
            let value = self.text_of(Kind::Text, 1);
            text.push_str(&self.tag(&format!("set top = {value}")));
            self.declare("top", Kind::Text);
        }
        let parent = match self.random.below(6) {
            0 => format!("'{parent}' if true else 'nope'"),
            1 => format!("'{}' ~ '{}'", &parent[..1], &parent[1..]),
            _ => format!("'{parent}'"),
        };
        text.push_str(&self.tag(&format!("extends {parent}")));
        // A block of its own must have no other name than those above have.
        self.blocks = NO_MORE_BLOCKS;
        for index in 0..all {
            if self.random.chance(65) {
                let depth = self.random.below(3);
                let ending = self.parents_block();
                text.push_str(&self.block(&format!("b{index}"), depth, "", &ending));
            }
            if self.random.chance(20) {
                text.push_str(&self.data());
            }
        }
        self.blocks = all;
        text
    }

    /// The block of the template above, if any.
    fn parents_block(&mut self) -> String {
        if self.random.chance(50) {
            return String::new();
        }
        let inner = self.random.pick(&[
            "super()",
            "super()",
            "super()",
            "super()|upper",
            "super()|trim",
            "super() ~ super()",
        ]);
        self.style.print(&mut self.random, inner)
    }
}
