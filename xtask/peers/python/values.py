"""Values as corpora write them: JSON, with one-key objects for what JSON lacks."""

import datetime

from jinja2 import Undefined
from markupsafe import Markup

MICROSECOND = datetime.timedelta(microseconds=1)


def written(value):
    """The JSON of a value, as `crates/kiln-python/tests/literal` reads it."""
    match value:
        case Undefined():
            return {"undefined": "default"}
        case Markup():
            return {"markup": str(value)}
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) < 2**53 else {"int": str(value)}
        case float():
            return {"float": repr(value)}
        case bytes():
            return {"bytes": value.hex()}
        case tuple():
            return {"tuple": [written(item) for item in value]}
        case list():
            return [written(item) for item in value]
        case dict():
            return {"dict": [[written(key), written(item)] for key, item in value.items()]}
        case datetime.datetime():
            return {"datetime": [value.replace(tzinfo=None).isoformat(), offset(value)]}
        case datetime.date():
            return {"date": value.isoformat()}
        case datetime.time():
            return {"time": [value.replace(tzinfo=None).isoformat(), offset(value)]}
        case datetime.timedelta():
            return {"timedelta": str(value // MICROSECOND)}
        case datetime.timezone():
            return {"timezone": value.utcoffset(None) // MICROSECOND}
    raise TypeError(type(value))


def offset(value):
    """The microseconds from UTC; none where there is no zone."""
    return None if value.tzinfo is None else value.utcoffset() // MICROSECOND
