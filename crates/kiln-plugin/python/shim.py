# The Python side of kiln's plugins: answers requests, and keeps lists and mappings the same on
# both sides. Nothing is imported here that the interpreter has not imported by itself; what is
# seldom needed is in the other parts, which become part of this namespace when they are.

import _operator
import _thread
import itertools
import marshal
import os
import sys


ABSENT = (14,)
SHARED = {}  # number -> list or dict that both sides have
NUMBERS = {}  # id of such a list or dict -> its number
SNAPSHOTS = {}  # number -> its items as the other side knows them
HANDLES = {}  # number -> object that the other side refers to
HANDLE_NUMBERS = {}  # id of such an object -> its number
QUEUE = []  # lists and dicts whose items the next message brings
NEW = []  # lists and dicts that the next message makes known
NEW_HANDLES = {}  # number -> description of an object that the next message makes known
RELEASED = []  # objects of the other side that nobody here refers to any more
PLUGINS = []
REGISTRIES = {1: {}, 2: {}, 3: {}, 4: {}}  # globals, filters, tests, policies
KNOWN = {1: {}, 2: {}, 3: {}, 4: {}}  # what the other side knows of them
LAST = [16]
ENVIRON = [None]  # the environment variables as templates see them
ENVIRONMENT = [None]  # what plugins see as Jinja2's environment

# The quick look for changes: everything that is shared, flat, as it was at the last look.
FLAT = {"lists": [], "sizes": [], "items": [], "dicts": [], "dict_sizes": [], "keys": [], "values": []}
STALE = [False]


def part(name):
    source = PARTS.pop(name, None)
    if source is not None:
        exec(compile(source, "<kiln/" + name + ".py>", "exec"), globals())


def later(name, function):
    """A function that brings its part with it when it is first called."""

    def call(*args, **kwargs):
        part(name)
        return globals()[function](*args, **kwargs)

    return call


decode_foreign = later("foreign", "decode_foreign")
decode_undefined = later("foreign", "decode_undefined")
decode_special = later("foreign", "decode_special")
encode_special = later("encoding", "encode_special")
describe_error = later("failure", "describe_error")
raise_foreign = later("failure", "raise_foreign")
load = later("loading", "load")
accepts = later("loading", "accepts")
environment = later("environment", "environment")
stopped = later("environment", "stopped")


# What comes in.


def decode(value):
    return DECODERS[value[0]](value) if type(value) is tuple else value


def decode_tuple(value):
    return tuple(map(decode, value[1:]))


DECODERS = [
    decode_tuple,
    lambda value: SHARED[value[1]],
    lambda value: HANDLES[value[1]],
    lambda value: decode_foreign(value),
    lambda value: decode_special(value),
    lambda value: decode_undefined(value),
] + [lambda value: decode_special(value)] * 12


def receive(head=b""):
    """The next message, once the shared lists and dicts are as it says."""
    size = int.from_bytes(head + read(SOCKET, 8 - len(head)), "little")
    *message, heap, shared, handles = marshal.loads(read(SOCKET, size))
    for number, kind, _ in heap:
        if number not in SHARED:
            keep(number, {} if kind else [])
    for number, kind, items in heap:
        container = SHARED[number]
        items = list(map(decode, items))
        if kind:
            container.clear()
            container.update(zip(items[::2], items[1::2]))
        else:
            container[:] = items
        snapshot(number, container)
    for number in shared:
        forget(number)
    for number in handles:
        del HANDLE_NUMBERS[id(HANDLES.pop(number))]
    return message


def keep(number, container):
    SHARED[number] = container
    NUMBERS[id(container)] = number


def forget(number):
    STALE[0] = True
    SNAPSHOTS.pop(number, None)
    del NUMBERS[id(SHARED.pop(number))]


def snapshot(number, container):
    STALE[0] = True
    SNAPSHOTS[number] = list(container), list(container.values()) if type(container) is dict else None


# What goes out.


def encode(value):
    kind = type(value)
    if kind in PLAIN:
        return value
    encoder = ENCODERS.get(kind)
    return encoder(value) if encoder else encode_special(value)


def encode_int(value):
    return value if -0x8000000000000000 <= value < 0x8000000000000000 else (15, "%x" % value)


def encode_tuple(value):
    return 0, *map(encode, value)


def encode_shared(value):
    number = NUMBERS.get(id(value))
    if number is None:
        number = LAST[0] = LAST[0] + 2
        keep(number, value)
        NEW.append(number)
        enqueue(number)
    elif is_changed(number):
        enqueue(number)
    return 1, number


def enqueue(number):
    snapshot(number, SHARED[number])
    QUEUE.append(number)


def encode_function(value):
    number = HANDLE_NUMBERS.get(id(value))
    return encode_special(value) if number is None else (2, number)


PLAIN = {type(None), bool, float, str, bytes}
ENCODERS = {
    int: encode_int,
    tuple: encode_tuple,
    list: encode_shared,
    dict: encode_shared,
    type(encode_int): encode_function,
}


def send(message, looks):
    """Sends a message, and what changed of the lists and dicts that both sides have."""
    if looks:
        look()
    changes = registry_changes() if looks else ()
    heap = []
    # Encoding an item may put more into the queue.
    for number in QUEUE:
        container = SHARED[number]
        if type(container) is dict:
            items = itertools.chain.from_iterable(container.items())
        else:
            items = container
        heap.append((number, int(type(container) is dict), tuple(map(encode, items))))
    released = tuple(RELEASED)
    data = marshal.dumps((*message, tuple(NEW_HANDLES.items()), tuple(heap), changes, released), 2)
    del RELEASED[: len(released)], QUEUE[:], NEW[:]
    NEW_HANDLES.clear()
    view = memoryview(len(data).to_bytes(8, "little") + data)
    try:
        while view:
            view = view[os.write(SOCKET, view[: 1 << 20]) :]
    except OSError:
        # Nobody is there any more, or a plugin closed the socket.
        os._exit(1)


def take_back():
    """Forgets what the other side would have learnt from a message that could not be made."""
    for number in NEW:
        forget(number)
    for number in NEW_HANDLES:
        del HANDLE_NUMBERS[id(HANDLES.pop(number))]
    for number in QUEUE:
        SNAPSHOTS.pop(number, None)
    del QUEUE[:], NEW[:]
    NEW_HANDLES.clear()


def same(items, others):
    return len(items) == len(others) and all(map(_operator.is_, items, others))


def is_changed(number):
    container = SHARED[number]
    if number not in SNAPSHOTS:
        return True
    items, values = SNAPSHOTS[number]
    return not same(container, items) or values is not None and not same(container.values(), values)


def look():
    """Finds what changed. Most often that is nothing, which is found out without a loop here."""
    if STALE[0]:
        look_closely()
        return
    lists, dicts, join = FLAT["lists"], FLAT["dicts"], itertools.chain.from_iterable
    is_same = (
        list(map(len, lists)) == FLAT["sizes"]
        and list(map(len, dicts)) == FLAT["dict_sizes"]
        and all(map(_operator.is_, join(lists), FLAT["items"]))
        and all(map(_operator.is_, join(dicts), FLAT["keys"]))
        and all(map(_operator.is_, join(map(dict.values, dicts)), FLAT["values"]))
    )
    if not is_same:
        look_closely()


def look_closely():
    for number in list(SHARED):
        if is_changed(number):
            enqueue(number)
    flatten()


def flatten():
    join = itertools.chain.from_iterable
    lists = [it for it in SHARED.values() if type(it) is list]
    dicts = [it for it in SHARED.values() if type(it) is dict]
    FLAT.update(
        lists=lists,
        sizes=list(map(len, lists)),
        items=list(join(lists)),
        dicts=dicts,
        dict_sizes=list(map(len, dicts)),
        keys=list(join(dicts)),
        values=list(join(map(dict.values, dicts))),
    )
    STALE[0] = False


def registry_changes():
    """What plugins changed of the globals, filters, tests and policies, and of the environment."""
    changes = []
    for number, entries in REGISTRIES.items():
        known = KNOWN[number]
        if same(entries, known) and same(entries.values(), known.values()):
            continue
        for name, value in entries.items():
            if name not in known or known[name] is not value:
                changes.append((number, check_name(name), encode(value)))
        changes.extend((number, name, ABSENT) for name in known if name not in entries)
        KNOWN[number] = dict(entries)
    # Templates see a copy of the environment variables until somebody changes them.
    if ENVIRON[0] is not None and os.environ._data != ENVIRON[0]:
        ENVIRON[0] = None
        if "env" not in KNOWN[1] or KNOWN[1]["env"] is os.environ:
            changes.append((1, "env", encode(os.environ)))
    return tuple(changes)


def check_name(name):
    if not isinstance(name, str):
        raise TypeError("names that templates use must be text, not %r" % type(name).__name__)
    return str(name)


# Requests from here to there, which only happen while one from there is answered.


def ask(operation, *args, looks=False):
    flush()
    send((0, operation, tuple(map(encode, args))), looks)
    return answer_until_reply()


def answer_until_reply():
    while True:
        message = receive()
        if message[0] == 0:
            answer(message)
        elif message[0] == 1:
            return decode(message[1])
        else:
            raise_foreign(message[1])


# Requests from there.


def answer(message):
    _, operation, args = message
    looks = operation in LOOKING
    try:
        reply = 1, encode(OPERATIONS[operation](*map(decode, args)))
        flush()
        send(reply, looks)
    except BaseException as error:
        flush()
        take_back()
        send((2, describe_error(error)), False)


def flush():
    for stream in sys.stdout, sys.stderr:
        try:
            stream.flush()
        except (AttributeError, ValueError, OSError):
            pass


def call(function, args, names):
    try:
        return function(*args, **dict(zip(names[::2], names[1::2])))
    except StopIteration:
        return stopped()


class Missing:
    """What the other side is told that something is not there."""


def get_attribute(value, name):
    try:
        return getattr(value, name)
    except AttributeError:
        return Missing


def get_item(value, key):
    try:
        return value[key]
    except (AttributeError, TypeError, LookupError):
        return Missing


def next_of(iterator):
    return next(iterator, Missing)


def order(left, right):
    try:
        return -1 if left < right else 1 if left > right else 0 if left == right else Missing
    except TypeError:
        return Missing


def contents(value):
    return dict(value) if hasattr(value, "keys") else list(value)


def iterate(value):
    """What goes through a value; all its items at once where nobody can notice."""
    return tuple(value) if type(value) in (set, frozenset) else iter(value)


OPERATIONS = {
    "load": lambda *args: load(*args),
    "accepts": lambda *args: accepts(*args),
    "call": call,
    "attr": get_attribute,
    "item": get_item,
    "slice": lambda value, *bounds: value[slice(*bounds)],
    "str": str,
    "repr": repr,
    "html": lambda value: str(value.__html__()),
    "format": format,
    "truth": bool,
    "iter": iterate,
    "next": next_of,
    "len": len,
    "contains": _operator.contains,
    "equals": lambda left, right: bool(left == right),
    "order": order,
    "contents": contents,
    "negate": _operator.neg,
    "plus": _operator.pos,
    "abs": abs,
    "add": _operator.add,
    "sub": _operator.sub,
    "mul": _operator.mul,
    "truediv": _operator.truediv,
    "floordiv": _operator.floordiv,
    "mod": _operator.mod,
    "pow": _operator.pow,
}

# The requests in which plugins change what was handed to them; others find it out later.
LOOKING = {"load", "accepts", "call"}


def watch_lifeline():
    """Ends this process with the one that started it, whatever it is doing."""
    try:
        os.read(LIFELINE, 1)
    finally:
        os._exit(1)


def main():
    os.set_inheritable(SOCKET, False)
    os.set_inheritable(LIFELINE, False)
    _thread.start_new_thread(watch_lifeline, ())
    sys.argv[:] = PARTS.pop("argv").split("\0")
    # Started from a command line, Python looks for modules in the current folder first.
    if sys.path and sys.path[0] == "":
        del sys.path[0]
    ENVIRON[0] = dict(os.environ._data)
    while True:
        head = os.read(SOCKET, 8)
        if not head:
            return
        answer(receive(head))


main()
