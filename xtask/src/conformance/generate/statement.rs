//! Statements, and the text between them.

use super::kind::Kind;
use super::writer::{MOST_BLOCKS, Writer};

/// Pieces of text that matter for white space, or look like something else.
const DATA: &[&str] = &[
    "a",
    "key: ",
    "- ",
    " ",
    "\n",
    "\n",
    "\n  ",
    "  \n",
    "\n\n",
    "\t",
    "\r\n",
    "text\n",
    "<b>&",
    "é",
    "{ ",
    "} ",
    "5% ",
    "'",
    "x=1;",
    "  indented\n",
    "\\n",
    "[ ",
    ") ",
    ".",
    "b",
];

/// Filters for the body of `set`, without variables as arguments: with them, Jinja2 fails
/// inside itself.
const SAFE_FILTERS: &[&str] =
    &["upper", "trim", "indent(2, true)", "replace('a', 'b')|title", "length", "list"];

impl Writer<'_> {
    /// Some statements and texts.
    pub(super) fn body(&mut self, depth: usize) -> String {
        let mut text = String::new();
        for _ in 0..1 + self.random.below(if depth > 1 { 3 } else { 1 } + usize::from(depth > 0)) {
            if self.random.chance(55) {
                text.push_str(&self.data());
            }
            text.push_str(&self.statement(depth));
        }
        if self.random.chance(55) {
            text.push_str(&self.data());
        }
        text
    }

    /// Text that is printed as it stands.
    pub(super) fn data(&mut self) -> String {
        if let Some(comment) = self.style.line_comment(&mut self.random) {
            return comment;
        }
        (0..1 + self.random.below(3)).map(|_| self.random.pick(DATA)).collect()
    }

    fn statement(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.chance(35) {
            return self.print();
        }
        let depth = depth - 1;
        if self.loops > 0 && self.style.has("loopcontrols") && self.random.chance(20) {
            return self.loop_control();
        }
        if self.style.has("i18n") && self.random.chance(25) {
            return self.translation();
        }
        match self.random.below(100) {
            0..16 => self.if_statement(depth),
            16..34 => self.for_statement(depth),
            34..48 => self.set_statement(depth),
            48..54 => self.with_statement(depth),
            54..60 => self.macro_statement(depth) + &self.macro_use(depth),
            60..66 => self.call_statement(depth),
            66..72 => self.filter_statement(depth),
            72..78 => self.mutation(),
            78..82 => self.helper(depth),
            82..85 => self.raw(),
            85..88 => self.comment(),
            88..91 => self.autoescape(depth),
            91..94 => self.namespace(depth),
            94..96 => self.print(),
            96..98 => self.recursion(),
            _ => self.inner_block(depth),
        }
    }

    /// A printed expression.
    pub(super) fn print(&mut self) -> String {
        let depth = self.random.choose(&[0, 1, 1, 1, 2, 2, 3]);
        let mut inner = self.text_of(Kind::Any, depth);
        if self.random.chance(2) {
            inner = format!("{inner}, {}", self.text_of(Kind::Any, 0));
        }
        self.style.print(&mut self.random, &inner)
    }

    /// A statement in its delimiters.
    pub(super) fn tag(&mut self, inner: &str) -> String {
        self.style.statement(&mut self.random, inner)
    }

    fn if_statement(&mut self, depth: usize) -> String {
        let condition = self.condition_text();
        let mut text = self.tag(&format!("if {condition}"));
        text.push_str(&self.body(depth));
        if self.random.chance(25) {
            let condition = self.condition_text();
            text.push_str(&self.tag(&format!("elif {condition}")));
            text.push_str(&self.body(depth));
        }
        if self.random.chance(40) {
            text.push_str(&self.tag("else"));
            text.push_str(&self.body(depth));
        }
        text + &self.tag("endif")
    }

    fn condition_text(&mut self) -> String {
        let kind = if self.random.chance(80) { Kind::Bool } else { Kind::Any };
        self.condition_of(kind, 2)
    }

    fn for_statement(&mut self, depth: usize) -> String {
        let (target, over, names) = self.loop_head();
        self.inside(|writer| {
            names.into_iter().for_each(|(name, kind)| writer.declare(name, kind));
            let filter = if writer.random.chance(20) {
                format!(" if {}", writer.condition_of(Kind::Bool, 1))
            } else {
                String::new()
            };
            let mut text = writer.tag(&format!("for {target} in {over}{filter}"));
            writer.loops += 1;
            text.push_str(&writer.body(depth));
            writer.loops -= 1;
            if writer.random.chance(25) {
                text.push_str(&writer.tag("else"));
                text.push_str(&writer.body(depth.min(1)));
            }
            text + &writer.tag("endfor")
        })
    }

    /// What a loop binds, what it goes through, and the names that its body has.
    fn loop_head(&mut self) -> (String, String, Vec<(String, Kind)>) {
        let name = self.invent("i");
        let (other, third) = (format!("{name}k"), format!("{name}v"));
        match self.random.below(10) {
            0..3 => (name.clone(), self.operand(Kind::Ints, 1), vec![(name, Kind::Int)]),
            3 | 4 => (name.clone(), self.operand(Kind::Texts, 1), vec![(name, Kind::Text)]),
            5 | 6 => (
                name.clone(),
                self.operand(Kind::Rows, 1),
                vec![
                    (format!("{name}.name"), Kind::Text),
                    (format!("{name}.n"), Kind::Int),
                    (name, Kind::Map),
                ],
            ),
            7 => {
                let map = self.operand(Kind::Map, 0);
                let items = self.random.pick(&[".items()", "|items", "|dictsort"]);
                (
                    format!("{other}, {third}"),
                    format!("{map}{items}"),
                    vec![(other, Kind::Text), (third, Kind::Any)],
                )
            }
            8 => {
                let by = self.random.pick(&["'n'", "'on'", "'name'"]);
                let rows = self.operand(Kind::Rows, 0);
                (
                    format!("{other}, {third}"),
                    format!("{rows}|groupby({by})"),
                    vec![(other, Kind::Any), (third, Kind::Rows)],
                )
            }
            _ => {
                let kind =
                    self.random.choose(&[Kind::Mixed, Kind::Map, Kind::Text, Kind::Flow, Kind::Missing]);
                (name.clone(), self.operand(kind, 1), vec![(name, Kind::Any)])
            }
        }
    }

    fn set_statement(&mut self, depth: usize) -> String {
        if self.random.chance(25) {
            return self.set_block(depth);
        }
        if self.random.chance(10) {
            let (one, other) = (self.invent("v"), self.invent("v"));
            let (first, second) = (self.operand(Kind::Int, 1), self.operand(Kind::Text, 1));
            self.declare(one.clone(), Kind::Int);
            self.declare(other.clone(), Kind::Text);
            return self.tag(&format!("set {one}, {other} = {first}, {second}"));
        }
        let kind = Kind::Any.concrete(&mut self.random);
        let value = self.text_of(kind, 2);
        // An old name now and then, which hides the one of the context.
        let name = if self.random.chance(20) {
            self.random.pick(&["n", "s", "xs", "d", "f"]).to_owned()
        } else {
            self.invent("v")
        };
        if name.starts_with('v') {
            self.declare(name.clone(), kind);
        }
        self.tag(&format!("set {name} = {value}"))
    }

    fn set_block(&mut self, depth: usize) -> String {
        let name = self.invent("v");
        let filter = if self.random.chance(40) {
            format!(" | {}", self.random.pick(SAFE_FILTERS))
        } else {
            String::new()
        };
        let open = self.tag(&format!("set {name}{filter}"));
        let body = self.inside(|writer| writer.body(depth));
        self.declare(name, Kind::Text);
        open + &body + &self.tag("endset")
    }

    fn with_statement(&mut self, depth: usize) -> String {
        self.inside(|writer| {
            let mut bindings = Vec::new();
            for _ in 0..writer.random.below(3) {
                let (name, kind) = (writer.invent("w"), Kind::Any.concrete(&mut writer.random));
                bindings.push(format!("{name} = {}", writer.text_of(kind, 1)));
                writer.declare(name, kind);
            }
            let open = writer.tag(format!("with {}", bindings.join(", ")).trim_end());
            open + &writer.body(depth) + &writer.tag("endwith")
        })
    }

    fn filter_statement(&mut self, depth: usize) -> String {
        let filters = self.text_filters();
        let open = self.tag(&format!("filter {filters}"));
        let body = self.inside(|writer| writer.body(depth));
        open + &body + &self.tag("endfilter")
    }

    /// One filter of texts, or two.
    fn text_filters(&mut self) -> String {
        let calls = self.calls;
        let fitting: Vec<_> =
            calls.filters.iter().filter(|it| it.of == Kind::Text && it.gives == Kind::Text).collect();
        let mut filters = Vec::new();
        for _ in 0..self.random.choose(&[1, 1, 2]) {
            let call = fitting[self.random.below(fitting.len())];
            filters.push(self.suffix(call, 1, false));
        }
        filters.join("|")
    }

    /// A list or mapping is changed in place.
    fn mutation(&mut self) -> String {
        let list = self.random.pick(&["xs", "ws", "mix", "rows"]);
        let map = self.random.pick(&["d", "d", "row", "keyed"]);
        let value = self.text_of(Kind::Any, 1);
        let call = match self.random.below(12) {
            0..3 => format!("{list}.append({value})"),
            3 => format!("{list}.extend([{value}])"),
            4 => format!("{list}.insert({}, {value})", self.text_of(Kind::Small, 0)),
            5 => format!("{list}.pop()"),
            6 => {
                format!("ws.{}", self.random.pick(&["sort()", "reverse()", "sort(reverse=true)", "clear()"]))
            }
            7 | 8 => format!(
                "{map}.update({})",
                self.random.pick(&["{'z': 1, 'a': 2}", "z=1", "[('q', 1)]", "row"])
            ),
            9 => format!("{map}.setdefault('list', []).append({value})"),
            10 => format!("{map}.{}", self.random.pick(&["clear()", "pop('a', none)", "popitem()"])),
            _ => format!("{map}.update({{'k': {value}}})"),
        };
        if self.style.has("do") && self.random.chance(70) {
            self.tag(&format!("do {call}"))
        } else {
            self.tag(&format!("set _ = {call}"))
        }
    }

    fn loop_control(&mut self) -> String {
        let (condition, what) = (self.condition_of(Kind::Bool, 1), self.random.pick(&["break", "continue"]));
        let open = self.tag(&format!("if {condition}"));
        open + &self.tag(what) + &self.tag("endif")
    }

    fn raw(&mut self) -> String {
        let inside = [self.data(), self.print(), self.data()].concat();
        let open = self.style.block(&mut self.random, "raw");
        open + &inside + &self.style.block(&mut self.random, "endraw")
    }

    fn comment(&mut self) -> String {
        let text = self.random.pick(&["", "note", " 'unclosed ", "\n two\n lines \n", "{{ x }}"]);
        self.style.comment(&mut self.random, text)
    }

    fn autoescape(&mut self, depth: usize) -> String {
        let whether = self.random.pick(&["true", "true", "false", "on"]);
        let open = self.tag(&format!("autoescape {whether}"));
        let body = self.inside(|writer| writer.body(depth));
        open + &body + &self.tag("endautoescape")
    }

    /// A namespace that a loop writes to.
    fn namespace(&mut self, depth: usize) -> String {
        let name = self.invent("ns");
        let open = self.tag(&format!("set {name} = namespace(c=0, text='')"));
        self.declare(format!("{name}.c"), Kind::Int);
        self.declare(format!("{name}.text"), Kind::Text);
        let (items, added) = (self.operand(Kind::Ints, 1), self.operand(Kind::Int, 1));
        let head = self.tag(&format!("for q in {items}"));
        let set = self.tag(&format!("set {name}.c = {name}.c + {added}"));
        self.loops += 1;
        let body = self.inside(|writer| writer.body(depth.min(1)));
        self.loops -= 1;
        let end = self.tag("endfor");
        open + &head + &set + &body + &end + &self.style.print(&mut self.random, &format!("{name}.c"))
    }

    /// An object of Jinja2's that remembers something from one use to the next.
    fn helper(&mut self, depth: usize) -> String {
        let (name, value) = (self.invent("h"), self.operand(Kind::Any, 1));
        let (make, uses): (String, &[&str]) = if self.random.chance(50) {
            (format!("cycler('odd', {value})"), &[".next()", ".current", ".next() ~ h.current", ".reset()"])
        } else {
            (
                format!("joiner({})", self.random.pick(&["", "' | '", "sep='; '", "s"])),
                &["()", "() ~ '.'", "()|upper"],
            )
        };
        let open = self.tag(&format!("set {name} = {make}"));
        let items = self.operand(Kind::List, 1);
        let head = self.tag(&format!("for q in {items}"));
        let inner = format!("{name}{}", self.random.pick(uses).replace("h.", &format!("{name}.")));
        let used = self.style.print(&mut self.random, &inner);
        self.loops += 1;
        let body = self.inside(|writer| writer.body(depth.min(1)));
        self.loops -= 1;
        open + &head + &used + &body + &self.tag("endfor")
    }

    fn translation(&mut self) -> String {
        let (int, text) = (self.operand(Kind::Int, 1), self.operand(Kind::Text, 1));
        match self.random.below(4) {
            0 => {
                let inner = format!("_({text})");
                self.style.print(&mut self.random, &inner)
            }
            1 => {
                let inner = format!("ngettext('%(num)s egg', '%(num)s eggs', {int})");
                self.style.print(&mut self.random, &inner)
            }
            2 => {
                let trimmed = self.random.pick(&["", " trimmed", " notrimmed"]);
                let open = self.tag(&format!("trans{trimmed} x={text}"));
                let value = self.style.print(&mut self.random, "x");
                open + "\n one " + &value + "\n  100% two\n" + &self.tag("endtrans")
            }
            _ => {
                let open = self.tag(&format!("trans count={int}"));
                let value = self.style.print(&mut self.random, "count");
                open + "one " + &value + &self.tag("pluralize") + "many " + &value + &self.tag("endtrans")
            }
        }
    }

    /// A loop that calls itself.
    fn recursion(&mut self) -> String {
        let name = self.invent("r");
        let open = self.tag(&format!("for {name} in tree recursive"));
        let value =
            self.random.pick(&["loop.depth", "loop.index", "loop.length", "loop.previtem is defined"]);
        let (value, own) = (
            self.style.print(&mut self.random, value),
            self.style.print(&mut self.random, &format!("{name}.v")),
        );
        let below = self.style.print(&mut self.random, &format!("loop({name}.c)"));
        let open_if = self.tag(&format!("if {name}.c"));
        let parts =
            [open, value, own, open_if, "[".into(), below, "]".into(), self.tag("endif"), self.tag("endfor")];
        parts.concat()
    }

    fn inner_block(&mut self, depth: usize) -> String {
        if self.blocks >= MOST_BLOCKS {
            return self.print();
        }
        let modifier = if self.loops > 0 { self.random.pick(&["", " scoped", " scoped"]) } else { "" };
        self.new_block(depth, modifier)
    }
}
