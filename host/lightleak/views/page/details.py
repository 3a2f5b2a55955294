"""The page's second block: clauses, evidence with its stacks, and the timeline at its finest."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from lightleak.comparator import Comparison
from lightleak.comparator.comparison import Verdict
from lightleak.comparator.explain.clauses import Clause
from lightleak.views.page.evidence import EvidenceFields, Place, Sources
from lightleak.views.page.timeline import event_bins, start_ms

FINE_BINS = 150_000
"""Bins of the finest level in all; up to so many events have a bin of their own."""

DISTINCT = 5_000
"""Stacks, callers and details that are kept; a trace of an odd app may have a new one at each call."""

DEEPEST_STACK = 64


class PageTexts:
    """Texts by number, so that the page holds each text once."""

    def __init__(self) -> None:
        self.texts: list[Any] = []
        self._known: dict[Hashable, int | None] = {}

    def number(self, text: str | None) -> int | None:
        """Return a text's number; None for no text, or when there are too many."""
        return None if text is None else self.of(text, lambda: text)

    def of(self, key: Hashable, make: Callable[[], Any]) -> int | None:
        """Return the number of the text of ``key``. ``make`` is called once for a key, and may return None."""
        if key not in self._known:
            text = make() if len(self.texts) < DISTINCT else None
            self._known[key] = None if text is None else len(self.texts)
            if text is not None:
                self.texts.append(text)
        return self._known[key]


def details(comparison: Comparison, verdicts: list[Verdict], sources: Sources) -> dict[str, Any]:
    """Return what the page shows on demand: entries in the verdicts' order, times in ms since the page's start."""
    places = sources.places()
    number = {place: at for at, place in enumerate(places)}
    clauses: dict[Clause, int] = {}
    counts: dict[tuple[tuple[str, int], ...], int] = {}

    def counted(figures: Mapping[Any, int]) -> int:
        return counts.setdefault(tuple(figures.items()), len(counts))

    return {
        "why": [[clauses.setdefault(clause, len(clauses)) for clause in verdict.clauses] for verdict in verdicts],
        "clauses": msgspec.to_builtins(list(clauses)),
        "named": sources.named,
        "refs": [_runs(number[place] for place in chosen) for chosen in sources.evidence],
        "runs": [_runs(number[place] for place in chosen) for chosen in sources.runs],
        "acts": [None if place is None else number[place] for place in sources.acts],
        "origins": [None if place is None else number[place] for place in sources.origins],
        "triggers": [counted(verdict.triggers) for verdict in verdicts],
        "properties": [counted(verdict.properties) for verdict in verdicts],
        "counts": list(counts),
        **_events(sources, places, start_ms(comparison)),
        "levels": event_bins(comparison, sources, FINE_BINS),
    }


def _runs(numbers: Iterable[int]) -> list[int]:
    """Return ascending numbers as first, length, first, length, …"""
    runs: list[int] = []
    for at in sorted(numbers):
        if runs and runs[-2] + runs[-1] == at:
            runs[-1] += 1
        else:
            runs += [at, 1]
    return runs


def _events(sources: Sources, places: list[Place], t0_ms: int) -> dict[str, Any]:
    """Return the evidence as columns, one value for each place, and the texts that the columns number."""
    events = [sources.events.get(place) for place in places]
    results = [sources.results.get(place, {}) for place in places]
    columns: dict[str, list[Any]] = {}
    texts: dict[str, list[Any]] = {}
    for column in _TEXT_COLUMNS:
        table = PageTexts()
        columns[column.name] = [
            None if event is None else column.number(table, sources, place, event)
            for place, event in zip(places, events, strict=True)
        ]
        texts[column.texts] = table.texts
    for name, key, unit in _RESULT_COLUMNS:
        columns[name] = [
            None if event is None or (value := result.get(key)) is None else value // unit
            for event, result in zip(events, results, strict=True)
        ]
    walls = [None if event is None else event.wall_ns // 1000 - t0_ms * 1000 for event in events]
    return {
        "events": {
            "n": len(places),
            "session": _same([place[0] for place in places]),
            "segment": _same([place[1] for place in places]),
            "seq": _steps([place[2] for place in places]),
            "wall_us": _steps(walls),
            **{name: values for name, values in columns.items() if any(value is not None for value in values)},
        },
        **texts,
    }


def stack_of(sources: Sources, session: int, segment: int, stack: Any) -> list[str] | None:
    """Return a stack's frames, innermost first; None when the trace has none."""
    frames = sources.stacks.get((session, segment, _key(stack))) if stack is not None else None
    return [_frame(frame) for frame in frames[:DEEPEST_STACK]] if isinstance(frames, list) else None


def caller_text(caller: Any) -> str | None:
    """Return a caller as image and offset."""
    return _frame(caller) if isinstance(caller, dict) else None


def _frame(frame: Any) -> str:
    if not isinstance(frame, dict):
        return str(frame)
    offset = frame.get("offset")
    place = str(frame.get("image") or "?")
    if offset is not None:  # a redacted session has none
        place += f" + {f'0x{offset:x}' if offset.__class__ is int else offset}"
    return f"{frame['symbol']}  ({place})" if frame.get("symbol") else place


def _kind(event: EvidenceFields) -> str:
    return str(event.depth if event.kind == "access" and event.depth else event.kind)


def _symbol(event: EvidenceFields) -> str | None:
    if event.symbol is not None:
        return str(event.symbol)
    if isinstance(event.observer, dict) and event.observer.get("class"):
        return str(event.observer["class"])
    return str(event.identifier) if event.identifier is not None else None


_MORE = {"input": ("type",), "state": ("value", "reason")}
"""Kind → keys that say which origin an event is."""


def _info(event: EvidenceFields) -> str | None:
    info = {
        name: value
        for name in ("detail", "asset", "action", "phase", "status", *_MORE.get(event.kind, ()))
        if (value := getattr(event, name)) is not None and value != {}
    }
    return json.dumps(info, ensure_ascii=False) if info else None


def _key(stack: Any) -> Any:
    return stack if isinstance(stack, str | int) else str(stack)


def _steps(values: list[int | None]) -> list[int | None]:
    """Return each number as its difference from the last one before it."""
    last, steps = 0, list[int | None]()
    for value in values:
        steps.append(None if value is None else value - last)
        last = last if value is None else value
    return steps


def _same(values: list[int]) -> list[int]:
    """Return a column of few changes as value, count, value, count, …"""
    edges = [0, *(at for at, (a, b) in enumerate(pairwise(values), 1) if a != b), len(values)]
    return [number for a, b in pairwise(edges) if b > a for number in (values[a], b - a)]


class _TextColumn(NamedTuple):
    """A column of the evidence that holds numbers of texts."""

    name: str
    texts: str
    """The name of the texts."""
    number: Callable[[PageTexts, Sources, Place, EvidenceFields], int | None]


def _number_stack(table: PageTexts, sources: Sources, place: Place, event: EvidenceFields) -> int | None:
    session, segment, _ = place
    key = (session, segment, _key(event.stack))
    return table.of(key, lambda: stack_of(sources, session, segment, event.stack))


_TEXT_COLUMNS = (
    _TextColumn("kind", "kinds", lambda table, _s, _p, event: table.number(_kind(event))),
    _TextColumn("symbol", "symbols", lambda table, _s, _p, event: table.number(_symbol(event))),
    _TextColumn("caller", "callers", lambda table, _s, _p, event: table.number(caller_text(event.caller))),
    _TextColumn("stack", "stacks", _number_stack),
    _TextColumn("info", "infos", lambda table, _s, _p, event: table.number(_info(event))),
)
_RESULT_COLUMNS = (("duration_us", "duration_ns", 1000), ("cpu_us", "cpu_ns", 1000), ("bytes", "bytes", 1))
"""Column, key of the result, how many of the result's units are one of the column's."""
