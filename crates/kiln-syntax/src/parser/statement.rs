//! Text, and statements of every kind.

use super::primary::Items;
use super::tag::{OpenTag, is_usable};
use super::{MAX_STATEMENTS, Parser, Result, Scope};
use crate::lexer::{Kind, Op};
use crate::{Span, Stmt, StmtKind};

impl<'s> Parser<'s, '_> {
    /// Statements up to a tag whose name is among `ends`; that name is then the present
    /// token. Without one, up to the end of the template.
    pub(super) fn statements(&mut self, ends: &[&str], body: &mut Vec<Stmt>) -> Result<()> {
        loop {
            let start = self.current.span.start;
            match self.current.kind {
                Kind::Data(text) => {
                    let text = self.text_of(text);
                    let span = self.advance()?.span;
                    body.push(Stmt { kind: StmtKind::Text(text), span });
                }
                Kind::VariableBegin => {
                    self.advance()?;
                    let value = self.tuple(Items::Expressions)?;
                    self.end_of_tag(Kind::VariableEnd)?;
                    body.push(Stmt { kind: StmtKind::Print(value), span: self.since(start) });
                }
                Kind::BlockBegin => {
                    self.advance()?;
                    if let Kind::Name(name) = self.current.kind
                        && ends.contains(&name)
                    {
                        return Ok(());
                    }
                    self.statement(start, body)?;
                }
                Kind::Eof => return Ok(()),
                _ => return Err(self.unexpected("text or a tag")),
            }
        }
    }

    /// Text with the line breaks that the options want.
    pub(super) fn text_of(&self, text: &str) -> String {
        match self.lexer.options().newline_sequence.as_str() {
            "\n" => text.to_owned(),
            newline => text.replace('\n', newline),
        }
    }

    /// Reads the end of a tag.
    pub(super) fn end_of_tag(&mut self, end: Kind<'s>) -> Result<()> {
        if self.current.kind != end {
            return Err(self.unended_tag(&end));
        }
        self.advance()?;
        Ok(())
    }

    /// A statement whose tag begins at `start` and whose name is the present token.
    fn statement(&mut self, start: u32, body: &mut Vec<Stmt>) -> Result<()> {
        let Kind::Name(name) = self.current.kind else {
            return Err(self.no_statement());
        };
        if !is_usable(name, self.lexer.options().extensions) {
            return Err(self.unknown_tag(name));
        }
        if self.open.len() == MAX_STATEMENTS {
            return Err(self.too_deep("statement"));
        }
        self.advance()?;
        self.open.push(OpenTag { name, span: self.since(start), ends: &[] });
        let first = body.len();
        match name {
            "print" => self.print(body)?,
            "trans" => self.trans(body)?,
            _ => {
                let kind = self.statement_kind(name)?;
                body.push(Stmt { kind, span: Span::default() });
            }
        }
        self.open.pop();
        self.end_of_tag(Kind::BlockEnd)?;
        let span = self.since(start);
        body[first..].iter_mut().for_each(|stmt| stmt.span = span);
        Ok(())
    }

    fn statement_kind(&mut self, name: &str) -> Result<StmtKind> {
        match name {
            "for" => self.for_loop(),
            "if" => self.if_else(),
            "set" => self.set(),
            "macro" => self.macro_definition(),
            "call" => self.call_block(),
            "filter" => self.filter_block(),
            "with" => self.with(),
            "block" => self.block(),
            "extends" => self.extends(),
            "include" => self.include(),
            "import" => self.import(),
            "from" => self.import_names(),
            "autoescape" => {
                let value = self.expression()?;
                let body = self.body_to(&["endautoescape"], self.inner())?;
                Ok(StmtKind::Autoescape { value, body })
            }
            "do" => Ok(StmtKind::Do(self.tuple(Items::Expressions)?)),
            "break" | "continue" if !self.scope.in_loop => Err(self.outside_loop(name)),
            "break" => Ok(StmtKind::Break),
            "continue" => Ok(StmtKind::Continue),
            _ => Ok(StmtKind::Debug),
        }
    }

    /// The scope of a statement within a statement that is here.
    pub(super) fn inner(&self) -> Scope {
        Scope { top_level: false, ..self.scope }
    }

    /// The scope of what is called from elsewhere: no loop around it can be left.
    pub(super) fn callable(&self) -> Scope {
        Scope { in_loop: false, ..self.inner() }
    }

    /// What the statement holds, from the end of its tag to the name of the tag that ends it,
    /// which is then the present token. A colon may end the tag.
    pub(super) fn body(&mut self, ends: &'static [&'static str], scope: Scope) -> Result<Vec<Stmt>> {
        if let Some(open) = self.open.last_mut() {
            open.ends = ends;
        }
        self.skip(Op::Colon)?;
        self.end_of_tag(Kind::BlockEnd)?;
        let outer = std::mem::replace(&mut self.scope, scope);
        let mut body = Vec::new();
        self.statements(ends, &mut body)?;
        self.scope = outer;
        match self.current.kind {
            Kind::Eof => Err(self.unclosed()),
            _ => Ok(body),
        }
    }

    /// What the statement holds, its end included.
    pub(super) fn body_to(&mut self, end: &'static [&'static str; 1], scope: Scope) -> Result<Vec<Stmt>> {
        let body = self.body(end, scope)?;
        self.advance()?;
        Ok(body)
    }

    fn print(&mut self, body: &mut Vec<Stmt>) -> Result<()> {
        let first = body.len();
        while self.current.kind != Kind::BlockEnd {
            if body.len() > first {
                self.expect(Op::Comma)?;
            }
            let value = self.expression()?;
            body.push(Stmt { kind: StmtKind::Print(value), span: Span::default() });
        }
        Ok(())
    }
}
