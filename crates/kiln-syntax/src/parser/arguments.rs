//! The arguments of calls, filters and tests.

use std::collections::HashMap;

use super::primary::ident;
use super::{Parser, Result};
use crate::Args;
use crate::lexer::{Kind, Op};

impl Parser<'_, '_> {
    /// The arguments in parentheses, or none if there are no parentheses.
    pub(super) fn optional_arguments(&mut self) -> Result<Args> {
        match self.at(Op::OpenParen) {
            true => self.arguments(),
            false => {
                self.height = 0;
                Ok(Args::default())
            }
        }
    }

    /// The arguments in parentheses. Those by position come first, then those by name and
    /// `*args`, and `**kwargs` last.
    pub(super) fn arguments(&mut self) -> Result<Args> {
        let open = self.expect(Op::OpenParen)?.span;
        let mut args = Args::default();
        let mut below = 0;
        while !self.at(Op::CloseParen) {
            self.argument(&mut args)?;
            below = below.max(self.height);
            if !self.skip(Op::Comma)? && !self.at(Op::CloseParen) {
                return Err(self.unclosed_bracket("`,` or `)`", open));
            }
        }
        self.advance()?;
        self.height = below;
        self.once_each(&args)?;
        Ok(args)
    }

    fn argument(&mut self, args: &mut Args) -> Result<()> {
        let start = self.current.span;
        if args.double_star.is_some() {
            return Err(self.misplaced_argument(start, "nothing may follow `**` arguments"));
        }
        if self.skip(Op::Mul)? {
            if args.star.is_some() {
                return Err(self.misplaced_argument(start, "a call takes one `*` argument"));
            }
            args.star = Some(Box::new(self.expression()?));
        } else if self.skip(Op::Pow)? {
            args.double_star = Some(Box::new(self.expression()?));
        } else if matches!(self.current.kind, Kind::Name(_)) && *self.peek()? == Kind::Op(Op::Assign) {
            let name = ident(self.expect_name("the name of an argument")?);
            self.advance()?;
            args.keyword.push((name, self.expression()?));
        } else {
            let follows = !args.keyword.is_empty() || args.star.is_some();
            let argument = self.expression()?;
            if follows {
                let rule = "arguments by position come before those by name and before `*`";
                return Err(self.misplaced_argument(argument.span, rule));
            }
            args.positional.push(argument);
        }
        Ok(())
    }

    /// Fails if a keyword is given twice: Python refuses such a call before it runs.
    fn once_each(&self, args: &Args) -> Result<()> {
        let mut places = HashMap::new();
        for (name, _) in &args.keyword {
            if let Some(first) = places.insert(&name.name, name.span) {
                return Err(self.given_twice(name, first));
            }
        }
        Ok(())
    }
}
