"""Lay the reading next to the comparator's verdicts, and name what differs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import lightleak
from oracle.reading import Reading, Verdict
from oracle.report import moment
from oracle.worlds import World
from oracle.worlds import world as make_world

SUMMARY = (
    "entries",
    "background",
    "by_cause",
    "by_depth",
    "by_trigger",
    "background_by_trigger",
    "notifications",
    "claims",
)
_AT_ONCE = 16
"""Worlds whose files are written at the same time: a writer waits more than it works."""


def said(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict of the reading in the shape of the JSON."""
    trigger = verdict.trigger
    return {
        "identifier": verdict.entry.identifier,
        "app": verdict.entry.app,
        "cause": verdict.cause,
        "depth": verdict.depth,
        "match": verdict.match,
        "state": verdict.state,
        "flags": sorted(verdict.flags),
        "trigger": trigger
        and {
            "kind": trigger.kind,
            "by": trigger.by,
            "event": trigger.origin and trigger.origin.name,
            "delay_ms": trigger.delay_ms,
            "what": trigger.what,
        },
        "triggers": dict(verdict.triggers),
        "properties": dict(verdict.properties),
    }


def differences(world: World, document: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Give what differs: where, what the reading says, what the comparator says."""
    reading = Reading(world.sessions, world.lines, world.lag_ns)
    found = document["entries"]
    verdicts = reading.verdicts({entry["identifier"]: entry["evidence"] for entry in found})
    expected = [said(verdict) for verdict in verdicts]
    order = [entry["identifier"] for entry in found]
    if order != [entry["identifier"] for entry in expected]:
        yield "entries", [entry["identifier"] for entry in expected], order
        return
    for mine, theirs in zip(expected, found, strict=True):
        for key, value in mine.items():
            other = sorted(theirs[key]) if key == "flags" else theirs[key]
            if not same(value, other):
                yield f"{theirs['identifier'][-2:]}.{key}", value, other
    runs = [
        {key: moment(run[key]) if key in {"begin", "end"} else run[key] for key in ("app", "begin", "end", "depth")}
        for run in document["unreported"]
    ]
    mine = [{**run, "begin": rounded(run["begin"]), "end": rounded(run["end"])} for run in reading.unreported()]
    for run in mine:
        run.pop("evidence")
    if sorted(mine, key=str) != sorted(runs, key=str):
        yield "unreported", mine, runs
    for app in reading.apps:
        summary = reading.summary(verdicts, app)
        for key in SUMMARY:
            if summary[key] != document["summary"][app][key]:
                yield f"summary.{app}.{key}", summary[key], document["summary"][app][key]


def rounded(ns: int) -> int:
    """Return a time "with milliseconds, rounded to the nearest"."""
    return (ns + 500_000) // 1_000_000 * 1_000_000


def same(mine: Any, theirs: Any) -> bool:
    """Compare; delays to the microsecond."""
    if isinstance(mine, dict) and isinstance(theirs, dict) and mine.keys() == theirs.keys():
        return all(same(mine[key], theirs[key]) for key in mine)
    if isinstance(mine, float) and isinstance(theirs, float):
        return abs(mine - theirs) <= 0.001
    return bool(mine == theirs)


def judged(seeds: Iterable[int], make: Any = make_world) -> Iterator[tuple[World, dict[str, Any]]]:
    """Give each seed's world and what the comparator says of it."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(_AT_ONCE) as pool:
        folder = Path(name)

        def save(seed: int) -> tuple[World, Any, Path]:
            world = make(seed)
            return world, world.save_sessions(folder), world.save_report(folder)

        for world, sessions, report in pool.map(save, seeds):
            comparison = lightleak.compare(sessions, lightleak.read_report(report), lag=world.lag_s)
            yield world, comparison.to_dict()
            for path in [report, *(path for session in sessions for path in session.paths)]:
                path.unlink()
