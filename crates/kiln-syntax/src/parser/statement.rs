//! Text and statements.

use super::primary::{Items, ident};
use super::tag::{OpenTag, is_usable};
use super::{MAX_STATEMENTS, Parser, Result, Scope};
use crate::lexer::{Kind, Op, is_space};
use crate::{
    Block, Branch, CallBlock, Expr, ExprKind, FilterBlock, For, FromImport, Ident, If, Import, Include,
    Macro, Param, SetBlock, Span, Stmt, StmtKind, With,
};

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
            return Err(self.unexpected("the name of a statement"));
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
                let body = self.body(&["endautoescape"], self.inner())?;
                self.advance()?;
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
    fn inner(&self) -> Scope {
        Scope { top_level: false, ..self.scope }
    }

    /// The scope of what is called from elsewhere: no loop around it can be left.
    fn callable(&self) -> Scope {
        Scope { in_loop: false, ..self.inner() }
    }

    /// What the statement holds, from the end of its tag to the name of the tag that ends it,
    /// which is then the present token. A colon may end the tag.
    fn body(&mut self, ends: &'static [&'static str], scope: Scope) -> Result<Vec<Stmt>> {
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
    fn body_to(&mut self, end: &'static [&'static str; 1], scope: Scope) -> Result<Vec<Stmt>> {
        let body = self.body(end, scope)?;
        self.advance()?;
        Ok(body)
    }

    fn for_loop(&mut self) -> Result<StmtKind> {
        let outer = self.scope;
        self.scope.loop_taken = true;
        let target = self.stored_target(false)?;
        self.scope = outer;
        self.expect_word("in")?;
        let iter = self.tuple(Items::Unconditional)?;
        let test = match self.skip_word("if")? {
            true => Some(self.expression()?),
            false => None,
        };
        let recursive = self.skip_word("recursive")?;
        let scope = Scope { top_level: false, in_loop: true, loop_taken: true };
        let body = self.body(&["else", "endfor"], scope)?;
        let has_else = self.at_word("else");
        self.advance()?;
        let otherwise = match has_else {
            true => {
                let in_loop = outer.in_loop && !recursive;
                self.body_to(&["endfor"], Scope { in_loop, ..scope })?
            }
            false => Vec::new(),
        };
        Ok(StmtKind::For(Box::new(For { target, iter, test, recursive, body, otherwise })))
    }

    fn if_else(&mut self) -> Result<StmtKind> {
        let mut branches = Vec::new();
        loop {
            let test = self.tuple(Items::Unconditional)?;
            let body = self.body(&["elif", "else", "endif"], self.scope)?;
            branches.push(Branch { test, body });
            if !self.skip_word("elif")? {
                break;
            }
        }
        let has_else = self.at_word("else");
        self.advance()?;
        let otherwise = match has_else {
            true => self.body_to(&["endif"], self.scope)?,
            false => Vec::new(),
        };
        Ok(StmtKind::If(Box::new(If { branches, otherwise })))
    }

    fn set(&mut self) -> Result<StmtKind> {
        let target = self.stored_target(true)?;
        if self.skip(Op::Assign)? {
            return Ok(StmtKind::Set { target, value: self.tuple(Items::Expressions)? });
        }
        let filter = match self.current.kind {
            Kind::Op(Op::Pipe) => {
                self.advance()?;
                Some(self.filters()?)
            }
            Kind::Op(Op::Colon) | Kind::BlockEnd => None,
            _ => return Err(self.nothing_assigned()),
        };
        let body = self.body_to(&["endset"], self.inner())?;
        Ok(StmtKind::SetBlock(Box::new(SetBlock { target, filter, body })))
    }

    /// Filters that are applied to what a statement holds.
    fn filters(&mut self) -> Result<Expr> {
        let start = self.current.span.start;
        let body = Expr { kind: ExprKind::Body, span: Span { start, end: start } };
        self.height = 1;
        let mut filter = self.filter(body)?;
        while self.skip(Op::Pipe)? {
            filter = self.filter(filter)?;
        }
        Ok(filter)
    }

    fn macro_definition(&mut self) -> Result<StmtKind> {
        let name = self.target_name("the name of the macro")?;
        let params = self.parameters()?;
        let body = self.body_to(&["endmacro"], self.callable())?;
        Ok(StmtKind::Macro(Box::new(Macro { name, params, body })))
    }

    fn parameters(&mut self) -> Result<Vec<Param>> {
        if !self.skip(Op::OpenParen)? {
            return Err(self.no_parameters());
        }
        let mut params: Vec<Param> = Vec::new();
        while !self.at(Op::CloseParen) {
            if !params.is_empty() {
                self.expect(Op::Comma)?;
            }
            let name = self.target_name("the name of a parameter")?;
            if let Some(first) = params.iter().find(|param| param.name.name == name.name) {
                return Err(self.given_twice(&name, first.name.span));
            }
            let default = match self.skip(Op::Assign)? {
                true => Some(self.expression()?),
                false if params.last().is_some_and(|last| last.default.is_some()) => {
                    return Err(self.needs_default(&name));
                }
                false => None,
            };
            params.push(Param { name, default });
        }
        self.advance()?;
        Ok(params)
    }

    fn call_block(&mut self) -> Result<StmtKind> {
        let params = match self.at(Op::OpenParen) {
            true => self.parameters()?,
            false => Vec::new(),
        };
        let call = self.expression()?;
        let ExprKind::Call(_, args) = &call.kind else {
            return Err(self.not_a_call(call.span));
        };
        if let Some((name, _)) = args.keyword.iter().find(|(name, _)| name.name == "caller") {
            return Err(self.caller_given(name.span));
        }
        let body = self.body_to(&["endcall"], self.callable())?;
        Ok(StmtKind::CallBlock(Box::new(CallBlock { params, call, body })))
    }

    fn filter_block(&mut self) -> Result<StmtKind> {
        let filter = self.filters()?;
        let body = self.body_to(&["endfilter"], self.inner())?;
        Ok(StmtKind::FilterBlock(Box::new(FilterBlock { filter, body })))
    }

    fn with(&mut self) -> Result<StmtKind> {
        let mut assignments = Vec::new();
        while self.current.kind != Kind::BlockEnd {
            if !assignments.is_empty() {
                self.expect(Op::Comma)?;
            }
            let target = self.target(false)?;
            self.expect(Op::Assign)?;
            assignments.push((target, self.expression()?));
        }
        let body = self.body_to(&["endwith"], self.inner())?;
        Ok(StmtKind::With(Box::new(With { assignments, body })))
    }

    fn block(&mut self) -> Result<StmtKind> {
        let (text, span) = self.expect_name("the name of the block")?;
        if let Some(&first) = self.blocks.get(text) {
            return Err(self.block_twice(text, span, first));
        }
        self.blocks.insert(text, span);
        let scoped = self.skip_word("scoped")?;
        let required = self.skip_word("required")?;
        if self.at(Op::Sub) {
            return Err(self.hyphen_in_block_name(span));
        }
        let body = self.body_to(&["endblock"], self.callable())?;
        if required && let Some(stmt) = body.iter().find(|stmt| !is_blank(stmt)) {
            return Err(self.required_block_with(stmt.span));
        }
        if !self.skip_word(text)? && matches!(self.current.kind, Kind::Name(_)) {
            return Err(self.end_of_another_block(text, span));
        }
        Ok(StmtKind::Block(Box::new(Block { name: ident((text, span)), scoped, required, body })))
    }

    fn extends(&mut self) -> Result<StmtKind> {
        if !self.scope.top_level {
            return Err(self.extends_below_top());
        }
        Ok(StmtKind::Extends(self.expression()?))
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

    fn include(&mut self) -> Result<StmtKind> {
        let template = self.expression()?;
        let ignore_missing = self.at_word("ignore") && *self.peek()? == Kind::Name("missing");
        if ignore_missing {
            self.advance()?;
            self.advance()?;
        }
        let with_context = self.context()?.unwrap_or(true);
        Ok(StmtKind::Include(Include { template, ignore_missing, with_context }))
    }

    fn import(&mut self) -> Result<StmtKind> {
        let template = self.expression()?;
        self.expect_word("as")?;
        let target = self.target_name("the name for the imported template")?;
        let with_context = self.context()?.unwrap_or(false);
        Ok(StmtKind::Import(Import { template, target, with_context }))
    }

    /// Whether `with context` or `without context` stands here.
    fn context(&mut self) -> Result<Option<bool>> {
        let with = match &self.current.kind {
            Kind::Name("with") => true,
            Kind::Name("without") => false,
            _ => return Ok(None),
        };
        if *self.peek()? != Kind::Name("context") {
            return Ok(None);
        }
        self.advance()?;
        self.advance()?;
        Ok(Some(with))
    }

    fn import_names(&mut self) -> Result<StmtKind> {
        let template = self.expression()?;
        self.expect_word("import")?;
        let mut names: Vec<(Ident, Option<Ident>)> = Vec::new();
        let mut with_context = None;
        while with_context.is_none() {
            if !names.is_empty() {
                if !self.at(Op::Comma) {
                    break;
                }
                self.advance()?;
            }
            with_context = self.context()?;
            if with_context.is_none() {
                names.push(self.imported_name()?);
                with_context = self.context()?;
            }
        }
        let with_context = with_context.unwrap_or(false);
        Ok(StmtKind::FromImport(FromImport { template, names, with_context }))
    }

    fn imported_name(&mut self) -> Result<(Ident, Option<Ident>)> {
        let name = self.target_name("the name of something to import")?;
        if name.name.starts_with('_') {
            return Err(self.private_import(&name));
        }
        let alias = match self.skip_word("as")? {
            true => Some(self.target_name("the name for the import")?),
            false => None,
        };
        Ok((name, alias))
    }
}

fn is_blank(stmt: &Stmt) -> bool {
    matches!(&stmt.kind, StmtKind::Text(text) if text.chars().all(is_space))
}
