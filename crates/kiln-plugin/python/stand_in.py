# Stands in for the modules of makejinja that plugins import: the real ones take longer to import
# than everything else a run does. What is not here comes from the real ones, if they are there.


class Finder:
    """Finds the modules of makejinja, unless they were imported before."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in BODIES:
            return None
        spec = FROZEN.ModuleSpec(name, Finder, origin="kiln", is_package=name == "makejinja")
        if name == "makejinja":
            spec.submodule_search_locations = real_folder()
        return spec

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        BODIES[module.__name__](module)
        module.__getattr__ = lambda name: from_real(module.__name__, name)


def real_folder():
    spec = EXTERNAL.PathFinder.find_spec("makejinja")
    return list(spec.submodule_search_locations) if spec and spec.submodule_search_locations else []


def from_real(module, name):
    """What the real module calls by a name."""
    missing = AttributeError("module %r has no attribute %r" % (module, name))
    if name.startswith("__") or not real_folder():
        raise missing
    if module not in REAL:
        file = os.path.join(real_folder()[0], (module.partition(".")[2] or "__init__") + ".py")
        found = EXTERNAL.spec_from_file_location(module, file)
        if found is None:
            raise missing
        made = FROZEN.module_from_spec(found)
        found.loader.exec_module(made)
        REAL[module] = made
    try:
        return getattr(REAL[module], name)
    except AttributeError:
        raise missing from None


class Plugin:
    """What a plugin may have; each is as good as not there."""

    def __init__(self, *, env, data, config):
        pass

    def functions(self):
        return []

    def data(self):
        return {}

    def filters(self):
        return []

    def tests(self):
        return []

    def policies(self):
        return {}

    def extensions(self):
        return []

    def path_filters(self):
        return []

    def globals(self):
        return []


class Settings:
    """Settings, which do not change."""

    def __init__(self, **settings):
        self.__dict__.update(settings)

    def __setattr__(self, name, value):
        raise AttributeError("cannot set %r: settings do not change" % name)

    __delattr__ = None

    def __repr__(self):
        shown = ", ".join("%s=%r" % pair for pair in vars(self).items())
        return "%s(%s)" % (type(self).__name__, shown)

    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self):
        return hash((type(self), *vars(self).values()))


class Config(Settings):
    pass


class Delimiter(Settings):
    pass


class Prefix(Settings):
    pass


class Whitespace(Settings):
    pass


class Internal(Settings):
    pass


class Undefined:
    """How undefined values are handled: a class of Jinja2, by a name."""

    def __init__(self, name):
        self.name = name

    @property
    def value(self):
        import jinja2

        part("environment")
        return getattr(jinja2, UNDEFINED[self.name])

    def __repr__(self):
        return "<Undefined.%s: %r>" % (self.name, self.value)

    def __str__(self):
        return "Undefined." + self.name


class Members(type):
    def __iter__(cls):
        return iter(MEMBERS.values())

    def __getitem__(cls, name):
        return MEMBERS[name]


Undefined = Members("Undefined", (Undefined,), {})
MEMBERS = {name: Undefined(name) for name in ("default", "chainable", "debug", "strict")}
for _name, _member in MEMBERS.items():
    setattr(Undefined, _name, _member)

ABCS = sys.modules["_collections_abc"]


class FrozenDict(ABCS.Mapping):
    """A mapping that does not change."""

    def __init__(self, items):
        self._items = dict(items)

    def __getitem__(self, key):
        return self._items[key]

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)

    def __hash__(self):
        return hash(frozenset(self._items.items()))

    def __repr__(self):
        return "immutables.Map(%r)" % self._items


FrozenDict.__name__ = FrozenDict.__qualname__ = "Map"


def make_config(settings):
    """The settings of the run as makejinja's `Config` has them."""
    from pathlib import Path

    paths = lambda items: tuple(map(Path, items))
    made = dict(settings)
    for name in "inputs", "data", "import_paths":
        made[name] = paths(made[name])
    made["output"] = Path(made["output"])
    made["data_vars"] = FrozenDict(made["data_vars"])
    made["file_data"] = FrozenDict((name, paths(files)) for name, files in made["file_data"])
    made["undefined"] = MEMBERS[made["undefined"]]
    for name, kind in SECTIONS.items():
        made[name] = kind(**made[name])
    return Config(**made)


SECTIONS = {"delimiter": Delimiter, "prefix": Prefix, "whitespace": Whitespace, "internal": Internal}


def plugin_module(module):
    module.__all__ = ["Plugin"]
    anything, sequence, mapping = object, ABCS.Sequence, ABCS.Mapping
    function = ABCS.Callable[..., anything]
    sys_names = {
        "Plugin": Plugin,
        "AbstractLoader": Plugin,
        "Filter": function,
        "Function": function,
        "Test": function,
        "PathFilter": function,
        "Policies": mapping[str, anything],
        "Data": mapping[str, anything],
        "MutableData": ABCS.MutableMapping[str, anything],
        "Extensions": sequence[type],
    }
    for name in "Filter", "Function", "Test", "PathFilter":
        sys_names[name + "s"] = sequence[function]
    vars(module).update(sys_names)


def config_module(module):
    module.__all__ = ["Config", "Delimiter", "Internal", "Prefix", "Whitespace", "Undefined"]
    kinds = Config, Delimiter, Internal, Prefix, Whitespace, Undefined
    vars(module).update({kind.__name__: kind for kind in kinds}, frozendict=FrozenDict)


def package(module):
    module.config = __import__("makejinja.config", None, None, ["Config"])
    module.plugin = module.loader = __import__("makejinja.plugin", None, None, ["Plugin"])


FROZEN = sys.modules["_frozen_importlib"]
EXTERNAL = sys.modules["_frozen_importlib_external"]
REAL = {}
BODIES = {"makejinja": package, "makejinja.plugin": plugin_module, "makejinja.config": config_module}
for _class in Config, Delimiter, Prefix, Whitespace, Internal, Undefined:
    _class.__module__ = "makejinja.config"
Plugin.__module__ = "makejinja.plugin"
sys.meta_path.insert(0, Finder)
