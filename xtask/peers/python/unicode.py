"""Writes what CPython knows of every character, for `kiln-python`.

    python unicode.py classes > crates/kiln-python/src/text/unicode/classes.txt
    python unicode.py cases > crates/kiln-python/src/text/unicode/cases.txt
    python unicode.py digests

The last prints what the tests of that module compare: a digest of the answers for all
characters, one for each question.
"""

import sys
import unicodedata

SURROGATES = range(0xD800, 0xE000)
CHARACTERS = [chr(code) for code in range(0x110000) if code not in SURROGATES]

HEADER = f"""# What CPython {sys.version_info[0]}.{sys.version_info[1]} knows of characters: Unicode {unicodedata.unidata_version}.
# Derived from the Unicode Character Database, licence Unicode-3.0.
# Written by xtask/peers/python/unicode.py.
"""

QUESTIONS = {
    "a": lambda c: c.isalpha(),
    "0": lambda c: c.isdecimal(),
    "1": lambda c: c.isdigit(),
    "n": lambda c: c.isnumeric(),
    "l": lambda c: c.islower(),
    "u": lambda c: c.isupper(),
    "t": lambda c: unicodedata.category(c) == "Lt",
    "s": lambda c: c.isspace(),
    "p": lambda c: c.isprintable(),
    "i": lambda c: c.isidentifier(),
    "j": lambda c: ("a" + c).isidentifier(),
    "c": lambda c: (c + "a").title()[-1] == "a",
    "g": lambda c: ("A" + c + "Σ").lower()[-1] == "ς" and (" " + c + "Σ").lower()[-1] == "σ",
    "x": lambda c: unicodedata.category(c) != "Cn",
}

MAPPINGS = {
    "upper": lambda c: c.upper(),
    "lower": lambda c: c.lower(),
    "title": lambda c: c.title(),
    "fold": lambda c: c.casefold(),
}


def classes():
    before = None
    for character in CHARACTERS:
        letters = "".join(letter for letter, holds in QUESTIONS.items() if holds(character))
        if letters != before:
            print(f"{ord(character):X} {letters}".rstrip())
            before = letters


def cases():
    for character in CHARACTERS:
        for name, usual in (("title", str.upper), ("fold", str.lower)):
            mapped = MAPPINGS[name](character)
            if mapped != usual(character):
                print(name, f"{ord(character):X}", *(f"{ord(c):X}" for c in mapped))


def digest(answers):
    """FNV-1a, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in answers:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def digests():
    for letter, holds in QUESTIONS.items():
        print(letter, digest(holds(c) for c in CHARACTERS))
    for name, mapping in MAPPINGS.items():
        print(name, digest(b"\n".join(mapping(c).encode() for c in CHARACTERS)))
    decimals = [c for c in CHARACTERS if c.isdecimal()]
    print("value", digest(unicodedata.decimal(c) for c in decimals))


if __name__ == "__main__":
    what = sys.argv[1]
    if what == "digests":
        digests()
    else:
        print(HEADER, end="")
        {"classes": classes, "cases": cases}[what]()
