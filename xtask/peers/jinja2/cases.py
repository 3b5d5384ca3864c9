"""Says what Jinja2 itself makes of cases.

Standard input is a case a line, in the format of `crates/kiln-jinja/tests/corpus/jinja2`.
Standard output is a JSON object a line, in the same order, each written at once:

    {"id": ID, "out": TEXT}
    {"id": ID, "error": CLASS, "msg": TEXT}
    {"id": ID, "skip": REASON}: what it gives is no fact about Jinja2

Two cases share nothing: each has an environment and a context of its own.
"""

import base64
import datetime
import json
import re
import resource
import signal
import sys
import warnings

import jinja2
import markupsafe

MODES = {
    "default": jinja2.Undefined,
    "chainable": jinja2.ChainableUndefined,
    "strict": jinja2.StrictUndefined,
    "debug": jinja2.DebugUndefined,
}
TAGS = {
    "$tuple": lambda items: tuple(value(item) for item in items),
    "$date": datetime.date.fromisoformat,
    "$datetime": datetime.datetime.fromisoformat,
    "$float": float,
    "$dict": lambda pairs: {value(key): value(item) for key, item in pairs},
    "$bytes": base64.b64decode,
    "$markup": markupsafe.Markup,
}
SECONDS = 2
MEMORY = 2 << 30
LONGEST = 1 << 20
# Where something lies in memory is another place with every run.
ADDRESS = re.compile(r" at 0x[0-9a-f]{6,}")


class TooSlow(BaseException):
    """A case took too long; no template can catch it."""


def value(tagged):
    if isinstance(tagged, list):
        return [value(item) for item in tagged]
    if not isinstance(tagged, dict):
        return tagged
    if len(tagged) == 1:
        (tag, content), = tagged.items()
        if tag in TAGS:
            return TAGS[tag](content)
    return {key: value(item) for key, item in tagged.items()}


def environment(case):
    options = dict(case["options"])
    options.pop("ctx_as_globals", None)
    mode = options.pop("undefined", "default")
    translations = options.pop("i18n", None)
    settings = {
        key + "_string" if key.endswith(("_start", "_end")) else key: setting
        for key, setting in options.items()
    }
    loader = jinja2.DictLoader(case["templates"])
    env = jinja2.Environment(loader=loader, undefined=MODES[mode], **settings)
    if translations == "null":
        env.install_null_translations(newstyle=True)
    return env


def render(case):
    env = environment(case)
    context = {key: value(item) for key, item in case["context"].items()}
    if case["options"].get("ctx_as_globals"):
        env.globals.update(context)
        context = {}
    return env.get_template(case["main"]).render(context)


def answer(case):
    try:
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            out = render(case)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except TooSlow:
        return {"skip": "it takes too long"}
    except MemoryError:
        return {"skip": "it takes too much memory"}
    except Exception as error:  # Whatever Jinja2 raises is what is asked for.
        return {"error": type(error).__name__, "msg": str(error)}
    if ADDRESS.search(out):
        return {"skip": "it prints an address"}
    if len(out) > LONGEST:
        return {"skip": "it prints too much"}
    return {"out": out}


def too_slow(*_):
    raise TooSlow


def main():
    # Jinja2 compiles what it is given, however odd; what it compiles to is not our concern.
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, too_slow)
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")
    for line in sys.stdin:
        case = json.loads(line)
        print(json.dumps({"id": case["id"], **answer(case)}), flush=True)


main()
