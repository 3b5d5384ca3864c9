# How values cross that are neither plain data nor known to the other side.


def encode_special(value):
    number = HANDLE_NUMBERS.get(id(value))
    if number is not None:
        return 2, number
    kind = type(value)
    special = SPECIAL.get((kind.__module__, kind.__name__))
    crossing = special(value) if special else None
    if crossing is None and "_fail_with_undefined_error" in dir(kind):
        crossing = encode_undefined(value)
    return encode_handle(value) if crossing is None else crossing


def encode_handle(value):
    number = LAST[0] = LAST[0] + 2
    about = describe(value)
    HANDLES[number] = value
    HANDLE_NUMBERS[id(value)] = number
    NEW_HANDLES[number] = about
    return 2, number


def describe(value):
    """What the other side wants to know of an object without asking."""
    kind = type(value)
    is_callable = callable(value)
    has = lambda name: getattr(kind, name, None) is not None
    flags = (
        is_callable,
        has("__iter__") or has("__getitem__"),
        has("__len__"),
        hasattr(value, "__html__") and not isinstance(value, type),
        has("__hash__"),
        isinstance(value, Mapping),
        has("__bool__") or has("__len__"),
        is_callable and getattr(value, "kiln_pure", False) is True,
        kind.__eq__ is not object.__eq__,
        isinstance(value, (list, dict)),
        kind.__lt__ is not object.__lt__,
        kind.__format__ is not object.__format__,
        has("__contains__"),
    )
    hashed = hash(value) if has("__hash__") and kind.__hash__ is not object.__hash__ else None
    return (
        str(kind.__name__),
        str(kind.__module__),
        sum(1 << place for place, flag in enumerate(flags) if flag),
        passed_first(value) if is_callable else None,
        plain(value),
        None if hashed is None else hashed & 0x7FFFFFFFFFFFFFFF,
    )


def plain(value):
    """The text, number or tuple that an object of a derived type is."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return encode_int(int.__pos__(value))
    if isinstance(value, float):
        return float.__pos__(value)
    if isinstance(value, tuple):
        return encode_tuple(tuple(value))
    return None


def passed_first(function):
    """What Jinja2 passes to a function in front of its arguments."""
    if "jinja2" not in sys.modules:
        return None
    mark = getattr(function, "jinja_pass_arg", None)
    if mark is None and not isinstance(function, type):
        mark = getattr(getattr(function, "__call__", None), "jinja_pass_arg", None)
    return getattr(mark, "name", None)


def encode_undefined(value):
    names = [kind.__name__ for kind in type(value).__mro__]
    modes = ["StrictUndefined", "DebugUndefined", "ChainableUndefined"]
    mode = next((mode for mode in modes if mode in names), "Undefined")
    hint, of, name = value._undefined_hint, value._undefined_obj, value._undefined_name
    if hint is not None:
        return 5, mode, 2, str(hint)
    if type(of).__name__ == "MissingType" or of is ABSENT:
        return 5, mode, 0, str(name)
    return 5, mode, 1, type_text(of), repr(name), str(name) if isinstance(name, str) else None


def type_text(value):
    if value is None:
        return "None"
    kind = type(value)
    module = "" if kind.__module__ == "builtins" else kind.__module__ + "."
    return module + kind.__name__ + " object"


def encode_datetime(value):
    zone = value.tzinfo
    if value.fold or zone is not None and encode_zone(zone) is None:
        return None
    return 8, value.isoformat()


def encode_time(value):
    zone = value.tzinfo
    if value.fold or zone is not None and encode_zone(zone) is None:
        return None
    return 9, value.isoformat()


def encode_zone(value):
    if type(value).__name__ != "timezone" or len(value.__getinitargs__()) > 1:
        return None
    offset = value.utcoffset(None)
    if offset.microseconds:
        return None
    return 11, offset.days * 86400 + offset.seconds


def encode_range(value):
    return 6, encode(value.start), encode(value.stop), encode(value.step)


Mapping = sys.modules["_collections_abc"].Mapping
SPECIAL = {
    ("builtins", "range"): encode_range,
    ("datetime", "date"): lambda value: (7, value.isoformat()),
    ("datetime", "datetime"): encode_datetime,
    ("datetime", "time"): encode_time,
    ("datetime", "timedelta"): lambda value: (10, value.days, value.seconds, value.microseconds),
    ("datetime", "timezone"): encode_zone,
    ("markupsafe", "Markup"): lambda value: (4, str.__str__(value)),
    ("jinja2.environment", "Environment"): lambda value: (12,) if value is ENVIRONMENT[0] else None,
    ("builtins", "type"): lambda value: ABSENT if value is Missing else None,
}
