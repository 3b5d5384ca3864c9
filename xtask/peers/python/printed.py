"""Asks CPython and Jinja2 for the JSON and the pretty-printed form of values.

    python printed.py [CASES [SEED]] > crates/kiln-python/tests/corpus/printed.jsonl

Each line has a value, what `pprint.pformat` makes of it, and how Jinja2's
statement `debug` prints it; the arguments of `json.dumps`, what
that makes of it or the class of what it raises, and here and there what Jinja2 makes of the
JSON for HTML. The values are drawn by chance, the same ones each time, so that the number of
cases may be raised to search for differences.
"""

import datetime
import json
import pprint
import random
import sys

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from values import written

CHANCE = random.Random()

WORDS = [
    "alpha", "beta", "it's", 'say "hi"', "a\\b", "tab\there", "nl\nline", "cr\r\nlf", "\xe9", "\u65e5\u672c\u8a9e",
    "\U0001f600", "x" * 30, "y" * 90, "  two", "\x1c", "\u2028", "\xa0", "", "/", "<b>&'", "\x7f", "\x00", "\x0b",
    "\x85", "end\n", "\ufb01", "\xad", "\u0378", "-", "\u3000wide", "lorem", "ipsum", "dolor", "sit",
]
INTEGERS = [0, 1, -1, 42, 10**6, 10**20, -(2**63), 2**63, 2**64]
FLOATS = [
    0.0, -0.0, 1.5, 1e16, 1e15, 1e22, 1e-5, 0.1, 123456.789, 1e300, 5e-324, 2.0,
    float("inf"), float("-inf"), float("nan"),
]
DATES = [
    datetime.date(2024, 3, 5), datetime.datetime(2024, 3, 5, 13, 7, 9), datetime.time(1, 2),
    datetime.datetime(2024, 3, 5, 13, 7, 9, 120000, datetime.timezone.utc), datetime.timedelta(1, 3),
]
STYLES = [
    {}, {"sort_keys": True}, {"indent": 2}, {"indent": 4, "sort_keys": True}, {"indent": 0}, {"indent": "\t"},
    {"indent": ""}, {"indent": True}, {"indent": -1, "sort_keys": True}, {"ensure_ascii": False},
    {"indent": "\xe9>", "ensure_ascii": False}, {"indent": 1.5}, {"indent": False, "sort_keys": True},
    {"indent": [1]},
]


def text(most):
    if CHANCE.random() < 0.45:
        return CHANCE.choice(["a", "b", "name", "Zeta", f"k{CHANCE.randint(0, 30)}"])
    count = CHANCE.randint(0, most if CHANCE.random() < 0.7 else 5 * most)
    return CHANCE.choice([" ", "", ", ", "\n", "  "]).join(CHANCE.choices(WORDS, k=count))


def scalar():
    match CHANCE.randrange(12):
        case 0 | 1 | 2 | 3:
            return text(6)
        case 4:
            return CHANCE.choice(INTEGERS)
        case 5:
            return CHANCE.choice(FLOATS)
        case 6:
            return CHANCE.choice([None, True, False])
        case 7:
            return Markup(text(6))
        case 8:
            return CHANCE.randbytes(CHANCE.choice([0, 1, 3, 4, 5, 8, 20, 60]))
        case 9:
            return CHANCE.choice([b"abc ", b"it's", b'"q"', b"lorem ipsum dolor "]) * CHANCE.randint(1, 6)
        case 10:
            return CHANCE.choice(DATES)
        case _:
            return CHANCE.randint(-5, 100)


def key(kind):
    if kind == "text":
        return CHANCE.choice(["a", "b", "C", f"k{CHANCE.randint(0, 40)}", text(2)])
    if kind == "number":
        return CHANCE.choice([1, 2, 3, 10, -4, 0.5, 2.5, True, 10**20])
    return CHANCE.choice(
        ["a", "z", "", 1, 0.5, True, None, Markup("m"), (1, 2), (1, "b"), b"k", datetime.date(2024, 5, 1), 1e20]
    )


def value(depth):
    form = CHANCE.random() if depth else 0
    if form < 0.3:
        return scalar()
    count = CHANCE.choice([0, 1, 1, 2, 3, 4, 8, 16])
    if form < 0.55:
        return [value(depth - 1) for _ in range(count)]
    if form < 0.68:
        return tuple(value(depth - 1) for _ in range(count))
    kind = CHANCE.choice(["text", "text", "text", "text", "number", "any"])
    return {key(kind): value(depth - 1) for _ in range(count)}


def is_settled(found):
    """Whether no two keys are sorted by their addresses, which are others on each run."""
    match found:
        case dict():
            return not {(1, 2), (1, "b")} <= found.keys() and all(map(is_settled, found.values()))
        case list() | tuple():
            return all(map(is_settled, found))
    return True


def case(found):
    style = CHANCE.choice(STYLES)
    line = {"value": written(found), "pprint": pprint.pformat(found)}
    line["debug"] = pprint.pformat(found, depth=3, compact=True)
    line["style"] = {name: written(argument) for name, argument in style.items()}
    try:
        line["json"] = json.dumps(found, **style)
    except Exception as error:
        line["raises"] = type(error).__name__
    if "json" in line and CHANCE.random() < 0.3:
        line["html"] = str(htmlsafe_json_dumps(found, **style))
    return line


def main(cases=600, seed=1):
    CHANCE.seed(seed)
    longest = 900 if cases < 1000 else 6000
    while cases:
        found = value(CHANCE.randint(0, 5))
        if is_settled(found) and len(repr(found)) < longest:
            cases -= 1
            print(json.dumps(case(found)))


main(*map(int, sys.argv[1:]))
