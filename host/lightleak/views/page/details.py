"""The page's second block: sentences, evidence with its stacks, and the timeline at its finest."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable
from itertools import pairwise
from typing import Any

import msgspec

from lightleak.comparator import Comparison
from lightleak.comparator.comparison import Verdict
from lightleak.comparator.explain.clauses import Clause
from lightleak.views.page.evidence import EvidenceFields, Place, Sources
from lightleak.views.page.timeline import lane_levels, start_ms

FINE_BINS = 150_000
"""Bins of the finest level in all; up to so many events stand at their own millisecond."""

DISTINCT = 5_000
"""Stacks, callers and details that are told; a trace of an odd app may hold a new one at each call."""

DEEPEST_STACK = 64


class PageTexts:
    """Texts by number, so that each stands in the page once."""

    def __init__(self) -> None:
        self.texts: list[Any] = []
        self._known: dict[Hashable, int | None] = {}

    def number(self, text: str | None) -> int | None:
        """Tell a text's number; None where there is none, or where there are too many."""
        return None if text is None else self.of(text, lambda: text)

    def of(self, key: Hashable, tell: Callable[[], Any]) -> int | None:
        """Tell the number of what ``key`` stands for; ``tell`` is asked once, and may know nothing."""
        if key not in self._known:
            text = tell() if len(self.texts) < DISTINCT else None
            self._known[key] = None if text is None else len(self.texts)
            if text is not None:
                self.texts.append(text)
        return self._known[key]


def details(comparison: Comparison, verdicts: list[Verdict], sources: Sources) -> dict[str, Any]:
    """Gather what the page shows on demand; entries in the verdicts' order, moments in ms since the page's start."""
    places = sorted({place for chosen in sources.evidence for place in chosen})
    number = {place: at for at, place in enumerate(places)}
    clauses: dict[Clause, int] = {}
    return {
        "why": [[clauses.setdefault(clause, len(clauses)) for clause in verdict.clauses] for verdict in verdicts],
        "clauses": msgspec.to_builtins(list(clauses)),
        "named": sources.named,
        "refs": [_runs(number[place] for place in chosen) for chosen in sources.evidence],
        **_events(sources, places, start_ms(comparison)),
        "levels": lane_levels(comparison, sources, FINE_BINS),
    }


def _runs(numbers: Iterable[int]) -> list[int]:
    """Write ascending numbers as first, length, first, length, …"""
    runs: list[int] = []
    for at in sorted(numbers):
        if runs and runs[-2] + runs[-1] == at:
            runs[-1] += 1
        else:
            runs += [at, 1]
    return runs


def _events(sources: Sources, places: list[Place], t0_ms: int) -> dict[str, Any]:
    names = {name: PageTexts() for name in ("kinds", "symbols", "callers", "stacks", "infos")}
    seen = [sources.events.get(place) for place in places]

    def column(tell: Callable[[EvidenceFields, Place], int | None]) -> list[int | None] | None:
        values = [None if event is None else tell(event, place) for event, place in zip(seen, places, strict=True)]
        return values if any(value is not None for value in values) else None

    def result(name: str, per: int) -> list[int | None] | None:
        return column(lambda _, place: None if (v := sources.results.get(place, {}).get(name)) is None else v // per)

    walls = [None if event is None else event.wall_ns // 1000 - t0_ms * 1000 for event in seen]
    columns = {
        "session": _same([place[0] for place in places]),
        "segment": _same([place[1] for place in places]),
        "seq": _steps([place[2] for place in places]),
        "wall_us": _steps(walls),
        "kind": column(lambda event, _: names["kinds"].number(_kind(event))),
        "symbol": column(lambda event, _: names["symbols"].number(_symbol(event))),
        "caller": column(lambda event, _: names["callers"].number(caller_text(event.caller))),
        "stack": column(
            lambda event, place: names["stacks"].of(
                (place[:2], _key(event.stack)), lambda: stack_of(sources, place[0], place[1], event.stack)
            )
        ),
        "info": column(lambda event, _: names["infos"].number(_info(event))),
        "duration_us": result("duration_ns", 1000),
        "cpu_us": result("cpu_ns", 1000),
        "bytes": result("bytes", 1),
    }
    return {
        "events": {"n": len(places), **{name: values for name, values in columns.items() if values is not None}},
        **{name: table.texts for name, table in names.items()},
    }


def stack_of(sources: Sources, session: int, segment: int, stack: Any) -> list[str] | None:
    """Tell a stack's frames, innermost first; None where the trace has none."""
    frames = sources.stacks.get((session, segment, _key(stack))) if stack is not None else None
    return [_frame(frame) for frame in frames[:DEEPEST_STACK]] if isinstance(frames, list) else None


def caller_text(caller: Any) -> str | None:
    """Name a caller: image and offset."""
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


def _info(event: EvidenceFields) -> str | None:
    told = {
        name: value
        for name in ("detail", "asset", "action", "phase", "status")
        if (value := getattr(event, name)) is not None and value != {}
    }
    return json.dumps(told, ensure_ascii=False) if told else None


def _key(stack: Any) -> Any:
    return stack if isinstance(stack, str | int) else str(stack)


def _steps(values: list[int | None]) -> list[int | None]:
    """Write each number as its difference to the one before it that is there."""
    last, steps = 0, list[int | None]()
    for value in values:
        steps.append(None if value is None else value - last)
        last = last if value is None else value
    return steps


def _same(values: list[int]) -> list[int]:
    """Write a column of few changes as value, count, value, count, …"""
    edges = [0, *(at for at, (a, b) in enumerate(pairwise(values), 1) if a != b), len(values)]
    return [number for a, b in pairwise(edges) if b > a for number in (values[a], b - a)]
