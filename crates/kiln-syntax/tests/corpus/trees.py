"""Writes the trees of `trees.jsonl` anew, with Jinja2 3.1.6 on Python 3.11.

    python trees.py < trees.jsonl > new.jsonl

Lines in, lines out; only `tree` is replaced. A node becomes a list of its name and its parts;
`tests/trees/form.rs` writes ours in the same form.
"""

import json
import struct
import sys

import jinja2
from jinja2 import ext, nodes
from jinja2.parser import Parser

DELIMITERS = ("block_start", "block_end", "variable_start", "variable_end", "comment_start", "comment_end")
EXTENSIONS = {"do": "jinja2.ext.do", "loopcontrols": "jinja2.ext.loopcontrols", "i18n": "jinja2.ext.i18n", "debug": "jinja2.ext.debug"}
OPERATORS = {nodes.Not: "not", nodes.Neg: "neg", nodes.Pos: "pos", nodes.Add: "add", nodes.Sub: "sub", nodes.Mul: "mul",
             nodes.Div: "div", nodes.FloorDiv: "floordiv", nodes.Mod: "mod", nodes.Pow: "pow", nodes.And: "and", nodes.Or: "or"}


class Messages(ext.InternationalizationExtension):
    """Marks what it makes, which is otherwise an ordinary call."""

    def _make_node(self, *parts):
        output = super()._make_node(*parts)
        output.nodes[0].is_message = True
        return output


def any_name(*_args, **_kwargs):
    """Stands for every filter and test, and is never folded away."""
    raise ValueError


class Every(dict):
    def __contains__(self, key):
        return True

    def get(self, key, default=None):
        return any_name

    __getitem__ = get


def environment(options):
    given = {name + "_string" if name in DELIMITERS else name: value for name, value in options.items()
             if name not in ("extensions", "i18n_trimmed")}
    names = options.get("extensions", [])
    made = jinja2.Environment(extensions=[Messages if name == "i18n" else EXTENSIONS[name] for name in names], **given)
    made.filters, made.tests = Every(made.filters), Every(made.tests)
    if "i18n" in names:
        made.install_null_translations(newstyle=True)
        made.policies["ext.i18n.trimmed"] = options.get("i18n_trimmed", False)
    return made


def body(statements):
    found = []
    for statement in statements:
        for part in statement.nodes if type(statement) is nodes.Output else [statement]:
            if type(part) is not nodes.TemplateData:
                found.append(stmt(part))
            elif found and isinstance(found[-1], str):
                found[-1] += part.data
            else:
                found.append(part.data)
    return found


def stmt(node):
    match node:
        case nodes.For():
            return ["for", expr(node.target), expr(node.iter), expr(node.test), node.recursive, body(node.body), body(node.else_)]
        case nodes.If():
            branches = [[expr(branch.test), body(branch.body)] for branch in [node, *node.elif_]]
            return ["if", branches, body(node.else_)]
        case nodes.Macro():
            return ["macro", node.name, params(node), body(node.body)]
        case nodes.CallBlock():
            return ["callblock", params(node), expr(node.call), body(node.body)]
        case nodes.FilterBlock():
            return ["filterblock", expr(node.filter), body(node.body)]
        case nodes.With():
            return ["with", [[expr(a), expr(b)] for a, b in zip(node.targets, node.values)], body(node.body)]
        case nodes.Block():
            return ["block", node.name, node.scoped, node.required, body(node.body)]
        case nodes.Extends():
            return ["extends", expr(node.template)]
        case nodes.Include():
            return ["include", expr(node.template), node.ignore_missing, node.with_context]
        case nodes.Import():
            return ["import", expr(node.template), node.target, node.with_context]
        case nodes.FromImport():
            return ["from", expr(node.template), [n if isinstance(n, str) else list(n) for n in node.names], node.with_context]
        case nodes.Assign():
            return ["set", expr(node.target), expr(node.node)]
        case nodes.AssignBlock():
            return ["setblock", expr(node.target), expr(node.filter), body(node.body)]
        case nodes.Scope():
            modifier = node.body[0]
            return ["autoescape", expr(modifier.options[0].value), body(modifier.body)]
        case nodes.ExprStmt():
            return ["do", expr(node.node)]
        case nodes.Break():
            return ["break"]
        case nodes.Continue():
            return ["continue"]
        case nodes.Call(is_message=True):
            return message(node)
        case nodes.Call(node=nodes.ExtensionAttribute()):
            return ["debug"]
        case _:
            return ["print", expr(node)]


def message(node):
    given = list(node.args)
    context = given.pop(0).value if "p" in node.node.name[:2] else None
    plural = [given[1].value, expr(given[2])] if len(given) > 1 else None
    variables = [[keyword.key, expr(keyword.value)] for keyword in node.kwargs]
    variables.sort(key=lambda pair: json.dumps(pair, separators=(",", ":"), ensure_ascii=False))
    return ["trans", context, given[0].value, plural, variables]


def params(node):
    without = len(node.args) - len(node.defaults)
    return [[arg.name, expr(node.defaults[at - without]) if at >= without else None] for at, arg in enumerate(node.args)]


def arguments(node):
    keyword = [[pair.key, expr(pair.value)] for pair in node.kwargs]
    return [[expr(arg) for arg in node.args], keyword, expr(node.dyn_args), expr(node.dyn_kwargs)]


def expr(node):
    match node:
        case None:
            return None
        case nodes.Const():
            return constant(node.value)
        case nodes.Name():
            return ["name", node.name]
        case nodes.NSRef():
            return ["nsref", node.name, node.attr]
        case nodes.Tuple():
            return ["tuple", [expr(item) for item in node.items]]
        case nodes.List():
            return ["list", [expr(item) for item in node.items]]
        case nodes.Dict():
            return ["dict", [[expr(pair.key), expr(pair.value)] for pair in node.items]]
        case nodes.CondExpr():
            return ["cond", expr(node.test), expr(node.expr1), expr(node.expr2)]
        case nodes.UnaryExpr():
            return [OPERATORS[type(node)], expr(node.node)]
        case nodes.BinExpr():
            return [OPERATORS[type(node)], expr(node.left), expr(node.right)]
        case nodes.Concat():
            return ["concat", [expr(part) for part in node.nodes]]
        case nodes.Compare():
            return ["compare", expr(node.expr), [[operand.op, expr(operand.expr)] for operand in node.ops]]
        case nodes.Getattr():
            return ["attr", expr(node.node), node.attr]
        case nodes.Getitem(arg=nodes.Slice()):
            return ["slice", expr(node.node), expr(node.arg.start), expr(node.arg.stop), expr(node.arg.step)]
        case nodes.Getitem():
            return ["item", expr(node.node), expr(node.arg)]
        case nodes.Call():
            return ["call", expr(node.node), arguments(node)]
        case nodes.Filter():
            return ["filter", expr(node.node), node.name, arguments(node)]
        case nodes.Test():
            return ["test", expr(node.node), node.name, arguments(node)]
        case nodes.Slice():
            raise jinja2.TemplateSyntaxError("Python refuses a slice among items", 1)
    raise TypeError(type(node))


def constant(value):
    match value:
        case None:
            return ["none"]
        case bool():
            return ["bool", value]
        case int():
            return ["int", str(value)]
        case float():
            return ["float", struct.pack(">d", value).hex()]
        case str():
            return ["str", value]
    raise TypeError(type(value))


def compiles(compiler, source):
    """Whether compiler and Python take what the parser took; values that they cannot fold are no matter."""
    try:
        compiler(source)
    except (SyntaxError, jinja2.TemplateError):
        return False
    except Exception:
        return True
    return True


def tree(case):
    env = environment(case["options"])
    try:
        if "expression" in case:
            parsed = expr(Parser(env, case["expression"], state="variable").parse_expression())
            return parsed if compiles(env.compile_expression, case["expression"]) else None
        parsed = body(env.parse(case["source"]).body)
        return parsed if compiles(env.from_string, case["source"]) else None
    except (jinja2.TemplateError, ValueError, SyntaxError):
        return None


if __name__ == "__main__":
    for line in sys.stdin:
        case = json.loads(line)
        case["tree"] = tree(case)
        print(json.dumps(case, ensure_ascii=False))
