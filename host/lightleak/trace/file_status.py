"""Sentences about the state of a session file: damaged, cut, unfinished, redacted."""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.trace.frames import ByteRange
from lightleak.trace.session_file import SessionFile


class _LastKey(msgspec.Struct):
    segment: int
    seq: int


_KEY = msgspec.json.Decoder(_LastKey)


def notices_of(file: SessionFile) -> list[str]:
    """Return what is damaged, cut or unfinished in one file, a sentence each. Raises: TraceError."""
    notices = [damage_sentence(file, index) for index, byte_range in enumerate(file.ranges) if not byte_range.whole]
    return notices if file.last_seal.final else [*notices, unfinished_sentence(file)]


def unfinished_sentence(file: SessionFile) -> str:
    """Return that the closing seal is missing, and which event is the last."""
    return (
        f"{file.path} has no closing seal: the recorder was killed or still runs, or the file was cut; "
        f"every whole frame is kept, {_last_event(file)}"
    )


def damage_sentence(file: SessionFile, index: int) -> str:
    """Return what a damaged range cost; ``index``: that of the range in ``file.ranges``."""
    damaged = file.ranges[index]
    size = "1 byte" if damaged.length == 1 else f"{damaged.length} bytes"
    if index == len(file.ranges) - 1:
        return f"{size} at the end of {file.path} are not a whole frame and are lost"
    lost = _events_between(file, file.ranges[index - 1], file.ranges[index + 1])
    events = "1 event" if lost == 1 else f"{lost} events"
    return (
        f"{size} of {file.path} from byte {damaged.offset} on are damaged: "
        f"{events} lost, what comes before and after is kept"
    )


def redaction_notes(header: dict[str, Any]) -> list[str]:
    """Return from which session a redacted one was made; empty for any other."""
    redacted = header.get("redacted")
    if not isinstance(redacted, dict):
        return []
    return [
        f"it was redacted, names {redacted.get('names')}, from the session with the head hash {redacted.get('head')}"
    ]


def _events_between(file: SessionFile, before: ByteRange, after: ByteRange) -> int:
    seal_before, _ = file.seal_of(before)
    seal_after, own = file.seal_of(after)
    return max(0, seal_after.events - own - seal_before.events)


def _last_event(file: SessionFile) -> str:
    """Return which event is the last."""
    for frame in reversed(file.frames):
        for _, block in file.blocks([frame]):
            return _event_name(block.split(b"\n")[-2])
    return "there is no event"


def _event_name(line: bytes) -> str:
    try:
        event = _KEY.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "the last line is not an event"
    return f"the last event is segment {event.segment}, seq {event.seq}"
