"""Asks CPython and markupsafe what the methods of text and numbers give.

    python text.py [CASES] > crates/kiln-python/tests/corpus/text.jsonl

Each line is one call: {"do", "on", "args", "kwargs", "gives"} or, where Python raises, the
class as "raises". `do` is a method, or `%`, `format()`, `int()`, `float()`, `escape()`.
What JSON lacks is an object with one key: `$tuple`, `$bytes` (Latin-1), `$markup`, `$float`,
`$int`, `$dict` (list of pairs), `$undefined` (mode), `$range`. `gives` is the `repr`.

The calls are drawn by chance, the same ones each time, so that the number of cases may be
raised to search for differences.
"""

import json
import random
import sys
import warnings

from jinja2 import ChainableUndefined, DebugUndefined, StrictUndefined, Undefined
from markupsafe import Markup, escape

warnings.simplefilter("ignore")

UNDEFINED = {
    "default": Undefined,
    "chainable": ChainableUndefined,
    "debug": DebugUndefined,
    "strict": StrictUndefined,
}

CLASSES = (
    UnicodeError, OverflowError, ZeroDivisionError, RecursionError, KeyError, IndexError, LookupError,
    AttributeError, ValueError, TypeError, RuntimeError,
)


def tagged(value):
    match value:
        case Undefined():
            mode = next(mode for mode, cls in UNDEFINED.items() if type(value) is cls)
            return {"$undefined": mode}
        case Markup():
            return {"$markup": str(value)}
        case bool() | None | str():
            return value
        case int():
            return value if -(2**63) <= value < 2**63 else {"$int": str(value)}
        case float():
            return {"$float": repr(value)}
        case bytes():
            return {"$bytes": value.decode("latin-1")}
        case tuple():
            return {"$tuple": [tagged(item) for item in value]}
        case list():
            return [tagged(item) for item in value]
        case dict():
            return {"$dict": [[tagged(key), tagged(item)] for key, item in value.items()]}
        case range():
            return {"$range": [value.start, value.stop, value.step]}
    raise TypeError(type(value))


WORDS = [
    "", "a", "abc", "ABC", "aBc dEf", "hello world", "Hello World", "  padded  ", "\ta\tb\n", "a,b,,c", ",",
    "aaa", "abababa", "12", "-12", "+7", "0x1f", "1_000", " 42 ", "3.14", "1e5", "nan", "inf", "-Infinity",
    "ß", "STRASSE straße", "ΑΣ ΣΑΣ", "Σ", "ὈΔΥΣΣΕΎΣ", "ﬁn", "ǆ ǅ Ǆ", "İstanbul ı", "ŉ", "é", "e\u0301",
    "日本語", "𝟘𝟙𝟚", "٣٤", "²³", "½", "Ⅷ", "一二", "😀", "a😀b", "\u00a0x\u2003", "\x1c\x1d", "line1\nline2",
    "l1\r\nl2\rl3\x0bl4\x0cl5\x85l6\u2028l7", "<b>&\"'</b>", "&lt;b&gt;", "{}", "{0}", "%s", "%", "a_b1",
    "_x", "1x", "class", "it's", "they're Bill's", "x1y", "A1", "a\0b", "\\n", "'\"", "ǰ", "ᾳ", "ᏸꭰ", "ꟊ", "ა",
]
NUMBERS = [0, 1, -1, 2, 3, 5, 7, 10, 12, 40, 255, 256, -129, 1000, 65, 8364, 1234567, -1234567, 2**63, -(2**63) - 1, 10**30, True, False]
FLOATS = [
    0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, 0.1, -0.1, 3.14159, 2.675, 1e16, 1e15, 123456789.125, 1e-5, 1e-4, 9.995,
    1e22, 1e23, 1e300, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan"), 0.045, 99.5,
    999999.5, 9.5, 1e6, 123456.0, 1 / 3, 2 / 3, 100.0, 0.000123456, 1e100, 12345.678,
]


class Draw:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def word(self):
        if self.random.random() < 0.85:
            return self.random.choice(WORDS)
        return self.random.choice(WORDS) + self.random.choice(WORDS)

    def part(self, text):
        """A part of a text, or something else to look for."""
        if text and self.random.random() < 0.6:
            start = self.random.randrange(len(text))
            return text[start : start + self.random.randint(0, 3)]
        return self.word()

    def small(self):
        return self.random.choice([0, 1, 2, 3, 4, 5, 8, 12, -1, -2, -3, -10, 20])

    def odd(self):
        """What a parameter seldom takes."""
        return self.random.choice([
            None, True, False, 1, 2.5, 10**30, -(10**30), b"a", [], ["a"], (), ("a", "b"), {}, {"a": 1}, "x", "",
            Markup("<i>"), Undefined(name="u"), ChainableUndefined(name="u"), DebugUndefined(name="u"), StrictUndefined(name="u"), range(3),
        ])

    def maybe_odd(self, value):
        return self.odd() if self.random.random() < 0.06 else value

    def value(self):
        kind = self.random.randrange(12)
        if kind < 3:
            return self.random.choice(NUMBERS)
        if kind < 5:
            return self.random.choice(FLOATS)
        if kind < 8:
            return self.word()
        if kind == 8:
            return Markup(self.word())
        if kind == 9:
            return self.random.choice([None, b"by\xffte", [1, "a"], (1, "<"), {"a": "<", "b": 2}, {}, [], range(2)])
        return self.odd()


def subject(draw, text):
    """The text as itself, safe, or as bytes."""
    kind = draw.random.random()
    if kind < 0.6:
        return text, lambda part: part
    if kind < 0.8:
        return Markup(text), lambda part: Markup(part) if draw.random.random() < 0.3 else part
    return text.encode("latin-1", "replace"), lambda part: part.encode("latin-1", "replace")


def slice_of(draw):
    count = draw.random.randrange(3)
    return [draw.maybe_odd(draw.random.choice([draw.small(), None])) for _ in range(count)]


def text_call(draw):
    text = draw.word()
    on, like = subject(draw, text)
    do = draw.random.choice([
        "capitalize", "casefold", "lower", "upper", "title", "swapcase", "isalnum", "isalpha", "isascii", "isdecimal",
        "isdigit", "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper",
        "find", "rfind", "index", "rindex", "count", "startswith", "endswith", "replace", "split", "rsplit",
        "splitlines", "partition", "rpartition", "strip", "lstrip", "rstrip", "center", "ljust", "rjust", "zfill",
        "expandtabs", "join", "removeprefix", "removesuffix", "translate", "maketrans", "encode", "decode", "hex",
        "unescape", "striptags", "escape", "find", "count", "replace", "split", "rsplit",
    ])
    if do == "replace" and draw.random.random() < 0.3:
        on = "".join(draw.word() for _ in range(3))
        like = lambda part: part
    args, kwargs = [], {}
    part = lambda: draw.maybe_odd(like(draw.part(text)))
    if do in ("find", "rfind", "index", "rindex", "count"):
        args = [part(), *slice_of(draw)]
    elif do in ("startswith", "endswith"):
        args = [tuple(part() for _ in range(draw.random.randrange(4))) if draw.random.random() < 0.3 else part(), *slice_of(draw)]
    elif do == "replace":
        args = [part(), part(), *([draw.maybe_odd(draw.small())] if draw.random.random() < 0.4 else [])]
    elif do in ("split", "rsplit"):
        which = draw.random.randrange(5)
        separator = draw.random.choice([None, part(), part()])
        args, kwargs = [
            ([], {}), ([separator], {}), ([separator, draw.maybe_odd(draw.small())], {}),
            ([separator], {"maxsplit": draw.small()}), ([], {"sep": separator, "maxsplit": draw.small()}),
        ][which]
    elif do == "splitlines":
        args, kwargs = draw.random.choice([([], {}), ([True], {}), ([draw.odd()], {}), ([], {"keepends": draw.random.choice([0, 1, True])})])
    elif do in ("partition", "rpartition", "removeprefix", "removesuffix"):
        args = [part()]
        if do == "removesuffix" and draw.random.random() < 0.1:
            args, kwargs = [], {"suffix": part()}
    elif do in ("strip", "lstrip", "rstrip"):
        args = [] if draw.random.random() < 0.4 else [draw.random.choice([None, part(), part()])]
    elif do in ("center", "ljust", "rjust"):
        args = [draw.maybe_odd(draw.small()), *([draw.random.choice([like("*"), like("é"), part()])] if draw.random.random() < 0.5 else [])]
    elif do == "zfill":
        args = [draw.maybe_odd(draw.small())]
    elif do == "expandtabs":
        args, kwargs = draw.random.choice([([], {}), ([draw.maybe_odd(draw.small())], {}), ([], {"tabsize": 4})])
        on = like(draw.random.choice(["a\tb", "\t\t", "abc\tde\n\tf\r\tg", "日\t本"]))
    elif do == "join":
        items = [like(draw.word()) for _ in range(draw.random.randrange(4))]
        if draw.random.random() < 0.15:
            items.append(draw.odd())
        args = [draw.random.choice([items, tuple(items), draw.odd(), draw.word(), {draw.word(): 1}])]
    elif do == "translate":
        table = {ord(c): draw.random.choice([None, "X", "long", 65, "", draw.odd()]) for c in text[:2]}
        args = [draw.maybe_odd(draw.random.choice([table, {}, ["x"], "abc", bytes(range(255, -1, -1))]))]
        if isinstance(on, bytes) and draw.random.random() < 0.5:
            args = [draw.random.choice([None, bytes(range(255, -1, -1))])]
            kwargs = draw.random.choice([{}, {"delete": b"abc"}])
    elif do == "maketrans":
        args = draw.random.choice([
            [like("abc"), like("xyz")], [like("ab"), like("x")], ["ab", "xy", "c"], [{"a": 1, 98: None}], [{"ab": 1}],
            [{}], [draw.odd()], [draw.odd(), draw.odd()], [like(text), like(text[::-1])],
        ])
    elif do == "encode":
        encoding = draw.random.choice(["utf-8", "ascii", "latin-1", "UTF-16", "utf_16_be", "utf-32", "utf-8-sig", "US-ASCII", "nope", "ISO-8859-1", "utf-16le", "utf-32-be", "L1"])
        errors = draw.random.choice(["strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "nope"])
        args = draw.random.choice([[], [encoding], [encoding, errors], [draw.odd()]])
    elif do == "decode":
        encoding = draw.random.choice(["utf-8", "ascii", "latin-1", "UTF-16", "utf_16_be", "utf-32", "utf-8-sig", "nope", "utf-32-le"])
        on = draw.random.choice([text.encode(), text.encode(encoding, "replace") if encoding != "nope" else b"", b"\xff\xfe", b"\xe2\x82", b"a\xf0\x9f\x98b\xc0\x80", b"\xed\xa0\x80", b"\x00\xd8", b"\x00\xd8a\x00", b"\xd8\x3d\xde\x00", b"abc", b"\x00\x00\x11\x00"])
        errors = draw.random.choice(["strict", "ignore", "replace", "backslashreplace", "nope"])
        args = draw.random.choice([[], [encoding], [encoding, errors], [draw.odd()]])
    elif do == "hex":
        on = draw.random.choice([text.encode(), 1.5, draw.random.choice(FLOATS)])
        if isinstance(on, bytes):
            args = draw.random.choice([[], [":"], ["-", draw.small()], [b".", 2], [draw.odd()], ["::"], ["é"]])
    elif do == "unescape" or do == "striptags":
        bits = ["&lt;", "&amp", "&notit;", "&#39;", "&#x2f", "&#0;", "&#128;", "&nosuch;", "&", "<b>", "</b>", "<!--", "-->", "<", ">", "->", " x  y ", "\n", "&#1114112;", "&eacute;", "&CounterClockwiseContourIntegral;", "&#xD800;", "&#11;", "&#;", "&#x;", "é", "&ThickSpace;", "<!", "--", "&ampx", "&hellip"]
        on = Markup("".join(draw.random.choice(bits) for _ in range(draw.random.randrange(7))))
    elif do == "escape":
        on, args = Markup(""), [draw.value()]
    if draw.random.random() < 0.02:
        args = [*args, draw.odd()]
    if draw.random.random() < 0.01:
        kwargs = {**kwargs, "nope": 1}
    return do, on, args, kwargs


def spec(draw):
    r = draw.random
    pick = lambda options, chance: r.choice(options) if r.random() < chance else ""
    return "".join([
        pick(["<", ">", "^", "=", "*<", "0>", "é^", "x=", "{<", "<<", "0="], 0.4), pick(["+", "-", " "], 0.3), pick(["z"], 0.1),
        pick(["#"], 0.2), pick(["0"], 0.25), pick(["1", "5", "8", "12", "20", "30"], 0.6), pick([",", "_", ",,", "_,"], 0.2),
        pick([".0", ".1", ".2", ".3", ".5", ".10", ".17", ".30", "."], 0.4),
        pick(["d", "x", "X", "o", "b", "c", "e", "E", "f", "F", "g", "G", "%", "n", "s", "q", "dd", "ß"], 0.8),
    ])


def format_call(draw):
    value = draw.value()
    if draw.random.random() < 0.6:
        value = draw.random.choice(FLOATS + NUMBERS)
    return "format()", value, [spec(draw)], {}


def template(draw):
    r = draw.random
    out = []
    for _ in range(r.randrange(1, 4)):
        out.append(r.choice(["", "a", "<b>", "{{", "}}", "é", " ", "%"]))
        name = r.choice(["", "", "", "0", "1", "2", "a", "b", "0[0]", "0[a]", "a[b]", "1.real", "0.x", "a.b.c", "-1", "٣", "²", "0[-1]", "99", ".x", "[0]", "0.", "a[", "a]", "0[0]x", "0[a]!"])
        conversion = r.choice(["", "", "", "", "!r", "!s", "!a", "!x", "!", "!rr"])
        what = r.choice(["", "", "", ":", ":5", ":>8", ":{}", ":{0}", ":{1}", ":{a}", ":.2f", ":x", ":" + spec(draw), ":{:{}}", ":}}", ":{0:{1}}"])
        out.append("{" + name + conversion + what + r.choice(["}"] * 12 + ["", "}}"]))
    return "".join(out)


def template_call(draw):
    on = template(draw)
    if draw.random.random() < 0.35:
        on = Markup(on)
    args = [draw.value() for _ in range(draw.random.randrange(4))]
    kwargs = {name: draw.value() for name in ("a", "b") if draw.random.random() < 0.6}
    if draw.random.random() < 0.15:
        return "format_map", on, [draw.maybe_odd(kwargs)], {}
    return "format", on, args, kwargs


def percent_call(draw):
    r = draw.random
    out = []
    keyed = r.random() < 0.25
    count = 0
    for _ in range(r.randrange(0, 3) + (r.random() < 0.95)):
        out.append(r.choice(["", "a", "<b>", "é", " "]))
        key = r.choice(["(a)", "(b)", "(a)", "((x))", "(", "(zz)"]) if keyed and r.random() < 0.9 else ""
        flags = "".join(r.choice("-+ #0") for _ in range(r.choice([0, 0, 1, 1, 2])))
        width = r.choice(["", "", "", "5", "12", "*", "20"])
        precision = r.choice(["", "", "", ".0", ".2", ".3", ".10", ".*", ".", ".20"])
        length = r.choice(["", "", "", "", "l", "h", "L"])
        conversion = r.choice("sssrraddiuoxXeEfFgGc%bq") if r.random() < 0.98 else ""
        count += (width == "*") + (precision == ".*") + (conversion not in "%")
        out.append("%" + key + flags + width + precision + length + conversion)
    on = "".join(out)
    values = [draw.value() if r.random() < 0.6 else r.choice(NUMBERS + FLOATS) for _ in range(count)]
    if r.random() < 0.3:
        values = [r.choice([3, 7, -6]) if r.random() < 0.5 else value for value in values]
    if keyed:
        argument = {"a": draw.value(), "b": draw.value(), "(x)": draw.value()}
    elif count == 1 and r.random() < 0.6:
        argument = values[0]
    else:
        argument = tuple(values)
    if r.random() < 0.05:
        argument = draw.odd()
    kind = r.random()
    if kind < 0.25:
        on = Markup(on)
    elif kind < 0.35:
        # What CPython says of a letter beyond ASCII depends on the sign of C's `char`.
        on = on.replace("é", "").encode()
    return "%", on, [argument], {}


INTEGERS = [
    "", " ", "0", "00", "010", "0x1F", "0X_1f", "0o17", "0b101", "0b", "-0x1", "- 1", "+1", "--1", "1_2", "1__2", "_1", "1_",
    "٣٤", "१२", "\u00a05\u2003", "\x1c5", "5\x85", "5\x1f", "1.0", "1e3", "zz", "ff", "0xg", "9" * 30, "-" + "9" * 25, "7" * 4300,
    "7" * 4301, "f" * 5000, "0_0", "0_1", "²", "一", "1\0", "\0", "0x", "0_x1", "١_٢", "inf", "0b12", "0o8", "0x_", "1\n", "\t1\x0b\x0c\r",
    "1.", ".5", ".", "-.5e-3", "1_0.5_0", "1_.5", "1._5", "1e_5", "1e5_0", "e5", "1e", "1e+", "1e400", "-1e400", "1e-400", "nan", "-nan", "NaN", "inf",
    "Infinity", "infinit", "+inf", "in_f", "0x1p3", "1d5", "1f", "１２．５", "１２.５", "1,5", "12345678901234567890.123456789", "4.9e-324", "2.4e-324",
    "1" + "0" * 400, "0.1e1_0", "1 2", "1e5 ", "\u30001.5",
]


def parse_call(draw):
    text = draw.random.choice(INTEGERS) if draw.random.random() < 0.8 else draw.value()
    if draw.random.random() < 0.4:
        return "float()", text, [], {}
    if isinstance(text, str) and not isinstance(text, Markup) and draw.random.random() < 0.6:
        return "int()", text, [draw.random.choice([0, 2, 8, 10, 16, 36, 36, 1, 37, 3])], {}
    return "int()", text, [], {}


def number_call(draw):
    r = draw.random
    do = r.choice(["bit_length", "bit_count", "conjugate", "as_integer_ratio", "to_bytes", "from_bytes", "hex", "is_integer", "fromhex"])
    on = r.choice(NUMBERS) if do in ("bit_length", "bit_count", "to_bytes", "from_bytes") else r.choice(FLOATS)
    if do in ("conjugate", "as_integer_ratio") and r.random() < 0.4:
        on = r.choice(NUMBERS)
    args, kwargs = [], {}
    if do == "to_bytes":
        args = r.choice([[], [draw.small()], [draw.small(), r.choice(["big", "little", "x"])], [draw.odd()]])
        kwargs = r.choice([{}, {"signed": True}, {"signed": False}])
    elif do == "from_bytes":
        args = [r.choice([b"", b"\x01\x02", b"\xff\x00", [1, 2], [300], "ab", draw.odd()]), *r.choice([[], ["big"], ["little"], ["x"]])]
        kwargs = r.choice([{}, {"signed": True}])
    elif do == "fromhex":
        args = [r.choice([
            "0x1p3", "1.8", "-0x1.999999999999ap-4", "inf", "nan", "0x", "", "0x1p", "0x1p5000", "0x1p-1074", "0x1p-1075",
            "0x1.8p-1075", "0x1.0000000000000800p0", "0x1.0000000000000801p0", " 0xA.Bp+2 ", "0x.8", "0x1.", "0x.", "1p1_0", "-infinity", "0x1.fffffffffffff8p1023", draw.odd(),
        ])]
    elif r.random() < 0.03:
        args = [1]
    return do, on, args, kwargs


def escape_call(draw):
    return "escape()", draw.value(), [], {}


KINDS = [(text_call, 11), (format_call, 4), (template_call, 3), (percent_call, 4), (parse_call, 2), (number_call, 1), (escape_call, 0.3)]


def perform(do, on, args, kwargs):
    match do:
        case "%":
            return on % args[0]
        case "format()":
            return format(on, *args)
        case "int()":
            return int(on, *args)
        case "float()":
            return float(on)
        case "escape()":
            return escape(on)
    return getattr(on, do)(*args, **kwargs)


def case(draw):
    kind = draw.random.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0]
    do, on, args, kwargs = kind(draw)
    line = {"do": do, "on": tagged(on), "args": [tagged(arg) for arg in args]}
    if kwargs:
        line["kwargs"] = {name: tagged(value) for name, value in kwargs.items()}
    try:
        line["gives"] = repr(perform(do, on, args, kwargs))
        if " object at 0x" in line["gives"] or "<built-in" in line["gives"] or "<bound" in line["gives"]:
            return None
    except Exception as error:
        # Where one machine lacks the memory another counts beyond its words.
        error = OverflowError() if isinstance(error, MemoryError) else error
        name = next((cls.__name__ for cls in CLASSES if isinstance(error, cls)), type(error).__name__)
        line["raises"] = name
    text = json.dumps(line, ensure_ascii=True)
    return None if "\\ud8" in text.lower().replace("\\\\", "") and has_surrogates(line) else text


def has_surrogates(value):
    """Halves of pairs, which are no text to kiln."""
    match value:
        case str():
            return any("\ud800" <= c <= "\udfff" for c in value) or "\\ud8" in value.lower()
        case dict():
            return any(has_surrogates(item) for item in value.values())
        case list():
            return any(has_surrogates(item) for item in value)
    return False


def main():
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    draw, seen = Draw(3), set()
    while len(seen) < wanted:
        line = case(draw)
        if line is not None and len(line) < 1500 and line not in seen:
            seen.add(line)
            print(line)


if __name__ == "__main__":
    main()
