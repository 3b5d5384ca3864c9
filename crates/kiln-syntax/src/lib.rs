//! Parses Jinja2 templates into a tree in which every node knows its place.
//!
//! The grammar is that of Jinja2 3.1.6, with any delimiters, white space control, line
//! statements and the extensions `do`, `loopcontrols`, `i18n` and `debug`. This crate knows
//! no values and runs nothing; the tree serves the renderer as well as tools that only look.

mod ast;
mod error;
mod lexer;
mod options;
mod parser;
mod source;

pub use ast::*;
pub use error::ParseError;
pub use options::{Extensions, Options, Pair};

use lexer::Lexer;
use parser::Parser;
use source::Source;

/// The tree of a template that is written as `options` say.
///
/// Fails where Jinja2's parser does, and where its compiler does for a reason that the text
/// alone gives: a block defined twice, `loop` assigned within a loop, `extends` below the top
/// level, `break` or `continue` outside a loop, a parameter or keyword argument given twice.
/// Expressions and statements that are nested very deeply are refused too.
pub fn parse(source: &str, options: &Options) -> Result<Template, ParseError> {
    let source = Source::new(source, options).map_err(|error| *error)?;
    let body = Lexer::new(&source, options).and_then(Parser::new).and_then(|mut parser| parser.template());
    Ok(Template { body: body.map_err(|error| *error)? })
}

/// The tree of a text that is a bare expression, without delimiters, as
/// `Environment.compile_expression` takes it. Fails where Jinja2 does.
pub fn parse_expression(source: &str, options: &Options) -> Result<Expr, ParseError> {
    let source = Source::new(source, options).map_err(|error| *error)?;
    let parser = Lexer::of_expression(&source, options).and_then(Parser::new);
    parser.and_then(|mut parser| parser.whole_expression()).map_err(|error| *error)
}
