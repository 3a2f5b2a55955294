"""Which probes carry which negative statement: what no probe could have seen was not watched.

Depths and required probes come from the agent's catalogue, as it was built.
"""

from __future__ import annotations

import re
from functools import cache

from lightleak.built_assets import catalogue
from lightleak.comparator.columns.event_columns import EventFields

CALLBACK = "photo-library-change-observer.photo-library-did-change"
"""Hooked on each class that implements it, as soon as the class is known."""

REGISTRATION = "photo-library.register-change-observer"

_PIXELS = ("thumbnail", "data")
"""Both come from the same calls: the size that is asked for decides."""

_NO_READ = re.compile(r"^[+-]\[[^ ]*(?:Change|Creation)Request |^[+-]\[[^ ]*Picker|^[+-]\[\* |^[+-]\[(?:PA|PL)[A-Z]")
"""Symbols of writes, pickers, callbacks and accounting: none of them sees a read."""

_NO_READ_NAMES = (
    "photo-library.",
    "photo-library-change-observer.",
    "photo-library-availability-observer.",
    "accounting",
    "assetsd.",
    "picker-",
    "ui-image-picker-",
    "live-photo-view.",
    "wake.",
)
"""Beginnings of the names of probes that see no read, unless the catalogue says that one does."""

_ABSENT = frozenset({"no-class", "no-method", "inherited"})
"""Codes of hooks that a process has nothing to hook for, of private names too."""


@cache
def reads_from(depth: str) -> tuple[str, ...]:
    """Return the probes that see reads of ``depth`` (metadata, thumbnail or data) or deeper. Raises: AgentError."""
    metadata = _of_depth("metadata") if depth == "metadata" else ()
    return (*metadata, *_of_depth(*_PIXELS))


@cache
def required_from(depth: str) -> tuple[str, ...]:
    """Return those of ``reads_from`` without which nothing can be said. Raises: AgentError."""
    required = {row.probe for row in catalogue().probes if row.required}
    return tuple(probe for probe in reads_from(depth) if probe in required)


def could_see(probe: str, symbol: object, depth: str) -> bool:
    """Return whether a probe sees reads of ``depth`` or deeper; one that is not known counts as if it did."""
    if probe in reads_from("metadata"):
        return probe in reads_from(depth)
    return not (probe.startswith(_NO_READ_NAMES) or (isinstance(symbol, str) and _NO_READ.match(symbol)))


def is_absent(hook: EventFields) -> bool:
    """Return whether a probe was skipped because the process does not have what it would hook: nothing can be missed."""
    return hook.absent is True or hook.code in _ABSENT


def is_inherited(hook: EventFields) -> bool:
    """Return whether a probe was skipped because another one sees the same calls."""
    return bool(hook.code == "inherited")


def _of_depth(*depths: str) -> tuple[str, ...]:
    found = catalogue()
    return tuple(row.probe for row in found.probes if row.depth in depths and row.probe not in found.internal)
