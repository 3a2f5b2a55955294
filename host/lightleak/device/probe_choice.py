"""Which probes the user wants: ``--only`` and ``--without``, by name, pattern or group.

Separate because the command line decides it before any device is there.
"""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Iterable

from lightleak.built_assets import catalogue
from lightleak.errors import UsageError

UNLISTED = ("handoff", "replacement")
"""Probes that are no rows of the catalogue: work that is handed on, and callbacks that are replaced."""

_NO_READS = frozenset({None, "notification", "write", "picker"})
"""Depths of probes that do not read the library."""

GROUPS: dict[str, tuple[str, ...]] = {
    "reads": (),
    "writes": (),
    "pickers": ("picker-*", "ui-image-picker-*", "shared-album-*"),
    "observers": ("*-observer", "*-observer.*", "observer-table.*", "fan-out.*", "replacement"),
    "permissions": ("photo-library.*authorization*",),
    "accounting": ("accounting", "accounting.*"),
    "wakes": ("wake.*",),
    "states": ("lifecycle.*",),
    "inputs": ("input.*",),
    "properties": ("property.*",),
    "handoffs": ("handoff",),
}
"""Group → patterns of names. The first three also take probes by the depth that the catalogue gives."""


def probe_names() -> tuple[str, ...]:
    """Return all names, in the catalogue's order. Raises: AgentError when the agent is not built."""
    return (*dict.fromkeys(probe.probe for probe in catalogue().probes), *UNLISTED)


def left_out_probes(only: Iterable[str], without: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the probes that are not installed, sorted.

    only, without: lists of words, each a name, a pattern or a group. Without any ``only``, all are wanted. Raises: UsageError
    for a word that means no probe, and when nothing is left; AgentError.
    """
    names = probe_names()
    only = list(only)
    wanted = _meant(only, names) if only else set(names)
    wanted -= _meant(without, names)
    if not wanted:
        raise UsageError("--only and --without leave no probe", hint="lightleak probes lists them")
    return tuple(sorted(set(names) - wanted))


def grouped_probes() -> dict[str, str]:
    """Return name → group of all probes, in the order of the groups; a probe of several groups is in the first."""
    names = probe_names()
    found: dict[str, str] = {}
    for group in GROUPS:
        members = _group(group, names)
        found |= {name: group for name in names if name in members and name not in found}
    return found


def shortest_words(probes: Iterable[str]) -> tuple[str, ...]:
    """Return words that mean exactly these probes: whole groups by their name, then single names, sorted."""
    left, names = set(probes), probe_names()
    words: list[str] = []
    for group in GROUPS:
        members = _group(group, names)
        if len(members) > 1 and members <= left:
            words.append(group)
            left -= members
    return (*words, *sorted(left))


def _meant(lists: Iterable[str], names: tuple[str, ...]) -> set[str]:
    words = [word.strip() for text in lists for word in text.split(",")]
    return {name for word in words for name in _named(word, names)}


def _named(word: str, names: tuple[str, ...]) -> set[str]:
    if word in GROUPS:
        return _group(word, names)
    found = set(fnmatch.filter(names, word))
    if not found:
        raise UsageError(f"there is no probe {word or '(an empty word)'}", hint=_suggestion(word, names))
    return found


def _group(word: str, names: tuple[str, ...]) -> set[str]:
    by_depth = {probe.probe for probe in catalogue().probes if _of_depth(word, probe.depth)}
    # Registering an observer opens the library, and reads nothing of it.
    return (by_depth - _listed("observers", names)) | _listed(word, names)


def _listed(word: str, names: tuple[str, ...]) -> set[str]:
    return {name for pattern in GROUPS[word] for name in fnmatch.filter(names, pattern)}


def _of_depth(word: str, depth: str | None) -> bool:
    match word:
        case "reads":
            return depth not in _NO_READS
        case "writes":
            return depth == "write"
        case "pickers":
            return depth == "picker"
    return False


def _suggestion(word: str, names: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word, (*GROUPS, *names), n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"the groups are {', '.join(GROUPS)}; lightleak probes lists the names"
