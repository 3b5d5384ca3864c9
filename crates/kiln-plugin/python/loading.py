# Loads plugins as makejinja loads them.

PARAMETERS = ("env", "environment", "data", "config")
# Jinja2's extensions that do nothing when they are made; makejinja makes those of a plugin, and
# never gives them to the environment.
HARMLESS = tuple(
    "jinja2.ext." + name
    for name in ("do", "loopcontrols", "debug", "ExprStmtExtension", "LoopControlExtension", "DebugExtension")
)
FILTERS = {}  # number of a plugin -> its path filters


def load(name, import_paths):
    """Makes a plugin, and takes over what it contributes; gives its number."""
    if not PLUGINS:
        sys.path.extend(path for path in import_paths)
        part("stand_in")
    kind = import_string(name)
    wanted = parameters(kind)
    given = {}
    if "env" in wanted:
        given["env"] = environment()
    if "environment" in wanted:
        given["environment"] = environment()
    if "data" in wanted:
        given["data"] = ask("data")
    if "config" in wanted:
        given["config"] = config()
    plugin = kind(**given)
    take(plugin)
    PLUGINS.append(plugin)
    if ENVIRONMENT[0] is not None:
        check_environment()
    return len(PLUGINS) - 1


def import_string(name):
    if ":" in name:
        module, _, attribute = name.partition(":")
    elif "." in name:
        module, _, attribute = name.rpartition(".")
    else:
        return __import__(name)
    return getattr(__import__(module, None, None, [attribute]), attribute)


def parameters(kind):
    """The names of the parameters, without `inspect` where that would find nothing else."""
    init = getattr(kind, "__init__", None)
    is_plain = (
        isinstance(kind, type)
        and type(kind).__call__ is type.__call__
        and kind.__new__ is object.__new__
        and not hasattr(kind, "__signature__")
    )
    if is_plain and init is object.__init__:
        return ()
    if is_plain and type(init) is type(parameters) and not init.__dict__:
        code = init.__code__
        count = code.co_argcount + code.co_kwonlyargcount
        return code.co_varnames[1 if code.co_argcount else 0 : count]
    import inspect

    return tuple(inspect.signature(kind).parameters)


def take(plugin):
    named = lambda functions: {function.__name__: function for function in functions}
    if hasattr(plugin, "globals"):
        REGISTRIES[1].update(named(plugin.globals()))
    if hasattr(plugin, "functions"):
        REGISTRIES[1].update(named(plugin.functions()))
    if hasattr(plugin, "data"):
        REGISTRIES[1].update(plugin.data())
    if hasattr(plugin, "extensions"):
        refuse(list(plugin.extensions()))
    if hasattr(plugin, "filters"):
        REGISTRIES[2].update(named(plugin.filters()))
    if hasattr(plugin, "tests"):
        REGISTRIES[3].update(named(plugin.tests()))
    if hasattr(plugin, "policies"):
        REGISTRIES[4].update(plugin.policies())


def refuse(extensions):
    names = [it if isinstance(it, str) else it.__module__ + "." + it.__qualname__ for it in extensions]
    names = [name for name in names if name not in HARMLESS]
    if names:
        ask("refuse", "extensions", ", ".join(names))


def accepts(number, path):
    """Whether the path filters of a plugin let a path pass; none if it has no filters."""
    if not FILTERS:
        for index, plugin in enumerate(PLUGINS):
            FILTERS[index] = list(plugin.path_filters()) if hasattr(plugin, "path_filters") else []
    if not FILTERS[number]:
        return None
    from pathlib import Path

    path = Path(path)
    return all(accept(path) for accept in FILTERS[number])


def config():
    part("stand_in")
    return make_config(ask("config"))
