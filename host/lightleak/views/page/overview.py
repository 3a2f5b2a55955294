"""The page's first block: what it needs for the first paint. The same comparison gives the same data.

Separate because the page reads the two blocks at different times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import itemgetter
from typing import Any, get_args

import msgspec

from lightleak import __version__
from lightleak.comparator import Comparison
from lightleak.comparator.assumptions import ASSUMPTIONS
from lightleak.comparator.comparison import AppResult, Verdict
from lightleak.comparator.explain.brief import Brief, brief_of
from lightleak.comparator.quotable import quotes_of
from lightleak.comparator.rules.rules import BACKGROUND, CAUSES, MATCHES
from lightleak.comparator.rules.visibility import OriginSource, links_incomplete, origins_unwatched
from lightleak.comparator.summary import NIGHT_UNTIL_S
from lightleak.comparator.timeline.segments import RecordedSegment, is_inherited
from lightleak.comparator.timeline.triggers import changed_to
from lightleak.events import DEPTHS, NS_PER_MS, TRIGGER_LINKS, TRIGGERS
from lightleak.report.entry_columns import NO_TIME
from lightleak.views.page.details import caller_text, stack_of
from lightleak.views.page.evidence import Sources
from lightleak.views.page.timeline import ROWS, STATES, app_timelines, start_ms, stop_ms, watched_ms

VERSION = 1
"""Of the data's shape. Page and template are of one release, so that it only informs people who look inside."""

OBSERVERS, HOOKS = 2_000, 2_000
"""The most rows of a table; the page also shows how many there were."""


_STATE_WORDS = ("active", "inactive", "background", "mixed", "unknown")
_WORD_COLUMNS = {"cause": CAUSES, "depth": DEPTHS, "match": MATCHES, "state": _STATE_WORDS}
"""Columns of the entries that hold a word's number."""


_SEEN = {
    "changes": (("photo-library-change-observer.",), ("change",)),
    "inputs": (("input.",), ("touch",)),
    "wakes": (("wake.", "lifecycle."), ("wake", "launch")),
}
"""Source of origins → beginnings of the names of its probes, and what its origins set off."""


def facts(comparison: Comparison, verdicts: dict[str, Any], sources: Sources) -> dict[str, Any]:
    """Return what the page shows at once. verdicts: contract, section 4. Times are in ms since ``t0_ms``."""
    return {
        "version": VERSION,
        "tool": f"lightleak {__version__}",
        "t0_ms": start_ms(comparison),
        "stop": stop_ms(comparison),
        "watched": watched_ms(comparison),
        "offset_s": _offset_s(comparison),
        "words": {
            "causes": CAUSES,
            "depths": DEPTHS,
            "matches": MATCHES,
            "states": STATES,
            "rows": ROWS,
            "triggers": TRIGGERS,
            "links": TRIGGER_LINKS,
        },
        "apps": [
            _app(comparison, found, verdicts["summary"][found.app], _verdicts_of(found, verdicts["entries"]))
            for found in comparison.apps
        ],
        "lanes": app_timelines(comparison, sources),
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
        "notices": msgspec.to_builtins(comparison.warnings),
        "lag_s": comparison.lag.value_s,
        "assumptions": [[name, one.number, _known(comparison, name)] for name, one in ASSUMPTIONS.items()],
    }


def _known(comparison: Comparison, name: str) -> bool | None:
    """Return whether a field test confirmed an assumption; None when it did not decide."""
    known = {getattr(found.timeline.assumptions, name) for found in comparison.apps}
    return known.pop() if len(known) == 1 else None


def _offset_s(comparison: Comparison) -> int:
    """Return the zone of the page's times: the most frequent of the report, else that of the first session."""
    offsets = Counter(comparison.entries.columns.begin_offset_s.tolist())
    if offsets:
        return int(min(offsets, key=lambda offset: (-offsets[offset], offset)))
    for take in comparison.sessions.loaded:
        if len(take.columns):
            text = take.zone.format(int(take.columns.wall_ns[0]))
            hours, minutes = text[-5:].split(":")
            return (int(hours) * 3600 + int(minutes) * 60) * (-1 if text[-6] == "-" else 1)
    return 0


def _sessions(comparison: Comparison, sessions: list[dict[str, Any]], sources: Sources) -> Iterator[dict[str, Any]]:
    """Yield each session with its hashes, the device's model and system (not its name), and the app."""
    for one, take, heads in zip(sessions, comparison.sessions.loaded, sources.heads, strict=True):
        yield one | {
            "heads": heads,
            "kind": one["device"]["kind"],
            "device": _joined(take.header.get("device"), "; ", ("model",), ("os", "os_version")),
            "imported": _joined(take.header.get("imported"), "", ("date",)),
            "redacted": _joined(take.header.get("redacted"), "", ("head",)),
            "target": _joined(take.header.get("target"), " ", ("identifier",), ("version",)),
        }


def _report(comparison: Comparison, report: dict[str, Any], sources: Sources) -> dict[str, Any]:
    return report | {"hashes": sources.hashes, "network": len(comparison.report.network)}


def _joined(header: Any, between: str, *groups: tuple[str, ...]) -> str | None:
    """Join a header's values under these keys; the header may hold anything."""
    if not isinstance(header, dict):
        return None
    words = [" ".join(str(header[key]) for key in keys if header.get(key)) for keys in groups]
    return between.join(word for word in words if word) or None


def _verdicts_of(found: AppResult, verdicts: list[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.app == found.app]


def _app(comparison: Comparison, found: AppResult, summary: dict[str, Any], verdicts: list[Verdict]) -> dict[str, Any]:
    report, covered = comparison.report, found.timeline.covered
    span_ms = covered_ms = 0
    if report.first_ns is not None and report.last_ns is not None:
        # A report has wall times only: what of its time was watched is counted on that clock.
        span_ms = (report.last_ns - report.first_ns) // NS_PER_MS
        covered_ms = _length_ms(covered.pairs(), report.first_ns, report.last_ns)
    matches = Counter(MATCHES[code] for code in found.results.match.tolist())
    watched = _watched(found)
    partly = [name for name in get_args(OriginSource) if watched[name] != "all"]
    quotes = quotes_of(
        comparison,
        found,
        verdicts,
        share=round(covered_ms / span_ms, 6) if span_ms else 0.0,
        partly_watched=partly,
    )
    return {
        "id": found.app,
        "name": next((segment.name for segment in found.timeline.segments if segment.name), None),
        "summary": summary,
        "by_match": dict(matches),
        "watched": watched,
        "quotes": {"may": msgspec.to_builtins(quotes.may), "may_not": msgspec.to_builtins(quotes.may_not)},
        "chance": round(found.chance.p, 2) if found.chance and found.chance.is_no_better else None,
        "span_ms": span_ms,
        "covered_ms": covered_ms,
        "recorded_ms": found.timeline.watched.duration_ns // NS_PER_MS,
        "segments": len(found.timeline.segments),
        "lost": found.timeline.missing.events,
        "cut_short": [found.timeline.missing.cut_short, found.timeline.missing.unseen_ns / NS_PER_MS],
        "accounting": bool(len(covered.start)) and not found.timeline.lacks_accounting,
        "trigger_chance": round(off.p, 2) if (off := found.trigger_chance) and off.is_no_better else None,
        "unwatched": msgspec.to_builtins(found.explainer.visibility.unwatched()),
        "unreported": len(found.runs),
    }


def _watched(found: AppResult) -> dict[str, str]:
    """Return what can set an act off, or carry a link → whether the watched segments saw it: "all", "some" or "none" of it."""
    segments = found.timeline.watched_segments
    return {name: _how_far(name, segments) for name in get_args(OriginSource)}


def _how_far(source: OriginSource, segments: list[RecordedSegment]) -> str:
    missing = [_misses(source, segment) for segment in segments]
    if not any(missing):
        return "all" if segments else "none"
    seen = not all(missing) or any(_sees(source, segment) for segment in segments)
    return "some" if seen else "none"


def _misses(source: OriginSource, segment: RecordedSegment) -> bool:
    """Return whether a segment could miss some of a source."""
    if source == "handoffs" and links_incomplete(segment):
        return True
    return source in origins_unwatched(segment)


def _sees(source: OriginSource, segment: RecordedSegment) -> bool:
    """Return whether a segment could see some of a source, or did."""
    if source == "handoffs":
        return bool(segment.handoffs)
    names, kinds = _SEEN[source]
    is_hooked = any(name.startswith(names) and hook.status == "installed" for name, hook in segment.hooks.items())
    return is_hooked or any(TRIGGERS[one.trigger] in kinds for one in segment.origins)


def _length_ms(pairs: list[tuple[int, int]], first_ns: int, last_ns: int) -> int:
    return sum(max(min(stop, last_ns) - max(start, first_ns), 0) for start, stop in pairs) // NS_PER_MS


def _entries(comparison: Comparison, verdicts: list[Verdict]) -> dict[str, Any]:
    """Return the verdicts as columns. Begin and end are null if the report has none; ``until`` is the end that counts."""
    t0 = start_ms(comparison)
    columns, places = comparison.entries.columns, _places(comparison)
    apps = {found.app: at for at, found in enumerate(comparison.apps)}
    flags = sorted({flag for verdict in verdicts for flag in verdict.flags})
    briefs = [
        brief_of(depth=one.depth, match=one.match, state=one.state, flags=one.flags, clauses=one.clauses)
        for one in verdicts
    ]
    numbers: dict[Brief, int] = {}
    begins, ends = (_milliseconds(times[places].tolist(), t0) for times in (columns.begin_ns, columns.end_ns))
    return {
        "identifier": [verdict.identifier for verdict in verdicts],
        "app": [apps[verdict.app] for verdict in verdicts],
        "begin": begins,
        "end": [None if verdict.end is None else end for end, verdict in zip(ends, verdicts, strict=True)],
        "until": [int(ns) // NS_PER_MS - t0 for ns in comparison.entries.until_ns[places]],
        "offset_s": columns.begin_offset_s[places].tolist(),
        **{name: [words.index(getattr(one, name)) for one in verdicts] for name, words in _WORD_COLUMNS.items()},
        **_triggers(comparison, verdicts),
        **_in_part(comparison),
        "otherwise": [int(any(n for kind, n in one.triggers.items() if kind != "change")) for one in verdicts],
        "flags": [sum(1 << flags.index(flag) for flag in verdict.flags) for verdict in verdicts],
        "brief": [numbers.setdefault(brief, len(numbers)) for brief in briefs],
        "briefs": msgspec.to_builtins(list(numbers)),
        "state_words": _STATE_WORDS,
        "flag_words": flags,
    }


def _in_part(comparison: Comparison) -> dict[str, list[int]]:
    """Return which entries were in the background, and which of the night, in part too: as in the summary's figures."""
    background, night = dict[int, bool](), dict[int, bool]()
    for found in comparison.apps:
        rows = found.results.rows
        late = comparison.entries.touching_night(rows, NIGHT_UNTIL_S)
        touched = (found.results.state_bits & BACKGROUND) != 0
        background |= zip(rows.tolist(), touched.tolist(), strict=True)
        night |= zip(rows.tolist(), late.tolist(), strict=True)
    return {
        "background": [int(background[row]) for row in sorted(background)],
        "night": [int(night[row]) for row in sorted(night)],
    }


def _triggers(comparison: Comparison, verdicts: list[Verdict]) -> dict[str, Any]:
    """Return what set each entry's act off as columns: codes, ms from the origin to the act, and a number in ``whats``.

    All are None where the cause is no act of a process.
    """
    numbers: dict[str, int] = {}
    triggers = [verdict.trigger for verdict in verdicts]
    whats = [(one and one.what) or state for one, state in zip(triggers, _left(comparison), strict=True)]
    return {
        "trigger": [None if one is None else TRIGGERS.index(one.kind) for one in triggers],
        "trigger_by": [None if one is None else TRIGGER_LINKS.index(one.by) for one in triggers],
        "delay_ms": [None if one is None else one.delay_ms for one in triggers],
        "what": [None if what is None else numbers.setdefault(what, len(numbers)) for what in whats],
        "whats": list(numbers),
    }


def _left(comparison: Comparison) -> Iterator[str | None]:
    """Yield for each verdict the state to which the app changed, where that set the act off and is not the foreground."""
    of_apps = [
        (found.results.rows.tolist(), changed_to(comparison.sessions, found.results.triggers))
        for found in comparison.apps
    ]
    rows = [pair for numbers, states in of_apps for pair in zip(numbers, states, strict=True)]
    for _, state in sorted(rows, key=itemgetter(0)):
        yield None if state == "active" else state


def _places(comparison: Comparison) -> list[int]:
    """Return the rows of the report's entries in the order of the verdicts."""
    return sorted(int(row) for found in comparison.apps for row in found.results.rows)


def _milliseconds(times_ns: list[int], t0_ms: int) -> list[int | None]:
    return [None if ns == NO_TIME else (ns + NS_PER_MS // 2) // NS_PER_MS - t0_ms for ns in times_ns]


def _observers(comparison: Comparison, sources: Sources) -> Iterator[dict[str, Any]]:
    t0, recording = start_ms(comparison), comparison.sessions
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
    """Yield the probes that some segment lacked, and how many segments lacked them; without those whose calls another one sees."""
    missing: Counter[tuple[str, str, str, str]] = Counter()
    for segment in comparison.sessions.segments:
        for hook in segment.skipped:
            if is_inherited(hook):
                continue
            row = (hook.probe, hook.symbol, hook.status, hook.reason)
            probe, symbol, status, reason = ("" if text is None else str(text) for text in row)
            missing[(probe, symbol, status, reason)] += 1
    for (probe, symbol, status, reason), count in sorted(missing.items()):
        yield {"probe": probe, "symbol": symbol, "status": status, "reason": reason, "segments": count}


def _installed(comparison: Comparison) -> dict[str, int]:
    """Return how many probes were in place in some segment, and how many segments say so."""
    segments = comparison.sessions.segments
    names = {probe for s in segments for probe, hook in s.hooks.items() if hook.status == "installed"}
    return {"probes": len(names), "segments": len(segments), "silent": sum(not s.hooks for s in segments)}
