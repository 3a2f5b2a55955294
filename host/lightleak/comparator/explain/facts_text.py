"""Read a facts file: the JSON of a field test, of which the rules need the object ``facts``."""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.comparator.explain.facts import Assumptions
from lightleak.errors import CompareError, FileError

_FIELDTEST = "name a file that lightleak fieldtest wrote"


class _File(msgspec.Struct):
    facts: dict[str, Any]
    """Fact → true, false or null, beside lag_s, os_version and model; all may be left out."""


def read_facts(text: str, source: str) -> Assumptions:
    """Read the findings of a field test. Other keys of the file are its own. Errors: FileError."""
    try:
        return Assumptions.of(msgspec.json.decode(text, type=_File).facts)
    except CompareError as problem:
        raise FileError(f"{source}: {problem.message}", hint=problem.hint) from problem
    except (msgspec.MsgspecError, RecursionError) as problem:
        raise FileError(f"{source} is no facts file ({problem})", hint=_FIELDTEST) from problem
