"""Writes what CPython makes of operators, methods and protocols, for `kiln-python`.

    python operators.py [--all] > crates/kiln-python/tests/corpus/operators.jsonl

Needs jinja2 and markupsafe. One case a line: what is done to which values, and the type and
`repr` of what comes out, or the class of what is raised. Values are written as JSON, with
one-key objects for what JSON lacks. Without `--all`, a sample of the combinations.
"""

import json
import random
import sys

from jinja2 import ChainableUndefined, DebugUndefined, StrictUndefined, Undefined
from markupsafe import Markup

UNDEFINED = {
    "default": Undefined,
    "chainable": ChainableUndefined,
    "debug": DebugUndefined,
    "strict": StrictUndefined,
}

INTEGERS = [
    0, 1, -1, 2, 3, -7, 10, 64, 255, 256, -256, 2**31, 2**53, 2**53 + 1, -(2**53) - 1, 2**62,
    2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 2**64, 10**20, -(10**25) + 1, 10**308, 2**1024,
    3**200, -(10**400),
]
FLOATS = [
    0.0, -0.0, 1.0, -1.0, 0.1, -2.5, 1.5, 3.0, 1e16, 123456789012345680.0, 1e15, 9999999999999998.0,
    1e-4, 0.00001234, 1e22, 1e23, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.5,
    2.0**53, 2.0**63, -(2.0**63), float(10**20), float("inf"), float("-inf"), float("nan"),
    1e15 + 0.3,
]
TEXTS = [
    "", "a", "ab", "abc", "Zebra", "it's", 'say "hi"', "both ' and \"", "tab\tnew\nline\r\\", "\x00\x1f\x7f",
    "caf\xe9", "\xa0\xad", "\u2028\u200b\ufeff", "\u65e5\u672c\u8a9e", "\U0001f600x", "\U000e0001", "\ue000", "<b>&\"'",
    "\u0378", "\u0301", "\ud7ff", "\uffff", "\U0010ffff", "%s", "A\xdf", "\xff", "\u0100",
]
BYTES = [b"", b"a", b"abc", b"\x00\xff'\"\\\n", b"it's"]
TUPLES = [(), (1,), (1, 2), (1, "a"), (1.0, 2.0), (float("nan"),), ((1,), [2]), ([],), ("a", "b", "c"), (None, True)]
LISTS = [[], [1], [1, 2, 3], [3, 1, 2], ["b", "a"], [1, "a"], [[1], [2]], [None], [True, 1, 1.0], [(1, 2), (0, 5)],
         [0.1, 0.2], ["a", "b", "a"], [3.0, float("nan"), 1.0, 2.0]]
DICTS = [{}, {"a": 1}, {1: "x", "b": [1]}, {(1, 2): {"n": None}}, {"a": 1, "b": 2}, {"b": 2, "a": 1}, {None: 0, True: 1}, {2**70: 1.5, 0.5: 2}]


class Made:
    """A value that is made anew for each case, because the case may change it."""

    def __init__(self, written, make):
        self.written = written
        self.make = make


def written(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, Markup):
        return {"markup": str(value)}
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, tuple):
        return {"tuple": [written(item) for item in value]}
    if isinstance(value, list):
        return [written(item) for item in value]
    if isinstance(value, dict):
        return {"dict": [[written(key), written(item)] for key, item in value.items()]}
    if isinstance(value, range):
        return {"range": [written(value.start), written(value.stop), written(value.step)]}
    raise TypeError(type(value))


def copied(value):
    if isinstance(value, list):
        return [copied(item) for item in value]
    if isinstance(value, tuple):
        return tuple(copied(item) for item in value)
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return value


def plain(value):
    return Made(written(value), lambda: copied(value))


def power(base, exponent):
    """A complex number."""
    return Made({"power": [written(base), written(exponent)]}, lambda: base**exponent)


def undefined(mode, name="missing"):
    return Made({"undefined": mode}, lambda: UNDEFINED[mode](name=name))


def view(kind, entries):
    return Made({kind: written(entries)}, lambda: getattr(dict(entries), kind)())


def itself(kind):
    def make():
        value = [1] if kind == "selflist" else {"k": 1}
        if kind == "selflist":
            value.append(value)
        else:
            value["self"] = value
        return value

    return Made({kind: None}, make)


RANGES = [range(0), range(3), range(5, 0, -2), range(0, 10, 3), range(1, 2, 9), range(2**62, -(2**62), -(2**61))]
ROOTS = [power(-8, 1 / 3), power(-4, 0.5), power(-2.5, 1.5), power(-1e300, 0.99)]
NUMBERS = [plain(value) for value in [True, False] + INTEGERS + FLOATS] + ROOTS
STRINGS = [plain(value) for value in TEXTS] + [plain(Markup(text)) for text in ("", "a", "<b>x</b>", "\xe9")]
SEQUENCES = [plain(value) for value in BYTES + TUPLES + LISTS + RANGES]
OTHERS = (
    [plain(value) for value in [None] + DICTS]
    + [undefined(mode) for mode in UNDEFINED]
    + [view("keys", {"a": 1, "b": 2}), view("keys", {"a": 3}), view("keys", {}), view("keys", {1: 2, 2: 1})]
    + [view("values", {"a": 1, "b": 2}), view("items", {"a": 1, "b": 2}), view("items", {"a": [1]}), view("items", {})]
    + [itself("selflist"), itself("selfdict")]
)
POOL = NUMBERS + STRINGS + SEQUENCES + OTHERS

BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "**": lambda a, b: a**b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
    "item": lambda a, b: a[b],
    "onekey": lambda a, b: len({a: 1, b: 2}),
}
UNARY = {
    "neg": lambda a: -a,
    "pos": lambda a: +a,
    "truth": bool,
    "str": str,
    "repr": repr,
    "len": len,
    "list": list,
    "key": lambda a: {a: 1},
    "abs": abs,
    "real": lambda a: a.real,
    "imag": lambda a: a.imag,
    "numerator": lambda a: a.numerator,
    "denominator": lambda a: a.denominator,
    "__class__": lambda a: a.__class__,
    "start": lambda a: a.start,
    "step": lambda a: a.step,
}
METHODS = {
    "append": [1], "extend": [1], "insert": [2], "pop": [0, 1, 2], "remove": [1], "clear": [0], "copy": [0],
    "index": [1, 2, 3], "count": [1], "sort": [0], "reverse": [0], "get": [1, 2], "setdefault": [1, 2],
    "popitem": [0], "update": [0, 1], "keys": [0], "values": [0], "items": [0], "fromkeys": [1, 2],
    "isdisjoint": [1],
}

DUNDER = {
    "__eq__": 1, "__ne__": 1, "__lt__": 1, "__le__": 1, "__gt__": 1, "__ge__": 1, "__repr__": 0, "__str__": 0,
    "__bool__": 0, "__len__": 0, "__contains__": 1, "__getitem__": 1, "__setitem__": 2, "__delitem__": 1,
    "__neg__": 0, "__pos__": 0, "__abs__": 0, "__add__": 1, "__radd__": 1, "__sub__": 1, "__rsub__": 1,
    "__mul__": 1, "__rmul__": 1, "__truediv__": 1, "__rtruediv__": 1, "__floordiv__": 1, "__rfloordiv__": 1,
    "__mod__": 1, "__rmod__": 1, "__pow__": 1, "__rpow__": 1,
}
SMALL = [plain(value) for value in (None, True, 0, 3, -7, 2**64, 1.5, "", "ab", b"a", (1, 2), [1, 2], {"a": 1, 0: 2})]


def is_out_of_scope(operator, values):
    """What would take all memory, or depends on whether a `nan` is the same `nan`."""
    if sum(str(value).count("nan") for value in values if not isinstance(value, Undefined)) > 1:
        return True
    if len({type(value) for value in values if isinstance(value, Undefined)}) > 1:
        return True
    if "pow__" in operator and 2**64 in values:
        return True
    if operator == "**" and all(isinstance(value, int) for value in values):
        return values[1] > 5000 or values[1] > 64 and abs(values[0]) > 2**64
    if operator == "*":
        sizes = [len(value) for value in values if isinstance(value, (str, bytes, tuple, list))]
        counts = [value for value in values if isinstance(value, int)]
        return bool(sizes and counts and sizes[0] and 2**20 < counts[0] < 2**63)
    return operator == "list" and isinstance(values[0], range) and len(values[0]) > 100


def case(do, function, operands):
    values = [operand.make() for operand in operands]
    if is_out_of_scope(do, values):
        return None
    line = {"do": do, "on": [operand.written for operand in operands]}
    try:
        result = function(*values)
        if isinstance(result, set) and len(result) > 1:
            return None
        line["gives"] = f"{type(result).__name__} {result!r}"
    except Exception as error:
        line["raises"] = type(error).__name__
    if "object at 0x" in line.get("gives", ""):
        return None
    return line


def call(name):
    def function(receiver, *args):
        return (getattr(receiver, name)(*args), receiver)

    return function


def cases(everything):
    chance = random.Random(20).random
    for name, function in UNARY.items():
        for operand in POOL:
            yield case(name, function, [operand])
    pairs = [(a, b) for a in POOL for b in POOL]
    for name, function in BINARY.items():
        for a, b in pairs:
            alike = any(a in group and b in group for group in (NUMBERS, STRINGS, SEQUENCES, OTHERS))
            if everything or chance() < (0.012 if alike else 0.0015):
                yield case(name, function, [a, b])
    bounds = [plain(value) for value in (None, 0, 1, 2, -1, -2, 5, -9, 2**70, -(2**70), True)]
    wrong = [plain(value) for value in ("a", 1.0)]
    sliced = [plain(v) for v in ("", "abcdef", "\u65e5\u672cx\u8a9e", Markup("a<b"), b"abcd", (1, 2, 3), [1, 2, 3, 4])]
    sliced += [plain(v) for v in (range(10), range(9, 0, -2), {"a": 1}, 5)] + [undefined(m) for m in UNDEFINED]
    for value in sliced:
        for start in bounds + wrong:
            for stop in bounds:
                for step in bounds + wrong:
                    if everything or chance() < 0.02:
                        yield case("slice", lambda v, a, b, c: v[a:b:c], [value, start, stop, step])
    receivers = [plain(value) for value in LISTS + DICTS + TUPLES + RANGES] + OTHERS[9:21]
    for name, counts in METHODS.items():
        for receiver in receivers:
            if not hasattr(type(receiver.make()), name):
                continue
            for count in counts + [max(counts) + 1, min(counts) - 1]:
                if count < 0:
                    continue
                arguments = random.Random(f"{name}{count}{receiver.written}")
                for _ in range(30 if everything else 2 if count else 1):
                    chosen = [arguments.choice(POOL) for _ in range(count)]
                    yield case(f".{name}", call(name), [receiver] + chosen)
    for name, count in DUNDER.items():
        for receiver in SMALL:
            value = receiver.make()
            # Every object has these, but most of them for form's sake.
            by_form = name in ("__lt__", "__le__", "__gt__", "__ge__") and (value is None or isinstance(value, dict))
            if not hasattr(type(value), name) or by_form:
                continue
            others = [[a] for a in SMALL] if count == 1 else [[a, b] for a in SMALL for b in SMALL] if count else [[]]
            for chosen in others:
                if everything or chance() < (0.5 if count < 2 else 0.05):
                    yield case(f".{name}", call(name), [receiver] + chosen)


for line in cases("--all" in sys.argv):
    if line is not None:
        print(json.dumps(line))
