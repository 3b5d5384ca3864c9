"""What Python reads from data files.

On standard input comes one JSON object a line: a format (`yaml`, `toml`, `json`) and the bytes of
a file in hexadecimal digits. For each, one line goes out: `value`, the `repr` of what was read,
which for YAML is the list of all documents; or `error`, the line and column that Python names,
if it names any.
"""

import io
import json
import re
import sys
import tomllib

import yaml


class Items(dict):
    """A set in the order of its items, which Python's own sets do not keep."""

    def __repr__(self):
        return "{" + ", ".join(map(repr, self)) + "}" if self else "set()"


class Loader(yaml.SafeLoader):
    """PyYAML's safe loader, but for the order of sets."""


def construct_set(loader, node):
    items = Items()
    yield items
    items.update(dict.fromkeys(loader.construct_mapping(node)))


Loader.add_constructor("tag:yaml.org,2002:set", construct_set)

READERS = {
    "yaml": lambda data: list(yaml.load_all(data, Loader)),
    "toml": lambda data: tomllib.load(io.BytesIO(data)),
    "json": lambda data: json.load(io.BytesIO(data)),
}


def place(error):
    """The line and column, from 1, that an exception names."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return [error.problem_mark.line + 1, error.problem_mark.column + 1]
    if isinstance(error, json.JSONDecodeError):
        return [error.lineno, error.colno]
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    return [int(number) for number in found.groups()] if found else None


def read(case):
    try:
        return {"value": repr(READERS[case["format"]](bytes.fromhex(case["hex"])))}
    except Exception as error:  # Whatever Python raises is the answer.
        return {"error": place(error)}


for line in sys.stdin:
    print(json.dumps(read(json.loads(line))))
