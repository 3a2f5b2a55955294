"""Statements of every code with edge values, and briefs of every combination, for the tests of the page's texts."""

from __future__ import annotations

import itertools
import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from lightleak.comparator.explain import brief as briefs
from lightleak.comparator.explain import english, notices, quotes_english
from lightleak.comparator.explain.clauses import (
    ChangedTo,
    Clause,
    MatchedByIdentifier,
    OtherProcess,
    PropertyRead,
    ResumedBy,
    SetOffBy,
    Window,
)
from lightleak.comparator.explain.notices import Notice
from lightleak.comparator.explain.quotes import MayNotWrite, MayWrite, SetOffCount
from lightleak.statements import Statement
from lightleak.trace.file_status import FileNotice
from page.clause_types import statements

NUMBERS = {
    "p": [0.125, 0.375, 0.06, 1.0, 0.0005],
    "lag_s": [3.0, 0.5, 0.00005, 3600.0, 1.23456789, 0.0],
    "used_s": [3.0],
    "late_ms": [0.2, -0.2, 0.5, 1.5, 2.5, -0.5, -1234.5, 100.0],
    "began_ms": [-40.0, 2.1, 500.0, 29_500.0, 1250.0, 7_560_000.0],
    "percent": [0, 1, 99],
    "share": [0.0, 0.0004, 0.0299, 0.5, 0.8391, 0.99999, 1.0],
    "count": [1, 2, 1_514, 1_234_567],
    "night": [0, 1, 17],
    "uploads": [0, 1, 2],
    "report_s": [7200, -12_600, 0],
    "device_s": [28_800, 20_700],
}
FLOATS = [0.5, 1.5, 999.4, 1250.0, 1350.0, 119_949.9, 119_950.1, 150_000.0, 7_199_999.0, 9_000_000.0, 12.345678]
INTS = [1, 2, 17]
TEXTS = {
    "end": ["2025-12-14T19:26:05.250-05:00"],
    "first": ["2025-10-21T01:54:16.819-04:00"],
    "at": ["2025-10-09T16:53:28.250+08:00"],
    "start": ["2025-10-09T16:53:30.000+08:00"],
    "last": ["2025-10-22T23:59:59.999-04:00"],
}
NAMES = ["+[PHAsset fetchAssetsWithOptions:]", "odd; name (pid 4)", "com.example.app", "-[B m: and c]"]


def every_statement() -> Iterator[Statement]:
    """Yield statements of every code. Each parameter has each of its values at least once."""
    yield from _of_kinds(Clause, Notice, FileNotice)
    for state in get_args(ChangedTo):
        yield SetOffBy("query", "activation", linked=True, delay_ms=12.0, state=state)
        yield ResumedBy("activation", state=state)


def every_quote() -> Iterator[Statement]:
    """Yield what may be written, and what not, of every code, as above."""
    yield from _of_kinds(MayWrite, MayNotWrite)


def _of_kinds(*bases: type[Statement]) -> Iterator[Statement]:
    for kind in statements(*bases):
        hints = get_type_hints(kind)
        values = {name: _values(name, hints[name]) for name in kind.__struct_fields__}
        for at in range(max([1, *map(len, values.values())])):
            # In step and shifted, so that a value is not tested with one value of another parameter only.
            for step in (0, 1):
                options = enumerate(values.items())
                yield _possible(kind(**{name: all_[(at + n * step) % len(all_)] for n, (name, all_) in options}))


def _possible(one: Statement) -> Statement:
    """Return the statement with the identifier that its process would have, and with what its origin would have."""
    if isinstance(one, MatchedByIdentifier):
        return msgspec.structs.replace(one, identifier=None if one.who == "app" else "com.example.share")
    if isinstance(one, SetOffBy | ResumedBy):
        return msgspec.structs.replace(one, **{"what" if one.kind == "activation" else "state": None})
    return one


TRIGGERS = [
    *itertools.product(("change", "touch", "wake", "launch", "activation", "return"), ("link", "time", "chance")),
    ("none", "none"),
    ("none", "unwatched"),
    ("unknown", "none"),
]
"""What a brief can say of a trigger; an act that was matched to nothing says nothing of one."""


def every_brief() -> Iterator[briefs.Brief]:
    """Yield the briefs of every combination, including many that no verdict can have."""
    hints = get_type_hints(briefs.Brief)
    names = ("act", "depth", "state", "certainty", "watched")
    for act, depth, state, certainty, watched in itertools.product(*(get_args(hints[name]) for name in names)):
        yield briefs.Brief(act, depth, state, certainty, "no-act", "none", watched)
        if act not in UNMATCHED and certainty in (("certain",) if act in BY_IDENTIFIER else CERTAINTIES):
            for trigger, by in TRIGGERS:
                yield briefs.Brief(act, depth, state, certainty, trigger, by, watched)


CERTAINTIES = ("certain", "likely", "shared", "weak", "chance")
BY_IDENTIFIER = ("extension-queried", "other-queried", "continued", "opened-by-system", "opened-by-other")
UNMATCHED = ("picker", "picker-unsure", "unexplained", "unobserved", "start-missing", "never-watched", "notified")


def named(statement: Statement) -> list[str]:
    """Return the names in a statement. Its text in every language must contain them."""
    found: list[str] = []
    for name in statement.__struct_fields__:
        value = getattr(statement, name)
        hint = get_type_hints(statement.__class__)[name]
        if name in TEXTS or Literal in (get_origin(hint), *map(get_origin, get_args(hint))):
            continue
        # Pairs are numbers and times.
        for one in value if isinstance(value, tuple) and name not in ("report", "segments") else (value,):
            found += [one] if isinstance(one, str) else [one.identifier] if isinstance(one, OtherProcess) else []
            found += [one.symbol] if isinstance(one, PropertyRead) and one.what == "other" else []
    return [name for name in found if name]


def for_the_page() -> dict[str, Any]:
    """Return all statements and briefs with their English."""
    return {
        "statements": [
            {"statement": msgspec.to_builtins(one), "english": _english(one), "names": named(one)}
            for one in every_statement()
        ],
        "quotes": [
            {"quote": msgspec.to_builtins(one), "english": quotes_english.words(one), "names": named(one)}
            for one in every_quote()
        ],
        "briefs": [{"brief": msgspec.to_builtins(one), "english": briefs.text(one)} for one in every_brief()],
    }


def _english(one: Statement) -> str:
    return english.words(one) if isinstance(one, Clause) else notices.words(one)


def _values(name: str, kind: Any) -> list[Any]:
    if get_origin(kind) in (types.UnionType, Union):
        inner = [one for one in get_args(kind) if one is not type(None)]
        return [*_values(name, inner[0]), None]
    if get_origin(kind) is Literal:
        return list(get_args(kind))
    if get_origin(kind) is tuple:
        first, second = get_args(kind)
        options = _values(name, first)
        if second is not Ellipsis:
            return [("1:11", "2:12") if first is str else (3, 193)]
        return [tuple(options[:n]) for n in range(1, len(options) + 1)]
    if kind is OtherProcess:
        names = [OtherProcess(kind, "com.example.app.share") for kind in ("extension", "perhaps-extension")]
        return [*names, OtherProcess("extensions"), OtherProcess("assetsd")]
    if kind is SetOffCount:
        options = get_type_hints(SetOffCount)
        pairs = itertools.product(get_args(options["kind"]), get_args(options["by"]))
        return [SetOffCount(what, by, at * 700 + 1) for at, (what, by) in enumerate(pairs)]
    if kind is PropertyRead:
        whats = get_args(get_type_hints(PropertyRead)["what"])
        reads = [
            (1, None, False),
            (9, None, False),
            (1, 1, False),
            (3112, 3112, False),
            (5000, 3112, False),
            (3112, 3112, True),
            (2, 1, True),
        ]
        return [PropertyRead(f"-[PHAsset p{at}]", *read, what) for at, read in enumerate(reads) for what in whats]
    if kind is Window:
        untils = get_args(get_type_hints(Window)["until"])
        return [Window(until, lag_s) for until, lag_s in zip(untils, itertools.cycle([3.0, None, 0.5]), strict=False)]
    if kind is bool:
        return [False, True]
    if kind is str:
        return TEXTS.get(name, NAMES)
    return NUMBERS.get(name, FLOATS if kind is float else INTS)
