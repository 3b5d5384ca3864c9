"""Renders what kiln rendered with Jinja2 itself, and compares.

Standard input is one JSON object of jobs by name; each job is an object:

    syntax       {"block": [START, END], "variable": [...], "comment": [...]}
    functions    {NAME: {"params": [NAME, ...], "value": EXPRESSION}}: the pack's aliases
    outputs      {FOLDER: [NAME, ...]}: what the function `outputs` gives
    templates    {NAME: SOURCE}: every template and macro file
    cases        [{"id", "context", "expected", "template": NAME if it has one, "source": TEXT}, ...]
    expressions  [{"id", "context", "expected", "expr": EXPRESSION}, ...]

`expected` is the text, or the value as JSON, that kiln gave. Standard output is one JSON
object per line, {"claim": ..., "fault": null or text}, one for each case and expression, and
one for each template, which a case of some job has to use.

The filters and tests below are written from kiln's documentation, not from its code.
"""

import base64
import calendar
import difflib
import ipaddress
import json
import re
import sys
from collections.abc import Iterable, Mapping

import jinja2


def nthhost(cidr, n):
    network = ipaddress.ip_network(cidr, strict=False)
    if n < 0:
        raise ValueError("hosts are counted from 0")
    return str(network[n])


def cidr_prefix(cidr):
    return ipaddress.ip_network(cidr, strict=False).prefixlen


def cidr_contains(cidr, other):
    outer = ipaddress.ip_network(cidr, strict=False)
    return ipaddress.ip_network(other, strict=False).subnet_of(outer)


def cidr_overlaps(cidr, other):
    one = ipaddress.ip_network(cidr, strict=False)
    return one.overlaps(ipaddress.ip_network(other, strict=False))


def cidr_canonical(cidr):
    return ipaddress.ip_interface(cidr).ip == ipaddress.ip_network(cidr, strict=False).network_address


MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
WEEKDAYS = "sun mon tue wed thu fri sat".split()


def cron(text, cyclic=False):
    units = [(0, 59, []), (0, 23, []), (1, 31, []), (1, 12, MONTHS), (0, 6, WEEKDAYS)]
    fields = text.split()
    if len(fields) != len(units):
        return False
    try:
        _, _, days, months, weekdays = [
            cron_field(field, *unit, cyclic) for field, unit in zip(fields, units, strict=True)
        ]
    except ValueError:
        return False
    # 2024 has a 29th of February.
    possible = any(day <= calendar.monthrange(2024, month)[1] for month in months for day in days)
    any_weekday = {"*", "?", "*/1", "?/1"} & set(fields[4].split(","))
    return bool(weekdays) and (possible or not any_weekday)


def cron_field(field, least, most, names, cyclic):
    """The numbers that a field selects; ValueError if it is none."""

    def number(word):
        if word.lower() in names:
            return least + names.index(word.lower())
        if not re.fullmatch("[0-9]+", word):
            raise ValueError(word)
        if not least <= int(word) <= most + (cyclic and names is WEEKDAYS):
            raise ValueError(word)
        return int(word)

    chosen = set()
    for part in field.split(","):
        match = re.fullmatch(r"([*?]|\w+)(?:-(\w+))?(?:/([0-9]+))?", part)
        if not match or (match[2] and match[1] in "*?"):
            raise ValueError(part)
        start, end, step = match.groups()
        if start in "*?":
            first, last = least, most
        else:
            first = number(start)
            last = number(end) if end else most if step else first
        step = int(step) if step else 1
        if step == 0 or (first > last and not cyclic):
            raise ValueError(part)
        last += 0 if first <= last else most - least + 1
        chosen.update((it - least) % (most - least + 1) + least for it in range(first, last + 1, step))
    return chosen


def yaml_str(text):
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

    def quoted(char):
        # Control characters, and what YAML takes for line breaks or refuses.
        special = char < " " or "\x7f" <= char <= "\x9f" or char in "\u2028\u2029\ufeff\ufffe\uffff"
        return short.get(char) or (f"\\u{ord(char):04x}" if special else char)

    return '"' + "".join(map(quoted, text)) + '"'


def block(text, indent):
    first, *rest = text.rstrip("\n").split("\n")
    return "\n".join([first, *(" " * indent + line if line else "" for line in rest)])


def b64encode(text):
    return base64.b64encode(text.encode()).decode()


def basename(path):
    name = path.rsplit("/", 1)[-1]
    stem, dot, _ = name.rpartition(".")
    return stem if dot and stem else name


def environment(job, loaded):
    """Jinja2 as the pack wants it; the names of the templates it uses go into `loaded`."""

    def load(name):
        loaded.add(name)
        return job["templates"].get(name)

    syntax = job["syntax"]
    env = jinja2.Environment(
        block_start_string=syntax["block"][0],
        block_end_string=syntax["block"][1],
        variable_start_string=syntax["variable"][0],
        variable_end_string=syntax["variable"][1],
        comment_start_string=syntax["comment"][0],
        comment_end_string=syntax["comment"][1],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(load),
    )
    env.filters.update(
        nthhost=nthhost, cidr_prefix=cidr_prefix, yaml_str=yaml_str, block=block, basename=basename,
        b64encode=b64encode,
    )
    env.tests.update(
        cidr_contains=cidr_contains, cidr_overlaps=cidr_overlaps, cidr_canonical=cidr_canonical,
        cron=cron,
    )
    outputs = job.get("outputs", {})
    env.globals["outputs"] = lambda folder: outputs.get(folder, [])
    for name, function in job.get("functions", {}).items():
        env.globals[name] = alias(env, function)
    return env


def alias(env, function):
    """A function whose value is an expression over its parameters and the names in scope."""

    @jinja2.pass_context
    def call(context, *arguments):
        names = dict(context.get_all())
        names.update(zip(function["params"], arguments, strict=True))
        return evaluate(env, function["value"], names)

    return call


def evaluate(env, expression, names):
    return env.compile_expression(expression, undefined_to_none=False)(**names)


def plain(value):
    """A value as JSON has it: what Python makes lazily or as a tuple is a list."""
    if isinstance(value, jinja2.Undefined):
        raise ValueError("the value is undefined")
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value


def difference(expected, found):
    lines = (expected.splitlines(keepends=True), found.splitlines(keepends=True))
    diff = difflib.unified_diff(*lines, "kiln", "Jinja2", n=2)
    return "".join(line if line.endswith("\n") else line + "\n\\ no line break\n" for line in diff)


def judge_case(env, case):
    if "template" in case:
        template = env.get_template(case["template"])
    else:
        template = env.from_string(case["source"])
    found = template.render(case["context"])
    return None if found == case["expected"] else difference(case["expected"], found)


def judge_expression(env, case):
    found = plain(evaluate(env, case["expr"], case["context"]))
    # As JSON, `1`, `1.0` and `true` differ, which they do not in Python.
    sides = [json.dumps(value, sort_keys=True) for value in (case["expected"], found)]
    return None if sides[0] == sides[1] else f"`{case['expr']}` is {sides[1]}, and {sides[0]} to kiln"


def tell(claim, judge, *arguments):
    try:
        fault = judge(*arguments)
    except Exception as error:  # Whatever Jinja2 raises is a difference, for kiln gave a result.
        fault = f"Jinja2 raises {type(error).__name__}: {error}"
    print(json.dumps({"claim": claim, "fault": fault}))


def main():
    jobs = json.load(sys.stdin)
    loaded = set()
    for job_name, job in jobs.items():
        env = environment(job, loaded)
        for case in job["cases"]:
            tell(f"{job_name}: {case['id']} renders to the same text", judge_case, env, case)
        for case in job["expressions"]:
            tell(f"{job_name}: {case['id']} has the same value", judge_expression, env, case)
    for name in sorted({name for job in jobs.values() for name in job["templates"]}):
        tell(f"{name} is used by a case", lambda name: None if name in loaded else "none uses it", name)


main()
