"""What verifying a session file found, as JSON and as text.

Separate because the JSON is a contract: it changes for other reasons than the checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from lightleak.coverage import Gap, SegmentCoverage
from lightleak.events import NS_PER_MS
from lightleak.file_names import base_name
from lightleak.trace.verify import Verification
from lightleak.wording import plural

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_json(found: Verification) -> dict[str, Any]:
    """Return version 1 of the JSON. Times are RFC 3339 in UTC, of the device's wall clock."""
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
        "segments": [_segment(state) for state in found.segments],
        "gaps": [_gap(gap) for gap in found.gaps],
        "lost": found.lost,
        "problems": found.problems,
        "notes": found.notes,
    }


def to_text(found: Verification) -> Iterator[str]:
    """Yield the text line by line."""
    yield f"{base_name(found.file)}: {'whole' if found.ok else 'NOT whole'}"
    segments, frames = _count(len(found.segments), "segment"), _count(found.frames, "frame")
    yield f"  {_count(found.events, 'event')} in {segments}, {frames}"
    for state in found.segments:
        name, numbers = state.identifier or "no identifier", f"seq {state.first_seq} to {state.last_seq}"
        yield f"    segment {state.number}, {name}: {numbers}, {state.lost} lost"
    yield f"  {_count(len(found.gaps), 'gap')}, {_count(found.lost, 'event')} lost"
    for gap in found.gaps:
        count = "" if gap.count is None else f"{_count(gap.count, 'event')}, "
        yield f"    {_time(gap.from_ns)} to {_time(gap.to_ns)}: {count}{gap.reason} ({_whose(gap)})"
    for problem in found.problems:
        yield f"  broken: {problem}"
    for note in found.notes:
        yield f"  note: {note}"
    yield f"  head hash {found.head}"


def _count(number: int, noun: str) -> str:
    return plural(number, noun, grouped=False)


def _segment(state: SegmentCoverage) -> dict[str, Any]:
    return {
        "segment": state.number,
        "identifier": state.identifier,
        "events": state.events,
        "lost": state.lost,
        "seq": [state.first_seq, state.last_seq],
        "from": _time(state.first_ns),
        "to": _time(state.last_ns),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "from": _time(gap.from_ns),
        "to": _time(gap.to_ns),
        "identifier": gap.identifier,
        "segment": gap.segment,
        "count": gap.count,
        "reason": gap.reason,
    }


def _whose(gap: Gap) -> str:
    return f"segment {gap.segment}, {gap.identifier}" if gap.identifier else f"segment {gap.segment}"


def _time(wall_ns: int) -> str:
    try:
        moment = _EPOCH + timedelta(milliseconds=(wall_ns + NS_PER_MS // 2) // NS_PER_MS)
    except OverflowError:
        return f"{wall_ns} ns"
    return moment.isoformat(timespec="milliseconds")
