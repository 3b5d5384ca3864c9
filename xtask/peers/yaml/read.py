"""What PyYAML's safe loader reads.

On standard input comes one JSON text a line, which is YAML. For each, one line goes out: `value`,
what kiln has for Python's values, or `error`, the line and column where PyYAML refuses the text.
Integers and floats are objects with their digits, so that nothing is rounded on the way. What kiln
has no value for (bytes, keys that are no text, values that contain themselves, integers beyond
127 bits) is `{"none": true}` or left out, and `lacks` is true. Half of a surrogate pair, which Python
alone can hold, counts as refused.
"""

import datetime
import json
import sys

import yaml


class Items(dict):
    """A set in the order of its items, which Python's own sets do not keep."""


class Loader(yaml.SafeLoader):
    """PyYAML's safe loader, but for the order of sets."""


def construct_set(loader, node):
    items = Items()
    yield items
    items.update(dict.fromkeys(loader.construct_mapping(node)))


Loader.add_constructor("tag:yaml.org,2002:set", construct_set)


class Shown:
    def __init__(self):
        self.lacks = False

    def none(self):
        self.lacks = True
        return {"none": True}

    def value(self, value, around=()):
        if isinstance(value, str):
            value.encode()
            return value
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return {"int": str(value)} if -(2**127) <= value < 2**127 else self.none()
        if isinstance(value, float):
            return {"float": repr(value)}
        if isinstance(value, (datetime.date, datetime.datetime)):
            return {"date": str(value)}
        if isinstance(value, bytes) or id(value) in around:
            return self.none()
        around = around + (id(value),)
        if isinstance(value, (list, tuple)):
            return [self.value(item, around) for item in value]
        if any(not isinstance(key, str) for key in value):
            self.lacks = True
        entries = {key: self.value(item, around) for key, item in value.items() if isinstance(key, str)}
        # One that looks like the objects above.
        return {"map": entries} if set(entries) & {"int", "float", "date", "none", "map"} else entries


def read(text):
    try:
        value = yaml.load(text.encode(), Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return {"error": [mark.line + 1, mark.column + 1] if mark else None}
    except Exception:  # Whatever Python raises is a refusal.
        return {"error": None}
    shown = Shown()
    try:
        answer = {"value": shown.value(value)}
    except UnicodeEncodeError:
        return {"error": None}
    if shown.lacks:
        answer["lacks"] = True
    return answer


for line in sys.stdin:
    print(json.dumps(read(json.loads(line)), ensure_ascii=False))
