//! The tree of a template. Its nodes and their names follow Jinja2's own tree, so that what
//! is known of Jinja2 is known of it.

/// Bytes of the source, from `start` to before `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Its statements, text among them.
    pub body: Vec<Stmt>,
}

/// A statement and its place: the whole of it, from the start of its first tag to the end of
/// its last.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Where it is.
    pub span: Span,
}

/// What a statement is.
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// Text as it is printed: white space control and `newline_sequence` are applied.
    Text(String),
    /// `{{ … }}`.
    Print(Expr),
    /// `{% for target in iter if test recursive %}`.
    For(Box<For>),
    /// `{% if %}`.
    If(Box<If>),
    /// `{% macro %}`.
    Macro(Box<Macro>),
    /// `{% call(args) target(…) %}`.
    CallBlock(Box<CallBlock>),
    /// `{% filter … %}`: the filter's innermost `node` is [`ExprKind::Body`].
    FilterBlock(Box<FilterBlock>),
    /// `{% with a = b, … %}`.
    With(Box<With>),
    /// `{% block %}`.
    Block(Box<Block>),
    /// `{% extends %}`.
    Extends(Expr),
    /// `{% include %}`.
    Include(Include),
    /// `{% import … as target %}`.
    Import(Import),
    /// `{% from … import … %}`.
    FromImport(FromImport),
    /// `{% set target = value %}`.
    Set {
        /// What is set.
        target: Expr,
        /// To what.
        value: Expr,
    },
    /// `{% set target | filter %}…{% endset %}`.
    SetBlock(Box<SetBlock>),
    /// `{% autoescape value %}`.
    Autoescape {
        /// Whether to escape.
        value: Expr,
        /// In what.
        body: Vec<Stmt>,
    },
    /// `{% do … %}`.
    Do(Expr),
    /// `{% break %}`.
    Break,
    /// `{% continue %}`.
    Continue,
    /// `{% trans %}`.
    Trans(Box<Trans>),
    /// `{% debug %}`.
    Debug,
}

/// A `for` statement.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// A name, or a tuple of targets.
    pub target: Expr,
    /// What it goes through.
    pub iter: Expr,
    /// Which items it takes.
    pub test: Option<Expr>,
    /// Whether `loop(…)` may be called.
    pub recursive: bool,
    /// For each item.
    pub body: Vec<Stmt>,
    /// If there was none; empty if there is no `else`.
    pub otherwise: Vec<Stmt>,
}

/// An `if` statement.
#[derive(Clone, Debug, PartialEq)]
pub struct If {
    /// `if` and every `elif`, in order.
    pub branches: Vec<Branch>,
    /// `else`; empty if there is none.
    pub otherwise: Vec<Stmt>,
}

/// A branch of an `if`.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Its condition.
    pub test: Expr,
    /// What it holds.
    pub body: Vec<Stmt>,
}

/// A name in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The name.
    pub name: String,
    /// Where it is.
    pub span: Span,
}

/// A parameter of a macro or call block.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: Ident,
    /// Its default.
    pub default: Option<Expr>,
}

/// A `macro` statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Macro {
    /// Its name.
    pub name: Ident,
    /// Its parameters.
    pub params: Vec<Param>,
    /// What it prints.
    pub body: Vec<Stmt>,
}

/// A `call` block.
#[derive(Clone, Debug, PartialEq)]
pub struct CallBlock {
    /// The parameters of `caller`.
    pub params: Vec<Param>,
    /// The call; its kind is [`ExprKind::Call`].
    pub call: Expr,
    /// What `caller` prints.
    pub body: Vec<Stmt>,
}

/// A `filter` block.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterBlock {
    /// The filters; the innermost is applied to [`ExprKind::Body`].
    pub filter: Expr,
    /// What is filtered.
    pub body: Vec<Stmt>,
}

/// A `with` block.
#[derive(Clone, Debug, PartialEq)]
pub struct With {
    /// Targets and values.
    pub assignments: Vec<(Expr, Expr)>,
    /// Where they hold.
    pub body: Vec<Stmt>,
}

/// A `block` statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its name.
    pub name: Ident,
    /// Whether it sees the names around it.
    pub scoped: bool,
    /// Whether a child must define it.
    pub required: bool,
    /// What it holds.
    pub body: Vec<Stmt>,
}

/// An `include` statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Include {
    /// The name, or a list of names.
    pub template: Expr,
    /// Whether it is well if there is none.
    pub ignore_missing: bool,
    /// Whether it sees the names of the includer.
    pub with_context: bool,
}

/// An `import` statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The name of the template.
    pub template: Expr,
    /// What it is called here.
    pub target: Ident,
    /// Whether it sees the names of the importer.
    pub with_context: bool,
}

/// A `from … import` statement.
#[derive(Clone, Debug, PartialEq)]
pub struct FromImport {
    /// The name of the template.
    pub template: Expr,
    /// What is taken, and what it is called here if something else.
    pub names: Vec<(Ident, Option<Ident>)>,
    /// Whether it sees the names of the importer.
    pub with_context: bool,
}

/// A `set` block.
#[derive(Clone, Debug, PartialEq)]
pub struct SetBlock {
    /// What is set.
    pub target: Expr,
    /// The filters; the innermost is applied to [`ExprKind::Body`].
    pub filter: Option<Expr>,
    /// What is printed into it.
    pub body: Vec<Stmt>,
}

/// A `trans` block.
#[derive(Clone, Debug, PartialEq)]
pub struct Trans {
    /// The message, with `%(name)s` for its variables and `%%` for percent signs.
    pub singular: String,
    /// The message for a number other than one, and the expression that counts.
    pub plural: Option<(String, Expr)>,
    /// The context of the message.
    pub context: Option<String>,
    /// The variables that the message may name, with their values.
    pub variables: Vec<(String, Expr)>,
    /// Whether the messages name any variable.
    pub names_variables: bool,
    /// Whether the variable that counts is called `num` itself.
    pub count_is_num: bool,
}

/// An expression and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it is.
    pub span: Span,
}

/// What an expression is. Targets of assignments are [`ExprKind::Name`],
/// [`ExprKind::NamespaceRef`] and [`ExprKind::Tuple`] of targets.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A literal.
    Const(Const),
    /// A variable.
    Name(String),
    /// `name.attr`, as the target of an assignment.
    NamespaceRef {
        /// The variable.
        name: String,
        /// The attribute.
        attr: String,
    },
    /// What stands in a filter block or set block; only as `node` of the innermost filter.
    Body,
    /// `(a, b)`.
    Tuple(Vec<Expr>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{a: b}`.
    Dict(Vec<(Expr, Expr)>),
    /// `then if test else otherwise`.
    Cond(Box<Cond>),
    /// An operator before its operand.
    Unary(UnaryOp, Box<Expr>),
    /// An arithmetic operator between two operands.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a and b`.
    And(Box<Expr>, Box<Expr>),
    /// `a or b`.
    Or(Box<Expr>, Box<Expr>),
    /// `a ~ b ~ c`.
    Concat(Vec<Expr>),
    /// `a < b <= c`.
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    /// `node.attr`.
    Attr(Box<Expr>, Ident),
    /// `node[arg]`.
    Item(Box<Expr>, Box<Expr>),
    /// `node[start:stop:step]`.
    Slice(Box<Slice>),
    /// `node(args)`.
    Call(Box<Expr>, Args),
    /// `node | name(args)`.
    Filter(Box<Expr>, Ident, Args),
    /// `node is name(args)`; `is not` is [`UnaryOp::Not`] around it.
    Test(Box<Expr>, Ident, Args),
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// `none`.
    None,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// An integer that does not: its decimal digits.
    BigInt(String),
    /// A floating-point number.
    Float(f64),
    /// Text, adjacent literals joined.
    Str(String),
}

/// A conditional expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Cond {
    /// Its condition.
    pub test: Expr,
    /// If it holds.
    pub then: Expr,
    /// If not; undefined if there is none.
    pub otherwise: Option<Expr>,
}

/// A slice of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// Of what.
    pub node: Expr,
    /// From where.
    pub start: Option<Expr>,
    /// Up to where.
    pub stop: Option<Expr>,
    /// In what steps.
    pub step: Option<Expr>,
}

/// The arguments of a call, filter or test.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Args {
    /// By position.
    pub positional: Vec<Expr>,
    /// By name.
    pub keyword: Vec<(Ident, Expr)>,
    /// `*args`.
    pub star: Option<Box<Expr>>,
    /// `**kwargs`.
    pub double_star: Option<Box<Expr>>,
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not`.
    Not,
    /// `-`.
    Neg,
    /// `+`.
    Pos,
}

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`.
    Div,
    /// `//`.
    FloorDiv,
    /// `%`.
    Mod,
    /// `**`.
    Pow,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
    /// `in`.
    In,
    /// `not in`.
    NotIn,
}
