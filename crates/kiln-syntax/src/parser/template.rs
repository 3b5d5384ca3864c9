//! Statements that join templates: blocks and imports.

use super::primary::ident;
use super::{Parser, Result};
use crate::lexer::{Kind, Op, is_space};
use crate::{Block, FromImport, Ident, Import, Include, Stmt, StmtKind};

impl Parser<'_, '_> {
    pub(super) fn block(&mut self) -> Result<StmtKind> {
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

    pub(super) fn extends(&mut self) -> Result<StmtKind> {
        if !self.scope.top_level {
            return Err(self.extends_below_top());
        }
        Ok(StmtKind::Extends(self.expression()?))
    }

    pub(super) fn include(&mut self) -> Result<StmtKind> {
        let template = self.expression()?;
        let ignore_missing = self.at_word("ignore") && *self.peek()? == Kind::Name("missing");
        if ignore_missing {
            self.advance()?;
            self.advance()?;
        }
        let with_context = self.context()?.unwrap_or(true);
        Ok(StmtKind::Include(Include { template, ignore_missing, with_context }))
    }

    pub(super) fn import(&mut self) -> Result<StmtKind> {
        let template = self.expression()?;
        if !self.skip_word("as")? {
            return Err(self.no_name_for_import());
        }
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

    pub(super) fn import_names(&mut self) -> Result<StmtKind> {
        let template = self.expression()?;
        if !self.skip_word("import")? {
            return Err(self.nothing_imported());
        }
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
