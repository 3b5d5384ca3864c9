"""Asks CPython what is done to dates and times gives.

    python dates.py [CASES [SEED]] > crates/kiln-python/tests/corpus/dates.jsonl

Each line has a value, what is done with it step by step, and the `repr` of the result as
"gives" or the class of what was raised as "raises". What would ask the machine for its clock
or its time zone is left out. The steps are drawn by chance, the same ones each time, so that
the number of cases may be raised to search for differences.
"""

import datetime
import json
import operator
import random
import re
import sys
from datetime import date, time, timedelta, timezone

from values import written

CHANCE = random.Random()

OFFSETS = [
    timedelta(0), timedelta(hours=1), timedelta(hours=-5), timedelta(hours=5, minutes=30),
    timedelta(hours=-3, minutes=-30), timedelta(hours=23, minutes=59), timedelta(seconds=1),
    timedelta(microseconds=-1), timedelta(hours=2, seconds=30, microseconds=5),
    timedelta(hours=-23, minutes=-59, seconds=-59),
]
NUMBERS = [
    0, 1, 2, -1, 3, 7, 10, True, False, 1.5, 0.0, -0.5, 0.1, 1e-7, 2.5, 1e300, float("inf"), float("nan"),
    10**20, 1e9, 1 / 3, 12, 31, 2024, 24, 60, 1000000, 999999,
]
OTHERS = [None, "x", [], (1,), "2024-03-05", b"", {}]

FORMATS = [
    "%Y-%m-%d", "%d/%m/%y", "%H:%M:%S", "%A %d %B %Y", "%j %U %W %V %G %u %w", "%c", "%x %X", "%I:%M %p",
    "%Y-%m-%dT%H:%M:%S%z", "%Z", "%f", "%%", "", "plain", "%C %y %e %k %l", "\xe9 %Y \u65e5", "%D %F %T %R %r %n%t",
    "a%", "%d\x00d", "%5000d", "%1500dxxxx",
]
FLAGS = [""] * 6 + ["_", "-", "0", "^", "#", "^#", "_0", "-5", "05", "8", "_3", "12", "E", "O", "3E", "#10"]
LETTERS = "aAbBcCdDeFgGhHIjklmMnpPrRStTuUVwWxXyYzZ%fEOLQv."

READ_FORMATS = [
    "%Y-%m-%d", "%d/%m/%y", "%d %b %Y", "%A, %d. %B %Y", "%H:%M:%S", "%I:%M %p", "%Y-%m-%dT%H:%M:%S%z",
    "%Y%m%d%H%M%S", "%j %Y", "%Y %U %w", "%Y %W %a", "%G-W%V-%u", "%G %V %A", "%c", "%x %X", "%f", "%S.%f",
    "%Z %z", "%Y %Z", "%%%Y", "%y%m%d", "%d%m%Y", "%Y-%j", "%p %I", "%b", "%m/%d", "%u", "%V", "%G", "%Q", "%",
    "% d", "%d%d", "%Y  %d", "\t%d\n%m", "", "%U %Y %A", "%Y %V %u", "%H %I %p", "%y %Y", "%G %V %u %j", "\xe9%Y",
]
READ_LETTERS = "YmdHMSfjUWwuVGyzZAaBbpIcxX%"

ISO_DATES = [
    "2024-03-05", "20240305", "2024-W10", "2024-W10-2", "2024W10", "2024W102", "2020-W53-7", "9999-W52-7",
    "2021-W53-1", "0001-W01-1", "2024-02-30", "2024-3-5", "0000-01-01", "2024-W00-1", "2024-W10-0", "2024030512",
]
ISO_TIMES = [
    "", "12", "1230", "12:30", "123045", "12:30:45", "12:30:45.1", "12:30:45,123456789", "123045.12", "12:30:45.",
    "1234567", "24:00", "12:60", "1", "12:3", "12:", "12x", "12:3045", "12.5", "12:30.5", "12:30:45:1",
]
ISO_OFFSETS = [
    "", "", "Z", "+00:00", "-05:00", "+0530", "+05", "-00:00", "+24:00", "+23:59:59.999999", "Zx", "+", "z",
    "+05:30x", "+00:00:00.5", "-00:00:01", "+01:99", "+12:",
]

ARITHMETIC = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow,
}
COMPARISONS = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}
MANIFOLD = ["strftime", "strptime", "strptime", "fromisoformat", "fromisoformat", "replace"]
KINDS = (date, time, timedelta, timezone)


def some_zone():
    # A new object each time, because Python asks here and there for the same one.
    return timezone(CHANCE.choice(OFFSETS))


def some_date():
    near = date(CHANCE.randint(1990, 2030), CHANCE.choice([1, 12]), CHANCE.choice([1, 2, 3, 4, 29, 30, 31]))
    fixed = [date(2024, 2, 29), date.min, date.max, date(2020, 12, 31), date(2021, 1, 3), date(999, 5, 6)]
    return CHANCE.choice(fixed + [near, near, date.fromordinal(CHANCE.randint(1, 3652059))])


def some_time():
    parts = [CHANCE.randint(0, 23), CHANCE.randint(0, 59), CHANCE.randint(0, 59), CHANCE.randint(0, 999999)]
    fixed = [time(), time(13, 7, 9), time.max, time(0, 0, 0, 1), time(12, 30), time(*parts[:3], 1000)]
    found = CHANCE.choice(fixed + [time(*parts)])
    return found.replace(tzinfo=some_zone()) if CHANCE.random() < 0.4 else found


def some_datetime():
    return datetime.datetime.combine(some_date(), some_time())


def some_length():
    fixed = [
        timedelta(0), timedelta(1), timedelta(-1), timedelta(hours=1), timedelta(0, 0, 1), timedelta(0, 0, -1),
        timedelta(2, 5, 7), timedelta.max, timedelta.min,
    ]
    drawn = [
        timedelta(CHANCE.randint(-(10**6), 10**6), CHANCE.randint(0, 10**5)), timedelta(CHANCE.randint(-400, 400)),
        timedelta(0, 0, CHANCE.randint(-(10**12), 10**12)),
    ]
    return CHANCE.choice(fixed + drawn)


def some_moment():
    makers = [some_date, some_datetime, some_time, some_length, some_zone]
    return CHANCE.choices(makers, [25, 35, 15, 17, 8])[0]()


def some_number():
    return CHANCE.choice(NUMBERS + [CHANCE.randint(-1000, 1000), CHANCE.uniform(-10, 10)])


def some_value():
    makers = [some_moment, some_number, lambda: CHANCE.choice(OTHERS)]
    return CHANCE.choices(makers, [6, 3, 1])[0]()


def some_format():
    if CHANCE.random() < 0.3:
        return CHANCE.choice(FORMATS)
    parts = [f"%{CHANCE.choice(FLAGS)}{CHANCE.choice(LETTERS)}{CHANCE.choice(['', ' ', '-', 'x'])}" for _ in range(4)]
    return "".join(parts[: CHANCE.randint(1, 4)])


def mangled(text, letters):
    """The text with up to two characters changed, left out or added."""
    text = list(text)
    for _ in range(CHANCE.choice([0, 0, 0, 1, 2])):
        place = CHANCE.randint(0, len(text))
        kept = CHANCE.choice([place, place + 1])
        text[place:kept] = CHANCE.choice(["", CHANCE.choice(letters)])
    return "".join(text)


def some_iso():
    whole = CHANCE.choice([some_date, some_datetime, some_time])().isoformat()
    clock = CHANCE.choice(ISO_TIMES) + CHANCE.choice(ISO_OFFSETS)
    both = CHANCE.choice(ISO_DATES) + CHANCE.choice(["", "T", "T", " ", "\xe9", "-"]) + clock
    return mangled(CHANCE.choice([whole, both, both, clock]), "0123456789-:TWZ+., x\xe9")


def some_reading():
    """A text and a format for `strptime`."""
    form = CHANCE.choice(READ_FORMATS)
    if CHANCE.random() < 0.3:
        letters = CHANCE.choices(READ_LETTERS, k=CHANCE.randint(1, 5))
        form = CHANCE.choice(["", "-", " ", ":"]).join(f"%{letter}" for letter in letters)
    text = some_datetime().strftime(form)
    return [mangled(CHANCE.choice([text, text.lower()]), "0123456789-: ./Zxa+\xe9\t"), form]


def parts_to_replace(on):
    names = {date: ["year", "month", "day"], time: ["hour", "minute", "second", "microsecond"]}
    names = names.get(type(on)) or names[date] + names[time]
    parts = {name: CHANCE.choice([1, 2, 12, 0, 28, 29, 59, 2000, some_number()]) for name in names}
    chosen = {name: parts[name] for name in CHANCE.sample(names, CHANCE.randint(0, 3))}
    if type(on) is not date and CHANCE.random() < 0.4:
        chosen["tzinfo"] = CHANCE.choice([some_zone(), None, "x"])
        chosen["fold"] = CHANCE.choice([0, 1, True, 2])
    in_order = [parts[name] for name in names[: CHANCE.randint(0, 3)]]
    return CHANCE.choice([([], chosen), ([], chosen), (in_order, {})])


def isoformat_arguments(on):
    names = ["auto", "hours", "minutes", "seconds", "milliseconds", "microseconds", "x", 3]
    keywords = {"timespec": CHANCE.choice(names), "sep": CHANCE.choice([" ", "T", "\xe9", "", "ab", 3])}
    chosen = CHANCE.sample(sorted(keywords), CHANCE.randint(0, 2)) if type(on) is not date else []
    return [], {name: keywords[name] for name in chosen if name != "sep" or type(on) is not time}


def arguments(on, name):
    """Arguments for a method; none if it should not be called."""
    timestamp = CHANCE.choice([0, 1e9, 1.5, -1.5, 5e-7, 1.0000015, 10**12, some_number(), CHANCE.uniform(-1e9, 4e9)])
    zoned = getattr(on, "tzinfo", None) is not None
    match name:
        case "now" | "today" | "utcnow":
            return None
        case "fromtimestamp":
            return ([timestamp], {"tz": some_zone()}) if isinstance(on, datetime.datetime) else None
        case "timestamp" | "astimezone" if not zoned:
            return None
        case "strftime":
            return [CHANCE.choice([some_format(), some_format(), some_format(), None])], {}
        case "fromisoformat":
            return [CHANCE.choice([some_iso(), some_iso(), some_iso(), None])], {}
        case "strptime":
            return some_reading(), {}
        case "isoformat":
            return isoformat_arguments(on)
        case "replace":
            return parts_to_replace(on)
        case "fromisocalendar":
            week = [CHANCE.choice([2024, 2020, 1, 9999, 0, 10000]), CHANCE.choice([1, 10, 52, 53, 0, 54])]
            return CHANCE.choice([(week + [CHANCE.choice([1, 7, 0, 8])], {}), ([], {"year": 2024, "week": 1, "day": 3})])
        case "fromordinal":
            return [CHANCE.choice([1, 738950, 3652059, 0, 3652060, -5, some_number()])], {}
        case "combine":
            both = [CHANCE.choice([some_date(), some_datetime(), None]), CHANCE.choice([some_time(), some_time(), "x"])]
            return both + CHANCE.choice([[], [], [some_zone()], [None]]), {}
        case "utcfromtimestamp":
            return [timestamp], {}
        case "astimezone":
            return [CHANCE.choice([some_zone(), some_zone(), "x"])], {}
    if type(on) is timezone:
        return [CHANCE.choice([None, some_datetime(), some_date(), 3])], {}
    return CHANCE.choice([[]] * 30 + [[1]]), {}


def named(on, wanted):
    return [name for name in dir(on) if name[0] != "_" and callable(getattr(on, name)) is wanted]


def some_step(on):
    """What to do with a value; none if nothing comes to mind."""
    match CHANCE.choices(["attr", "call", "op", "cmp", "tuple", "other"], [10, 55, 15, 10, 4, 6])[0]:
        case "attr":
            return ["attr", CHANCE.choice(named(on, False) + ["nope"])]
        case "call" if isinstance(on, KINDS):
            # The methods with most to them come up more often.
            names = named(on, True)
            name = CHANCE.choice(names + 5 * [name for name in MANIFOLD if name in names])
            chosen = arguments(on, name)
            return chosen and ["call", name, *chosen]
        case "op":
            symbol = CHANCE.choice("+ + + - - - * / // % **".split())
            return [CHANCE.choice(["op", "rop"]), symbol, CHANCE.choice([some_value, some_length, some_moment])()]
        case "cmp":
            alike = {date: some_date, datetime.datetime: some_datetime, time: some_time, timedelta: some_length}
            other = CHANCE.choice([alike.get(type(on), some_value)(), on if isinstance(on, KINDS) else 1, some_value()])
            return ["cmp", CHANCE.choice(list(COMPARISONS)), other]
        case "tuple" if isinstance(on, tuple):
            return CHANCE.choice([["item", CHANCE.randint(-10, 10)], ["len"], ["list"], ["in", 2024], ["cmp", "==", tuple(on)]])
        case "other" if isinstance(on, timedelta):
            return [CHANCE.choice(["str", "truth", "neg", "pos", "abs"])]
        case "other" if isinstance(on, KINDS):
            return CHANCE.choice([["str"], ["truth"], ["format", some_format()]])


def done(on, step):
    match step:
        case ["attr", name]:
            return getattr(on, name)
        case ["call", name, positional, keyword]:
            return getattr(on, name)(*positional, **keyword)
        case ["op", symbol, other]:
            return ARITHMETIC[symbol](on, other)
        case ["rop", symbol, other]:
            return ARITHMETIC[symbol](other, on)
        case ["cmp", symbol, other]:
            return COMPARISONS[symbol](on, other)
        case ["item", place]:
            return on[place]
        case ["in", item]:
            return item in on
        case ["format", form]:
            return format(on, form)
    functions = {"str": str, "truth": bool, "neg": operator.neg, "pos": operator.pos, "abs": abs, "len": len, "list": list}
    return functions[step[0]](on)


def written_step(step):
    match step:
        case ["call", name, positional, keyword]:
            return ["call", name, [written(it) for it in positional], {name: written(it) for name, it in keyword.items()}]
        case [("op" | "rop" | "cmp") as kind, symbol, other]:
            return [kind, symbol, written(other)]
    return step


def case():
    on = some_moment()
    line = {"on": written(on), "do": []}
    for _ in range(CHANCE.choice([1, 1, 2, 3])):
        step = some_step(on)
        if step is None:
            return None
        line["do"].append(written_step(step))
        try:
            on = done(on, step)
        except Exception as error:
            # Python means a mistake in its regular expression, which has two groups of a name.
            return line | {"raises": "ValueError" if isinstance(error, re.error) else type(error).__name__}
        if not isinstance(on, (*KINDS, tuple)):
            break
    return line | {"gives": repr(on)} if len(repr(on)) < 500 else None


def main(cases=3000, seed=1):
    CHANCE.seed(seed)
    while cases:
        line = case()
        # Too many of the steps make no sense.
        if line and ("gives" in line or CHANCE.random() < 0.3):
            cases -= 1
            print(json.dumps(line))


main(*map(int, sys.argv[1:]))
