//! What is assigned to.

use super::primary::{Items, constant, ident};
use super::{Parser, Result};
use crate::{Expr, ExprKind, Ident};

impl Parser<'_, '_> {
    /// Names that are assigned to; attributes of namespaces among them if `namespaces` says so.
    pub(super) fn target(&mut self, namespaces: bool) -> Result<Expr> {
        let target = self.tuple(Items::Targets { namespaces })?;
        self.assignable(&target)?;
        Ok(target)
    }

    /// A target whose names live as long as the template: within a loop, `loop` is not free.
    pub(super) fn stored_target(&mut self, namespaces: bool) -> Result<Expr> {
        let target = self.target(namespaces)?;
        if self.scope.loop_taken {
            self.leaves_loop(&target)?;
        }
        Ok(target)
    }

    fn assignable(&self, target: &Expr) -> Result<()> {
        match &target.kind {
            ExprKind::Name(_) | ExprKind::NamespaceRef { .. } => Ok(()),
            ExprKind::Tuple(items) => items.iter().try_for_each(|item| self.assignable(item)),
            _ => Err(self.not_assignable(target)),
        }
    }

    fn leaves_loop(&self, target: &Expr) -> Result<()> {
        match &target.kind {
            ExprKind::Name(name) if name == "loop" => Err(self.loop_is_taken(target.span)),
            ExprKind::Tuple(items) => items.iter().try_for_each(|item| self.leaves_loop(item)),
            _ => Ok(()),
        }
    }

    /// A single name that something is called; `what` says what.
    pub(super) fn target_name(&mut self, what: &str) -> Result<Ident> {
        let name = ident(self.expect_name(what)?);
        match constant(&name.name) {
            Some(_) => Err(self.constant_as_name(&name)),
            None => Ok(name),
        }
    }
}
