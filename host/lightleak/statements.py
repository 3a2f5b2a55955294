"""A statement as data: a code and typed parameters, which each language puts into words."""

from __future__ import annotations

import re

import msgspec

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def kebab(name: str) -> str:
    """Return the code of a class name: ``CutTail`` is ``cut-tail``."""
    return _CAPITAL.sub("-", name).lower()


class Statement(msgspec.Struct, frozen=True, omit_defaults=True, gc=False, tag_field="code", tag=kebab):
    """One statement. Its code is the class's name in kebab case.

    Parameters are numbers, times, names and codes, never words of a language. In JSON, a parameter with its default is left out.
    """
