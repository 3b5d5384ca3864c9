# Exceptions on their way between the two sides.


class KilnError(Exception):
    """Something that the other side raised and that is none of Python's exceptions."""


def describe_error(error):
    """The names of an exception's classes, its message, its traceback, and its number there."""
    import traceback

    names = tuple(str(kind.__name__) for kind in type(error).__mro__)
    number = getattr(error, "_kiln_fault", None)
    told = traceback.TracebackException.from_exception(error, compact=True)
    lines = "".join(told.format_exception_only()).strip().split("\n")
    line = lines[-1 if isinstance(error, SyntaxError) else 0].strip()
    strip(told, set())
    trace = "".join(told.format()).strip("\n")
    return names, clean(line), clean("" if trace == line else trace), number


def strip(told, seen):
    """Takes the frames of this program out."""
    if told is None or id(told) in seen:
        return
    seen.add(id(told))
    told.stack[:] = [it for it in told.stack if not it.filename.startswith(("<kiln", "<string>"))]
    strip(told.__cause__, seen)
    strip(told.__context__, seen)


def clean(text):
    return text.encode("utf-8", "backslashreplace").decode()


def raise_foreign(described):
    """Raises what the other side raised."""
    kind, message, number = described
    error = class_of(kind)(message)
    error._kiln_fault = number
    raise error


def class_of(kind):
    found = getattr(sys.modules["builtins"], kind, None)
    if found is None:
        found = getattr(sys.modules.get("jinja2.exceptions"), kind, None)
    if found is None and kind == "UndefinedError":
        part("foreign")
        found = UndefinedError
    return KilnError if found is None else found
