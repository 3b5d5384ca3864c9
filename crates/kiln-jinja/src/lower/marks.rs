//! Programs that say where what they print comes from: used when an output is wrong and somebody
//! asks for the place in the template.

use kiln_model::PathStep;
use kiln_syntax::{Const, Expr, ExprKind, Span, Stmt};

use super::program::{Chain, Mark, delimiter};
use super::{Frame, Lowering, walk};

impl Lowering<'_> {
    /// Writes something that is printed; the runtime function `here` is told what it is.
    pub(super) fn printed(&mut self, write: impl FnOnce(&mut Self)) {
        self.out.print_start();
        if self.known.is_marked {
            let place = self.place;
            self.marked(Mark { span: place, is_text: false, chains: Vec::new() }, write, &[]);
        } else {
            write(self);
        }
        self.out.print_end();
    }

    /// Writes an expression that is printed.
    pub(super) fn printed_expr(&mut self, expr: &Expr, frame: &Frame, write: impl FnOnce(&mut Self)) {
        self.out.print_start();
        if self.known.is_marked {
            let chains = self.chains(expr, frame);
            let roots: Vec<String> = chains.iter().map(|chain| chain.root.clone()).collect();
            let mark = Mark { span: expr.span, is_text: false, chains };
            self.marked(mark, write, &roots.iter().map(|root| (root.as_str(), frame)).collect::<Vec<_>>());
        } else {
            write(self);
        }
        self.out.print_end();
    }

    /// Writes text of the template.
    pub(super) fn printed_text(&mut self, text: &str, span: Span) {
        if self.known.is_marked {
            self.out.push(delimiter::PRINT_START);
            self.marked(Mark { span, is_text: true, chains: Vec::new() }, |it| it.out.push("\"\""), &[]);
            self.out.push(delimiter::PRINT_END);
        }
        self.out.template_text(text);
    }

    fn marked(&mut self, mark: Mark, write: impl FnOnce(&mut Self), roots: &[(&str, &Frame)]) {
        self.out.push("here(c,");
        self.out.number(self.marks.len());
        self.marks.push(mark);
        self.out.push(",");
        write(self);
        for (root, frame) in roots {
            self.out.push(",");
            self.load(root, frame);
        }
        self.out.push(")");
    }

    /// The longest chains of names and attributes in an expression.
    fn chains(&self, expr: &Expr, frame: &Frame) -> Vec<Chain> {
        struct Chains<'a> {
            found: Vec<(Span, Chain)>,
            is_given: &'a dyn Fn(&str) -> bool,
        }
        impl walk::Visitor for Chains<'_> {
            fn enter_expr(&mut self, expr: &Expr) {
                let is_part = self
                    .found
                    .iter()
                    .any(|(span, _)| span.start <= expr.span.start && expr.span.end <= span.end);
                if let Some((root, steps)) = chain(expr).filter(|_| !is_part) {
                    let is_given = (self.is_given)(root);
                    self.found.push((expr.span, Chain { root: root.to_owned(), is_given, steps }));
                }
            }
            fn enter(&mut self, _: &Stmt) -> bool {
                false
            }
        }
        let is_given =
            |name: &str| frame.symbols.find(name).is_none_or(|symbol| !frame.symbols.is_stored(symbol));
        let mut chains = Chains { found: Vec::new(), is_given: &is_given };
        walk::expr(expr, &mut chains);
        chains.found.into_iter().map(|(_, chain)| chain).collect()
    }
}

/// The name and the steps of an expression that is nothing else.
fn chain(expr: &Expr) -> Option<(&str, Vec<PathStep>)> {
    let (node, step) = match &expr.kind {
        ExprKind::Name(name) => return Some((name, Vec::new())),
        ExprKind::Attr(node, attr) => (node, PathStep::Key(attr.name.clone())),
        ExprKind::Item(node, key) => match &key.kind {
            ExprKind::Const(Const::Str(text)) => (node, PathStep::Key(text.to_string())),
            ExprKind::Const(Const::Int(number)) => (node, PathStep::Index(usize::try_from(*number).ok()?)),
            _ => return None,
        },
        _ => return None,
    };
    let (root, mut steps) = chain(node)?;
    steps.push(step);
    Some((root, steps))
}
