//! `{% trans %}`: a message to translate.

use std::collections::{HashMap, HashSet};

use super::primary::ident;
use super::{Parser, Result};
use crate::lexer::{Kind, Op, is_space};
use crate::{Expr, ExprKind, Ident, Span, Stmt, StmtKind, Trans};

/// What the value of a call is called in the template, so that it is called once: the name is
/// Jinja2's, and templates can see it.
const CALLED: &str = "_trans";

/// The head of the statement.
#[derive(Default)]
struct Head {
    variables: Vec<(String, Expr)>,
    /// The first variable, which counts unless `pluralize` names another.
    counter: Option<(String, Expr)>,
    /// The call that is the value of the first variable.
    call: Option<Expr>,
    trimmed: Option<bool>,
}

/// A message, and the variables that it names, in order.
struct Message {
    text: String,
    names: Vec<Ident>,
}

impl<'s> Parser<'s, '_> {
    /// The statement after its name, up to the end of its last tag. A call that is the first
    /// variable becomes a `set` before it, as in Jinja2.
    pub(super) fn trans(&mut self, body: &mut Vec<Stmt>) -> Result<()> {
        let context = match &self.current.kind {
            Kind::Str(context) => Some(context.clone().into_owned()),
            _ => None,
        };
        if context.is_some() {
            self.advance()?;
        }
        let mut head = self.trans_head()?;
        let mut singular = self.message(&["pluralize", "endtrans"])?;
        let counter = head.counter.take().or_else(|| singular.names.first().map(free));
        let mut names = std::mem::take(&mut singular.names);
        let plural = match self.current.kind {
            Kind::Name("pluralize") => Some(self.pluralize(&head, counter, &mut names)?),
            _ => None,
        };
        self.advance()?;
        let names_variables = !names.is_empty();
        let mut known: HashSet<String> = head.variables.iter().map(|(known, _)| known.clone()).collect();
        let unknown = names.iter().filter(|name| known.insert(name.name.clone()));
        head.variables.extend(unknown.map(free));
        let trimmed = head.trimmed.unwrap_or(self.lexer.options().i18n_trimmed);
        let finish = |text: String| if trimmed { trim(&text) } else { text };
        let count_is_num = plural.as_ref().is_some_and(|(_, (name, _))| name == "num");
        let trans = Trans {
            singular: finish(singular.text),
            plural: plural.map(|(text, (_, counter))| (finish(text), counter)),
            context,
            variables: head.variables,
            names_variables,
            count_is_num,
        };
        if let Some(value) = head.call {
            let target = Expr { kind: ExprKind::Name(CALLED.to_owned()), span: value.span };
            body.push(Stmt { kind: StmtKind::Set { target, value }, span: Span::default() });
        }
        body.push(Stmt { kind: StmtKind::Trans(Box::new(trans)), span: Span::default() });
        Ok(())
    }

    fn trans_head(&mut self) -> Result<Head> {
        let mut head = Head::default();
        let mut places = HashMap::new();
        while self.current.kind != Kind::BlockEnd {
            if !head.variables.is_empty() {
                self.expect(Op::Comma)?;
            }
            if self.skip(Op::Colon)? {
                break;
            }
            let name = ident(self.expect_name("the name of a variable")?);
            if let Some(first) = places.get(&name.name) {
                return Err(self.given_twice(&name, *first));
            }
            let value = if self.skip(Op::Assign)? {
                self.expression()?
            } else if head.trimmed.is_none() && matches!(name.name.as_str(), "trimmed" | "notrimmed") {
                head.trimmed = Some(name.name == "trimmed");
                continue;
            } else {
                free(&name).1
            };
            places.insert(name.name.clone(), value.span);
            head.add(name.name, value);
        }
        self.end_of_tag(Kind::BlockEnd)?;
        Ok(head)
    }

    /// The tag `pluralize` and the message after it; the message and what counts.
    fn pluralize(
        &mut self,
        head: &Head,
        counter: Option<(String, Expr)>,
        names: &mut Vec<Ident>,
    ) -> Result<(String, (String, Expr))> {
        let tag = self.advance()?.span;
        let counter = match self.current.kind {
            Kind::BlockEnd => counter,
            _ => {
                let (name, span) = self.expect_name("the name of the variable that counts")?;
                let known = head.variables.iter().find(|(known, _)| known == name);
                Some(known.cloned().ok_or_else(|| self.unknown_counter(name, span))?)
            }
        };
        self.end_of_tag(Kind::BlockEnd)?;
        let plural = self.message(&["endtrans"])?;
        names.extend(plural.names);
        match counter {
            Some(counter) => Ok((plural.text, counter)),
            None => Err(self.nothing_counts(tag)),
        }
    }

    /// A message up to a tag whose name is among `ends`, which is then the present token.
    fn message(&mut self, ends: &'static [&'static str]) -> Result<Message> {
        if let Some(open) = self.open.last_mut() {
            open.ends = ends;
        }
        let mut message = Message { text: String::new(), names: Vec::new() };
        loop {
            match self.current.kind {
                Kind::Data(text) => {
                    message.text.push_str(&self.text_of(text).replace('%', "%%"));
                    self.advance()?;
                }
                Kind::VariableBegin => {
                    self.advance()?;
                    let name = ident(self.expect_name("the name of a variable")?);
                    if self.current.kind != Kind::VariableEnd {
                        return Err(self.expression_in_message());
                    }
                    self.advance()?;
                    message.text.push_str(&format!("%({})s", name.name));
                    message.names.push(name);
                }
                Kind::BlockBegin => {
                    self.advance()?;
                    match self.current.kind {
                        Kind::Name(name) if ends.contains(&name) => return Ok(message),
                        _ => return Err(self.statement_in_message()),
                    }
                }
                _ => return Err(self.unclosed()),
            }
        }
    }
}

impl Head {
    fn add(&mut self, name: String, value: Expr) {
        let first = self.counter.is_none();
        let value = match value.kind {
            ExprKind::Call(..) if first => {
                let called = Expr { kind: ExprKind::Name(CALLED.to_owned()), span: value.span };
                self.call = Some(value);
                called
            }
            _ => value,
        };
        if first {
            self.counter = Some((name.clone(), value.clone()));
        }
        self.variables.push((name, value));
    }
}

/// A variable of the template under its own name.
fn free(name: &Ident) -> (String, Expr) {
    (name.name.clone(), Expr { kind: ExprKind::Name(name.name.clone()), span: name.span })
}

/// The text without white space around it, and with one blank for every line break and the
/// white space around that.
fn trim(text: &str) -> String {
    let mut trimmed = String::with_capacity(text.len());
    let mut rest = text.trim_matches(is_space);
    while let Some(at) = rest.find(is_space) {
        let space =
            &rest[at..rest[at..].find(|character| !is_space(character)).map_or(rest.len(), |end| at + end)];
        trimmed.push_str(&rest[..at]);
        trimmed.push_str(if space.contains('\n') { " " } else { space });
        rest = &rest[at + space.len()..];
    }
    trimmed.push_str(rest);
    trimmed
}
