"""The rows of a report: an entry, a network row, a problem. Times are Unix ns of the phone's wall clock."""

from __future__ import annotations

import msgspec

from lightleak.report.timestamps import format_time

FLAGS = ("lone-access", "twin", "finalised", "still-open", "begin-missing", "duplicate")
"""What a report says of an entry on its own; a bit of ``EntryColumns.flags`` each, in this order."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One access: the pair of lines with one ``identifier``, or half of a pair."""

    identifier: str
    """Upper-case UUID as Apple wrote it."""
    app: str
    category: str
    """photos, location, contacts, …; unknown ones as they stand."""
    begin_ns: int | None
    end_ns: int | None
    begin_offset_s: int
    """The zone offset that the line was written with; where there is no such line, that of the other end."""
    end_offset_s: int
    out_of_process: bool
    """Whether the system's picker wrote it: the person chose what the app got."""
    broadcaster: str | None
    begin_line: int | None
    end_line: int | None
    file: str
    """Where the begin stands (the end, where there is no begin)."""
    end_file: str
    """Where the end stands: another file where a later export closed what was open."""
    flags: tuple[str, ...]

    @property
    def begin(self) -> str | None:
        """RFC 3339 with the entry's own offset and milliseconds, or None."""
        return None if self.begin_ns is None else format_time(self.begin_ns, self.begin_offset_s)

    @property
    def end(self) -> str | None:
        """RFC 3339 with the entry's own offset and milliseconds, or None."""
        return None if self.end_ns is None else format_time(self.end_ns, self.end_offset_s)

    @property
    def duration_s(self) -> float | None:
        """Seconds from begin to end, or None where one is missing."""
        return None if self.begin_ns is None or self.end_ns is None else (self.end_ns - self.begin_ns) / 1e9


class NetworkRow(msgspec.Struct, frozen=True, gc=False):
    """What one app sent to one domain in one context, added up by iOS: not an event."""

    app: str
    domain: str
    """A name or an address."""
    owner: str
    context: str
    """The site that was open, or empty."""
    initiated: str
    """AppInitiated, NonAppInitiated, or what else stands there."""
    domain_type: int | None
    """1 a domain that iOS knows to profile people across apps, 2 another."""
    classification: int | None
    context_verification: int | None
    hits: int
    first_ns: int
    last_ns: int
    first_offset_s: int
    last_offset_s: int
    line: int
    file: str

    @property
    def first(self) -> str:
        """RFC 3339 of the first contact in the row's span."""
        return format_time(self.first_ns, self.first_offset_s)

    @property
    def last(self) -> str:
        """RFC 3339 of the last contact in the row's span."""
        return format_time(self.last_ns, self.last_offset_s)


class Deleted(msgspec.Struct, frozen=True, gc=False):
    """A record that the phone has pruned: its content is zeroed, its time stayed. It says that, not who."""

    wall_ns: int
    stream: str
    category: str
    """What the stream is for; empty where a stream carries several."""
    slot: int
    file: str

    @property
    def time(self) -> str:
        """RFC 3339, UTC."""
        return format_time(self.wall_ns)


class Tombstone(msgspec.Struct, frozen=True, gc=False):
    """A note of the store that a process did away with a whole segment."""

    wall_ns: int
    """When."""
    segment: str
    """The file's name: microseconds since 2001-01-01 UTC of its first record."""
    process: str
    file: str

    @property
    def time(self) -> str:
        """RFC 3339, UTC."""
        return format_time(self.wall_ns)


class Problem(msgspec.Struct, frozen=True, gc=False):
    """Something that could not be read, or contradicts something else; the rest was read."""

    file: str
    line: int | None
    """Line of an export, slot of a store; None where it is about the file."""
    problem: str
