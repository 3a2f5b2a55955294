"""The page's first block: what it needs for the first paint. Pure: the same comparison gives the same data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import msgspec

from lightleak import __version__
from lightleak.comparator import Comparison
from lightleak.comparator.comparison import AppResult, Verdict
from lightleak.comparator.explain.assumptions import ASSUMPTIONS
from lightleak.comparator.explain.brief import Brief, brief_of
from lightleak.comparator.rules.rules import CAUSES, MATCHES
from lightleak.events import DEPTHS, NS_PER_MS
from lightleak.report.entry_columns import NO_TIME
from lightleak.trace.file_status import FileNotice
from lightleak.views.page.details import caller_text, stack_of
from lightleak.views.page.evidence import Sources
from lightleak.views.page.timeline import ROWS, STATES, lanes, start_ms, stop_ms, watched_ms

VERSION = 1
"""Of the data's shape; page and template are of one release, so that it is only for people who look inside."""

OBSERVERS, HOOKS = 2_000, 2_000
"""Rows that a table holds; how many there were is told beside it."""

_STATE_WORDS = ("active", "inactive", "background", "mixed", "unknown")


def facts(comparison: Comparison, verdicts: dict[str, Any], sources: Sources) -> dict[str, Any]:
    """Gather what the page shows at once. ``verdicts``: contract section 4. Moments are in ms since ``t0_ms``."""
    return {
        "version": VERSION,
        "tool": f"lightleak {__version__}",
        "t0_ms": start_ms(comparison),
        "stop": stop_ms(comparison),
        "watched": watched_ms(comparison),
        "offset_s": _offset_s(comparison),
        "words": {"causes": CAUSES, "depths": DEPTHS, "matches": MATCHES, "states": STATES, "rows": ROWS},
        "apps": [_app(comparison, found, verdicts["summary"][found.app]) for found in comparison.apps],
        "lanes": lanes(comparison, sources),
        "entries": _entries(comparison, verdicts["entries"]),
        "unreported": verdicts["unreported"],
        "observers": list(_observers(comparison, sources))[:OBSERVERS],
        "observers_in_all": len(sources.observers.observers),
        "hooks": list(_hooks(comparison))[:HOOKS],
        "hooks_installed": _installed(comparison),
        "marks": [[wall_ns // NS_PER_MS - start_ms(comparison), label] for wall_ns, label in sources.marks],
        "sessions": list(_sessions(comparison, verdicts["sessions"], sources)),
        "report": _report(comparison, verdicts["report"], sources),
        "clock": verdicts["clock"],
        "notices": list(_notices(comparison)),
        "lag_s": comparison.lag_s,
        "assumptions": [[name, one.number, _known(comparison, name)] for name, one in ASSUMPTIONS.items()],
    }


def _known(comparison: Comparison, name: str) -> bool | None:
    """Tell whether a field test confirmed a fact that rules rest on, refuted it, or said nothing."""
    known = {getattr(found.lane.facts, name) for found in comparison.apps}
    return known.pop() if len(known) == 1 else None


def _offset_s(comparison: Comparison) -> int:
    """The zone in which the page tells times: the report's most frequent, else the first session's."""
    offsets = Counter(comparison.entries.columns.begin_offset_s.tolist())
    if offsets:
        return int(min(offsets, key=lambda offset: (-offsets[offset], offset)))
    for take in comparison.recording.takes:
        if len(take.tape):
            text = take.zone.tell(int(take.tape.wall_ns[0]))
            hours, minutes = text[-5:].split(":")
            return (int(hours) * 3600 + int(minutes) * 60) * (-1 if text[-6] == "-" else 1)
    return 0


def _sessions(comparison: Comparison, told: list[dict[str, Any]], sources: Sources) -> Iterator[dict[str, Any]]:
    """Tell each session with its hashes, and on what it was recorded: model and system, not the device's name."""
    for one, take, heads in zip(told, comparison.recording.takes, sources.heads, strict=True):
        yield one | {
            "files": [_bare(name) for name in one["files"]],
            "heads": heads,
            "device": _joined(take.header.get("device"), "; ", ("model",), ("os", "os_version")),
            "redacted": _joined(take.header.get("redacted"), "", ("head",)),
            "target": _joined(take.header.get("target"), " ", ("identifier",), ("version",)),
        }


def _report(comparison: Comparison, told: dict[str, Any], sources: Sources) -> dict[str, Any]:
    return told | {
        "files": [_bare(name) for name in told["files"]],
        "problems": [problem | {"file": _bare(problem["file"])} for problem in told["problems"]],
        "hashes": [(_bare(name), digest) for name, digest in sources.hashes],
        "network": len(comparison.report.network),
    }


def _notices(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Yield what limits the whole, files by their names."""
    for notice in comparison.limits:
        bare = msgspec.structs.replace(notice, file=_bare(notice.file)) if isinstance(notice, FileNotice) else notice
        yield msgspec.to_builtins(bare)


def _bare(path: str) -> str:
    """A file's name without its folders: a page is made to be published, and they tell of whoever made it."""
    return PurePath(path).name


def _joined(told: Any, between: str, *groups: tuple[str, ...]) -> str | None:
    """Join what a header says under these keys; it may hold anything."""
    if not isinstance(told, dict):
        return None
    words = [" ".join(str(told[key]) for key in keys if told.get(key)) for keys in groups]
    return between.join(word for word in words if word) or None


def _app(comparison: Comparison, found: AppResult, summary: dict[str, Any]) -> dict[str, Any]:
    report, covered = comparison.report, found.lane.covered
    span_ms = covered_ms = 0
    if report.first_ns is not None and report.last_ns is not None:
        span_ms = (report.last_ns - report.first_ns) // NS_PER_MS
        covered_ms = _length_ms(covered.pairs(), report.first_ns, report.last_ns)
    matches = Counter(MATCHES[code] for code in found.ruling.match.tolist())
    return {
        "id": found.app,
        "name": next((segment.name for segment in found.lane.segments if segment.name), None),
        "summary": summary,
        "by_match": dict(matches),
        "chance": round(found.chance.p, 2) if found.chance and found.chance.is_no_better else None,
        "span_ms": span_ms,
        "covered_ms": covered_ms,
        "recorded_ms": sum(stop - start for start, stop in covered.pairs()) // NS_PER_MS,
        "segments": len(found.lane.segments),
        "lost": sum(loss.count for segment in found.lane.segments for loss in segment.losses),
        "accounting": bool(found.lane.segments) and not found.lane.blind_accounting,
        "unwatched": msgspec.to_builtins(found.explainer.sight.unwatched()),
        "unreported": len(found.runs),
    }


def _length_ms(pairs: list[tuple[int, int]], first_ns: int, last_ns: int) -> int:
    return sum(max(min(stop, last_ns) - max(start, first_ns), 0) for start, stop in pairs) // NS_PER_MS


def _entries(comparison: Comparison, verdicts: list[Verdict]) -> dict[str, Any]:
    """Return the verdicts as columns; begin and end null where the report has none, ``until`` up to where they count."""
    t0 = start_ms(comparison)
    columns, places = comparison.entries.columns, _places(comparison)
    apps = {found.app: at for at, found in enumerate(comparison.apps)}
    flags = sorted({flag for verdict in verdicts for flag in verdict.flags})
    briefs = [
        brief_of(depth=one.depth, match=one.match, state=one.state, flags=one.flags, clauses=one.clauses)
        for one in verdicts
    ]
    numbers: dict[Brief, int] = {}
    begins, ends = columns.begin_ns[places].tolist(), columns.end_ns[places].tolist()
    return {
        "identifier": [verdict.identifier for verdict in verdicts],
        "app": [apps[verdict.app] for verdict in verdicts],
        "begin": [None if ns == NO_TIME else _ms(ns) - t0 for ns in begins],
        "end": [
            None if ns == NO_TIME or verdict.end is None else _ms(ns) - t0
            for ns, verdict in zip(ends, verdicts, strict=True)
        ],
        "until": [int(ns) // NS_PER_MS - t0 for ns in comparison.entries.until_ns[places]],
        "offset_s": columns.begin_offset_s[places].tolist(),
        "cause": [CAUSES.index(verdict.cause) for verdict in verdicts],
        "depth": [DEPTHS.index(verdict.depth) for verdict in verdicts],
        "match": [MATCHES.index(verdict.match) for verdict in verdicts],
        "state": [_STATE_WORDS.index(verdict.state) for verdict in verdicts],
        "flags": [sum(1 << flags.index(flag) for flag in verdict.flags) for verdict in verdicts],
        "brief": [numbers.setdefault(brief, len(numbers)) for brief in briefs],
        "briefs": msgspec.to_builtins(list(numbers)),
        "state_words": _STATE_WORDS,
        "flag_words": flags,
    }


def _places(comparison: Comparison) -> list[int]:
    """The rows of the report's entries in the order of the verdicts."""
    return sorted(int(row) for found in comparison.apps for row in found.ruling.rows)


def _ms(ns: int) -> int:
    return (ns + NS_PER_MS // 2) // NS_PER_MS


def _observers(comparison: Comparison, sources: Sources) -> Iterator[dict[str, Any]]:
    t0, recording = start_ms(comparison), comparison.recording
    who = {(segment.session, segment.number): segment for segment in recording.segments}
    for one in sources.observers.observers.values():
        segment = who.get((one.session, one.segment))
        yield {
            "app": (segment.identifier or segment.name or segment.role) if segment else None,
            "pid": segment.pid if segment else None,
            "class": one.cls,
            "image": one.image,
            "id": one.key,
            "type": one.type,
            "action": one.action,
            "at": one.wall_ns // NS_PER_MS - t0,
            "until": None if one.unregistered_ns is None else one.unregistered_ns // NS_PER_MS - t0,
            "caller": caller_text(one.caller),
            "stack": stack_of(sources, one.session, one.segment, one.stack),
            "deliveries": one.deliveries,
            "accesses": one.accesses,
            "timed": one.timed,
            "ms": round(one.duration_ns / NS_PER_MS, 3),
            "cpu_ms": round(one.cpu_ns / NS_PER_MS, 3),
            "session": one.session,
            "segment": one.segment,
        }


def _hooks(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """The probes that some segment had not in place, with in how many, and of how many."""
    missing: Counter[tuple[str, str, str, str]] = Counter()
    for segment in comparison.recording.segments:
        for hook in segment.skipped:
            row = (hook.probe, hook.symbol, hook.status, hook.reason)
            probe, symbol, status, reason = ("" if text is None else str(text) for text in row)
            missing[(probe, symbol, status, reason)] += 1
    for (probe, symbol, status, reason), count in sorted(missing.items()):
        yield {"probe": probe, "symbol": symbol, "status": status, "reason": reason, "segments": count}


def _installed(comparison: Comparison) -> dict[str, int]:
    """How many probes were in place in some segment, and of how many segments that is said."""
    segments = comparison.recording.segments
    names = {probe for s in segments for probe, hook in s.hooks.items() if hook.status == "installed"}
    return {"probes": len(names), "segments": len(segments), "silent": sum(not s.hooks for s in segments)}
