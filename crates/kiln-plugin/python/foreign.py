# Values of the other side: what is none of Python's own types stays there.


class Foreign:
    """An object of the other side."""

    __slots__ = ("_kiln", "__weakref__")

    def __del__(self):
        RELEASED.append(self._kiln)

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__") and name not in FORWARDED:
            raise AttributeError(name)
        found = ask("attr", self, name)
        if found is Missing:
            raise AttributeError("%r object has no attribute %r" % (type(self).__name__, name))
        return found

    def __getitem__(self, key):
        found = ask("item", self, key)
        if found is Missing:
            raise KeyError(key)
        return found

    def __str__(self):
        return ask("str", self)

    def __repr__(self):
        return ask("repr", self)

    def __bool__(self):
        return ask("truth", self)

    def __len__(self):
        return ask("len", self)

    def __contains__(self, item):
        return ask("contains", self, item)

    def __iter__(self):
        steps = ask("iter", self)
        while True:
            item = ask("next", steps, looks=True)
            if item is Missing:
                return
            yield item

    def __eq__(self, other):
        return ask("equals", self, other)

    def __hash__(self):
        return hash(self._kiln)

    def get(self, name, default=None):
        return get_or(self, name, default)


def get_or(value, name, default):
    try:
        return value[name]
    except KeyError:
        return default


class Callable(Foreign):
    """An object of the other side that can be called."""

    __slots__ = ()

    def __call__(self, *args, **kwargs):
        names = [it for pair in kwargs.items() for it in pair]
        return ask("call", self, args, tuple(names), looks=True)


class Iterator(Foreign):
    """A generator of the other side."""

    __slots__ = ()

    def __iter__(self):
        return self

    def __next__(self):
        item = ask("next", self, looks=True)
        if item is Missing:
            raise StopIteration
        return item

    __len__ = None
    __getitem__ = None
    __contains__ = None


FORWARDED = {"__name__", "__html__"}
CLASSES = {}


def decode_foreign(value):
    _, number, name, module, kind = value
    key = name, module, kind
    if key not in CLASSES:
        base = (Foreign, Callable, Iterator)[kind]
        CLASSES[key] = type(name, (base,), {"__slots__": (), "__module__": module})
        ENCODERS[CLASSES[key]] = encode_foreign
    made = object.__new__(CLASSES[key])
    made._kiln = number
    return made


def encode_foreign(value):
    return 3, value._kiln


# Undefined values.


class UndefinedError(Exception):
    """What using an undefined value raises, where Jinja2 is not loaded."""


UndefinedError.__module__ = "jinja2.exceptions"


class Undefined:
    """An undefined value, where Jinja2 is not loaded."""

    def __init__(self, hint=None, obj=ABSENT, name=None, exc=UndefinedError):
        self._undefined_hint = hint
        self._undefined_obj = obj
        self._undefined_name = name
        self._undefined_exception = exc

    def _fail_with_undefined_error(self, *args, **kwargs):
        if self._undefined_hint:
            message = self._undefined_hint
        elif self._undefined_obj is ABSENT:
            message = "%r is undefined" % self._undefined_name
        else:
            message = "%r has no attribute %r" % (type_name(self._undefined_obj), self._undefined_name)
        raise self._undefined_exception(message)

    def __getattr__(self, name):
        if name[:2] == "__":
            raise AttributeError(name)
        self._fail_with_undefined_error()

    def __str__(self):
        return ""

    def __repr__(self):
        return "Undefined"

    def __bool__(self):
        return False

    def __len__(self):
        return 0

    def __iter__(self):
        return iter(())

    def __eq__(self, other):
        return type(self) is type(other)

    def __hash__(self):
        return id(type(self))

    __call__ = __getitem__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = (
        _fail_with_undefined_error
    )
    __truediv__ = __floordiv__ = __mod__ = __pow__ = __neg__ = __pos__ = _fail_with_undefined_error
    __lt__ = __le__ = __gt__ = __ge__ = __int__ = __float__ = _fail_with_undefined_error


class ChainableUndefined(Undefined):
    def __getattr__(self, name):
        if name[:2] == "__":
            raise AttributeError(name)
        return self

    def __getitem__(self, key):
        return self

    def __html__(self):
        return ""


class DebugUndefined(Undefined):
    def __str__(self):
        if self._undefined_hint:
            return "{{ undefined value printed: %s }}" % self._undefined_hint
        if self._undefined_obj is ABSENT:
            return "{{ %s }}" % self._undefined_name
        return "{{ no such element: %s[%r] }}" % (type_name(self._undefined_obj), self._undefined_name)


class StrictUndefined(Undefined):
    __iter__ = __str__ = __len__ = __eq__ = __ne__ = __bool__ = __hash__ = __contains__ = (
        Undefined._fail_with_undefined_error
    )


for _class in Undefined, ChainableUndefined, DebugUndefined, StrictUndefined:
    _class.__module__ = "jinja2.runtime"


def type_name(value):
    part("encoding")
    return type_text(value)


def decode_undefined(value):
    _, mode, kind, *given = value
    module = sys.modules.get("jinja2")
    cls = getattr(module, mode, None) or globals()[mode]
    if kind == 0:
        return cls(name=given[0])
    if kind == 2:
        return cls(hint=given[0])
    of, name = given[0].rsplit(" ", 1)[0].rsplit(".", 1), given[2]
    owner = type(of[-1], (), {"__module__": of[0] if len(of) > 1 else "builtins"})()
    return cls(obj=None if given[0] == "None" else owner, name=given[1] if name is None else name)


# Data of types that are seldom there.


def decode_special(value):
    return SPECIAL_DECODERS[value[0]](*map(decode, value[1:]))


def markup(text):
    try:
        from markupsafe import Markup
    except ImportError:
        Markup = MARKUP
    return Markup(text)


MARKUP = type("Markup", (str,), {"__module__": "markupsafe", "__html__": lambda self: self})


def date_of(name):
    def make(text):
        import datetime

        return getattr(datetime, name).fromisoformat(text)

    return make


def timedelta(days, seconds, microseconds):
    import datetime

    return datetime.timedelta(days, seconds, microseconds)


def timezone(seconds):
    import datetime

    return datetime.timezone(datetime.timedelta(seconds=seconds)) if seconds else datetime.timezone.utc


def view(kind, items):
    if kind == "dict_keys":
        return dict.fromkeys(items).keys()
    return dict(enumerate(items)).values() if kind == "dict_values" else dict(items).items()


SPECIAL_DECODERS = {
    4: markup,
    6: range,
    7: date_of("date"),
    8: date_of("datetime"),
    9: date_of("time"),
    10: timedelta,
    11: timezone,
    12: lambda: environment(),
    13: lambda *items: set(items),
    14: lambda: Missing,
    15: lambda digits: int(digits, 16),
    16: lambda: os.environ,
    17: view,
}
