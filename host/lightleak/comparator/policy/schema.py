"""Read a policy: TOML in, rules with checked keys out; what is not known is an error with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lightleak.comparator.rules.rules import CAUSES
from lightleak.errors import FileError
from lightleak.events import STATES

VERSION = 1
"""Of the policy's format."""

READS = ("metadata", "thumbnail", "data")
"""The steps of the ladder that read."""

MEASURES = ("bytes", "cpu_ms", "notifications", "reads")

_REQUIRED = object()
_MAX_CHARS = 1 << 20
_SECTION = re.compile(r"\s*\[")
_RULE = re.compile(r"\s*\[\[\s*rule\s*\]\]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One statement that must hold."""

    kind: str
    name: str
    line: int | None
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """What must hold, and what counts as having watched."""

    source: str
    rules: tuple[Rule, ...]
    not_proven: str = "warn"
    """``warn``, or ``fail``: a rule that could not be proven is then as bad as a broken one."""
    covered_share: float = 1.0
    """How much of the time from the first to the last look at an app must have been watched, 0 to 1."""
    accept_missing: frozenset[str] = frozenset()
    """Probes, by name, that may be missing."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may hold: ``fits`` tells, ``says`` names it for a person."""

    fits: Callable[[Any], bool]
    says: str
    default: Any = _REQUIRED


def _one_of(words: tuple[str, ...], default: Any = _REQUIRED) -> Key:
    return Key(lambda value: value in words, f"one of {', '.join(words)}", default)


def _number(low: float, high: float, says: str, default: Any = _REQUIRED) -> Key:
    return Key(lambda value: value.__class__ in (int, float) and low <= value <= high, says, default)


def _texts(says: str) -> Key:
    return Key(lambda value: value.__class__ is list and all(item.__class__ is str for item in value), says, ())


_NIGHT = Key(lambda value: value.__class__ is bool, "true or false", default=False)
_NAME = Key(lambda value: value.__class__ is str and value != "", "a text", None)
_SHARE = "a share between 0 and 1"

RULES: Mapping[str, Mapping[str, Key]] = {
    "no-read": {
        "depth": _one_of(READS, "data"),
        "states": Key(
            lambda value: value.__class__ is list and value != [] and all(word in STATES for word in value),
            f"a list of {', '.join(STATES)}",
            (),
        ),
        "night": _NIGHT,
    },
    "no-observer": {"allow": _texts("a list of class names")},
    "quiet-callbacks": {"depth": _one_of(READS, "metadata")},
    "entries": {
        "cause": _one_of(CAUSES),
        "at_most": Key(lambda value: value.__class__ is int and value >= 0, "a whole number from 0", 0),
        "state": _one_of((*STATES, "mixed"), None),
        "night": _NIGHT,
    },
    "no-unreported": {"depth": _one_of(READS, "metadata")},
    "ceiling": {"measure": _one_of(MEASURES), "per_hour": _number(0, 1e18, "a number from 0")},
    "coverage": {
        "share": _number(0, 1, _SHARE, None),
        "hours": _number(0, 1e6, "a number from 0", None),
        "probes": _texts("a list of probes"),
    },
}
"""Kind of rule → its keys."""

_TOP: Mapping[str, Key] = {
    "version": Key(lambda value: value.__class__ is int and value == VERSION, str(VERSION)),
    "not_proven": _one_of(("warn", "fail"), "warn"),
    "covered_share": _number(0, 1, _SHARE, 1.0),
    "accept_missing": _texts("a list of probes"),
    "rule": Key(lambda value: value.__class__ is list and value != [], "at least one [[rule]]"),
}


def read_policy(text: str, source: str = "policy") -> Policy:
    """Read a policy's text. ``source`` names it in messages. Errors: FileError, one sentence, with the line if known."""
    if len(text) > _MAX_CHARS:
        raise FileError(f"{source} is too long for a policy", hint="is it the right file?")
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as problem:
        raise FileError(
            f"{source} is no TOML ({problem or 'nested too deeply'})", hint="see docs/policies.md"
        ) from None
    reader = _Reader(text, source)
    top = reader.keys(raw, _TOP, None)
    return Policy(
        source=source,
        rules=tuple(reader.rule(number, table) for number, table in enumerate(top["rule"])),
        not_proven=top["not_proven"],
        covered_share=float(top["covered_share"]),
        accept_missing=frozenset(top["accept_missing"]),
    )


class _Reader:
    def __init__(self, text: str, source: str) -> None:
        self._lines = text.splitlines()
        self._source = source

    def rule(self, number: int, table: Any) -> Rule:
        if not isinstance(table, dict):
            raise self._error("a rule is a [[rule]] table", "", number)
        kind = table.get("rule")
        if not isinstance(kind, str) or kind not in RULES:
            said = f"there is no rule {kind!r}" if kind is not None else "a [[rule]] does not say which rule it is"
            raise self._error(said, "rule", number, hint=f"rules are {', '.join(RULES)}")
        keys = {"rule": _NAME, "name": _NAME, **RULES[kind]}
        options = self.keys(table, keys, number)
        del options["rule"]
        name = options.pop("name") or kind
        if kind == "coverage" and not any(table.get(key) is not None for key in RULES[kind]):
            raise self._error("a coverage rule asks for nothing", "rule", number, hint="give share, hours or probes")
        return Rule(kind, name, self._line("rule", number), options)

    def keys(self, table: dict[str, Any], known: Mapping[str, Key], number: int | None) -> dict[str, Any]:
        for key, value in table.items():
            if key not in known:
                hint = f"known here: {', '.join(known)}"
                raise self._error(f"the key {key!r} is not known", key, number, hint=hint)
            if not known[key].fits(value):
                raise self._error(f"{key} must be {known[key].says}, not {value!r:.80}", key, number)
        for key, what in known.items():
            if key not in table and what.default is _REQUIRED:
                raise self._error(f"{key} is missing: {what.says}", "rule" if number is not None else "", number)
        return {key: table.get(key, what.default) for key, what in known.items()}

    def _error(self, said: str, key: str, number: int | None, *, hint: str = "see docs/policies.md") -> FileError:
        line = self._line(key, number)
        return FileError(f"{self._source}{f' line {line}' if line else ''}: {said}", hint=hint)

    def _line(self, key: str, number: int | None) -> int | None:
        """Find the line on which a key of rule ``number`` (of the top where None) stands, for the usual layout."""
        section = -1
        wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=") if key else None
        for at, line in enumerate(self._lines, 1):
            if _SECTION.match(line):
                section += bool(_RULE.match(line))
            elif wanted and wanted.match(line) and section == (-1 if number is None else number):
                return at
        return None
