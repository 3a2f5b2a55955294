"""What a reader of a session file must know of its state: as data, and in words."""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.statements import Statement
from lightleak.trace.frames import DamagedRange
from lightleak.trace.session_file import SessionFile


class FileNotice(Statement, frozen=True):
    """One statement about one session file."""

    file: str


class CutTail(FileNotice, frozen=True):
    """Bytes at the end that are no whole frame."""

    bytes: int


class DamagedStretch(FileNotice, frozen=True):
    """Bytes between two whole frames that are no frame."""

    bytes: int
    offset: int
    events_lost: int


class NoClosingSeal(FileNotice, frozen=True):
    """The writer died or still writes, or the file was cut; what is whole is kept."""

    has_events: bool = True
    last: tuple[int, int] | None = None
    """Segment and seq of the last event; None where there is none, or the last line is no event."""


class _LastKey(msgspec.Struct):
    segment: int
    seq: int


_KEY = msgspec.json.Decoder(_LastKey)


def notices_of(part: SessionFile) -> list[FileNotice]:
    """Return what is damaged, cut or unfinished in one file; empty where all is well. Errors: TraceError."""
    said: list[FileNotice] = [damage(part, index) for index, stretch in enumerate(part.stretches) if not stretch.whole]
    return said if part.last_seal.final else [*said, unfinished(part)]


def unfinished(part: SessionFile) -> NoClosingSeal:
    """Return that the closing seal is missing, with the last event that is there."""
    for frame in reversed(part.frames):
        for _, block in part.blocks([frame]):
            try:
                event = _KEY.decode(block.split(b"\n")[-2])
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return NoClosingSeal(str(part.path))
            return NoClosingSeal(str(part.path), last=(event.segment, event.seq))
    return NoClosingSeal(str(part.path), has_events=False)


def damage(part: SessionFile, index: int) -> CutTail | DamagedStretch:
    """Return what a stretch that is no frame cost; ``index`` in ``part.stretches``."""
    stretch = part.stretches[index]
    if index == len(part.stretches) - 1:
        return CutTail(str(part.path), stretch.length)
    lost = _events_between(part, part.stretches[index - 1], part.stretches[index + 1])
    return DamagedStretch(str(part.path), stretch.length, stretch.offset, lost)


def words(notice: FileNotice) -> str:
    """Return a notice in English."""
    if isinstance(notice, CutTail):
        return f"{_count(notice.bytes, 'byte')} at the end of {notice.file} {_are(notice.bytes)} an incomplete frame and lost"
    if isinstance(notice, DamagedStretch):
        return (
            f"{_count(notice.bytes, 'byte')} of {notice.file} from byte {notice.offset} on {_are(notice.bytes)} damaged: "
            f"{_count(notice.events_lost, 'event')} lost, everything before and after is kept"
        )
    assert isinstance(notice, NoClosingSeal)
    return (
        f"{notice.file} has no closing seal: its writer died or is still writing, or the file was cut; "
        f"all complete data is there, {_last(notice)}"
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


def _last(notice: NoClosingSeal) -> str:
    if not notice.has_events:
        return "there is no event"
    if notice.last is None:
        return "the last line is not an event"
    return f"the last event is segment {notice.last[0]}, seq {notice.last[1]}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"
