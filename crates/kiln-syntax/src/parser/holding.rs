//! Statements that hold others: loops, conditions, macros and the like.

use std::collections::HashMap;

use super::primary::Items;
use super::{Parser, Result, Scope};
use crate::lexer::{Kind, Op};
use crate::{
    Branch, CallBlock, Expr, ExprKind, FilterBlock, For, If, Macro, Param, SetBlock, Span, StmtKind, With,
};

impl Parser<'_, '_> {
    pub(super) fn for_loop(&mut self) -> Result<StmtKind> {
        let outer = self.scope;
        self.scope.loop_taken = true;
        let target = self.stored_target(false)?;
        self.scope = outer;
        if !self.skip_word("in")? {
            return Err(self.nothing_to_go_through());
        }
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

    pub(super) fn if_else(&mut self) -> Result<StmtKind> {
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

    pub(super) fn set(&mut self) -> Result<StmtKind> {
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

    pub(super) fn macro_definition(&mut self) -> Result<StmtKind> {
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
        let mut places = HashMap::new();
        while !self.at(Op::CloseParen) {
            if !params.is_empty() {
                self.expect(Op::Comma)?;
            }
            let name = self.target_name("the name of a parameter")?;
            if let Some(first) = places.insert(name.name.clone(), name.span) {
                return Err(self.given_twice(&name, first));
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

    pub(super) fn call_block(&mut self) -> Result<StmtKind> {
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

    pub(super) fn filter_block(&mut self) -> Result<StmtKind> {
        let filter = self.filters()?;
        let body = self.body_to(&["endfilter"], self.inner())?;
        Ok(StmtKind::FilterBlock(Box::new(FilterBlock { filter, body })))
    }

    pub(super) fn with(&mut self) -> Result<StmtKind> {
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
}
