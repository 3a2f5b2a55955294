"""The state of a session file, for its readers: damaged, cut, unfinished or redacted, as data and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from lightleak.statements import Statement
from lightleak.timezones import known_zone
from lightleak.trace.frames import ByteRange
from lightleak.trace.header import device_kind_of
from lightleak.trace.session_file import SessionFile
from lightleak.wording import plural


class FileNotice(Statement, frozen=True):
    """One statement about one session file."""

    file: str


class CutTail(FileNotice, frozen=True):
    """Bytes at the end that are not a whole frame."""

    bytes: int


class DamagedStretch(FileNotice, frozen=True):
    """Bytes between two whole frames that are not a frame."""

    bytes: int
    offset: int
    events_lost: int


class NoClosingSeal(FileNotice, frozen=True):
    """The recorder was killed or still writes, or the file was cut. Every whole frame is kept."""

    has_events: bool = True
    last: tuple[int, int] | None = None
    """Segment and seq of the last event; None when there is no event, or the last line is not one."""


class _LastKey(msgspec.Struct):
    segment: int
    seq: int


_KEY = msgspec.json.Decoder(_LastKey)


class OddValues(FileNotice, frozen=True):
    """Values of another type than their key has, which are read as absent."""

    key: str
    count: int


class UnknownZone(FileNotice, frozen=True):
    """The header names a time zone that is not known here: times are in UTC."""

    zone: str


class NotAPhone(FileNotice, frozen=True):
    """The session was recorded on what runs iOS and is not a phone."""

    device: Literal["virtual", "simulator"]


def notices_of(file: SessionFile) -> list[FileNotice]:
    """Return what is damaged, cut, unfinished or odd in one file, as far as its frames and its header show it.

    Raises: TraceError when a frame cannot be unpacked.
    """
    notices: list[FileNotice] = [damage(file, at) for at, byte_range in enumerate(file.ranges) if not byte_range.whole]
    if not file.last_seal.final:
        notices.append(unfinished(file))
    return [*notices, *_of_header(file), *odd_notices(file.name, file.odd_in_header)]


def _of_header(file: SessionFile) -> Iterator[FileNotice]:
    zone = (file.header.get("device") or {}).get("time_zone")
    if zone is not None and known_zone(file.header) is None:
        yield UnknownZone(file.name, zone)
    kind = device_kind_of(file.header)
    if kind in ("virtual", "simulator"):
        yield NotAPhone(file.name, kind)


def odd_notices(file: str, odd: Counter[str]) -> list[FileNotice]:
    """Return a notice for each key that has odd values, in the order of the keys. odd: how many, by key."""
    return [OddValues(file, key, count) for key, count in sorted(odd.items())]


def unfinished(file: SessionFile) -> NoClosingSeal:
    """Return that the closing seal is missing, with the last event."""
    for frame in reversed(file.frames):
        for _, block in file.blocks([frame]):
            try:
                event = _KEY.decode(block.split(b"\n")[-2])
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return NoClosingSeal(file.name)
            return NoClosingSeal(file.name, last=(event.segment, event.seq))
    return NoClosingSeal(file.name, has_events=False)


def damage(file: SessionFile, index: int) -> CutTail | DamagedStretch:
    """Return what a damaged range costs; ``index``: that of the range in ``file.ranges``."""
    damaged = file.ranges[index]
    if index == len(file.ranges) - 1:
        return CutTail(file.name, damaged.length)
    lost = _events_between(file, file.ranges[index - 1], file.ranges[index + 1])
    return DamagedStretch(file.name, damaged.length, damaged.offset, lost)


def words(notice: FileNotice) -> str:
    """Return a notice in English."""
    if isinstance(notice, NoClosingSeal):
        return (
            f"{notice.file} has no closing seal: its recorder was killed or is still writing, or the file was cut; "
            f"all complete data is there, {_last(notice)}"
        )
    if isinstance(notice, UnknownZone):
        return f"the time zone {notice.zone} of {notice.file} is not known here: times are shown in UTC"
    if isinstance(notice, NotAPhone):
        where = "a virtual device" if notice.device == "virtual" else "a simulator"
        return (
            f"{notice.file} was recorded on {where}, which is not a phone: "
            f"what an app did there need not be what it does on a phone"
        )
    if isinstance(notice, OddValues):
        values = "1 value" if notice.count == 1 else f"{notice.count} values"
        are = (
            "is of another type than that key has, and is"
            if notice.count == 1
            else "are of other types than that key has, and are"
        )
        return f"{values} of {notice.key} in {notice.file} {are} read as absent"
    assert isinstance(notice, CutTail | DamagedStretch)
    size, are = plural(notice.bytes, "byte", grouped=False), "is" if notice.bytes == 1 else "are"
    if isinstance(notice, CutTail):
        return f"{size} at the end of {notice.file} {are} an incomplete frame and lost"
    lost = plural(notice.events_lost, "event", grouped=False)
    return (
        f"{size} of {notice.file} from byte {notice.offset} on {are} damaged: "
        f"{lost} lost, everything before and after is kept"
    )


def origin_notes(header: dict[str, Any]) -> Iterator[str]:
    """Yield how a session came about that was not recorded as it is: imported, or redacted from another one."""
    imported, redacted = header.get("imported"), header.get("redacted")
    if imported is not None:
        date = imported.get("date") if isinstance(imported, dict) else None
        when = f" on {date}" if date else ""
        yield f"it was imported from a trace{when}: nothing shows that its events were recorded"
    if isinstance(redacted, dict):
        yield f"it was redacted, names {redacted.get('names')}, from the session with the head hash {redacted.get('head')}"


def _events_between(file: SessionFile, before: ByteRange, after: ByteRange) -> int:
    seal_before, _ = file.seal_of(before)
    seal_after, own = file.seal_of(after)
    return max(0, seal_after.events - own - seal_before.events)


def _last(notice: NoClosingSeal) -> str:
    if not notice.has_events:
        return "there is no event"
    if notice.last is None:
        return "the last line is not an event"
    return f"the last event is segment {notice.last[0]}, seq {notice.last[1]}"
