//! Expressions of every kind.

use super::calls::{Call, Choice};
use super::kind::Kind;
use super::literal;
use super::writer::Writer;

/// An expression, and how it holds together.
pub(super) struct Expression {
    pub(super) text: String,
    binding: Binding,
}

/// What can follow an expression without brackets around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Binding {
    /// Anything.
    Atom,
    /// A filter or an operator, but no dot.
    Filtered,
    /// Perhaps an operator.
    Operation,
    /// Nothing.
    Choice,
}

impl Expression {
    /// An expression that anything can follow.
    pub(super) fn atom(text: impl Into<String>) -> Expression {
        Expression { text: text.into(), binding: Binding::Atom }
    }

    /// An expression that ends with a filter.
    pub(super) fn filtered(text: impl Into<String>) -> Expression {
        Expression { text: text.into(), binding: Binding::Filtered }
    }

    /// An expression with an operator.
    pub(super) fn operation(text: impl Into<String>) -> Expression {
        Expression { text: text.into(), binding: Binding::Operation }
    }
}

impl Writer<'_> {
    /// An expression as text.
    pub(super) fn text_of(&mut self, kind: Kind, depth: usize) -> String {
        self.expression(kind, depth).text
    }

    /// An expression that an operator or a filter can follow; now and then without the
    /// brackets that would make it certain what they belong to.
    pub(super) fn operand(&mut self, kind: Kind, depth: usize) -> String {
        let expression = self.expression(kind, depth);
        match expression.binding {
            Binding::Atom | Binding::Filtered => expression.text,
            Binding::Operation if self.random.chance(8) => expression.text,
            _ => format!("({})", expression.text),
        }
    }

    /// An expression that a dot or a bracket can follow.
    pub(super) fn primary(&mut self, kind: Kind, depth: usize) -> String {
        let expression = self.expression(kind, depth);
        if expression.binding == Binding::Atom { expression.text } else { format!("({})", expression.text) }
    }

    /// An expression where `if` means something else.
    pub(super) fn condition_of(&mut self, kind: Kind, depth: usize) -> String {
        let expression = self.expression(kind, depth);
        if expression.binding == Binding::Choice { format!("({})", expression.text) } else { expression.text }
    }

    /// An expression that is most likely of a kind.
    pub(super) fn expression(&mut self, kind: Kind, depth: usize) -> Expression {
        let kind = if self.random.chance(1) { Kind::Any } else { kind }.concrete(&mut self.random);
        if kind == Kind::Small {
            return Expression::atom(
                self.random.pick(&["0", "1", "2", "3", "5", "10", "20", "k", "-1", "-3"]),
            );
        }
        if depth == 0 || self.random.chance(15) {
            return self.leaf(kind);
        }
        let depth = depth - 1;
        match self.random.below(100) {
            0..45 => self.call_that_gives(kind, depth).unwrap_or_else(|| self.leaf(kind)),
            45..50 => self.choice(kind, depth),
            50..54 => self.fallback(kind, depth),
            _ => self.operator(kind, depth),
        }
    }

    /// A name or a literal.
    fn leaf(&mut self, kind: Kind) -> Expression {
        if self.random.chance(65)
            && let Some(name) = self.name_of(kind)
        {
            return Expression::atom(name);
        }
        match kind {
            Kind::Missing => {
                Expression::atom(self.random.pick(&["missing", "nope", "nope", "row.nope", "xs[99]"]))
            }
            Kind::Ints | Kind::Texts | Kind::Rows | Kind::Mixed | Kind::Map => self.container(kind),
            Kind::Flow => {
                let items = self.leaf(Kind::Mixed).text;
                Expression::filtered(format!("{items}|map('string')"))
            }
            Kind::Date | Kind::Moment | Kind::Span => self.time(kind),
            kind => literal::simple(&mut self.random, kind),
        }
    }

    /// A point or span of time, of which there are no literals; where there is no name either, a
    /// number.
    fn time(&mut self, kind: Kind) -> Expression {
        let of = if kind == Kind::Span { self.random.choose(&[Kind::Date, Kind::Moment]) } else { kind };
        match self.name_of(of) {
            Some(name) if kind == Kind::Span => Expression::operation(format!("{name} - {name}")),
            Some(name) => Expression::atom(name),
            None => Expression::atom("0"),
        }
    }

    fn container(&mut self, kind: Kind) -> Expression {
        let item = match kind {
            Kind::Ints => Kind::Int,
            Kind::Texts => Kind::Text,
            _ => Kind::Any,
        };
        let length = self.random.choose(&[0, 1, 1, 2, 2, 3, 3]);
        if kind == Kind::Map {
            return self.mapping(length);
        }
        if kind == Kind::Ints && self.random.chance(12) {
            return Expression::atom(self.random.pick(&[
                "range(3)",
                "range(1, 6, 2)",
                "range(5, 0, -1)",
                "range(2, 9, 3)",
            ]));
        }
        let items: Vec<String> = (0..length)
            .map(|_| if kind == Kind::Rows { literal::row(&mut self.random) } else { self.leaf(item).text })
            .collect();
        let joined = items.join(", ");
        match (self.random.below(10), items.len()) {
            (0, 1) => Expression::atom(format!("({joined},)")),
            (0, _) => Expression::atom(format!("({joined})")),
            _ => Expression::atom(format!("[{joined}]")),
        }
    }

    fn mapping(&mut self, length: usize) -> Expression {
        let mut pairs = Vec::new();
        if self.random.chance(15) {
            for key in ["a", "n"].iter().take(length) {
                pairs.push(format!("{key}={}", self.leaf(Kind::Int).text));
            }
            return Expression::atom(format!("dict({})", pairs.join(", ")));
        }
        for _ in 0..length {
            let key = self
                .random
                .pick(&["'a'", "'b'", "'n'", "'name'", "1", "none", "'B'", "(1, 2)", "1.0", "true", "'é'"]);
            pairs.push(format!("{key}: {}", self.leaf(Kind::Any).text));
        }
        Expression::atom(format!("{{{}}}", pairs.join(", ")))
    }

    fn choice(&mut self, kind: Kind, depth: usize) -> Expression {
        let (one, condition) = (self.operand(kind, depth), self.operand(Kind::Bool, depth));
        if self.random.chance(15) {
            return Expression { text: format!("{one} if {condition}"), binding: Binding::Choice };
        }
        let other = self.operand(kind, depth);
        Expression { text: format!("{one} if {condition} else {other}"), binding: Binding::Choice }
    }

    fn fallback(&mut self, kind: Kind, depth: usize) -> Expression {
        let first = if self.random.chance(25) { Kind::Any } else { kind };
        let (one, other) = (self.operand(first, depth), self.operand(kind, depth));
        match self.random.below(3) {
            0 => Expression::operation(format!("{one} or {other}")),
            1 => Expression::operation(format!("{one} and {other}")),
            _ => Expression::filtered(format!("({one})|default({other}, true)")),
        }
    }

    /// A filter, method, test or attribute that gives a kind.
    fn call_that_gives(&mut self, kind: Kind, depth: usize) -> Option<Expression> {
        let calls = self.calls;
        match self.random.below(100) {
            0..50 => {
                let call = self.some_call(&calls.filters, kind)?;
                Some(self.filtered(call, depth))
            }
            50..85 if kind == Kind::Bool => {
                let call = self.some_call(&calls.tests, kind)?;
                Some(self.tested(call, depth))
            }
            50..90 => {
                let call = self.some_call(&calls.methods, kind)?;
                let of = self.primary(call.of, depth);
                let suffix = self.suffix(call, depth, true);
                let text = format!("{of}.{suffix}");
                Some(if call.name.contains('|') {
                    Expression::filtered(text)
                } else {
                    Expression::atom(text)
                })
            }
            _ => {
                let call = self.some_call(&calls.attributes, kind)?;
                let of = self.primary(call.of, depth);
                let name = call.name;
                let text =
                    if self.random.chance(25) { format!("{of}['{name}']") } else { format!("{of}.{name}") };
                Some(Expression::atom(text))
            }
        }
    }

    fn some_call<'a>(&mut self, calls: &'a [Call], gives: Kind) -> Option<&'a Call> {
        let is_number = matches!(gives, Kind::Int | Kind::Float);
        let has_time = self.name_of(Kind::Date).is_some() && self.name_of(Kind::Moment).is_some();
        let can_be = |of| has_time || !matches!(of, Kind::Date | Kind::Moment | Kind::Span);
        let gives_it = |it: &&Call| it.gives == gives || it.gives == Kind::Number && is_number;
        let fitting: Vec<&Call> = calls.iter().filter(gives_it).filter(|it| can_be(it.of)).collect();
        if fitting.is_empty() { None } else { Some(fitting[self.random.below(fitting.len())]) }
    }

    /// A filter with something in front of it.
    fn filtered(&mut self, call: &Call, depth: usize) -> Expression {
        let of = self.operand(call.of, depth);
        let suffix = self.suffix(call, depth, false);
        let bar = self.random.pick(&["|", "|", " | "]);
        Expression::filtered(format!("{of}{bar}{suffix}"))
    }

    fn tested(&mut self, call: &Call, depth: usize) -> Expression {
        let of = self.operand(call.of, depth);
        let is = self.random.pick(&["is", "is", "is not"]);
        let arguments = self.arguments(call, depth);
        let text = match (call.parameters.len(), self.random.chance(40)) {
            (0, _) => format!("{of} is {}", call.name),
            (1, true) if arguments.chars().all(|it| it.is_alphanumeric()) => {
                format!("{of} {is} {} {arguments}", call.name)
            }
            _ => format!("{of} {is} {}({arguments})", call.name),
        };
        // A comparison would make `==` part of the chain.
        Expression::operation(if call.name == "==" { format!("{of} {is} eq({arguments})") } else { text })
    }

    /// The name of a filter or method, with arguments.
    pub(super) fn suffix(&mut self, call: &Call, depth: usize, is_method: bool) -> String {
        if self.random.below(1500) == 0 {
            return "nosuchname".to_owned();
        }
        if call.is_verbatim() {
            return call.name.to_owned();
        }
        let arguments = self.arguments(call, depth);
        if arguments.is_empty() && !is_method {
            call.name.to_owned()
        } else {
            format!("{}({arguments})", call.name)
        }
    }

    /// Arguments for a call: by position at first, then by name.
    fn arguments(&mut self, call: &Call, depth: usize) -> String {
        let optional = call.parameters.len() - call.required;
        let given = call.required + self.random.below(optional + 1).min(self.random.below(optional + 1));
        let mut by_position = self.random.chance(70);
        let mut arguments = Vec::new();
        for (index, parameter) in call.parameters.iter().enumerate() {
            let is_given =
                index < given || (!by_position && parameter.name.is_some() && self.random.chance(30));
            if !is_given {
                by_position = false;
                continue;
            }
            let choice = self.random.choose(&parameter.choices);
            let value = self.argument(choice, depth);
            match parameter.name {
                Some(name) if !by_position => arguments.push(format!("{name}={value}")),
                _ => arguments.push(value),
            }
            by_position = by_position && (parameter.name.is_none() || self.random.chance(75));
        }
        if self.random.below(400) == 0 {
            arguments.push(self.random.pick(&["1", "nope=1", "*[1]", "**{'a': 1}"]).to_owned());
        }
        arguments.join(", ")
    }

    fn argument(&mut self, choice: Choice, depth: usize) -> String {
        match choice {
            Choice::Of(kind) => self.text_of(kind, depth / 2),
            Choice::Pattern => format!("'{}'", literal::date_pattern(&mut self.random)),
            Choice::Literal(text) => text.to_owned(),
        }
    }
}
