# Jinja2's environment as plugins see it.

FREE = {"globals", "filters", "tests", "policies", "cache", "loader", "shared", "overlayed", "linked_to"}
BEFORE = {}  # the other settings of the environment when it was made


def environment():
    """The real environment if the plugin has Jinja2 loaded; else one that only has its tables."""
    if ENVIRONMENT[0] is None:
        ENVIRONMENT[0] = make_real() if "jinja2" in sys.modules else make_plain()
    return ENVIRONMENT[0]


class Plain:
    """The tables of an environment. Whatever else is asked for comes from the real one."""

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if "real" not in BEFORE:
            try:
                BEFORE["real"] = make_real()
            except ImportError:
                raise AttributeError(
                    "`env.%s` needs Jinja2, which this interpreter does not have; "
                    "install it, or use its globals, filters, tests and policies alone" % name
                ) from None
        return getattr(BEFORE["real"], name)

    def __setattr__(self, name, value):
        ask("refuse", "setting", name)


Plain.__name__ = Plain.__qualname__ = "Environment"
Plain.__module__ = "jinja2.environment"


def make_plain():
    made = object.__new__(Plain)
    for number, name in enumerate(("globals", "filters", "tests", "policies"), 1):
        base = dict(ask("table", number))
        if number == 1:
            base.update(range=range, dict=dict)
        made.__dict__[name] = adopt(number, base)
    return made


def adopt(number, table):
    """Makes a table the one that plugins change. What was contributed before stays in it."""
    if number == 1:
        table["env"] = os.environ
    contributed = REGISTRIES[number]
    known = {**table, **KNOWN[number]}
    table.update(contributed)
    REGISTRIES[number], KNOWN[number] = table, known
    return table


def make_real():
    import jinja2

    settings = ask("config")
    inputs = settings["inputs"]
    files = {os.path.basename(it): it for it in inputs if not os.path.isdir(it)}
    loaders = [
        jinja2.DictLoader({name: read_file(path) for name, path in files.items()}),
        jinja2.FileSystemLoader([it for it in inputs if os.path.isdir(it)]),
    ]
    strings = {name + "_string": text for name, text in settings["delimiter"].items()}
    prefixes = {name + "_prefix": text for name, text in settings["prefix"].items()}
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        extensions=settings["extensions"],
        undefined=getattr(jinja2, UNDEFINED[settings["undefined"]]),
        **strings,
        **prefixes,
        **settings["whitespace"],
        **settings["internal"],
    )
    plain = ENVIRONMENT[0]
    if plain is not None:
        for name in "globals", "filters", "tests", "policies":
            setattr(made, name, plain.__dict__[name])
        return made
    made.globals.update((name, value) for name, value in ask("table", 1) if name not in made.globals)
    for number, name in enumerate(("globals", "filters", "tests", "policies"), 1):
        adopt(number, getattr(made, name))
    BEFORE.update(settings_of(made))
    return made


def stopped():
    """What Jinja2 makes of a function that raises `StopIteration`."""
    mode = UNDEFINED[ask("config")["undefined"]]
    hint = "value was undefined because a callable raised a StopIteration exception"
    return decode((5, mode, 2, hint))


def read_file(path):
    with open(path) as file:
        return file.read()


def settings_of(made):
    return {name: value for name, value in vars(made).items() if name not in FREE}


def check_environment():
    """Refuses what kiln's own engine would not know of."""
    if type(ENVIRONMENT[0]) is Plain:
        return
    now = settings_of(ENVIRONMENT[0])
    if now.get("extensions") != BEFORE.get("extensions"):
        added = [name for name in now["extensions"] if name not in BEFORE["extensions"]]
        ask("refuse", "extensions", ", ".join(added))
    for name, value in now.items():
        if name not in BEFORE or BEFORE[name] is not value and BEFORE[name] != value:
            ask("refuse", "setting", name)


UNDEFINED = {
    "default": "Undefined",
    "chainable": "ChainableUndefined",
    "debug": "DebugUndefined",
    "strict": "StrictUndefined",
}
