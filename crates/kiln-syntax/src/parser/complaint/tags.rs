//! What is wrong with the order of tags.

use crate::error::Error;
use crate::parser::Parser;
use crate::parser::tag::{elsewhere, missing_extension, owners, usable};
use crate::{ParseError, Span};

impl Parser<'_, '_> {
    /// A tag that begins no statement and may not stand here.
    pub(in crate::parser) fn unknown_tag(&self, name: &str) -> Error {
        let extensions = self.lexer.options().extensions;
        if let Some(extension) = missing_extension(name, extensions) {
            return self
                .here(format!("`{name}` is the tag of the extension `{extension}`, which is not in use"))
                .help(instead(name));
        }
        if !owners(name).is_empty() {
            return self.misplaced_tag(name);
        }
        let options = self.lexer.options();
        let error = self.here(format!("there is no statement `{name}`"));
        match (name, self.open.last()) {
            ("raw", _) => self
                .here("`raw` stands alone in its tag")
                .help(format!("write `{} raw {}`", options.block.start, options.block.end)),
            ("comment", _) => error.help(format!(
                "comments stand between `{}` and `{}`",
                options.comment.start, options.comment.end
            )),
            ("end", Some(open)) => error
                .help(format!("`{}` closes `{}`", open.closed_by(), open.name))
                .related(open.span, "opened here"),
            (_, open) => {
                let ends = open.map_or(&[][..], |open| open.ends);
                let known = usable(extensions).chain(ends.iter().copied());
                let nearest = kiln_model::nearest(name, known).map(|nearest| format!("`{nearest}`"));
                match elsewhere(name).map(str::to_owned).or(nearest) {
                    Some(word) => error.help(format!("did you mean {word}?")),
                    None => error,
                }
            }
        }
    }

    /// A tag that ends or divides a statement, outside of that statement.
    fn misplaced_tag(&self, name: &str) -> Error {
        let tags = owners(name);
        let owners = alternatives(tags);
        let Some(open) = self.open.last() else {
            return self
                .here(format!("`{name}` without {owners}"))
                .help("remove it, or open what it belongs to");
        };
        let closing = format!("`{}` closes `{}`", open.closed_by(), open.name);
        let outer = self.open.iter().rev().find(|outer| outer.ends.contains(&name));
        let error = match outer {
            Some(outer) => {
                self.here(format!("`{name}` belongs to `{}`, but `{}` is open", outer.name, open.name))
            }
            None if tags.contains(&open.name) => self.here(format!("`{name}` after `else`")),
            None => self.here(format!("`{name}` without {owners}")),
        };
        let is_second = tags.contains(&open.name) && outer.is_none();
        let help = if is_second { format!("`else` comes last; {closing}") } else { closing };
        error.help(help).related(open.span, format!("`{}` is opened here", open.name))
    }

    /// The template ends within a statement.
    pub(in crate::parser) fn unclosed(&self) -> Error {
        let Some(open) = self.open.last() else {
            return self.here("the template ends too early");
        };
        self.here(format!("the template ends within `{}`", open.name))
            .help(format!("close it with `{}`", open.closed_by()))
            .related(open.span, "opened here")
    }

    /// The place of the tag that is being read.
    pub(super) fn tag(&self) -> Span {
        self.open.last().map_or(self.current.span, |open| open.span)
    }

    pub(in crate::parser) fn outside_loop(&self, name: &str) -> Error {
        let error = ParseError::new(self.tag(), format!("`{name}` outside of a loop"));
        match self.open.iter().any(|open| open.name == "for") {
            true => error.help("a macro, call or block begins anew: no loop around it can be left"),
            false => error.help("move it into a `for`, or remove it"),
        }
    }

    pub(in crate::parser) fn extends_below_top(&self) -> Error {
        ParseError::new(self.tag(), "`extends` within another statement")
            .help("it stands at the top level of a template, or within `if` there")
    }
}

/// What to do without an extension.
fn instead(tag: &str) -> &'static str {
    match tag {
        "do" => "`set _ = …` evaluates an expression without printing it",
        "break" | "continue" => "choose what the loop goes through: `for … in … if …`",
        "debug" => "print the values that matter",
        _ => "write the text itself",
    }
}

/// Words of a template, each in backticks.
fn alternatives(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
}
