//! Macros, and calls of them.

use super::expression::Expression;
use super::kind::Kind;
use super::writer::{Macro, NO_MORE_BLOCKS, Writer};

impl Writer<'_> {
    /// Defines a macro, which can be called from then on.
    pub(super) fn macro_statement(&mut self, depth: usize) -> String {
        let name = self.invent("m");
        let parameters: Vec<Kind> = (0..self.random.below(4))
            .map(|_| self.random.choose(&[Kind::Text, Kind::Int, Kind::Ints, Kind::Map, Kind::Any]))
            .collect();
        let required = self.random.below(parameters.len() + 1);
        let made = Macro {
            name: name.clone(),
            required,
            takes_more: self.random.chance(20),
            calls_back: self.random.chance(35).then(|| self.random.choose(&[0, 0, 1, 2])),
            parameters,
        };
        let text = self.inside(|writer| {
            let signature = writer.signature(&made);
            let open = writer.tag(&format!("macro {name}({signature})"));
            let loops = std::mem::take(&mut writer.loops);
            let blocks = std::mem::replace(&mut writer.blocks, NO_MORE_BLOCKS);
            let mut body = writer.body(depth);
            writer.blocks = blocks;
            writer.loops = loops;
            body.push_str(&writer.extras(&made));
            open + &body + &writer.tag("endmacro")
        });
        self.macros.push(made);
        text
    }

    /// Uses some macro.
    pub(super) fn macro_use(&mut self, depth: usize) -> String {
        if self.random.chance(50) {
            return self.call_statement(depth);
        }
        match self.macro_call(1) {
            Some(call) => self.style.print(&mut self.random, &call.text),
            None => self.call_statement(depth),
        }
    }

    /// The parameters of a macro, which its body can use.
    fn signature(&mut self, made: &Macro) -> String {
        let mut parameters = Vec::new();
        for (index, kind) in made.parameters.iter().enumerate() {
            let name = format!("p{index}");
            let default =
                if index < made.required { String::new() } else { format!("={}", self.text_of(*kind, 1)) };
            parameters.push(format!("{name}{default}"));
            self.declare(name, *kind);
        }
        parameters.join(", ")
    }

    /// What a macro does with its caller and with what it does not name.
    fn extras(&mut self, made: &Macro) -> String {
        let mut text = String::new();
        if made.takes_more {
            let inner = self.random.pick(&[
                "varargs",
                "kwargs",
                "varargs|join('-')",
                "kwargs|dictsort",
                "varargs ~ kwargs",
            ]);
            text.push_str(&self.style.print(&mut self.random, inner));
        }
        if let Some(count) = made.calls_back {
            let arguments = ["1", "'x'"][..count].join(", ");
            let inner = match self.random.below(5) {
                0 => format!("caller({arguments}) if caller else 'alone'"),
                1 => format!("caller({arguments})|upper if caller is defined"),
                _ => format!("caller({arguments})"),
            };
            text.push_str(&self.style.print(&mut self.random, &inner));
        }
        if self.random.chance(10) {
            let inner = format!(
                "{}.{}",
                made.name,
                self.random.pick(&["name", "arguments", "catch_varargs", "caller", "catch_kwargs"])
            );
            text.push_str(&self.style.print(&mut self.random, &inner));
        }
        text
    }

    /// A call of some macro that needs no caller.
    pub(super) fn macro_call(&mut self, depth: usize) -> Option<Expression> {
        let macros: Vec<Macro> = self.macros.iter().filter(|it| it.calls_back.is_none()).cloned().collect();
        if macros.is_empty() {
            return None;
        }
        let chosen = &macros[self.random.below(macros.len())];
        let arguments = self.macro_arguments(chosen, depth / 2);
        Some(Expression::atom(format!("{}({arguments})", chosen.name)))
    }

    fn macro_arguments(&mut self, made: &Macro, depth: usize) -> String {
        let optional = made.parameters.len() - made.required;
        let given = made.required + self.random.below(optional + 1);
        let mut by_position = true;
        let mut arguments = Vec::new();
        for (index, kind) in made.parameters.iter().enumerate().take(given) {
            let value = self.text_of(*kind, depth);
            by_position = by_position && self.random.chance(80);
            arguments.push(if by_position { value } else { format!("p{index}={value}") });
        }
        if made.takes_more && by_position && given == made.parameters.len() {
            arguments
                .push(self.random.pick(&["1, 2", "x=1", "*[1, 2]", "**{'y': 2}", "3, y='z'"]).to_owned());
        }
        if self.random.chance(2) {
            arguments.push(self.random.pick(&["1", "nope=2"]).to_owned());
        }
        arguments.join(", ")
    }

    /// A macro is called with a body.
    pub(super) fn call_statement(&mut self, depth: usize) -> String {
        let macros: Vec<Macro> = self.macros.iter().filter(|it| it.calls_back.is_some()).cloned().collect();
        if macros.is_empty() {
            return self.print();
        }
        let chosen = &macros[self.random.below(macros.len())];
        let arguments = self.macro_arguments(chosen, 1);
        let parameters = ["(c0)", "(c0, c1='d')"];
        let count = chosen.calls_back.unwrap_or(0);
        let signature = match count {
            0 => self.random.pick(&["", "", "()", "(c0='d')"]),
            given => parameters[given - 1],
        };
        let open = self.tag(&format!("call{signature} {}({arguments})", chosen.name));
        self.inside(|writer| {
            (0..count).for_each(|index| writer.declare(format!("c{index}"), Kind::Any));
            let blocks = std::mem::replace(&mut writer.blocks, NO_MORE_BLOCKS);
            let loops = std::mem::take(&mut writer.loops);
            let body = writer.body(depth);
            (writer.blocks, writer.loops) = (blocks, loops);
            open + &body + &writer.tag("endcall")
        })
    }
}
