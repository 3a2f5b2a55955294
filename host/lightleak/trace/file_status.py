"""Say in sentences what a reader of a session file must know of its state."""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.trace.frames import DamagedRange
from lightleak.trace.session_file import SessionFile


class _LastKey(msgspec.Struct):
    segment: int
    seq: int


_KEY = msgspec.json.Decoder(_LastKey)


def notices_of(part: SessionFile) -> list[str]:
    """Tell what is damaged, cut or unfinished in one file; empty where all is well. Errors: TraceError."""
    said = [damage_sentence(part, index) for index, stretch in enumerate(part.stretches) if not stretch.whole]
    return said if part.last_seal.final else [*said, unfinished_sentence(part)]


def unfinished_sentence(part: SessionFile) -> str:
    """Say that the closing seal is missing."""
    return (
        f"{part.path} has no closing seal: its writer died or still writes, or the file was cut; "
        f"all that is whole is there, {_last(part)}"
    )


def damage_sentence(part: SessionFile, index: int) -> str:
    """Say what a stretch that is no frame cost; ``index`` in ``part.stretches``."""
    stretch = part.stretches[index]
    size = "1 byte" if stretch.length == 1 else f"{stretch.length} bytes"
    if index == len(part.stretches) - 1:
        return f"{size} at the end of {part.path} are no whole frame and are lost"
    lost = _events_between(part, part.stretches[index - 1], part.stretches[index + 1])
    events = "1 event" if lost == 1 else f"{lost} events"
    return (
        f"{size} of {part.path} from byte {stretch.offset} on are damaged: "
        f"{events} lost, what stands before and after is kept"
    )


def redaction_notes(header: dict[str, Any]) -> list[str]:
    """Name the session that a redacted one was made of."""
    redacted = header.get("redacted")
    if not isinstance(redacted, dict):
        return []
    return [
        f"it was redacted, names {redacted.get('names')}, from the session with the head hash {redacted.get('head')}"
    ]


def _events_between(part: SessionFile, before: DamagedRange, after: DamagedRange) -> int:
    seal_before, _ = part.seal_of(before)
    seal_after, own = part.seal_of(after)
    return max(0, seal_after.events - own - seal_before.events)


def _last(part: SessionFile) -> str:
    """Tell the last event that is there."""
    for frame in reversed(part.frames):
        for _, block in part.blocks([frame]):
            return _event_name(block.split(b"\n")[-2])
    return "there is no event"


def _event_name(line: bytes) -> str:
    try:
        event = _KEY.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "the last line is not an event"
    return f"the last event is segment {event.segment}, seq {event.seq}"
