//! What can be told of a template by its names alone.

use std::collections::BTreeSet;

use kiln_syntax::{Block, For, Span, Stmt, StmtKind};

use super::walk::{self, Visitor};

/// The names that are loaded inside macros, call blocks, recursive loops and tests of loops:
/// functions that may use variables of the functions around them.
pub(super) fn used_in_functions(body: &[Stmt]) -> BTreeSet<String> {
    struct Inside(BTreeSet<String>);
    struct All<'a>(&'a mut BTreeSet<String>);
    impl Visitor for All<'_> {
        fn load(&mut self, name: &str, _: Span) {
            self.0.insert(name.to_owned());
        }
    }
    impl Visitor for Inside {
        fn enter(&mut self, stmt: &Stmt) -> bool {
            let is_function = match &stmt.kind {
                StmtKind::Macro(_) | StmtKind::CallBlock(_) => true,
                StmtKind::For(it) => it.recursive || (it.test.is_some() && is_extended(it)),
                _ => false,
            };
            if is_function {
                walk::stmts(std::slice::from_ref(stmt), &mut All(&mut self.0));
            }
            !is_function
        }
    }
    let mut visitor = Inside(BTreeSet::new());
    walk::stmts(body, &mut visitor);
    visitor.0
}

/// Whether the loop object of a loop is seen by anything.
pub(super) fn is_extended(it: &For) -> bool {
    let mut blocks = Vec::new();
    find_blocks(&it.body, &mut blocks);
    find_blocks(&it.otherwise, &mut blocks);
    it.recursive
        || blocks.iter().any(|block| block.scoped)
        || walk::undeclared(&it.body, &["loop"]).contains("loop")
}

/// Where a loop, or what is in it, stores to the name `loop`.
pub(super) fn stores_of_loop(it: &For) -> Vec<Span> {
    struct Stores(Vec<Span>);
    impl Visitor for Stores {
        fn store(&mut self, name: &str, span: Span) {
            if name == "loop" {
                self.0.push(span);
            }
        }
    }
    let mut visitor = Stores(Vec::new());
    walk::target(&it.target, &mut visitor);
    walk::stmts(&it.body, &mut visitor);
    walk::stmts(&it.otherwise, &mut visitor);
    visitor.0
}

/// All blocks with their names, in order.
pub(super) fn find_blocks<'a>(body: &'a [Stmt], found: &mut Vec<&'a Block>) {
    for stmt in body {
        if let StmtKind::Block(block) = &stmt.kind {
            found.push(block);
        }
        for inner in bodies(stmt) {
            find_blocks(inner, found);
        }
    }
}

/// The names of all blocks, in order.
pub(super) fn blocks(body: &[Stmt]) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    find_blocks(body, &mut found);
    found.into_iter().map(|block| (block.name.name.clone(), block.name.span)).collect()
}

/// Whether there is an `extends` anywhere.
pub(super) fn has_extends(body: &[Stmt]) -> bool {
    body.iter()
        .any(|stmt| matches!(stmt.kind, StmtKind::Extends(_)) || bodies(stmt).into_iter().any(has_extends))
}

/// Whether there is a `break` or `continue` in a statement that leaves the loop around it.
pub(super) fn leaves_loop(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Break | StmtKind::Continue => true,
        StmtKind::For(it) => it.otherwise.iter().any(leaves_loop),
        StmtKind::Macro(_) | StmtKind::CallBlock(_) | StmtKind::Block(_) => false,
        _ => bodies(stmt).into_iter().flatten().any(leaves_loop),
    }
}

/// How many bytes of text stand in statements, those of inner loops not counted.
pub(super) fn text_bytes(body: &[Stmt]) -> usize {
    let of = |stmt: &Stmt| match &stmt.kind {
        StmtKind::Text(text) => text.len(),
        StmtKind::For(_) | StmtKind::Macro(_) | StmtKind::CallBlock(_) | StmtKind::Block(_) => 0,
        _ => bodies(stmt).into_iter().map(text_bytes).sum(),
    };
    body.iter().map(of).sum()
}

/// The bodies of a statement.
fn bodies(stmt: &Stmt) -> Vec<&[Stmt]> {
    match &stmt.kind {
        StmtKind::For(it) => vec![&it.body, &it.otherwise],
        StmtKind::If(it) => it.branches.iter().map(|branch| &*branch.body).chain([&*it.otherwise]).collect(),
        StmtKind::Macro(it) => vec![&it.body],
        StmtKind::CallBlock(it) => vec![&it.body],
        StmtKind::FilterBlock(it) => vec![&it.body],
        StmtKind::With(it) => vec![&it.body],
        StmtKind::Block(it) => vec![&it.body],
        StmtKind::SetBlock(it) => vec![&it.body],
        StmtKind::Autoescape { body, .. } => vec![body],
        _ => Vec::new(),
    }
}
