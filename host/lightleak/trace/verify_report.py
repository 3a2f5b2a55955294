"""What verifying a session file found, as JSON and as text.

Separate because the JSON is a contract: it changes for other reasons than the checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lightleak.coverage import Gap, SegmentCoverage
from lightleak.file_names import base_name
from lightleak.losses import cut_short, lost_count
from lightleak.timezones import Zone
from lightleak.trace.verify import Verification
from lightleak.wording import plural


def to_json(found: Verification) -> dict[str, Any]:
    """Return version 1 of the JSON. Times are RFC 3339 in the device's zone, of its wall clock."""
    return {
        "version": 1,
        "file": base_name(found.file),
        "ok": found.ok,
        "closed": found.closed,
        "session": found.session,
        "part": found.part,
        "head": found.head,
        "frames": found.frames,
        "events": found.events,
        "segments": [_segment(state, found.zone) for state in found.segments],
        "gaps": [_gap(gap, found.zone) for gap in found.gaps],
        "lost": found.losses.events,
        "cut_short": found.losses.cut_short,
        "problems": found.problems,
        "notes": found.notes,
    }


def to_text(found: Verification) -> Iterator[str]:
    """Yield the text line by line."""
    yield f"{base_name(found.file)}: {_verdict(found)}"
    segments, frames = _count(len(found.segments), "segment"), _count(found.frames, "frame")
    yield f"  {_count(found.events, 'event')} in {segments}, {frames}"
    for state in found.segments:
        name, numbers = state.identifier or "no identifier", f"seq {state.first_seq} to {state.last_seq}"
        yield f"    segment {state.number}, {name}: {numbers}, {_missing(state)}"
    # A count of what is missing can only be of what could be read.
    limit = "" if found.ok else ", as far as the file could be read"
    yield f"  {_count(len(found.gaps), 'gap')}, {found.losses.words()}{limit}"
    for gap in found.gaps:
        since, until = (_time(at_ns, found.zone) for at_ns in (gap.from_ns, gap.to_ns))
        yield f"    {since} to {until}: {_reason(gap)} ({_whose(gap)})"
    for problem in found.problems:
        yield f"  {'not closed' if found.is_only_unclosed else 'broken'}: {problem}"
    for note in found.notes:
        yield f"  note: {note}"
    yield f"  head hash {found.head}"


def _verdict(found: Verification) -> str:
    if found.is_only_unclosed:
        return (
            f"usable, but not closed: all {_count(found.events, 'event')} in it are whole; its recorder was stopped before it could "
            "close the file, or still writes, or the end was cut off, so later events may be missing"
        )
    return "whole" if found.ok else "NOT whole"


def _count(number: int, noun: str) -> str:
    return plural(number, noun, grouped=False)


def _segment(state: SegmentCoverage, zone: Zone) -> dict[str, Any]:
    return {
        "segment": state.number,
        "identifier": state.identifier,
        "events": state.events,
        "lost": state.losses.events,
        "seq": [state.first_seq, state.last_seq],
        "from": _time(state.first_ns, zone),
        "to": _time(state.last_ns, zone),
    }


def _gap(gap: Gap, zone: Zone) -> dict[str, Any]:
    return {
        "from": _time(gap.from_ns, zone),
        "to": _time(gap.to_ns, zone),
        "identifier": gap.identifier,
        "segment": gap.segment,
        "count": gap.count,
        "reason": gap.reason,
    }


def _whose(gap: Gap) -> str:
    return f"segment {gap.segment}, {gap.identifier}" if gap.identifier else f"segment {gap.segment}"


def _missing(state: SegmentCoverage) -> str:
    """Return what is missing of one segment: it is one process, so that this is not counted."""
    losses = state.losses
    if losses.cut_short == 1:
        lost = f"{plural(losses.events, 'event', grouped=False)} lost, " if losses.events else ""
        return lost + cut_short(losses.unseen_ns)
    return losses.words()


def _reason(gap: Gap) -> str:
    """Return why there is a gap, and how many events are missing where that is known."""
    if gap.count is None:
        return gap.reason
    count = gap.count or lost_count(None, gap.reason)
    return f"{_count(count, 'event')}, {gap.reason}" if count else cut_short(gap.unseen_ns)


def _time(wall_ns: int, zone: Zone) -> str:
    try:
        return zone.format(wall_ns)
    except (OverflowError, ValueError):
        return f"{wall_ns} ns"
