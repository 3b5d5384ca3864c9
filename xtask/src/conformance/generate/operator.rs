//! Operators, by what they give.

use super::expression::Expression;
use super::kind::Kind;
use super::literal;
use super::writer::Writer;

impl Writer<'_> {
    /// An operator that gives a kind.
    pub(super) fn operator(&mut self, kind: Kind, depth: usize) -> Expression {
        match kind {
            Kind::Int => self.integer(depth),
            Kind::Float => self.float(depth),
            Kind::Bool => self.condition(depth),
            Kind::Text => self.composed_text(depth),
            Kind::Ints | Kind::Texts | Kind::Rows | Kind::Mixed => self.sequence(kind, depth),
            Kind::Map => {
                let rows = self.primary(Kind::Rows, depth);
                Expression::atom(format!("{rows}[{}]", self.random.pick(&["0", "-1", "0"])))
            }
            Kind::Date | Kind::Moment if self.name_of(kind).is_some() => {
                let one = self.operand(kind, 0);
                let days = self.operand(Kind::Span, depth);
                Expression::operation(format!("{one} + {days}"))
            }
            Kind::Missing => {
                let map = self.primary(Kind::Map, depth);
                Expression::atom(format!(
                    "{map}{}",
                    self.random.pick(&[".nope", "['nope']", ".nope", "[99]"])
                ))
            }
            other => self.expression(other, 0),
        }
    }

    fn integer(&mut self, depth: usize) -> Expression {
        let one = self.operand(Kind::Int, depth);
        match self.random.below(12) {
            0..6 => {
                let operator = self.random.pick(&["+", "-", "*", "+", "-"]);
                let other = self.operand(Kind::Int, depth);
                Expression::operation(format!("{one} {operator} {other}"))
            }
            6 | 7 => {
                let (operator, other) =
                    (self.random.pick(&["//", "%"]), self.random.pick(&["2", "3", "-7", "10", "7", "n"]));
                Expression::operation(format!("{one} {operator} {other}"))
            }
            8 => Expression::operation(format!("{one} ** {}", self.random.pick(&["0", "2", "3", "5"]))),
            9 => Expression::operation(format!("{}{one}", self.random.pick(&["-", "+", "- "]))),
            10 => {
                let list = self.primary(Kind::Ints, depth);
                Expression::atom(format!("{list}[{}]", self.random.pick(&["0", "-1", "0", "-1", "1", "k"])))
            }
            _ if self.loops > 0 => Expression::atom(self.random.pick(&[
                "loop.index",
                "loop.index0",
                "loop.revindex",
                "loop.revindex0",
                "loop.length",
                "loop.depth",
                "loop.depth0",
            ])),
            _ => {
                let other = self.operand(Kind::Bool, depth);
                Expression::operation(format!("{one} + {other}"))
            }
        }
    }

    fn float(&mut self, depth: usize) -> Expression {
        let one = self.operand(Kind::Number, depth);
        let number = self.operand(Kind::Number, depth);
        let text = match self.random.below(8) {
            0 | 1 => format!("{one} / {}", self.random.pick(&["2", "3", "0.1", "7.0", "n", "f"])),
            2 => format!("{one} + 0.5"),
            3 => format!("{one} * {}", self.random.pick(&["1.5", "0.1", "f"])),
            4 => format!("{one} - {number}"),
            5 => format!("2 ** {}", self.random.pick(&["-1", "0.5", "-3"])),
            6 => format!(
                "{one} {} {}",
                self.random.pick(&["//", "%"]),
                self.random.pick(&["0.5", "2.5", "-1.5", "3"])
            ),
            _ => format!("-{one}"),
        };
        Expression::operation(text)
    }

    fn condition(&mut self, depth: usize) -> Expression {
        let text = match self.random.below(10) {
            0..4 => {
                let kind = self.random.choose(&[
                    Kind::Number,
                    Kind::Int,
                    Kind::Text,
                    Kind::Ints,
                    Kind::Bool,
                    Kind::Date,
                ]);
                let (one, other) = (self.operand(kind, depth), self.operand(kind, depth));
                let operator = self.random.pick(&["<", "<=", ">", ">=", "==", "!="]);
                if self.random.chance(15) {
                    let third = self.operand(kind, depth);
                    format!("{one} {operator} {other} {} {third}", self.random.pick(&["<", "==", ">="]))
                } else {
                    format!("{one} {operator} {other}")
                }
            }
            4 => {
                let (one, other) = (self.operand(Kind::Any, depth), self.operand(Kind::Any, depth));
                format!("{one} {} {other}", self.random.pick(&["==", "!="]))
            }
            5 | 6 => {
                let (item, kind) = self.random.choose(&[
                    (Kind::Int, Kind::Ints),
                    (Kind::Text, Kind::Texts),
                    (Kind::Text, Kind::Text),
                    (Kind::Text, Kind::Map),
                    (Kind::Any, Kind::Mixed),
                ]);
                let (one, other) = (self.operand(item, depth), self.operand(kind, depth));
                format!("{one} {} {other}", self.random.pick(&["in", "not in"]))
            }
            7 => format!("not {}", self.operand(Kind::Any, depth)),
            8 => {
                let (one, other) = (self.operand(Kind::Bool, depth), self.operand(Kind::Bool, depth));
                format!("{one} {} {other}", self.random.pick(&["and", "or"]))
            }
            _ if self.loops > 0 => {
                return Expression::atom(self.random.pick(&["loop.first", "loop.last", "loop.changed(n)"]));
            }
            _ => format!("not {}", self.operand(Kind::Bool, depth)),
        };
        Expression::operation(text)
    }

    fn composed_text(&mut self, depth: usize) -> Expression {
        let one = self.operand(Kind::Text, depth);
        match self.random.below(14) {
            0..3 => {
                let other = self.operand(Kind::Any, depth);
                Expression::operation(format!("{one} ~ {other}"))
            }
            3 | 4 => {
                let other = self.operand(Kind::Text, depth);
                Expression::operation(format!("{one} + {other}"))
            }
            5 => {
                Expression::operation(format!("{one} * {}", self.random.pick(&["0", "2", "3", "-1", "true"])))
            }
            6 => {
                let one = self.primary(Kind::Text, depth);
                Expression::atom(format!("{one}[{}]", self.random.pick(&["0", "-1", "0", "-1", "1", "k"])))
            }
            7 => {
                let (one, slice) = (self.primary(Kind::Text, depth), self.slice());
                Expression::atom(format!("{one}[{slice}]"))
            }
            8 => self.percent_format(depth),
            9 => self.brace_format(depth),
            10 | 11 => {
                self.macro_call(depth).unwrap_or_else(|| Expression::filtered(format!("{one}|string")))
            }
            12 if self.loops > 0 => Expression::filtered(self.random.pick(&[
                "loop.cycle('odd', 'even')",
                "loop.previtem|default('-')|string",
                "loop.nextitem|string",
                "loop|string",
            ])),
            _ => {
                let kind = Kind::Any.concrete(&mut self.random);
                let other = self.operand(kind, depth);
                Expression::filtered(format!("{other}|string"))
            }
        }
    }

    fn percent_format(&mut self, depth: usize) -> Expression {
        let kind = self.random.choose(&[Kind::Int, Kind::Float, Kind::Text, Kind::Any]);
        let directive = literal::percent(&mut self.random, kind);
        let value = self.operand(kind, depth);
        let text = match self.random.below(5) {
            0 => format!("'{directive} %s' % ({value}, {})", self.operand(Kind::Any, 0)),
            1 => format!("'[%(n)s] %(name)r' % {}", self.random.pick(&["row", "row", "rows[0]", "d"])),
            2 => format!("'{directive}'|format({value})"),
            3 => format!("'a {directive} 100%%' % ({value})"),
            _ => format!("'{directive}' % ({value},)"),
        };
        Expression::operation(text)
    }

    fn brace_format(&mut self, depth: usize) -> Expression {
        let kind = self.random.choose(&[Kind::Int, Kind::Float, Kind::Text, Kind::Any]);
        let field = literal::braces(&mut self.random, kind);
        let value = self.operand(kind, depth);
        let text = match self.random.below(6) {
            0 => format!("'{field} {{{{}}}}'.format({value})"),
            1 => format!("'{{1}} {{0!r}}'.format({value}, {})", self.operand(Kind::Any, 0)),
            2 => format!("'{{x}}'.format(x={value})"),
            3 => format!("'{{0[name]}} {{0[n]:>{{w}}}}'.format({}, w=5)", self.operand(Kind::Map, 0)),
            4 => format!("'{{:%Y-%m-%d}}|{field}'.format({}, {value})", self.operand(Kind::Date, 0)),
            _ => format!("'{field}'.format({value})"),
        };
        Expression::atom(text)
    }

    fn sequence(&mut self, kind: Kind, depth: usize) -> Expression {
        let one = self.operand(kind, depth);
        match self.random.below(8) {
            0..3 => {
                let (one, slice) = (self.primary(kind, depth), self.slice());
                Expression::atom(format!("{one}[{slice}]"))
            }
            3 | 4 => {
                let other = self.operand(kind, depth);
                Expression::operation(format!("{one}|list + {other}|list"))
            }
            5 => Expression::operation(format!("{one} * {}", self.random.pick(&["0", "2", "true"]))),
            _ => Expression::filtered(format!("{one}|list")),
        }
    }

    fn slice(&mut self) -> String {
        let mut bound = || {
            let text = self.random.pick(&["", "", "0", "1", "2", "-1", "-2", "5", "99", "-99", "k", "none"]);
            text.to_owned()
        };
        let (from, to) = (bound(), bound());
        match self.random.below(4) {
            0 => format!("{from}:{to}:{}", self.random.pick(&["", "1", "2", "-1", "-2", "3"])),
            _ => format!("{from}:{to}"),
        }
    }
}
